// Work on a list, as many items at once as there are cores.

import { availableParallelism } from "node:os";

/**
 * What `work` gives for each item, in the order of the items, which are begun in that order.
 *
 * @template Item, Result
 * @param {readonly Item[]} items
 * @param {(item: Item) => Promise<Result>} work
 * @returns {Promise<Result[]>}
 */
export async function sideBySide(items, work) {
  const results = new Array(items.length);
  const waiting = items.entries();
  const worker = async () => {
    // one iterator for all workers: each takes the next item that none has taken
    for (const [index, item] of waiting) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}
