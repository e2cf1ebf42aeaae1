// The service on Node's http as in examples/node-http, with the limits of the load, and a path for memory readings.

import { createServer } from "node:http";
import { createRequestListener } from "@remix-run/node-fetch-server";
import { createHandler } from "../../build/edge.js";
import { collected } from "../workerd/settle.js";
import { LIMITS } from "./limits.mjs";

const handler = createHandler({ limits: LIMITS });
const listener = createRequestListener((request) =>
  new URL(request.url).pathname === "/collect" ? collected() : handler(request),
);
const server = createServer(listener);
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.resume().on("end", () => process.exit());
