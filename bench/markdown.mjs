// The tables of docs/performance.md, from the JSON of a run: `node bench/markdown.mjs [bench/results/bench.json]`.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { machineLine, targetCells } from "./report.mjs";

const file = process.argv[2] ?? fileURLToPath(new URL("results/bench.json", import.meta.url));
const { machine, versions, operations, targets } = JSON.parse(readFileSync(file, "utf8"));

const PEERS = ["onnxruntime-web", "tfjs-backend-wasm", "onnxruntime-node", "PyTorch"];
const WORKS = [
  ["encode", "unpool", "encode"],
  ["step", "unpool, IHT", "one step of IHT"],
  ["step", "unpool, least squares", "one step of least squares, against the peers' of IHT"],
];

const ms = (value) => value.toPrecision(value < 1 ? 2 : 3);

function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

console.log(`${machineLine(machine, versions)}.\n`);
for (const [operation, own, title] of WORKS) {
  const rows = operations
    .filter((one) => one[operation]?.times.some(({ name }) => name === own))
    .map(({ description, [operation]: { times } }) => {
      const { minimum } = times.find(({ name }) => name === own);
      const peers = PEERS.map((peer) => times.find(({ by }) => by === peer)?.minimum);
      return [description, ms(minimum), ...peers.map((time) => (time ? (time / minimum).toFixed(2) : "–"))];
    });
  console.log(`${table([title, "unpool, ms", ...PEERS.map((peer) => `${peer}, times`)], rows)}\n`);
}
console.log(
  table(
    ["must reach", "measured", "target", ""],
    targets.map((line) => Object.values(targetCells(line))),
  ),
);
