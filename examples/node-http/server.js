import { createServer } from "node:http";
import { createRequestListener } from "@remix-run/node-fetch-server";
import { createHandler } from "unpool/edge";

/** Larger pictures than a Worker takes. */
const limits = { pixels: 2048 * 2048, memoryBytes: 512 * 2 ** 20, work: 1e12, milliseconds: 120_000 };

// the listener streams bodies in and out, and aborts the request's signal when the client closes
const server = createServer(createRequestListener(createHandler({ limits, onFault: console.error })));
server.listen(process.env.PORT ?? 3000, () => {
  console.log(`http://localhost:${server.address().port}`);
});
