// The service with the limits of the load, and a path for memory readings.

import { createHandler } from "./edge.workerd.js";
import { LIMITS } from "./limits.js";
import { collected } from "./settle.js";

const handler = createHandler({ limits: LIMITS });

export default {
  fetch: (request) => (new URL(request.url).pathname === "/collect" ? collected() : handler(request)),
};
