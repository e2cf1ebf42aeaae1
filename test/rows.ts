// What the tests of tiles and of pictures by rows share.

import * as assert from "uvu/assert";
import { UnpoolError } from "../src/errors.js";

export async function collect<T>(source: AsyncIterable<T> | Iterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of source) all.push(item);
  return all;
}

/** Rows, channels x width each, as planes channels x height x width. */
export function planesOf(rows: readonly Float32Array[], channels: number): Float32Array {
  const width = (rows[0]?.length ?? 0) / channels;
  const planes = new Float32Array(channels * rows.length * width);
  for (const [y, row] of rows.entries()) {
    for (let c = 0; c < channels; ++c) {
      planes.set(row.subarray(c * width, (c + 1) * width), (c * rows.length + y) * width);
    }
  }
  return planes;
}

/** `run` rejects with an UnpoolError of this code whose one sentence says this. */
export async function rejects(run: () => Promise<unknown>, code: string, message: RegExp): Promise<void> {
  let error: unknown;
  try {
    await run();
  } catch (caught) {
    error = caught;
  }
  assert.instance(error, UnpoolError, `where "${code}" was due there came ${error}`);
  assert.match((error as UnpoolError).message, message);
  assert.is((error as UnpoolError).code, code);
}
