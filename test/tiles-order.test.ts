// unpool/tiles: work on many tiles at once, in order.

import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { mapInOrder } from "../src/tiles/index.js";
import { hasCode } from "./refusals.js";
import { SEEDED } from "./support.js";

const turn = () => new Promise<void>((done) => setImmediate(done));
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; ++i) await turn();
}

/** A source that counts, how far it was read and whether it was closed. */
function source(length: number, delay: (i: number) => number = () => 0) {
  const seen = { read: 0, closed: 0 };
  async function* items() {
    try {
      for (let i = 0; i < length; ++i) {
        await turns(delay(i));
        ++seen.read;
        yield i;
      }
    } finally {
      ++seen.closed;
    }
  }
  return { seen, items: items() };
}

async function caught(run: () => Promise<unknown>): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  return undefined;
}

test("results come in the order of the items, however long each takes, and no more run at once than are allowed", async () => {
  const delays = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 30 });
  const atOnce = fc.integer({ min: 1, max: 5 });
  await fc.assert(
    fc.asyncProperty(delays, delays, delays, atOnce, async (toRead, toDo, toTake, most) => {
      const { items, seen } = source(toDo.length, (i) => toRead[i] ?? 0);
      let [running, taken] = [0, 0];
      const results = mapInOrder(items, most, async (item, index) => {
        assert.is(item, index);
        ++running;
        assert.ok(running <= most, `${running} run at once`);
        assert.ok(seen.read - taken <= 2 * most, `${seen.read} read, ${taken} taken`);
        await turns(toDo[index]!);
        --running;
        return `result ${item}`;
      });
      for await (const result of results) {
        assert.is(result, `result ${taken}`);
        ++taken;
        await turns(toTake[taken] ?? 0);
      }
      assert.equal([taken, running, seen.closed], [toDo.length, 0, 1]);
    }),
    SEEDED,
  );
});

test("as many run as are allowed, while the first one holds up the order", async () => {
  const { items, seen } = source(100);
  let release = () => {};
  const done: number[] = [];
  const results = mapInOrder(items, 3, async (i) => {
    if (i === 0) await new Promise<void>((go) => (release = go));
    done.push(i);
    return i;
  });
  const first = results.next();
  await turns(20);
  // two at a time went past the slow one, until twice as many as may run were waiting
  assert.equal(done, [1, 2, 3, 4, 5]);
  assert.is(seen.read, 6);
  release();
  assert.is((await first).value, 0);
  await results.return();
  assert.is(seen.closed, 1);
});

test("nothing is read before the first result is asked for, and a consumer that pauses stops the reading", async () => {
  const { items, seen } = source(100);
  const results = mapInOrder(items, 2, (i) => i);
  await turns(5);
  assert.is(seen.read, 0);
  await results.next();
  await turns(20);
  assert.is(seen.read, 5); // one was taken, four wait
  await results.return();
});

test("plain iterables and plain functions will do", async () => {
  const squares: number[] = [];
  for await (const square of mapInOrder([1, 2, 3], 2, (i) => i * i)) squares.push(square);
  assert.equal(squares, [1, 4, 9]);
  for await (const _ of mapInOrder([], 2, (i) => i)) assert.unreachable("there was nothing to work on");
});

test("an error of the work comes in its place; nothing starts after it, and all that ran has ended", async () => {
  const { items, seen } = source(100);
  let running = 0;
  const taken: number[] = [];
  const error = await caught(async () => {
    const results = mapInOrder(items, 3, async (i) => {
      ++running;
      await turns(i === 4 ? 1 : 6);
      --running;
      if (i === 4) throw new RangeError("the fifth is lost");
      return i;
    });
    for await (const i of results) taken.push(i);
  });
  assert.match((error as Error).message, "the fifth is lost");
  assert.equal(taken, [0, 1, 2, 3]);
  assert.ok(seen.read <= 6, `${seen.read} were read`);
  assert.equal([running, seen.closed], [0, 1]);
});

test("an error of the source comes after the results before it", async () => {
  const taken: number[] = [];
  function* items() {
    yield* [0, 1, 2];
    throw new RangeError("the file ends");
  }
  const error = await caught(async () => {
    for await (const i of mapInOrder(items(), 8, async (item) => item)) taken.push(i);
  });
  assert.match((error as Error).message, "the file ends");
  assert.equal(taken, [0, 1, 2]);
});

test("who stops early waits for what runs, and hears nothing of errors that nobody asked for", async () => {
  const { items, seen } = source(100);
  let running = 0;
  const results = mapInOrder(items, 4, async (i) => {
    ++running;
    await turns(3 * i);
    --running;
    if (i > 0) throw new Error("too late to matter");
    return i;
  });
  for await (const _ of results) break;
  assert.equal([running, seen.closed], [0, 1]);
});

test("a source that cannot be closed is an error, and yet nothing runs any more", async () => {
  let running = 0;
  function* items() {
    try {
      yield* [0, 1, 2, 3, 4, 5];
    } finally {
      // biome-ignore lint/correctness/noUnsafeFinally: what is tested
      throw new RangeError("it does not close");
    }
  }
  const error = await caught(async () => {
    const results = mapInOrder(items(), 3, async (i) => {
      ++running;
      await turns(5 * i);
      --running;
    });
    for await (const _ of results) break;
  });
  assert.match((error as Error).message, "it does not close");
  assert.is(running, 0);
});

for (const atOnce of [0, -1, 1.5, Number.NaN, "2"]) {
  test(`refused: ${JSON.stringify(atOnce)} at once`, async () => {
    const { items, seen } = source(3);
    const error = await caught(() => mapInOrder(items, atOnce as number, (i) => i).next());
    assert.ok(hasCode("invalid-option")(error), String(error));
    assert.is(seen.read, 0);
  });
}

test.run();
