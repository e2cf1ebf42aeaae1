// The program that the playground shows gives the planes that the playground gives: it is run as it stands.

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { answer } from "../site/engine/answer.js";
import type { Answer, Pixels, Summary } from "../site/engine/messages.js";
import { type Knobs, USUAL } from "../site/state/knobs.js";
import { programOf } from "../site/state/program.js";

// inside the package, so that the program finds it by its name
const FOLDER = "build/test/programs";
mkdirSync(FOLDER, { recursive: true });

const SMALL = { size: 40, filters: 12, iterations: 9 };
let number = 0;

async function byPage(knobs: Knobs, pixels?: Pixels): Promise<Summary> {
  const answers: Answer[] = [];
  await answer({ kind: "invert", knobs, ...(pixels && { pixels }) }, (one) => answers.push(one));
  const last = answers.at(-1)!;
  if (last.kind !== "done") throw new Error(JSON.stringify(last));
  return last.summary!;
}

async function byProgram(text: string, before = ""): Promise<Float32Array> {
  const file = resolve(FOLDER, `program-${++number}.mjs`);
  writeFileSync(file, `${before}${text}\nexport { reconstruction };\n`);
  return (await import(pathToFileURL(file).href)).reconstruction;
}

function digestOf(planes: Float32Array): string {
  return createHash("sha256").update(new Uint8Array(planes.buffer)).digest("hex");
}

const VIEWS: Readonly<Record<string, Partial<Knobs>>> = {
  "the usual settings": {},
  "one step": { method: "synthesis" },
  "fixed switches of 4 x 4": { switches: "fixed", pool: 4 },
  "unknown switches": { switches: "unknown" },
  "CReLU, stride 2, another seed and scene": {
    rectifier: "crelu",
    stride: 2,
    kernel: 4,
    seed: 2 ** 40,
    scene: 3,
  },
  "values in 8 bits": { values: "int8" },
  "values in 6 bits, one step": { values: "int6", method: "synthesis" },
  "scaled least squares without pooling": { method: "scaled", pool: 1, filters: 5 },
  "a sparse code": { method: "niht" },
  "a sparse code of a tenth of the entries": { method: "htp", share: 10 },
  "a sparse code in float16": { method: "iht", values: "float16" },
};

for (const [title, changed] of Object.entries(VIEWS)) {
  test(`the program of ${title} gives the page's planes`, async () => {
    const knobs = { ...USUAL, ...SMALL, ...changed };
    const { digest } = await byPage(knobs);
    assert.is(digestOf(await byProgram(programOf(knobs)!)), digest);
  });
}

test("the program of a picture of one's own takes its pixels", async () => {
  const [width, height] = [30, 20];
  const data = Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) => (i * 37) % 251);
  const knobs = { ...USUAL, ...SMALL };
  const { digest } = await byPage(knobs, { width, height, data });
  const imageData = `const imageData = { width: ${width}, height: ${height}, data: Uint8ClampedArray.of(${data}) };\n`;
  assert.is(digestOf(await byProgram(programOf(knobs, { width, height })!, imageData)), digest);
});

test("there is no program of random magnitudes, which are the page's own", () => {
  assert.is(programOf({ ...USUAL, magnitudes: "random" }), undefined);
  // a sparse code has none
  assert.type(programOf({ ...USUAL, magnitudes: "random", method: "iht" }), "string");
});

test.run();
