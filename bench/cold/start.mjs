// The process of one sample: started, and with the image in memory, it marks the clock, and then imports the
// contender, which does the rest.

import { mark } from "./mark.mjs";
import "./work.mjs";

mark();
await import(`./${process.argv[2]}.mjs`);
