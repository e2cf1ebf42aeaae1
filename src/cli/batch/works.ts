// The commands that work on inputs one by one, loaded when they are needed: on the main thread and in workers alike.

import type { Decoded } from "../decode.js";
import type { Encoded } from "../encode.js";
import type { Inversion } from "../invert.js";
import type { CommandName, Work } from "./task.js";

export interface Results {
  encode: Encoded;
  decode: Decoded;
  invert: Inversion;
}

const WORKS: { [Name in CommandName]: () => Promise<Work<Results[Name]>> } = {
  encode: async () => (await import("../encode.js")).encode,
  decode: async () => (await import("../decode.js")).decode,
  invert: async () => (await import("../invert.js")).invert,
};

export function load<Name extends CommandName>(command: Name): Promise<Work<Results[Name]>> {
  return WORKS[command]();
}
