// The service on Node's http as in examples/node-http, with the limits of the load, and a path for memory readings.

import { serve } from "srvx";
import { createHandler } from "../../build/edge.js";
import { collected } from "../workerd/settle.js";
import { LIMITS } from "./limits.mjs";

const handler = createHandler({ limits: LIMITS });
const server = serve({
  port: 0,
  hostname: "127.0.0.1",
  silent: true,
  fetch: (request) => (new URL(request.url).pathname === "/collect" ? collected() : handler(request)),
});
await server.ready();
console.log(server.url);
process.stdin.resume().on("end", () => process.exit());
