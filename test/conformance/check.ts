// Runs hosts and holds what they computed against the committed digests.

import { readFileSync } from "node:fs";
import { sideBySide } from "../../scripts/side-by-side.mjs";
import type { Host } from "./hosts/host.js";
import type { Digests } from "./program.js";

export const DIGESTS = "test/conformance/digests.json";

/** A row of the platform table. */
export interface Row {
  host: string;
  tier?: string;
  /** "same": every digest is the committed one. */
  result: "same" | "different" | "failed" | "not found";
  version?: string;
  engine?: string;
  cpu: string;
  /** From the start of the host to its last digest, beside other hosts; a little more than that for browsers. */
  milliseconds?: number;
  note?: string;
}

export function committed(): Digests {
  return JSON.parse(readFileSync(DIGESTS, "utf8"));
}

/** Runs hosts side by side; rows are in the order of the hosts. */
export function checkAll(
  hosts: readonly Host[],
  expected: Digests,
  begun?: (host: Host) => void,
): Promise<Row[]> {
  return sideBySide(hosts, (host) => {
    begun?.(host);
    return check(host, expected);
  });
}

async function check({ name, tier, cpu, get, find, run }: Host, expected: Digests): Promise<Row> {
  const row = { host: name, tier, cpu };
  const found = find();
  if (found === undefined) return { ...row, result: "not found", note: get };
  const start = performance.now();
  try {
    const { version, engine, digests } = await run(found);
    const milliseconds = Math.round(performance.now() - start);
    const note = difference(digests, expected);
    return { ...row, version, engine, result: note ? "different" : "same", milliseconds, note };
  } catch (error) {
    return { ...row, result: "failed", note: reason(error) };
  }
}

/** Names the first entry that is not as expected; nothing where all are. */
export function difference(digests: Digests, expected: Digests): string | undefined {
  const names = new Set([...Object.keys(expected), ...Object.keys(digests)]);
  const wrong = [...names].filter((name) => name !== "total" && digests[name] !== expected[name]);
  if (wrong.length === 0) return digests.total === expected.total ? undefined : "total";
  return `${wrong.length} of ${names.size - 1} digests, the first of "${wrong[0]}"`;
}

/** One line of an error: the signal that ended a command, what it printed last, or its message. */
function reason(error: unknown): string {
  const { message, stderr, signal } = error as Error & { stderr?: string; signal?: string | null };
  if (signal) return `ended by ${signal}, or by its limit of time`;
  const lines = (stderr || message || String(error)).trim().split("\n");
  return lines.find((line) => /error/i.test(line))?.trim() ?? lines[0]!;
}
