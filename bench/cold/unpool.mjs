// This project as built: the default entry, filters drawn from a seed, values and switches.

import { createLayer } from "../../build/index.js";
import { finish, mark } from "./mark.mjs";
import { filters, image, input, kernel, pool } from "./work.mjs";

mark();
const layer = await createLayer({ input, filters, kernel, pool, rectifier: "relu", seed: 7 });
mark();
const { values } = layer.encode(image);
finish(values);
