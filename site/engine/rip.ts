// The model-RIP of the paper's 1-D setting: |W'z| / |z| of more and more random codes, then the worst that is known.
//
// Codes are drawn as modelRip draws them, by the same functions; the ratios are taken here, as it gives their squares, of
// which neither mean nor deviation of the ratios follows. Its worst cases are squares, too, and of those the roots do.

import { type Code, createLayer, type Layer, UnpoolError } from "unpool";
import { drawCode, modelRip, type Uniform, uniform } from "unpool/analysis";
import type { RipKnobs } from "../state/rip-knobs.js";
import type { Answer, Ratios } from "./messages.js";

/** Codes of the first histogram; each of the next has twice as many, up to all. */
const FIRST = 125;
const ALL = 16_000;
const BINS = 40;

type Extremes = NonNullable<ReturnType<typeof modelRip>["adversarial"]>;

/** Throws UnpoolError for what the knobs ask and no layer has. */
export async function rip(knobs: RipKnobs, send: (answer: Answer) => void): Promise<void> {
  const { channels, length, filters, kernel, nonzeros: k, seed } = knobs;
  if (k > filters) {
    throw new UnpoolError(
      "invalid-option",
      `a code of ${filters} filters, with one region each, cannot have ${k} non-zeros: ${filters} are the most`,
    );
  }
  // as experiments/paper's Figure 2: filters N(0, 1/(M l)), no padding
  const layer = await createLayer({ input: { channels, length }, filters, kernel, pool: "global", seed });
  const next = ratiosOf(layer, k, uniform(seed));
  const ratios: number[] = [];
  for (let count = FIRST; count <= ALL; count *= 2) {
    while (ratios.length < count) ratios.push(next());
    send({ kind: "ratios", ratios: distributionOf(ratios), total: ALL });
  }
  const { supports, adversarial } = modelRip(layer, { k, codes: 1, seed });
  send({ kind: "worst", worst: { supports: supports && roots(supports), adversarial: roots(adversarial!) } });
  send({ kind: "done", summary: undefined });
  layer.dispose();
}

/** |W'z| / |z| of one random code after the other. */
function ratiosOf(layer: Layer, k: number, draw: Uniform): () => number {
  const { channels, height, width, pool } = layer.geometry;
  const image = new Float32Array(channels * height * width);
  const code: Code = { ...layer.encode(image), kind: "sparse" };
  const order = Uint32Array.from(code.values, (_, i) => i);
  return () => {
    drawCode(draw, k, pool[0] * pool[1], code, order);
    layer.decode(code, { out: image });
    return Math.sqrt(squares(image) / squares(code.values));
  };
}

function squares(numbers: Float32Array): number {
  let sum = 0;
  for (const number of numbers) sum += number * number;
  return sum;
}

function distributionOf(ratios: readonly number[]): Ratios {
  const codes = ratios.length;
  let [least, greatest, sum] = [Number.POSITIVE_INFINITY, 0, 0];
  for (const ratio of ratios) {
    least = Math.min(least, ratio);
    greatest = Math.max(greatest, ratio);
    sum += ratio;
  }
  const mean = sum / codes;
  let variance = 0;
  for (const ratio of ratios) variance += (ratio - mean) ** 2 / codes;
  const width = (greatest - least) / BINS;
  const edges = Array.from({ length: BINS + 1 }, (_, i) => (i < BINS ? least + i * width : greatest));
  const counts = new Array<number>(BINS).fill(0);
  for (const ratio of ratios) {
    // all are one where filters have one number each
    const bin = width > 0 ? Math.min(BINS - 1, Math.floor((ratio - least) / width)) : 0;
    counts[bin] = counts[bin]! + 1;
  }
  return { codes, mean, sd: Math.sqrt(variance), least, greatest, edges, counts };
}

function roots({ least, greatest }: Extremes): readonly [least: number, greatest: number] {
  return [Math.sqrt(least), Math.sqrt(greatest)];
}
