// npm run conformance: every host that is found, against the committed digests, and the table of what was seen.
//
//   --json         the rows as JSON on standard output, and nothing else there
//   --require-all  fails when a host was not found
//   --write-docs   writes the table to docs/platforms.md
//   --write        writes digests.json from the running Node: only after a deliberate change of bits

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createLayer } from "../../src/index.js";
import { createNetwork } from "../../src/network/index.js";
import { checkAll, committed, DIGESTS, type Row } from "./check.js";
import { HOSTS } from "./hosts/all.js";
import { emulator } from "./hosts/arm64.js";
import { installArm64Hosts, installHosts } from "./install.js";
import { conformance } from "./program.js";
import { markdown, text } from "./table.js";

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean" },
    "require-all": { type: "boolean" },
    "write-docs": { type: "boolean" },
    write: { type: "boolean" },
  },
});

if (options.write) {
  writeFileSync(DIGESTS, `${JSON.stringify(await conformance(createLayer, createNetwork), null, 2)}\n`);
}

const expected = committed();
installHosts();
if (emulator()) installArm64Hosts();

const rows = await checkAll(HOSTS, expected, ({ name, tier = "" }) => {
  if (process.stderr.isTTY) process.stderr.write(`\x1b[2K\r${name} ${tier}`);
});
if (process.stderr.isTTY) process.stderr.write("\x1b[2K\r");

if (options["write-docs"]) writeFileSync("docs/platforms.md", markdown(rows, expected));
console.log(options.json ? JSON.stringify({ total: expected.total, rows }, null, 2) : text(rows, expected));

const bad = (row: Row) =>
  row.result === "different" ||
  row.result === "failed" ||
  (options["require-all"] && row.result === "not found");
process.exitCode = rows.some(bad) ? 1 : 0;
