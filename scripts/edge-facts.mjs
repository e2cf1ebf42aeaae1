// What the service says of itself: put into its source as constants, in the build and in the tests.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** For esbuild's `define`; build/kernel.wasm must be there. */
export function edgeFacts() {
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  const kernel = createHash("sha256").update(readFileSync("build/kernel.wasm")).digest("hex");
  return { VERSION: JSON.stringify(version), KERNEL_SHA256: JSON.stringify(kernel) };
}
