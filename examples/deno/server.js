import { createHandler } from "unpool/edge";

/** Larger pictures than a Worker takes. */
const limits = { pixels: 2048 * 2048, memoryBytes: 512 * 2 ** 20, work: 1e12, milliseconds: 120_000 };

export default { fetch: createHandler({ limits }) };
