// Arrays of one shape, so many and no more: what comes from outside is counted and measured on its way in.

import { UnpoolError } from "../errors.js";

/**
 * Passes `count` arrays on, each of the product of `shape` numbers.
 * @param what an array is: "row", "tile".
 * @throws UnpoolError "invalid-input".
 */
export async function* counted(
  arrays: AsyncIterable<Float32Array> | Iterable<Float32Array>,
  count: number,
  shape: readonly number[],
  what: string,
): AsyncGenerator<Float32Array, void, undefined> {
  const length = shape.reduce((product, size) => product * size, 1);
  let found = 0;
  for await (const array of arrays) {
    if (found === count) throw invalid(`there are more ${what}s than the ${count} of the image`);
    if (!(array instanceof Float32Array)) {
      throw invalid(`${what} ${found} is no Float32Array; it must be one of ${shape.join(" x ")} numbers`);
    }
    if (array.length !== length) {
      throw invalid(`${what} ${found} has ${array.length} numbers; ${shape.join(" x ")} are ${length}`);
    }
    yield array;
    ++found;
  }
  if (found < count) throw invalid(`there are ${found} of ${count} ${what}s`);
}

function invalid(message: string): UnpoolError {
  return new UnpoolError("invalid-input", message);
}
