// As print.ts, with the build of the kernel that has no SIMD instruction.

import kernel from "../../../build/kernel.scalar.wasm";
import { fromBytes } from "../../../src/kernel.js";
import { networksOf } from "../../../src/network/network.js";
import { load } from "../../../src/slim.js";
import { conformance } from "../program.js";

const { createLayer } = await load(kernel);
const { createNetwork } = networksOf(fromBytes(kernel));
const digests = await conformance(createLayer, createNetwork);
console.log(JSON.stringify({ versions: process.versions, digests }));
