// Texts from the command line to values. What is no such value ends with 2 and a sentence.

import { InvalidArgumentError, Option } from "commander";

export type Size = [height: number, width: number];

/** A parser of whole numbers from `least` to `most`. */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) {
      throw new InvalidArgumentError(
        `it must be a whole number from ${least} to ${most === Number.MAX_SAFE_INTEGER ? "2^53 - 1" : most}`,
      );
    }
    return value;
  };
}

/** A tolerance: at least 0 and under 1. */
export function parseTolerance(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!(value >= 0 && value < 1)) throw new InvalidArgumentError("it must be at least 0 and under 1");
  return value;
}

/** A parser of paths, which must not be empty. */
export function named(what: string): (text: string) => string {
  return (text) => {
    if (text === "") throw new InvalidArgumentError(`it must name a ${what}`);
    return text;
  };
}

/** "5" -> [5, 5], "3x5" -> [3, 5] */
export function parseSize(text: string, least: number): Size {
  const match = /^(\d+)(?:x(\d+))?$/.exec(text);
  const height = Number(match?.[1] ?? Number.NaN);
  const width = Number(match?.[2] ?? height);
  if (!(height >= least && width >= least && height <= 2 ** 24 && width <= 2 ** 24)) {
    throw new InvalidArgumentError(
      `it must be a whole number from ${least} to ${2 ** 24}, or two of them as in 3x5, height first`,
    );
  }
  return [height, width];
}

/** An option that is one number for both axes, or HEIGHTxWIDTH. */
export function size(flag: string, description: string, least: number, usual?: number): Option {
  const option = new Option(`${flag} <N|HxW>`, description).argParser((text) => parseSize(text, least));
  return usual === undefined ? option : option.default([usual, usual], String(usual));
}
