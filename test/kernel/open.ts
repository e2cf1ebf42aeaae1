// A probe, opened as AssemblyScript's own loader opens its modules.

import { instantiateSync } from "@assemblyscript/loader";

export function openProbe<Probe extends Record<string, unknown>>(module: Uint8Array | WebAssembly.Module) {
  const { exports } = instantiateSync<Probe>(module as BufferSource | WebAssembly.Module, {});
  return exports as Probe & { memory: WebAssembly.Memory };
}
