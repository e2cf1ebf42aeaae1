// Options as they would be typed again.

import type { Command } from "commander";
import { typedSize } from "./layer.js";
import type { Size } from "./parse.js";

/** Options that say nothing about the result itself. */
const MANNERS = ["output", "json", "jobs", "resume", "memory"];

/** The options that differ from their defaults, as they would be typed, without those of MANNERS. */
export function typedOptions(command: Command): string[] {
  return command.options.flatMap((option) => {
    const value: unknown = command.getOptionValue(option.attributeName());
    if (option.negate) return value === false ? [option.long!] : [];
    if (value === undefined || value === false || String(value) === String(option.defaultValue)) return [];
    if (MANNERS.includes(option.name())) return [];
    if (value === true) return [option.long!];
    return [option.long!, isSize(value) ? typedSize(value) : String(value)];
  });
}

function isSize(value: unknown): value is Size {
  return Array.isArray(value) && typeof value[0] === "number";
}
