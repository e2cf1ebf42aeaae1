import { createHandler } from "unpool/edge";

/** Larger pictures than a Worker takes. */
const limits = { pixels: 2048 * 2048, memoryBytes: 512 * 2 ** 20, work: 1e12, milliseconds: 120_000 };

// Bun serves a default export that has a fetch; it would end idle connections after 10 seconds
export default { port: process.env.PORT ?? 3000, idleTimeout: 120, fetch: createHandler({ limits }) };
