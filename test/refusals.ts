// What the tests of refusals share: an UnpoolError with a code and one sentence that holds the actual numbers.

import * as assert from "uvu/assert";
import { UnpoolError } from "../src/errors.js";

/** `run` throws an UnpoolError of this code, whose message holds every fragment. */
export function refuses(run: () => unknown, code: string, ...fragments: (string | RegExp)[]): void {
  try {
    run();
  } catch (error) {
    assert.instance(error, UnpoolError);
    const { message } = error as UnpoolError;
    assert.is((error as UnpoolError).code, code, message);
    for (const fragment of fragments) assert.match(message, fragment);
    assert.not.match(message, /\n/);
    return;
  }
  assert.unreachable(`no error where "${code}" was due`);
}

/** For assert.throws. */
export function hasCode(code: string) {
  return (error: unknown) => error instanceof UnpoolError && error.code === code;
}
