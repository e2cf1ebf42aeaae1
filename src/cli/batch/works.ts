// The commands that work on pictures, loaded when they are needed: on the main thread and in workers alike.

import type { Encoding } from "../encoding.js";
import type { Inversion } from "../invert.js";
import type { CommandName, Work } from "./task.js";

export interface Results {
  encode: Encoding;
  invert: Inversion;
}

const WORKS: { [Name in CommandName]: () => Promise<Work<Results[Name]>> } = {
  encode: async () => (await import("../encode.js")).encode,
  invert: async () => (await import("../invert.js")).invert,
};

export function load<Name extends CommandName>(command: Name): Promise<Work<Results[Name]>> {
  return WORKS[command]();
}
