// The targets by name, each with its share of the inputs: pictures and requests take longer than files.

import type { Target } from "./target.js";

export const TARGETS = {
  parse: async () => (await import("./targets/parse.js")).parse,
  pictures: async () => (await import("./targets/pictures.js")).pictures,
  handler: async () => (await import("./targets/handler.js")).openHandler(),
} satisfies Record<string, () => Promise<Target>>;

export type TargetName = keyof typeof TARGETS;

export const SHARES: Record<TargetName, number> = { parse: 0.6, pictures: 0.25, handler: 0.15 };
