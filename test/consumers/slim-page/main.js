import { load } from "./node_modules/unpool/build/slim.js";
import { say } from "./program.js";

const { createLayer } = await load(fetch("node_modules/unpool/build/kernel.wasm"));
say(createLayer);
