// Codes for tests of files: any that a specification has, whether or not an input has it; and files with other bytes.

import fc from "fast-check";
import { section } from "../src/code/frame.js";
import { shapeOf } from "../src/code/shape.js";
import type { LayerSpec } from "../src/geometry.js";
import type { Code } from "../src/layer.js";
import { newSwitches } from "../src/network/check.js";
import type { NetworkCode } from "../src/network/network.js";
import { misplaced } from "../src/network/pooling.js";
import type { NetworkSpec } from "../src/network/spec.js";
import { networkSpecs } from "./network-specs.js";
import { numbers, specs } from "./support.js";

/** Numbers that float32 has and that are easily lost. */
const CORNERS = [
  -0,
  2 ** -149,
  -(2 ** -149),
  2 ** -126,
  -(2 ** -127),
  3.4028234663852886e38,
  1,
  -65504,
  2 ** -24,
];

export interface CodeDraw {
  seed: number;
  /** Share of the values that are 0. */
  zeros: number;
  /** Entries one after the other that are 0, or not, together. */
  run: number;
  /** Whether numbers like -0 are among the values. */
  corners: boolean;
  /** Whether switches where the value is 0 are all alike, as encoders leave them. */
  canonical: boolean;
}

export const codeDraws: fc.Arbitrary<CodeDraw> = fc.record({
  seed: fc.integer({ min: 1, max: 1e6 }),
  zeros: fc.constantFrom(0, 0.02, 0.3, 0.9, 0.99, 1),
  run: fc.constantFrom(1, 5, 40),
  corners: fc.boolean(),
  canonical: fc.boolean(),
});

/** A code of a specification, with switches in their regions. */
export function codeOf(spec: LayerSpec | NetworkSpec, draw: CodeDraw): Code | NetworkCode {
  const { seed, zeros, run, corners, canonical } = draw;
  const shape = shapeOf(spec);
  const length = shape.values.reduce((product, size) => product * size, 1);
  const chances = numbers(Math.ceil(length / run), seed + 1);
  const values = numbers(length, seed).map((value, i) => {
    if (chances[Math.floor(i / run)]! < 2 * zeros - 1) return 0;
    return corners && i % 7 === 3 ? CORNERS[i % CORNERS.length]! : 100 * value;
  });
  const switches = shape.switches.map((layer, l) => {
    const { count, most, none, regions } = layer;
    const drawn = numbers(count, seed + 2 + l);
    const array = newSwitches(layer, count);
    for (let i = 0; i < count; ++i) {
      const zero =
        l < shape.switches.length - 1 || count !== length ? drawn[i]! < 2 * zeros - 1 : values[i] === 0;
      array[i] = canonical && zero ? (none ?? 0) : Math.floor(((drawn[i]! + 1) / 2) * (most + 1));
    }
    for (let at = 0; regions && at >= 0; ) {
      at = misplaced(regions, array, none ?? most + 1);
      if (at >= 0) array[at] = 0;
    }
    return array;
  });
  return shape.network ? { values, switches } : { kind: "pooled", values, switches: switches[0]! };
}

/** Layers and networks of any kind. */
export const anySpecs: fc.Arbitrary<LayerSpec | NetworkSpec> = fc.oneof(specs, networkSpecs);

/** A file in parts. */
export interface Parts {
  front: Uint8Array;
  sections: { type: number; payload: Uint8Array }[];
}

export function split(file: Uint8Array): Parts {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const sections: Parts["sections"] = [];
  for (let at = 10; at < file.length; ) {
    const length = view.getUint32(at + 1, true);
    sections.push({ type: file[at]!, payload: file.slice(at + 5, at + 5 + length) });
    at += length + 9;
  }
  return { front: file.slice(0, 10), sections };
}

/** The parts as a file, each section with the CRC-32 that belongs to it. */
export function join({ front, sections }: Parts): Uint8Array {
  return Uint8Array.from(
    [front, ...sections.map(({ type, payload }) => section(type, payload))].flatMap((bytes) => [...bytes]),
  );
}

/** The file with bytes of one payload changed; its CRC-32 is right again. */
export function patched(
  file: Uint8Array,
  sectionIndex: number,
  at: number,
  bytes: readonly number[],
): Uint8Array {
  const parts = split(file);
  parts.sections[sectionIndex]!.payload.set(bytes, at);
  return join(parts);
}

/** A stream that hands bytes over in chunks of the given sizes, in turn; `cancelled` says why it was ended. */
export function streamOf(file: Uint8Array, sizes: readonly number[]) {
  const state = { cancelled: undefined as unknown, ended: false, given: 0 };
  let i = 0;
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (state.given >= file.length) {
          controller.close();
          return;
        }
        const size = sizes[i++ % sizes.length]!;
        controller.enqueue(file.slice(state.given, state.given + size));
        state.given += size;
      },
      cancel(reason) {
        state.ended = true;
        state.cancelled = reason;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, state };
}

export async function* chunksOf(file: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.length; at += size) yield file.subarray(at, at + size);
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
