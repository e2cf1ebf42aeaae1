// This project, as built in ../build.

import { readFileSync } from "node:fs";

const { createLayer } = await import("../../build/index.js").catch((cause) => {
  throw new Error("build/index.js does not load: run `npm run build` in the root first", { cause });
});

export const name = "unpool";
export const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

/** Opens a work with the filters of a seed. */
export async function open(work, seed) {
  const layer = await createLayer({ ...work, seed });
  return {
    weights: layer.weights,
    encode: (image) => () => layer.encode(image),
    encodeInto: (image, out) => () => layer.encode(image, { out }),
    /** What encode's function returns, in the terms of check.mjs. */
    code: ({ values, switches }) => ({ keys: values.map(Math.abs), switches }),
    close: () => layer.dispose(),
  };
}
