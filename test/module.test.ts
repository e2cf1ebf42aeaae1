import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import binaryen from "binaryen";
import { transform } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { simdBytes } from "./support.js";

/** What a module is made of, as binaryen reads it back from the bytes. */
interface Anatomy {
  imports: string[];
  memories: number;
  tables: number;
  /** Name -> function, or the kind of what is not a function. */
  exports: Map<string, string>;
  start: string | undefined;
  /** Function -> its body as text. */
  bodies: Map<string, string>;
}

function anatomy(module: binaryen.Module): Anatomy {
  const text = module.emitText();
  const matches = (pattern: RegExp) => [...text.matchAll(pattern)];
  // every function starts a line of its own, one space deep, and comes after the rest
  const bodies = text.split(/^ \(func (?=\$)/m).slice(1);
  return {
    imports: matches(/^ \(import .*/gm).map(String),
    memories: matches(/^ \(memory /gm).length,
    tables: matches(/^ \(table /gm).length,
    exports: new Map(
      matches(/^ \(export "(\w+)" \((\w+) (\S+?)\)\)/gm).map(([, name, kind, item]) => [
        name!,
        kind === "func" ? item! : kind!,
      ]),
    ),
    start: matches(/^ \(start (\S+)\)/gm)[0]?.[1],
    bodies: new Map(bodies.map((body) => [/^\S+/.exec(body)![0], body])),
  };
}

const kernel = anatomy(binaryen.readBinary(simdBytes));

/** Whether a call of `from` can come to an instruction that matches. A module with tables has no answer. */
function reaches({ bodies }: Anatomy, from: string, instruction: RegExp): boolean {
  const seen = new Set([from]);
  for (const name of seen) {
    const body = bodies.get(name)!;
    if (instruction.test(body)) return true;
    for (const [, callee] of body.matchAll(/\((?:return_)?call (\$[^\s)]+)/g)) seen.add(callee!);
  }
  return false;
}

const GROWS = /\(memory\.grow\b/;
const RELAXED = /\.relaxed_/;
const SHARED = /\.atomic\.|\bshared\b/;

test("the module imports nothing and has one memory and no table", () => {
  assert.equal(kernel.imports, []);
  assert.is(kernel.memories, 1);
  assert.is(kernel.tables, 0);
});

test("the module exports what assembly/index.ts exports, its memory, and nothing else", () => {
  const source = readFileSync("assembly/index.ts", "utf8");
  const declared = [...source.matchAll(/^export function (\w+)/gm)].map(([, name]) => name!);
  assert.equal([...kernel.exports.keys()].sort(), [...declared, "memory"].sort());
  assert.equal(
    [...kernel.exports].filter(([, item]) => !item.startsWith("$")),
    [["memory", "memory"]],
  );
});

test("the module needs SIMD, bulk memory, conversions that do not trap, sign extension, and no later feature", () => {
  const { MVP, SIMD128, BulkMemory, BulkMemoryOpt, NontrappingFPToInt, SignExt, MutableGlobals } =
    binaryen.Features;
  const module = binaryen.readBinary(simdBytes);
  module.setFeatures(
    MVP | SIMD128 | BulkMemory | BulkMemoryOpt | NontrappingFPToInt | SignExt | MutableGlobals,
  );
  assert.is(module.validate(), 1);
});

test("no function uses a relaxed SIMD instruction or an atomic, and some use SIMD", () => {
  const using = (pattern: RegExp) => [...kernel.bodies].filter(([, body]) => pattern.test(body));
  assert.equal(using(RELAXED), []);
  assert.equal(using(SHARED), []);
  assert.ok(using(/\(f32x4\.mul/).length > 0);
});

test("memory grows in configure and cannot grow from any other export", () => {
  const entries = [...kernel.exports].filter(([, item]) => item.startsWith("$"));
  const growing = entries.filter(([, item]) => reaches(kernel, item, GROWS)).map(([name]) => name);
  assert.equal(growing, ["configure"]);
  if (kernel.start) assert.not.ok(reaches(kernel, kernel.start, GROWS));
});

test("the reader of modules sees what it looks for", () => {
  const module = binaryen.parseText(`(module
    (memory 1)
    (export "far" (func $far))
    (export "near" (func $near))
    (func $near (param v128) (result v128)
      (f32x4.relaxed_madd (local.get 0) (local.get 0) (local.get 0)))
    (func $far (call $middle))
    (func $middle (drop (memory.grow (i32.const 1))) (i32.atomic.store (i32.const 0) (i32.const 0))))`);
  const sample = anatomy(module);
  assert.ok(reaches(sample, sample.exports.get("far")!, GROWS));
  assert.ok(reaches(sample, sample.exports.get("far")!, SHARED));
  assert.not.ok(reaches(sample, sample.exports.get("near")!, GROWS));
  assert.ok(reaches(sample, sample.exports.get("near")!, RELAXED));
});

test("what is shipped stays under its ceilings", () => {
  execFileSync(process.execPath, ["scripts/sizes.mjs"], { stdio: "pipe" });
});

const entry = (name: string) => readFileSync(`build/${name}.js`, "utf8");

for (const name of ["index", "index.workerd", "index.edge-light", "slim", "weights"]) {
  test(`the entry ${name} asks nothing of a host or bundler, and has no top-level await`, async () => {
    const source = entry(name);
    for (const forbidden of [/import\.meta/, /\bfetch\(/, /\brequire\(/, /["'`]node:/]) {
      assert.not.match(source, forbidden);
    }
    // a script cannot await at its top level: esbuild refuses to make one of a module that does
    await transform(source, { format: "iife", logLevel: "silent" });
  });
}

for (const name of ["index.workerd", "index.edge-light"]) {
  test(`the entry ${name} compiles no WebAssembly and no text`, () => {
    for (const forbidden of [
      /WebAssembly\.compile/,
      /new WebAssembly\.Module\b/,
      /\beval\b/,
      /\bFunction\(/,
    ]) {
      assert.not.match(entry(name), forbidden);
    }
  });
}

test.run();
