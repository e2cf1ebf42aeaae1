// The playground's pure parts: knobs and addresses, what a run has come to, sliders, scaling, and what plots are made from.

import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Answer, CodeView, Frame, Ratios } from "../site/engine/messages.js";
import { PictureError } from "../site/pictures/picture-error.js";
import { checkSize, fit, stages } from "../site/pictures/scaling.js";
import { addressOf, rangeOf, readAddress, readValue, type View } from "../site/state/address.js";
import type { ChoiceKnob, NumberKnob } from "../site/state/knob.js";
import { idle, KNOBS, type Knobs, USUAL } from "../site/state/knobs.js";
import { knobsOf, PRESETS, presetOf } from "../site/state/presets.js";
import { barsOf, delta, rightEnd } from "../site/state/ratios.js";
import { RIP_KNOBS, RIP_USUAL, type RipKnobs } from "../site/state/rip-knobs.js";
import { advance, begin, cancel, IDLE, type Session } from "../site/state/session.js";
import { numberAfter, scaleOf } from "../site/state/slider.js";
import {
  curvesOf,
  decadesAround,
  decadeTicks,
  sentenceOf,
  span,
  tickLabel,
} from "../site/views/curve-data.js";

type Knob = NumberKnob | ChoiceKnob;

const ALL: readonly (readonly [name: string, knob: Knob])[] = [
  ...Object.entries(KNOBS),
  ...Object.entries(RIP_KNOBS),
];
const NUMBERS = ALL.map(([, knob]) => knob).filter((knob) => knob.kind === "number");
const SLIDERS = NUMBERS.filter(({ as }) => as === "slider");

function values(knob: Knob): fc.Arbitrary<string | number> {
  if (knob.kind === "choice") return fc.constantFrom(...Object.keys(knob.choices));
  return fc.oneof(
    fc.constantFrom<number>(knob.least, knob.usual, knob.most),
    fc.maxSafeInteger().filter((value) => value >= knob.least && value <= knob.most),
    fc.integer({ min: knob.least, max: Math.min(knob.most, 2 ** 31 - 1) }),
  );
}

function sets<T>(knobs: Readonly<Record<string, Knob>>): fc.Arbitrary<T> {
  return fc.record(Object.fromEntries(Object.entries(knobs).map(([name, knob]) => [name, values(knob)])), {
    noNullPrototype: true,
  }) as fc.Arbitrary<unknown> as fc.Arbitrary<T>;
}

test("every view that the knobs can set comes back from its address, without a word", () => {
  fc.assert(
    fc.property(sets<Knobs>(KNOBS), sets<RipKnobs>(RIP_KNOBS), fc.boolean(), (knobs, rip, first) => {
      const view: View = first
        ? { name: "invert", knobs, rip: RIP_USUAL }
        : { name: "rip", knobs: USUAL, rip };
      assert.equal(readAddress(addressOf(view)), { view, notices: [] });
    }),
  );
});

test("the usual view has no address, and the address of another says only what differs", () => {
  assert.is(addressOf({ name: "invert", knobs: USUAL, rip: RIP_USUAL }), "");
  assert.is(addressOf({ name: "invert", knobs: { ...USUAL, filters: 8 }, rip: RIP_USUAL }), "#filters=8");
  assert.is(addressOf({ name: "rip", knobs: USUAL, rip: RIP_USUAL }), "#view=rip");
  // the other view's knobs are not part of it
  assert.is(addressOf({ name: "rip", knobs: { ...USUAL, filters: 8 }, rip: RIP_USUAL }), "#view=rip");
});

test("whatever an address says, every knob has a value that it can have", () => {
  const keys = fc.oneof(fc.string(), fc.constantFrom("view", ...ALL.map(([name]) => name)));
  const texts = fc.oneof(
    fc.string(),
    fc.double().map(String),
    fc.constantFrom("rip", "-1", "1e3", "0x10", " 5", "9".repeat(400), "constructor", "__proto__"),
  );
  const pairs = fc.array(fc.tuple(keys, texts), { maxLength: 12 });
  const hashes = fc.oneof(
    fc.string().map((text) => `#${text}`),
    pairs.map((list) => `#${new URLSearchParams(list)}`),
  );
  fc.assert(
    fc.property(hashes, (hash) => {
      const { view, notices } = readAddress(hash);
      assert.equal(Object.keys(view.knobs).sort(), Object.keys(KNOBS).sort());
      assert.equal(Object.keys(view.rip).sort(), Object.keys(RIP_KNOBS).sort());
      for (const [name, value] of Object.entries(view.knobs)) {
        assert.is(readValue(KNOBS[name as keyof Knobs], String(value)), value, `${name}=${value}`);
      }
      for (const [name, value] of Object.entries(view.rip)) {
        assert.is(readValue(RIP_KNOBS[name as keyof RipKnobs], String(value)), value, `${name}=${value}`);
      }
      for (const notice of notices) assert.ok(notice.endsWith(".") && notice.length < 250, notice);
    }),
    { numRuns: 500 },
  );
});

test("what an address has absurd leaves the usual value, and a sentence that says what it can be", () => {
  for (const [name, knob] of Object.entries(KNOBS)) {
    const absurd =
      knob.kind === "choice" ? ["", "toString", "NONE"] : ["", "-1", "1.5", "NaN", "1e2", "9".repeat(17)];
    for (const text of absurd) {
      const { view, notices } = readAddress(`#${name}=${encodeURIComponent(text)}`);
      assert.equal(view, { name: "invert", knobs: USUAL, rip: RIP_USUAL });
      assert.is(notices.length, 1);
      assert.ok(notices[0]!.includes(name) && notices[0]!.includes(rangeOf(knob)), notices[0]);
      assert.ok(notices[0]!.endsWith(`; ${knob.usual} is used.`), notices[0]);
    }
  }
  const { view, notices } = readAddress("#filters=257&pool=3&__proto__=1&turbo=yes&view=cinema");
  assert.equal(view.knobs, { ...USUAL, pool: 3 });
  assert.is(view.name, "invert");
  assert.equal(notices.length, 4);
  assert.match(notices.join(" "), "whole number from 1 to 256");
  assert.match(notices.join(" "), "“cinema”");
  assert.match(notices.join(" "), "“turbo”");
});

test("the usual value of every knob is one that it can have, and the knobs' names are no page's own words", () => {
  for (const [name, knob] of ALL) {
    assert.is(readValue(knob, String(knob.usual)), knob.usual, name);
    assert.is.not(name, "view");
  }
});

test("each preset is found again from what it sets, and no two set the same", () => {
  for (const preset of PRESETS) assert.is(presetOf(knobsOf(preset)), preset);
  assert.is(presetOf({ ...USUAL, seed: 1 }), undefined);
});

test("knobs are idle where they change nothing", () => {
  const names = (knobs: Partial<Knobs>, own = false) => [...idle({ ...USUAL, ...knobs }, own)].sort();
  assert.equal(names({}), ["share"]);
  assert.equal(names({}, true), ["scene", "share"]);
  assert.equal(names({ method: "synthesis" }), ["iterations", "share"]);
  assert.equal(names({ method: "iht" }), ["magnitudes", "switches"]);
  assert.equal(names({ method: "fista", pool: 1 }), ["magnitudes", "switches"]);
  assert.equal(names({ pool: 1 }), ["share", "switches"]);
});

const NO_PIXELS = { width: 0, height: 0, data: new Uint8ClampedArray(0) };

function frame(
  iteration: number,
  error: number | undefined = 1 / iteration,
  residual = 2 / iteration,
): Frame {
  return {
    iteration,
    error,
    residual,
    psnr: undefined,
    pixels: NO_PIXELS,
    difference: undefined,
    largest: undefined,
  };
}

function framesOf(iterations: readonly number[], from: Session = begin(IDLE)): Session {
  return iterations.reduce((session, iteration) => {
    const answer: Answer = { kind: "frame", frame: frame(iteration) };
    return advance(session, answer);
  }, from);
}

const iterationsOf = ({ frames }: Session) => frames.map(({ iteration }) => iteration);

test("a session keeps at most 128 frames and the last one, in order, however long the run", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1200 }), (count) => {
      let session = begin(IDLE);
      for (let iteration = 1; iteration <= count; ++iteration) {
        session = framesOf([iteration], session);
        assert.ok(session.frames.length <= 129);
        assert.is(session.frames.at(-1)!.iteration, iteration);
      }
      const kept = iterationsOf(session);
      assert.is(kept[0], 1);
      assert.ok(kept.every((iteration, i) => i === 0 || iteration > kept[i - 1]!));
      if (count <= 128) assert.is(kept.length, count);
      else assert.ok(kept.length > 64);
    }),
    { numRuns: 30 },
  );
});

test("what a session keeps of a long run lies as close at its beginning as at its end", () => {
  const kept = iterationsOf(framesOf(Array.from({ length: 500 }, (_, i) => i + 1)));
  const first = Array.from({ length: 125 }, (_, i) => 1 + 4 * i);
  assert.equal(kept, [...first, 500]);
});

test("a run that begins anew replaces the frames that it had", () => {
  assert.equal(iterationsOf(framesOf([1, 2, 3, 1, 2])), [1, 2]);
  assert.equal(iterationsOf(framesOf([1, 2, 3, 3])), [1, 2, 3]);
});

test("what the run before showed stays until this one has its own", () => {
  const before = advance(framesOf([1, 2, 3]), { kind: "done", summary: undefined });
  assert.not(before.running);
  const begun = begin({ ...before, failure: { code: "fault", message: "No." } });
  assert.ok(begun.running);
  assert.is(begun.failure, undefined);
  assert.equal(begun.stale, { picture: true, code: true, frames: true });
  assert.equal(iterationsOf(begun), [1, 2, 3]);
  // a run of one step does not mix with it
  const session = framesOf([4], begun);
  assert.equal(iterationsOf(session), [4]);
  assert.not(session.stale.frames);
});

test("of two values for one setting the last that can be is used, and said to be", () => {
  const { view, notices } = readAddress("#filters=8&filters=999");
  assert.is(view.knobs.filters, 8);
  assert.equal(notices.length, 1);
  assert.match(notices[0]!, "; 8 is used.");
});

test("an address full of nothing gives a handful of sentences", () => {
  const hash = `#${Array.from({ length: 5000 }, (_, i) => `nothing${i % 3000}=1`).join("&")}`;
  const { notices } = readAddress(hash);
  assert.is(notices.length, 6);
  assert.match(notices[5]!, "2995 more");
});

test("what a failed or cancelled run has not shown is not left of the run before", () => {
  const pixels = NO_PIXELS;
  const before = [
    { kind: "picture", pixels } as const,
    { kind: "code", view: {} as CodeView } as const,
    { kind: "done", summary: undefined } as const,
  ].reduce<Session>(advance, framesOf([1, 2], begin(IDLE)));
  const left = ({ picture, code, frames }: Session) => [picture, code, frames.length];
  assert.is(before.frames.length, 2);
  const failed = advance(begin(before), { kind: "failed", code: "too-large", message: "no" });
  assert.equal(left(failed), [undefined, undefined, 0]);
  assert.equal(left(cancel(begin(before))), [undefined, undefined, 0]);
  const shown = advance(begin(before), { kind: "picture", pixels });
  assert.equal(left(cancel(shown)), [pixels, undefined, 0]);
  assert.equal(left(begin(before, false)), [undefined, undefined, 0], "of another picture nothing stays");
});

test("answers that come after a cancel are not heard", () => {
  const cancelled = cancel(begin(IDLE));
  assert.is(advance(cancelled, { kind: "done", summary: undefined }), cancelled);
});

test("a run that shows no code of its own does not leave that of the run before", () => {
  const view = {} as CodeView;
  const before = advance(begin(IDLE), { kind: "code", view });
  assert.is(before.code, view);
  const next = begin(before);
  assert.is(next.code, view, "until it has ended");
  assert.is(advance(next, { kind: "done", summary: undefined }).code, undefined);
  const own = advance(advance(next, { kind: "code", view }), { kind: "done", summary: undefined });
  assert.is(own.code, view);
});

test("a session ends by done, by a failure with its words, or by being cancelled while it runs", () => {
  const running = framesOf([1]);
  const failure = { code: "invalid-option", message: "The pool is too large." };
  const failed = advance(running, { kind: "failed", ...failure });
  assert.not(failed.running);
  assert.equal(failed.failure, failure);
  const cancelled = cancel(running);
  assert.ok(cancelled.cancelled && !cancelled.running);
  assert.is(cancel(failed), failed);
  assert.not(begin(cancelled).cancelled);
});

test("a slider goes through every whole number from its least to its most, and never back", () => {
  for (const knob of SLIDERS) {
    const scale = scaleOf(knob);
    let value = scale.valueAt(0);
    assert.is(value, knob.least);
    for (let position = 1; position <= scale.last; ++position) {
      const next = scale.valueAt(position);
      assert.ok(next === value || next === value + 1, `${knob.label}: ${next} after ${value}`);
      value = next;
    }
    assert.is(value, knob.most);
  }
});

test("a slider's position of a number is one that means it", () => {
  for (const knob of SLIDERS) {
    const { last, valueAt, positionOf } = scaleOf(knob);
    for (let value = knob.least; value <= knob.most; ++value) {
      const position = positionOf(value);
      assert.ok(Number.isInteger(position) && position >= 0 && position <= last);
      assert.is(valueAt(position), value, knob.label);
    }
  }
});

test("the first sixteen of 256 filters have half of the slider", () => {
  const { last, positionOf } = scaleOf(KNOBS.filters);
  assert.is(Math.round((100 * positionOf(16)) / last), 50);
});

test("arrows move a slider by one, page keys by a tenth, none beyond its ends", () => {
  const range = { least: 1, most: 256 };
  assert.is(numberAfter("ArrowUp", 7, range), 8);
  assert.is(numberAfter("ArrowLeft", 7, range), 6);
  assert.is(numberAfter("PageUp", 120, range), 132);
  assert.is(numberAfter("PageDown", 3, range), 2);
  assert.is(numberAfter("ArrowDown", 1, range), 1);
  assert.is(numberAfter("PageUp", 250, range), 256);
  assert.is(numberAfter("Tab", 7, range), undefined);
});

const sides = fc.integer({ min: 16, max: 9000 });
const longerSides = fc.integer({ min: KNOBS.size.least, max: KNOBS.size.most });

test("a picture is fitted to its longer side with its shape, and never scaled up", () => {
  fc.assert(
    fc.property(sides, sides, longerSides, (width, height, longer) => {
      fc.pre(Math.min(width, height) * Math.min(1, longer / Math.max(width, height)) >= 16);
      const size = fit({ width, height }, longer);
      assert.is(Math.max(size.width, size.height), Math.min(longer, Math.max(width, height)));
      assert.ok(size.width <= width && size.height <= height);
      const scale = Math.max(size.width, size.height) / Math.max(width, height);
      assert.ok(Math.abs(size.width - width * scale) <= 0.5 && Math.abs(size.height - height * scale) <= 0.5);
    }),
  );
  assert.equal(fit({ width: 40, height: 30 }, 192), { width: 40, height: 30 });
  assert.equal(fit({ width: 4000, height: 3000 }, 192), { width: 192, height: 144 });
});

test("no stage of scaling down takes less than half of a side, and the last is the size asked for", () => {
  fc.assert(
    fc.property(sides, sides, longerSides, (width, height, longer) => {
      fc.pre(Math.min(width, height) * Math.min(1, longer / Math.max(width, height)) >= 16);
      const to = fit({ width, height }, longer);
      let before = { width, height };
      for (const stage of stages(before, to)) {
        assert.ok(2 * stage.width >= before.width && 2 * stage.height >= before.height);
        assert.ok(stage.width <= before.width && stage.height <= before.height);
        before = stage;
      }
      assert.equal(before, to);
    }),
  );
  assert.is(stages({ width: 100, height: 50 }, { width: 100, height: 50 }).length, 1);
});

test("pictures too small, too long or too large are refused with their numbers", () => {
  const refused = (run: () => unknown, words: RegExp) => {
    try {
      run();
    } catch (error) {
      assert.instance(error, PictureError);
      assert.match((error as Error).message, words);
      return;
    }
    assert.unreachable(`not refused: ${words}`);
  };
  refused(() => checkSize({ width: 15, height: 400 }), /15 × 400 pixels: each side needs at least 16/);
  refused(
    () => checkSize({ width: 12000, height: 9000 }),
    /12000 × 9000 pixels, 108 million: .* 100 million/,
  );
  refused(() => fit({ width: 2000, height: 40 }, 192), /with a longer side of 192 it would be 192 × 4/);
  checkSize({ width: 16, height: 16 });
  checkSize({ width: 10000, height: 10000 });
});

test("a logarithmic axis gets positive numbers, nothing else, and whole decades around them", () => {
  const { iterations, errors, residuals } = curvesOf([
    frame(1, 0.5, 0.25),
    frame(2, 0, Number.NaN),
    { ...frame(3, 1, Number.POSITIVE_INFINITY), error: undefined },
  ]);
  assert.equal(iterations, [1, 2, 3]);
  assert.equal(errors, [0.5, null, null]);
  assert.equal(residuals, [0.25, null, null]);
  assert.equal(decadesAround(1.1e-7, 0.65), [1e-7, 1]);
  assert.equal(decadesAround(0.3, 0.3), [0.1, 1]);
  assert.equal(decadesAround(1, 1), [1, 10]);
  // just under a power of ten, where a logarithm is rounded up to it
  assert.equal(decadesAround(9.999999999999346e299, 9.999999999999346e299), [1e299, 1e300]);
  assert.equal(decadesAround(null, null), [0.1, 1]);
  const positive = fc.double({ min: 1e-300, max: 1e300, noNaN: true });
  fc.assert(
    fc.property(positive, positive, fc.integer({ min: 2, max: 9 }), (a, b, most) => {
      const [least, greatest] = a < b ? [a, b] : [b, a];
      const [low, high] = decadesAround(least, greatest);
      assert.ok(low <= least && greatest <= high && low < high, `${low} ${high}`);
      const ticks = decadeTicks(low, high, most);
      assert.ok(ticks.length <= Math.max(4, most) && ticks.length >= 1);
      assert.ok(ticks.every((tick, i) => tick >= low && tick <= high && (i === 0 || tick > ticks[i - 1]!)));
    }),
  );
});

test("ticks are named as powers of ten where they are small", () => {
  assert.equal(decadeTicks(0.1, 1, 6).map(tickLabel), ["0.1", "0.2", "0.5", "1"]);
  assert.equal(decadeTicks(1e-8, 1, 6).map(tickLabel), ["10⁻⁸", "10⁻⁶", "10⁻⁴", "0.01", "1"]);
});

test("a single iteration has room on both sides, and none at all is drawn too", () => {
  assert.equal(span([1]), [0, 2]);
  assert.equal(span([]), [0, 2]);
  assert.equal(span([1, 2, 75]), [1, 75]);
});

test("curves are told in a sentence", () => {
  assert.is(sentenceOf([]), "No steps yet.");
  assert.is(sentenceOf([frame(1, 0.62, 0.4)]), "Relative error is 0.62 after 1 step.");
  assert.is(
    sentenceOf([frame(1, 0.65, 0.4), frame(75, 1.1e-7, 2e-8)]),
    "Relative error falls from 0.65 to 1.1 × 10⁻⁷ in 75 steps.",
  );
  const withoutOriginal = [1, 2].map((iteration) => ({ ...frame(iteration), error: undefined }));
  assert.is(sentenceOf(withoutOriginal), "Residual falls from 2 to 1 in 2 steps.");
  assert.is(sentenceOf([frame(1, 0.3), frame(9, 0.5)]), "Relative error rises from 0.3 to 0.5 in 9 steps.");
  assert.is(
    sentenceOf([frame(1, 0.3), frame(2, Number.NaN)]),
    "Relative error goes from 0.3 to NaN in 2 steps.",
  );
});

const RATIOS: Ratios = {
  codes: 10,
  mean: 1,
  sd: 0.1,
  least: 0.8,
  greatest: 1.2,
  edges: [0.8, 1, 1.2],
  counts: [4, 6],
};

test("the histogram has 1 in its middle, and ends further right only where something lies there", () => {
  assert.is(rightEnd(undefined, undefined), 2);
  assert.is(rightEnd(RATIOS, { supports: undefined, adversarial: [0.1, 1.9] }), 2);
  assert.is(rightEnd(RATIOS, { supports: [0.5, 1.5], adversarial: [0.1, 2.3] }), 2.5);
});

test("bars ascend, hold every code, and leave the right end to the scale", () => {
  assert.equal(barsOf(RATIOS, 2), [
    [0.8, 1, 2],
    [4, 6, 0],
  ]);
  const [lefts, heights] = barsOf({ ...RATIOS, least: 1, greatest: 1, edges: [1, 1, 1], counts: [10, 0] }, 2);
  assert.ok(lefts.every((left, i) => i === 0 || left > lefts[i - 1]!));
  assert.equal(heights, [10, 0, 0]);
});

test("delta is what the further of two ratios asks for", () => {
  assert.is(delta([1, 1]), 0);
  assert.ok(Math.abs(delta([0.5, 1.1]) - 0.75) < 1e-12);
  assert.ok(Math.abs(delta([0.9, 1.5]) - 1.25) < 1e-12);
});

test.run();
