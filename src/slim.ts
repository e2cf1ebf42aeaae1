// Without the kernel's bytes: bring your own, from "unpool/kernel.wasm" or wherever you keep it.
export * from "./face.js";
export { type Foreign, load } from "./load.js";
