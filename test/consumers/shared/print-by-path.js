// In a browser without a bundler, where the strict policy forbids import maps too.
import { createLayer } from "./node_modules/unpool/build/index.js";
import { say } from "./program.js";

say(createLayer);
