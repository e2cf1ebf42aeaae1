// The flat interface as docs/embedding.md describes it, driven without a line of the library: from bare JavaScript,
// and from a host that is no JavaScript engine (wasmtime, driven by Python; test/embedding/install.sh installs it).

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { alternation, planOf, SOLVERS } from "../src/plan.js";
import { works } from "./embedding/works.js";

const kernelBytes = readFileSync("build/kernel.wasm");
const page = readFileSync("docs/embedding.md", "utf8");
const committed: Record<string, string> = JSON.parse(readFileSync("test/conformance/digests.json", "utf8"));

/** Networks take more than one instance, the playground's pictures the scene, and a total takes them all in. */
const ofLayers = Object.fromEntries(
  Object.entries(committed).filter(([name]) => !/^network|^playground|^total/.test(name)),
);

const INSTALLED = existsSync("build/embedding/installed");
const REQUIRED = process.env.UNPOOL_REQUIRE_ALL === "1";

type Call = (...numbers: number[]) => number;

/** Exported function -> its type, as the page's tables have it. */
function documented(): Record<string, string> {
  const rows = page.matchAll(/^\| `(\w+)` \| `(\([^`]*)` \|/gm);
  return Object.fromEntries(Array.from(rows, ([, name, type]) => [name, type]));
}

/** Python with the package that install.sh put into build/embedding. */
function python(input: string, ...parameters: string[]) {
  const env = { ...process.env, PYTHONPATH: "build/embedding:test/embedding", PYTHONDONTWRITEBYTECODE: "1" };
  return spawnSync("python3", parameters, { env, input, encoding: "utf8", maxBuffer: 2 ** 26 });
}

/** A test of wasmtime; without it, it says so, or fails where it is required. */
function testOfWasmtime(title: string, run: () => void): void {
  test(title, () => {
    if (INSTALLED) return run();
    if (REQUIRED) assert.unreachable("wasmtime is not installed: run test/embedding/install.sh");
    console.log(`  not run, wasmtime is not installed (test/embedding/install.sh): ${title}`);
  });
}

test("the page names every export and nothing else", () => {
  const exported = WebAssembly.Module.exports(new WebAssembly.Module(kernelBytes));
  const functions = exported.filter(({ kind }) => kind === "function").map(({ name }) => name);
  assert.equal(Object.keys(documented()).sort(), functions.sort());
  assert.match(page, `${functions.length} functions`);
  assert.equal(
    exported.filter(({ kind }) => kind !== "function"),
    [{ name: "memory", kind: "memory" }],
  );
});

test("the page's plans are those of the library", () => {
  const rows = page.matchAll(/^\| ([\w/ <>=]+) \| (?:(with|without) \| )?((?:[\d.]+: \d,? ?)+) \|$/gm);
  const plans = Array.from(rows, ([, title, inequalities, stretches]) => {
    const plan = stretches!.split(", ").map((stretch) => stretch.split(": ").map(Number));
    const total = inequalities ? 1 : plan.reduce((sum, [share]) => sum + share!, 0);
    return [[title, inequalities].join(" ").trim(), plan.map(([share, kind]) => [share! / total, kind])];
  });
  const solvers = SOLVERS.flatMap((solver) => [
    [`${solver} with`, planOf(solver, true)],
    [`${solver} without`, planOf(solver, false)],
  ]);
  assert.equal(plans, [...solvers, ["m/N < 3", alternation(2.99)], ["m/N >= 3", alternation(3)]]);
});

test("bare WebAssembly.instantiate gives the committed digests", async () => {
  const title = "01 picture, pool 2";
  const { shape, seed, input } = works().layers[title]!;
  const { instance } = await WebAssembly.instantiate(kernelBytes, {});
  const { memory, ...exports } = instance.exports;
  const run = exports as Record<string, Call>;
  assert.is(run.interfaceVersion!(), 3);
  assert.is(run.configure!(...shape), 1);
  run.drawFilters!(seed, 0, 0);
  assert.is(run.loadFilters!(), 1);

  const { buffer } = memory as WebAssembly.Memory;
  const planar = Buffer.from(input, "base64");
  const staging = new Uint8Array(buffer, run.stagingPointer!(), planar.length);
  staging.set(planar);
  assert.is(run.loadInput!(), 1);
  run.encode!();
  const [, height, width, filters] = shape as [number, number, number, number];
  // 5 x 5, padding 2, pool 2: whole halves of the picture's sides
  const entries = filters * Math.floor(height / 2) * Math.floor(width / 2);
  const code = createHash("sha256");
  code.update(new Uint8Array(buffer, run.valuesPointer!(), 4 * entries));
  code.update(new Uint8Array(buffer, run.switchesPointer!(), entries));
  assert.is(code.digest("hex"), committed[`${title}: encode`]);

  new Uint32Array(buffer, run.planPointer!()).set([20, 0]);
  run.beginLeastSquares!(1, 0, 0, 0);
  const residuals: number[] = [];
  while (residuals.length < 20 && run.status!() === 0) {
    run.step!(1);
    residuals.push(run.residual!());
  }
  const stopped = ["iterations", "converged", "stagnated", "diverged", "discrepancy"][run.status!()]!;
  run.storeOutput!();
  const decoded = createHash("sha256").update(staging).update(stopped);
  decoded.update(Float64Array.of(residuals.length, 0)).update(Float64Array.from(residuals));
  assert.is(decoded.digest("hex"), committed[`${title}: least squares`]);
  assert.is((memory as WebAssembly.Memory).buffer, buffer, "the memory has grown after configure");
});

for (const tier of ["optimised", "baseline", "interpreter"]) {
  testOfWasmtime(`wasmtime, ${tier}, gives every committed digest of layers and the documented types`, () => {
    const { status, stdout, stderr } = python(JSON.stringify(works()), "test/embedding/answer.py", tier);
    assert.is(status, 0, stderr);
    const { digests, signatures } = JSON.parse(stdout);
    assert.equal(digests, ofLayers);
    assert.equal(signatures, documented());
  });
}

testOfWasmtime("the program on the page prints what the page says", () => {
  const [program, printed] = Array.from(page.matchAll(/```(?:python|text)\n(.*?)```/gs), ([, text]) => text!);
  const { status, stdout, stderr } = python(program!, "-");
  assert.is(status, 0, stderr);
  assert.is(stdout, printed);
});

test.run();
