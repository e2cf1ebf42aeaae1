// What a page may take of its host.

import { UnpoolError } from "unpool";

/** Bytes of kernels, at most: what phones still give a page. */
const MOST_BYTES = 512 * 2 ** 20;
const MOST_PIXELS = 2 ** 22;
/** Of a canvas: some browsers draw nothing on a longer one. */
const MOST_SIDE = 2 ** 14;

/**
 * Throws UnpoolError "too-large".
 * @param bytes of linear memory, of all layers together.
 * @param advice what to do instead.
 */
export function refuseMemory(bytes: number, advice: string): void {
  if (bytes <= MOST_BYTES) return;
  throw new UnpoolError(
    "too-large",
    `this takes ${mebibytes(bytes)} MiB of memory, and the page stays under ${mebibytes(MOST_BYTES)} MiB: ${advice}`,
  );
}

/** Throws UnpoolError "too-large". */
export function refusePixels({ height, width }: { height: number; width: number }): void {
  if (height * width <= MOST_PIXELS && Math.max(height, width) <= MOST_SIDE) return;
  throw new UnpoolError(
    "too-large",
    `the file is of ${width} × ${height} = ${height * width} pixels, and the page shows at most ${MOST_PIXELS}, and ${MOST_SIDE} a side`,
  );
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
