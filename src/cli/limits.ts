// What files may ask for on the command line: its user knows where they come from, and a machine has more memory than an
// edge function. What cannot be written is not read either: 2 GiB of kernel memory, 2^32 pixels.

import type { Limits } from "../code/index.js";

export const LIMITS: Limits = {
  bytes: 2 ** 50,
  values: 2 ** 31,
  pixels: 2 ** 32,
  tiles: 2 ** 24,
};
