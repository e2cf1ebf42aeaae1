// For browsers: the page's driver asks for the promise.

import { createLayer } from "../../../src/index.js";
import { createNetwork } from "../../../src/network/index.js";
import { conformance } from "../program.js";

Object.assign(globalThis, { conformance: conformance(createLayer, createNetwork) });
