// Makes the golden files: `npm run build && node test/golden/make.mjs NAME...`, or without names those that are
// missing; then `npm run format`.
//
// A file that was published with a version of the format stays as it is, for ever: readers of later versions read it. So
// nothing here is made anew when the writer changes; new features get new files.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parse, writeCodes } from "../../build/code.js";
import { createLayerSync } from "../../build/index.js";
import { scene } from "../../build/scene.js";
import { contentsOf } from "./contents.mjs";
import { goldenFiles } from "./files.mjs";

const at = (file) => new URL(file, import.meta.url);
const wanted = process.argv.slice(2);
const numbers = existsSync(at("golden.json")) ? JSON.parse(readFileSync(at("golden.json"), "utf8")) : {};

for (const { name, spec, codes, options } of goldenFiles({ createLayerSync, scene })) {
  const file = at(`${name}.unp`);
  if (wanted.length > 0 ? !wanted.includes(name) : existsSync(file)) continue;
  const chunks = [];
  for await (const chunk of writeCodes(spec, codes, options)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  writeFileSync(file, bytes);
  numbers[name] = contentsOf(await parse(bytes));
  console.log(`${name}: ${bytes.length} bytes`);
}
writeFileSync(at("golden.json"), `${JSON.stringify(numbers, undefined, 2)}\n`);
