// What a run prints.

import { cpus } from "node:os";
import { plainTable } from "./plain-table.mjs";
import { reached } from "./targets.mjs";

export function machine() {
  const { model } = cpus()[0];
  const { node, v8 } = process.versions;
  return {
    processor: model,
    cores: cpus().length,
    platform: `${process.platform} ${process.arch}`,
    node,
    v8,
  };
}

export function machineLine({ processor, cores, platform, node, v8 }, versions) {
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${processor}, ${cores} cores, ${platform}; Node ${node} (V8 ${v8}); ${packages.join(", ")}`;
}

const ms = (value) => value.toFixed(value < 100 ? 3 : 1);
const mebibytes = (value) => (value ? (value / 2 ** 20).toFixed(1) : "");
const kilobytes = (value) => (value / 1000).toFixed(value < 100_000 ? 1 : 0);

/** A table of what measure returns. */
function timesTable(rows) {
  return plainTable(
    ["minimum ms", "median ms", "spread", "ratio", "of minima"],
    rows.map(({ name, way, minimum, median, spread, ratio, ratioOfMinima }) => ({
      name: way ? `${name}, by ${way}` : name,
      cells: [
        ms(minimum),
        ms(median),
        `${(100 * spread).toFixed(0)} %`,
        ratio.toFixed(2),
        ratioOfMinima.toFixed(2),
      ],
    })),
  );
}

function checksLine(checks) {
  const worst = Math.max(...checks.map((check) => check.worst));
  const ties = checks.reduce((sum, check) => sum + check.ties, 0);
  const entries = checks[0].entries;
  return `${checks.length} results of ${entries} entries agree to ${worst.toExponential(1)}, but for ${ties} proven ties`;
}

const titles = {
  encode: "encode",
  step: "one step: unpool's IHT and least squares, the peers' IHT (none has the least-squares operator)",
};

const printers = {
  operations(results) {
    return results.flatMap(({ description, ...operations }) =>
      Object.keys(titles)
        .filter((operation) => operations[operation])
        .map((operation) => {
          const { checks, times } = operations[operation];
          const title = `${description}: ${titles[operation]}`;
          return `${title}\n  ${checks.length > 0 ? checksLine(checks) : "no peer"}; ${times[0].rounds} rounds\n${timesTable(times)}`;
        }),
    );
  },
  decode({ picture, goal, iterations, error, times, peerSteps }) {
    const lines = [{ name: "unpool, least squares", cells: [ms(times.minimum), ms(times.median), ""] }];
    for (const { name, way, minimum, median, extrapolated } of peerSteps) {
      const cells = [ms(minimum), ms(median), `${(extrapolated / 1000).toFixed(1)} s`];
      lines.push({ name: `${name}, one step of IHT by ${way}`, cells });
    }
    const found = `${iterations} iterations of least squares reach ${error.toExponential(2)}`;
    return [
      `whole decode to ${goal}, ${picture}, 3 x 224 x 224, K = 64: ${found}\n${plainTable(["minimum ms", "median ms", "1000 steps, extrapolated"], lines)}`,
    ];
  },
  sweep(rows) {
    const cells = (row) => [
      ms(row.encode),
      row.encodePerPixel.toFixed(0),
      ms(row.leastSquares),
      row.leastSquaresPerPixel.toFixed(0),
    ];
    return [
      `unpool by size of the image, K = 64, 5 x 5, pool 2; minima\n${plainTable(
        ["encode ms", "ns a pixel", "least-squares step ms", "ns a pixel"],
        rows.map((row) => ({ name: `${row.size} x ${row.size}`, cells: cells(row) })),
      )}`,
    ];
  },
  cold({ rounds, results }) {
    return [
      `from cold to the first code, 3 x 32 x 32; ${rounds} processes each\n${plainTable(
        ["minimum ms", "median ms"],
        results.map(({ name, minimum, median }) => ({
          name,
          cells: [minimum.toFixed(1), median.toFixed(1)],
        })),
      )}`,
    ];
  },
  bytes(rows) {
    return [
      `bytes on the wire, kB: script bundled and minified, wasm as it is\n${plainTable(
        ["script", "wasm", "together", "gzipped"],
        rows.map(({ name, js, wasm, raw, gzipped }) => ({
          name,
          cells: [js, wasm, raw, gzipped].map(kilobytes),
        })),
      )}`,
    ];
  },
  memory({ rows }) {
    return [
      `memory, 3 x 224 x 224, encode and 3 steps, MiB; processes of their own\n${plainTable(
        ["linear memory", "resident, at most"],
        rows.map(({ name, linear, growth, wholeProcess }) => ({
          name: wholeProcess ? `${name} (with its interpreter)` : name,
          cells: [mebibytes(linear), mebibytes(growth)],
        })),
      )}`,
    ];
  },
};

/** One section's results as text. */
export function show(section, results) {
  return `\n${printers[section]?.(results).join("\n\n") ?? ""}`;
}

const forms = {
  times: (value) => `${value.toFixed(2)} x`,
  "at most": (value) => `${value.toFixed(2)} x`,
  ms: (value) => `${value.toFixed(0)} ms`,
  MiB: (value) => `${value.toFixed(1)} MiB`,
  equal: (value) => `${value}`,
};
const bounds = { times: "at least", equal: "equal" };

/** One target in words. NaN, or null as JSON has it, was not measured. */
export function targetCells(line) {
  const { what, against, measured, target, form } = line;
  const missing = !Number.isFinite(measured);
  return {
    name: `${what}${against && ` : ${against}`}`,
    value: missing || form === "equal" ? "" : forms[form](measured),
    bound: form === "equal" ? "equal" : `${bounds[form] ?? "at most"} ${forms[form](target)}`,
    verdict: missing ? "not measured" : reached(line) ? "reached" : "missed",
  };
}

export function targetsTable(lines) {
  const rows = lines.map((line) => {
    const { name, value, bound, verdict } = targetCells(line);
    return { name, cells: [value, bound, verdict] };
  });
  return `\nmust reach\n${plainTable(["measured", "target", ""], rows)}`;
}
