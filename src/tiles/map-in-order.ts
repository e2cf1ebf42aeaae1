// Work on many items at once, results in the order of the items.

import { UnpoolError } from "../errors.js";
import { show } from "../geometry.js";

/**
 * Results of `work` in the order of the items. At most `atOnce` run at a time, and at most twice as many items are
 * under way or wait for their turn to be handed out: a slow one holds up the order, but not the others. An error, of
 * the source or of `work`, comes after the results before it, and nothing is started after it. However it ends,
 * nothing runs any more by then, and the source is closed.
 * @param work gets an item and its number, from 0.
 * @throws UnpoolError "invalid-option": atOnce is no whole number from 1.
 */
export async function* mapInOrder<Item, Result>(
  source: AsyncIterable<Item> | Iterable<Item>,
  atOnce: number,
  work: (item: Item, index: number) => Result | Promise<Result>,
): AsyncGenerator<Awaited<Result>, void, undefined> {
  if (!(Number.isInteger(atOnce) && atOnce > 0)) {
    throw new UnpoolError("invalid-option", `${show(atOnce)} at once; it must be a whole number from 1`);
  }
  const items = itemsOf(source);
  const results: Promise<Result>[] = [];
  let [running, started, over] = [0, 0, false];
  let pulling: Promise<void> | undefined;

  const push = (result: Promise<Result>) => {
    result.catch(() => {}); // whoever waits for its turn hears of it
    results.push(result);
  };
  const run = async (item: Item) => {
    try {
      return await work(item, started++);
    } catch (error) {
      over = true;
      throw error;
    } finally {
      --running;
      fill();
    }
  };
  const pull = async () => {
    try {
      const { done, value } = await items.next();
      if (done) over = true;
      else if (!over) {
        ++running;
        push(run(value));
      }
    } catch (error) {
      over = true;
      push(Promise.reject(error));
    }
    pulling = undefined;
    fill();
  };
  const fill = () => {
    if (!over && running < atOnce && results.length < 2 * atOnce) pulling ??= pull();
  };

  try {
    for (;;) {
      fill();
      if (results.length > 0) {
        const result = await results[0]!;
        results.shift();
        fill();
        yield result;
      } else if (over) {
        return;
      } else {
        await pulling;
      }
    }
  } finally {
    over = true;
    try {
      await items.return();
    } finally {
      await Promise.allSettled(results);
    }
  }
}

/** One kind of iterator for all: it closes the source when it is closed, and when it ends. */
async function* itemsOf<Item>(
  source: AsyncIterable<Item> | Iterable<Item>,
): AsyncGenerator<Item, void, undefined> {
  yield* source;
}
