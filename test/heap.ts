// How much memory is in use, to the byte, after garbage was collected.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** What the first collection finds dead, linear memory above all, the second gives back. */
export function collectGarbage(): void {
  collect();
  collect();
}

/** Bytes of buffers and of linear memory. (`arrayBuffers` would leave the latter out.) */
export function bytesInUse(): number {
  collectGarbage();
  return process.memoryUsage().external;
}
