// Every host, in the order of the table.

import { hosts as arm64 } from "./arm64.js";
import { hosts as browsers } from "./browsers.js";
import { hosts as bun } from "./bun.js";
import { hosts as deno } from "./deno.js";
import { hosts as edgeRuntime } from "./edge-runtime.js";
import type { Host } from "./host.js";
import { hosts as node } from "./node.js";
import { hosts as webkit } from "./webkit.js";
import { hosts as workerd } from "./workerd.js";

export const HOSTS: readonly Host[] = [
  ...node,
  ...deno,
  ...bun,
  ...workerd,
  ...edgeRuntime,
  ...browsers,
  ...webkit,
  ...arm64,
];
