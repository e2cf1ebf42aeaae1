// npm run bench: unpool against its peers. This file reads the command line; sections/ do the work.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { install } from "./dependencies.mjs";
import { shapes } from "./works.mjs";

const sections = ["encode", "step", "decode", "sweep", "cold", "bytes", "memory", "workers"];

const HELP = `npm run bench -- [options]

  --quick        fewer shapes, rounds and sizes: for a first look, not for a claim
  --only WORK    one of ${sections.join(", ")};
                 may be repeated
  --shape SHAPE  for encode and step, one of ${Object.keys(shapes).join(", ")};
                 may be repeated
  --seed N       of filters and inputs (7)
  --json FILE    where the results go (bench/results/bench.json); the charts go beside it
  --help`;

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", multiple: true },
    shape: { type: "string", multiple: true },
    seed: { type: "string", default: "7" },
    json: { type: "string", default: fileURLToPath(new URL("results/bench.json", import.meta.url)) },
    help: { type: "boolean", default: false },
  },
});

function known(option, names, all) {
  const wrong = names.find((name) => !all.includes(name));
  if (wrong !== undefined) throw new Error(`--${option} is ${wrong}; give one of ${all.join(", ")}`);
  return names;
}

if (options.help) {
  console.log(HELP);
} else {
  const seed = Number(options.seed);
  if (!(Number.isSafeInteger(seed) && seed >= 0)) throw new Error(`--seed is ${seed}; give a whole number`);
  const plan = {
    ...{ quick: options.quick, seed },
    only: known("only", options.only ?? sections, sections),
    complete: !options.only && !options.shape,
    shapes: options.shape && known("shape", options.shape, Object.keys(shapes)),
  };
  install();
  // only now are the packages there that these import
  const { run } = await import("./run.mjs");
  const { results, charts } = await run(plan);
  mkdirSync(dirname(options.json), { recursive: true });
  const stem = options.json.replace(/\.json$/, "");
  writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);
  const written = [options.json];
  for (const [name, chart] of Object.entries(charts)) {
    written.push(`${stem}-${name}.svg`);
    writeFileSync(written.at(-1), chart);
  }
  console.log(`\nwritten: ${written.join(", ")}`);
}
