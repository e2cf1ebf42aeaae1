// Starts an example and prints what the round trip comes to: `node example.mjs [ARGUMENT...]`.

import { roundTrip } from "./round-trip.mjs";
import { withExample } from "./start.mjs";

await withExample(process.argv.slice(2), async (url) => {
  console.log(await roundTrip((path, init) => fetch(`${url}${path}`, init)));
});
