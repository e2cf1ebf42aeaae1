// For hosts with a command line: prints what it computed and what computed it.

import { createLayer } from "../../../src/index.js";
import { createNetwork } from "../../../src/network/index.js";
import { conformance } from "../program.js";

declare const Deno: { version: Record<string, string> } | undefined;

const versions = typeof Deno === "undefined" ? process.versions : Deno.version;
console.log(JSON.stringify({ versions, digests: await conformance(createLayer, createNetwork) }));
