// A probe, opened as AssemblyScript's own loader opens its modules.

import { instantiateSync } from "@assemblyscript/loader";

export function openProbe<Probe extends Record<string, unknown>>(bytes: Uint8Array) {
  const { exports } = instantiateSync<Probe>(bytes as BufferSource, {});
  return exports as Probe & { memory: WebAssembly.Memory };
}
