// The edge service under load, on Node's http and on the real workerd: good and bad requests, slow, stalled and vanishing
// clients. Every byte that comes back is compared. `node load.mjs [--requests N] [--hosts node,workerd] [--json] [--check]`

import { Agent } from "node:http";
import { parseArgs } from "node:util";
import { createHandler } from "../build/edge.js";
import { send } from "./load/client.mjs";
import { HOSTS } from "./load/hosts.mjs";
import { LIMITS } from "./load/limits.mjs";
import { kindsOf } from "./load/requests.mjs";
import { plainTable } from "./plain-table.mjs";
import { machine, machineLine } from "./report.mjs";

/** Connections at once. */
const CONNECTIONS = 16;
/** Until caches are full and code is compiled. */
const WARM_UP = 1000;
/** What a process may hold more after the second half of the requests than after the first, MiB. */
const GROWTH_CEILING_MIB = 16;

const { values: options } = parseArgs({
  options: {
    requests: { type: "string", default: "10000" },
    hosts: { type: "string", default: Object.keys(HOSTS).join(",") },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
    /** Fail on growth above the ceiling; a wrong answer always fails. */
    check: { type: "boolean", default: false },
  },
});
const requests = Number(options.requests);

const kinds = await kindsOf(createHandler({ limits: LIMITS }));
const shares = Object.values(kinds).reduce((sum, { share }) => sum + share, 0);

/** Seeded numbers in [0, 1): Park and Miller's. */
function numbers(seed) {
  let state = seed * 7919 + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

function pick(random) {
  let left = random() * shares;
  for (const [name, kind] of Object.entries(kinds)) {
    left -= kind.share;
    if (left < 0)
      return { name, ...kind, request: kind.requests[Math.floor(random() * kind.requests.length)] };
  }
  return pick(random);
}

/** A number of requests over all connections; the milliseconds of each by kind, and all that was wrong. */
async function load(host, count, random) {
  const agent = new Agent({ keepAlive: true, maxSockets: 2 * CONNECTIONS });
  const times = new Map(Object.keys(kinds).map((name) => [name, []]));
  const wrong = [];
  let left = count;
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (left-- > 0) {
        const { name, manner, request } = pick(random);
        const answer = await send(agent, host.url, request, manner, random).catch((error) => ({ error }));
        const problem = compare(request, answer);
        if (problem) wrong.push(`${name}, ${request.method} ${request.path}: ${problem}`);
        else times.get(name).push(answer?.milliseconds);
      }
    }),
  );
  const seconds = (performance.now() - begin) / 1000;
  agent.destroy();
  return { times, wrong, seconds };
}

function compare({ status, answer: expected }, answer) {
  if (!answer) return "";
  if (answer.error) return `${answer.error.code} ${answer.error.message}`;
  if (answer.status !== status)
    return `${answer.status} instead of ${status}: ${answer.body.toString().slice(0, 200)}`;
  if (expected && !expected.equals(answer.body))
    return `${answer.body.length} bytes, not those of this process`;
  return "";
}

const mebibytes = (bytes) => bytes.toFixed(1);
const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

async function measure(name) {
  const host = await HOSTS[name]();
  try {
    const random = numbers(Number(options.seed));
    const wrong = (await load(host, WARM_UP, random)).wrong;
    const memory = [await host.resident()];
    const halves = [];
    for (const half of [requests >> 1, requests - (requests >> 1)]) {
      halves.push(await load(host, half, random));
      memory.push(await host.resident());
    }
    const seconds = halves.reduce((sum, half) => sum + half.seconds, 0);
    wrong.push(...halves.flatMap((half) => half.wrong));
    const rows = Object.keys(kinds).map((kind) => {
      const times = halves.flatMap((half) => half.times.get(kind));
      const sorted = times.filter((time) => time !== undefined).sort((a, b) => a - b);
      const [p50, p99] = sorted.length > 0 ? [quantile(sorted, 0.5), quantile(sorted, 0.99)] : [];
      return { kind, count: times.length, p50, p99 };
    });
    return { name, seconds, perSecond: requests / seconds, rows, memory, wrong, versions: host.versions };
  } finally {
    await host.stop();
  }
}

const results = [];
for (const name of options.hosts.split(",")) results.push(await measure(name));

if (options.json) console.log(JSON.stringify({ machine: machine(), requests, results }, null, 2));
else {
  console.log(machineLine(machine(), Object.assign({}, ...results.map(({ versions }) => versions))));
  for (const { name, seconds, perSecond, rows, memory, wrong } of results) {
    const of = (time) => (time === undefined ? "–" : time.toFixed(1));
    console.log(
      `\n${name}: ${requests} requests after ${WARM_UP} of warm-up, ${CONNECTIONS} at once, in ${seconds.toFixed(0)} s, ${perSecond.toFixed(0)} a second\n`,
    );
    console.log(
      plainTable(
        ["requests", "p50 ms", "p99 ms"],
        rows.map(({ kind, count, p50, p99 }) => ({ name: kind, cells: [String(count), of(p50), of(p99)] })),
      ),
    );
    console.log(
      `\n  resident MiB after the warm-up, half and all of the requests: ${memory.map(mebibytes).join(", ")}\n  wrong answers: ${wrong.length}`,
    );
    for (const line of wrong.slice(0, 10)) console.log(`    ${line}`);
  }
}
const growth = Math.max(...results.map(({ memory }) => memory[2] - memory[1]));
const failures = results.reduce((sum, { wrong }) => sum + wrong.length, 0);
if (failures > 0 || (options.check && !(growth < GROWTH_CEILING_MIB))) {
  console.error(
    `${failures} wrong answers; ${growth.toFixed(1)} MiB of growth, ${GROWTH_CEILING_MIB} at most`,
  );
  process.exitCode = 1;
}
