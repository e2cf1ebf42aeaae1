import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { load } from "unpool/slim";
import { say } from "./program.js";

const { resolve } = createRequire(import.meta.url);
const { createLayer } = await load(readFile(resolve("unpool/kernel.wasm")));
say(createLayer);
