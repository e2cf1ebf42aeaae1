// The command line of the experiments: which are run, on what, and where their results go.
//
// An experiment is a module (paper/NAME.mjs) that exports
//
//   title      one line
//   claim      what the paper says, and where
//   needs      kinds of data, of DATA in data.mjs
//   result     async (context) => plain JSON, numbers rounded to what they mean
//   markdown   (result) => tables and sentences
//   figures    (result) => { "": svg, other: svg }, for NAME.svg and NAME-other.svg
//
// and `context` is { quick, seed, data, cifar10, progress, limit }: `data(kind)` is the folder of a kind of data,
// `cifar10` that of CIFAR-10; `progress(done, total, what)` draws a line on a terminal; `limit()` throws once the time
// is up and gives the milliseconds that are left until then. `progress` looks at the time too.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { DATA, folderOf, missing } from "./data.mjs";
import { reasonOf, writeFiles } from "./files.mjs";
import { document, json } from "./format.mjs";
import { progressLine } from "./progress.mjs";
import { timeLimit } from "./time-limit.mjs";

/** What the user got wrong, in a sentence: the process ends with 2. */
class Misuse extends Error {}

/**
 * Runs experiments as the command line `args` says.
 * @param {string[]} args
 * @param {Record<string, () => Promise<any>>} experiments name -> its module, in the order they are run
 * @param {{ out?: (text: string) => void, error?: (text: string) => void }} [streams]
 * @returns {Promise<number>} the exit code: 0 done, 1 failed, 2 wrong usage
 */
export async function main(args, experiments, streams = {}) {
  const { out = (text) => process.stdout.write(text), error = (text) => process.stderr.write(text) } =
    streams;
  const command = commandLine(Object.keys(experiments), out, error);
  try {
    command.parse(args, { from: "user" });
    const options = command.opts();
    const modules = await chosen(command.args, experiments, options);
    return await runAll(modules, options, out, error);
  } catch (failure) {
    if (failure instanceof CommanderError) return failure.exitCode === 0 ? 0 : 2;
    if (!(failure instanceof Misuse)) throw failure;
    error(`paper: ${failure.message}\n`);
    return 2;
  }
}

function commandLine(names, out, error) {
  return new Command("npm run paper --")
    .description("Recomputes the tables and figures of the paper.")
    .argument("[names...]", `of ${names.join(", ")} (default: all)`)
    .option("--quick", "reduced sizes, into build/paper: for a first look, not for a claim", false)
    .option("--seed <N>", "where all random numbers come from", whole, 0)
    .option(
      "--data <DIR>",
      `folder with ${Object.keys(DATA).join("/, ")}/ (default: $UNPOOL_DATA or ../shared/data)`,
    )
    .option("--cifar10 <DIR>", "folder with CIFAR-10's binary files (default: cifar10/ of the data)")
    .option("--out <DIR>", "where results go (default: docs/paper, or build/paper of a quick run)")
    .option("--limit <MINUTES>", "of the whole run; what is not done by then fails", minutes)
    .option("--redraw", "draw pages and figures anew from the results that are there", false)
    .option("--json", "print one JSON object with all results", false)
    .exitOverride()
    .configureOutput({
      writeOut: out,
      writeErr: error,
      outputError: (text) => error(`paper: ${text.replace("error: ", "")}`),
    });
}

function whole(text) {
  const value = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(value) || value < 0) {
    throw new InvalidArgumentError("Give a whole number, at least 0.");
  }
  return value;
}

function minutes(text) {
  const value = Number(text);
  if (!(value > 0 && value < Infinity)) throw new InvalidArgumentError("Give minutes, above 0.");
  return value;
}

/** The experiments that are named, or all, with their modules; all that they need is there. */
async function chosen(names, experiments, { data, cifar10, redraw }) {
  const all = Object.keys(experiments);
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined) {
    throw new Misuse(`there is no experiment "${unknown}"; there are ${all.join(", ")}`);
  }
  const wanted = names.length > 0 ? all.filter((name) => names.includes(name)) : all;
  const modules = await Promise.all(
    wanted.map(async (name) => ({ name, experiment: await experiments[name]() })),
  );
  for (const { name, experiment } of redraw ? [] : modules) {
    for (const kind of experiment.needs) {
      const lack = missing(kind, { data, cifar10 });
      if (lack) throw new Misuse(`${name} needs ${lack}`);
    }
  }
  return modules;
}

async function runAll(modules, options, out, error) {
  const limit = timeLimit(options.limit);
  const line = progressLine();
  const results = [];
  for (const { name, experiment } of modules) {
    const start = performance.now();
    const outcome = await runOne(name, experiment, { ...options, limit, line });
    line.stop();
    const seconds = Math.round((performance.now() - start) / 100) / 10;
    results.push({ name, title: experiment.title, seconds, ...outcome.report });
    if (outcome.failure) error(`${name}: ${outcome.failure}\n`);
    else if (!options.json)
      out(`${name}  ${experiment.title}  ${seconds} s  ${outcome.report.files.join(" ")}\n`);
    if (outcome.text && modules.length === 1 && !options.json) out(`\n${outcome.text}`);
  }
  if (options.json) out(json({ experiments: results }));
  return results.some((result) => "error" in result) ? 1 : 0;
}

/**
 * The files of a result, { name, text }: its JSON, its page, its figures. What stands in the JSON is all they need.
 * @param {any} experiment the module
 * @param {{ experiment: string, title: string, claim: string, quick: boolean, seed: number, result: any }} outcome
 */
export function pagesOf(experiment, { result, ...about }) {
  const name = about.experiment;
  const figures = Object.entries(experiment.figures(result)).map(([suffix, svg]) => ({
    name: suffix ? `${name}-${suffix}.svg` : `${name}.svg`,
    text: svg,
  }));
  const names = figures.map((figure) => figure.name);
  return [
    { name: `${name}.json`, text: json({ ...about, result }) },
    { name: `${name}.md`, text: document(about, experiment.markdown(result), names) },
    ...figures,
  ];
}

/** Runs one experiment and writes its files; a failure is reported, not thrown. */
async function runOne(name, experiment, options) {
  const { quick, seed, data, cifar10, redraw, limit, line } = options;
  const { out = quick ? "build/paper" : "docs/paper" } = options;
  const folder = (kind) => folderOf(kind, { data, cifar10 });
  const progress = (done, total, what = "") => {
    limit();
    line.at(done, total, what ? `${name}: ${what}` : name);
  };
  try {
    limit();
    const { title, claim } = experiment;
    const outcome = redraw
      ? { ...JSON.parse(readFileSync(join(out, `${name}.json`), "utf8")), title, claim }
      : { experiment: name, title, claim, quick, seed, result: undefined };
    if (!redraw) {
      const place = { data: folder, cifar10: folder("cifar10") };
      outcome.result = await experiment.result({ quick, seed, ...place, progress, limit });
    }
    const { result } = outcome;
    const pages = pagesOf(experiment, outcome);
    const files = writeFiles(out, pages);
    return { report: { files, result }, text: pages[1].text };
  } catch (failure) {
    return { report: { error: reasonOf(failure) }, failure: reasonOf(failure, true) };
  }
}
