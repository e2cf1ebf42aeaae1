// What unpool invert compares, what its decoders know, and what it says of them.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "fast-png";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { METHOD_NAMES } from "../src/cli/methods.js";
import { openPicture } from "../src/cli/pictures/open.js";
import { quantise } from "../src/code/quantise.js";
import { SMALL, SMALL_LAYER, unpool, workspace } from "./command.js";
import { jpg, png } from "./pictures.js";
import { relativeDistance, simd } from "./support.js";

const { folder, file } = workspace(test);
const photo = file("photo.png", png);

interface Result {
  method: string;
  solver: string | null;
  reason: string | null;
  relativeError: number;
  iterations: number;
  stopped: string;
  products: number;
  poolResidual: number | null;
}

/** The JSON of an inversion of the scene's centre; what `out` is called is the folder's name. */
function inverted(out: string, ...args: string[]) {
  const { status, stdout, stderr } = unpool(["invert", ...SMALL, ...args, "--json", "-o", join(folder, out)]);
  assert.equal([status, stderr], [0, ""]);
  const inversion = JSON.parse(stdout);
  const results: Result[] = inversion.results;
  return { inversion, results, methods: results.map(({ method }) => method) };
}

function table(out: string, ...args: string[]): string {
  const { status, stdout, stderr } = unpool(["invert", ...SMALL, ...args, "-o", join(folder, out)]);
  assert.equal([status, stderr], [0, ""]);
  for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
  return stdout;
}

/** The same centre of the scene in the same layer, by the library. */
async function byHand() {
  const { planes } = await openPicture(undefined, [16, 16]);
  const input = { channels: 3, height: 16, width: 16 };
  const layer = simd.createLayerSync({ input, filters: 4, kernel: 3, padding: 1, pool: 2 });
  return { planes, layer, code: layer.encode(planes) };
}

// methods -------------------------------------------------------------------------------------------------

test("what is compared is what --method names, in its order, in files, JSON, table and report", () => {
  const names = ["hybrid", "iht", "scaled", "synthesis", "whitened"];
  const files = [...["original", ...names, "comparison"].map((name) => `${name}.png`), "report.html"];
  const out = join(folder, "named");
  const { inversion, results, methods } = inverted("named", "--method", names.join(","));
  assert.equal(methods, names);
  assert.equal(
    inversion.files,
    files.map((name) => join(out, name)),
  );
  assert.equal(readdirSync(out).sort(), [...files].sort());
  assert.equal(
    results.map(({ solver, reason }) => [solver, reason]),
    [
      ["hybrid", "as asked"],
      [null, null],
      ["scaled", "as asked"],
      [null, null],
      ["whitened", "as asked"],
    ],
  );
  for (const { products, poolResidual } of results) {
    assert.ok(products > 0);
    assert.is(poolResidual, null);
  }
  const { width, height } = decode(readFileSync(join(out, "comparison.png")));
  assert.equal([width, height], [6 * 16 + 5 * 2, 2 * 16 + 2]);
  const rows = table("named", "--method", names.join(", ")).match(/^ {2}[a-z-]+(?= .* \d|.* –)/gm);
  assert.equal(
    rows?.map((row) => row.trim()).filter((row) => names.includes(row)),
    names,
  );
  const html = readFileSync(join(out, "report.html"), "utf8");
  assert.is(html.match(/<img /g)?.length, 1 + 2 * names.length);
  assert.match(html, /reconstructed by hybrid, iht, scaled, synthesis and whitened\./);
  assert.match(html, /--method (')?hybrid,iht,scaled,synthesis,whitened/);
});

test("one method alone is compared with the original", () => {
  for (const name of ["synthesis", "iht", "least-squares"]) {
    assert.equal(inverted(`alone-${name}`, "--method", name).methods, [name]);
    const html = readFileSync(join(folder, `alone-${name}`, "report.html"), "utf8");
    assert.is(html.includes("<svg"), name !== "synthesis");
  }
});

test("what a method gives does not depend on the others", () => {
  inverted("with", "--method", "whitened,iht,hybrid");
  inverted("without", "--method", "hybrid");
  const [one, other] = ["with", "without"].map((out) => readFileSync(join(folder, out, "hybrid.png")));
  assert.equal(one, other);
});

test("least squares says which solver it chose and why, in JSON, table and report", () => {
  const { results } = inverted("why", "-k", "6");
  const { solver, reason } = results[2]!;
  assert.is(solver, "whitened");
  assert.is(reason, "m/N = 0.50: the prior of pictures fills in what the equations leave open");
  assert.is(inverted("enough", "-k", "12").results[2]!.solver, "hybrid");
  const words = table("why", "-k", "6").replace(/\s+/g, " ");
  assert.ok(words.includes(`decoder whitened; ${reason}`), words);
  assert.ok(readFileSync(join(folder, "why", "report.html"), "utf8").includes(`whitened (${reason})`));
});

test("unless told a solver runs as long as the library lets it", async () => {
  const { layer, code, planes } = await byHand();
  const args = ["invert", ...SMALL_LAYER, "--tolerance", "0", "--json", "-o", join(folder, "long")];
  const ask = (...more: string[]): Result[] => JSON.parse(unpool([...args, ...more]).stdout).results;
  const [step, iht, squares] = ask();
  assert.is(step!.iterations, 1);
  assert.is(iht!.iterations, layer.sparsify(planes, { method: "iht", tolerance: 0 }).report.iterations);
  layer.decode(code, { tolerance: 0 });
  assert.is(squares!.iterations, layer.report.iterations);
  const [fixed] = ask("--switches", "fixed", "--method", "least-squares");
  assert.is(fixed!.iterations, 20);
});

test("names of methods that are unknown, missing or repeated end with 2 and a list of what there is", () => {
  for (const [names, sentence] of [
    ["synthesis,least", /there is no least; the methods are synthesis, least-squares, .*algorithm-2$/],
    ["Hybrid", /there is no Hybrid; the methods are/],
    ["iht,", /a name is missing; the methods are/],
    ["", /a name is missing; the methods are/],
    ["iht,hybrid,iht", /iht is named twice; the methods are .*, each at most once$/],
  ] as const) {
    const { status, stdout, stderr } = unpool(["invert", photo, "--method", names, "-o", join(folder, "no")]);
    assert.is(status, 2, names);
    assert.is(stdout, "");
    assert.match(stderr, /^unpool: .+\n$/);
    assert.match(stderr.trimEnd(), sentence);
    for (const name of METHOD_NAMES) assert.ok(stderr.includes(name));
  }
  assert.not(existsSync(join(folder, "no")));
});

test("--help names every method", () => {
  const { stdout } = unpool(["invert", "--help"]);
  for (const name of METHOD_NAMES) assert.match(stdout, new RegExp(`^  ${name} +\\S`, "m"));
  for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
});

// what decoders know --------------------------------------------------------------------------------------

test("with fixed switches decoders do without those of the code, and sparse codes keep their own", () => {
  const args = ["--switches", "fixed", "--method", "synthesis,iht,least-squares,scaled"];
  const { inversion, results } = inverted("fixed", ...args);
  const { results: known } = inverted("known", "--method", "synthesis,iht,least-squares,scaled");
  assert.is(inversion.switches, "fixed");
  for (const i of [0, 2, 3]) assert.not.equal(results[i]!.relativeError, known[i]!.relativeError);
  assert.is(results[1]!.relativeError, known[1]!.relativeError);
  assert.match(results[2]!.reason!, /^switches fixed/);
  const words = table("fixed", ...args).replace(/\s+/g, " ");
  assert.match(words, /switches not given to decoders; the middle of each region .*\(iht: of their own\)/);
});

test("unknown switches are estimated by least squares, and its pool residual is told", async () => {
  const { inversion, results, methods } = inverted("unknown", "--switches", "unknown");
  assert.is(inversion.switches, "unknown");
  assert.equal(methods, ["iht", "least-squares"], "one step cannot estimate them");
  const { layer, code, planes } = await byHand();
  const y = layer.decode({ values: code.values }, { switches: "unknown", iterations: 3 });
  assert.is(results[1]!.relativeError, relativeDistance(y, planes));
  assert.is(results[1]!.poolResidual, layer.report.poolResidual);
  assert.is(results[0]!.poolResidual, null);
  assert.match(results[1]!.reason!, /^switches unknown/);
  const words = table("unknown", "--switches", "unknown").replace(/\s+/g, " ");
  assert.match(words, /decoder whitened; switches unknown: .*; pool residual \d/);
  const html = readFileSync(join(folder, "unknown", "report.html"), "utf8");
  assert.match(html, /pool residual \d/);
  assert.match(html, /<code>.* --switches unknown .*<\/code>/);
});

test("methods that do not go with what is known of the switches end with 2", () => {
  for (const [args, sentence] of [
    [["unknown", "--method", "synthesis,least-squares,hybrid"], /only decoder, .* names synthesis, hybrid$/],
    [["unknown", "--method", "iht"], /--switches unknown is about decoders/],
    [["fixed", "--method", "htp,iht"], /--switches fixed is about decoders/],
    [["guessed"], /Allowed choices are known, fixed, unknown/],
  ] as const) {
    const { status, stdout, stderr } = unpool(["invert", photo, "--switches", ...args]);
    assert.equal([status, stdout], [2, ""]);
    assert.match(stderr, /^unpool: .+\n$/);
    assert.match(stderr.trimEnd(), sentence);
  }
});

test("--no-inequalities is heeded, and typed again by the report", async () => {
  const { results } = inverted("equal", "--no-inequalities", "--iterations", "12");
  const { layer, code, planes } = await byHand();
  const y = layer.decode(code, { inequalities: false, iterations: 12 });
  assert.is(results[2]!.relativeError, relativeDistance(y, planes));
  assert.not.equal(
    relativeDistance(layer.decode(code, { iterations: 12 }), planes),
    results[2]!.relativeError,
  );
  assert.match(readFileSync(join(folder, "equal", "report.html"), "utf8"), / --no-inequalities /);
});

// values --------------------------------------------------------------------------------------------------

test("--quantise rounds the values before decoding, and least squares stops at their noise", async () => {
  const { layer, code, planes } = await byHand();
  const args = ["--iterations", "40", "--method", "synthesis,iht,scaled"];
  const before = inverted("whole", ...args);
  assert.is(before.inversion.rounding, null);
  for (const format of ["float16", "int8", "int6", "int4"] as const) {
    const { inversion, results } = inverted(format, ...args, "--quantise", format);
    const { values, noise } = quantise(code.values, layer.codeShape[0], format);
    assert.is(inversion.rounding.format, format);
    assert.is(inversion.rounding.noise, noise);
    assert.ok(Math.abs(inversion.rounding.relativeError / relativeDistance(values, code.values) - 1) < 1e-9);
    const rounded = { ...code, values };
    const options = { iterations: 40, noise };
    const synthesis = layer.decode(rounded, { method: "synthesis" });
    assert.is(results[0]!.relativeError, relativeDistance(synthesis, planes));
    const scaled = layer.decode(rounded, { ...options, method: "scaled" });
    assert.is(results[2]!.relativeError, relativeDistance(scaled, planes));
    assert.is(results[2]!.stopped, layer.report.stopped);
    const sparse = layer.sparsify(planes, { method: "iht", iterations: 40 });
    const kept = quantise(sparse.values, layer.codeShape[0], format).values;
    const multiplied = layer.decode({ ...sparse, values: kept });
    assert.is(results[1]!.relativeError, relativeDistance(multiplied, planes));
  }
});

test("the table says how values were rounded, and that a solver stopped at their noise", () => {
  const many = ["-k", "24", "--iterations", "60", "--method", "scaled"];
  const words = table("int6", ...many, "--quantise", "int6").replace(/ +/g, " ");
  assert.match(words, /^ values int6, one scale a filter, error [\d.]+ %$/m);
  assert.match(words, /^ scaled .* at noise /m);
  assert.is(inverted("int6", ...many, "--quantise", "int6").results[0]!.stopped, "discrepancy");
  assert.match(readFileSync(join(folder, "int6", "report.html"), "utf8"), /At noise: the residual/);
  assert.match(table("half", "--quantise", "float16"), /values {3}float16, error [\d.]+ %/);
  assert.match(
    table("crelu", "--quantise", "int8", "--rectifier", "crelu"),
    /int8, one scale a plane, error/,
  );
});

test("another format of values ends with 2", () => {
  const { status, stderr } = unpool(["invert", photo, "--quantise", "int2"]);
  assert.is(status, 2);
  assert.match(stderr, /^unpool: .*float16, int8, int6, int4\n$/);
});

// several pictures ----------------------------------------------------------------------------------------

test("the table of several pictures has the methods for columns, in as many tables as 80 columns ask for", () => {
  const paths = [photo, file("a_picture_with_a_long_name.jpg", jpg)];
  const run = (out: string, method: string) => {
    const args = ["invert", ...paths, ...SMALL, "--quantise", "int6", "--method", method];
    const { status, stdout, stderr } = unpool([...args, "-j", "2", "-o", join(folder, out)]);
    assert.equal([status, stderr], [0, ""]);
    for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
    return stdout.split("\n").filter((line) => /^ +picture/.test(line));
  };
  const few = run("few", "whitened,iht").map((line) => line.trim().split(/\s+/));
  assert.equal(few, [["picture", "size", "whitened", "iht", "ms"]]);
  const all = "synthesis,iht,least-squares,scaled,whitened,hybrid";
  const heads = run("many", all).map((line) => line.trim().split(/\s+/));
  assert.is(heads.length, 2);
  for (const head of heads) assert.equal(head.splice(0, 2), ["picture", "size"]);
  assert.equal(heads.flat(), [...all.split(","), "ms"]);
});

test.run();
