// As print.ts, with the build of the kernel that has no SIMD instruction.

import kernel from "../../../build/kernel.scalar.wasm";
import { load } from "../../../src/slim.js";
import { conformance } from "../program.js";

const { createLayer } = await load(kernel);
console.log(JSON.stringify({ versions: process.versions, digests: await conformance(createLayer) }));
