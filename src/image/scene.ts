// A picture made from nothing: dead leaves, discs that hide one another like leaves on the ground.
//
// Occlusion and radii of density ~ 1/r^3 make the edges and the 1/f^2 power spectrum of photographs: Lee,
// Mumford, Huang, "Occlusion models for natural images", IJCV 41 (2001). Discs are laid front to back, each
// seen only through what the earlier ones left open, until nothing is open.
//
// Only + - * / sqrt and whole numbers: the scene has the same bits in every JavaScript engine.

import { UnpoolError } from "../errors.js";

/** Radii, as parts of the side of a square of the same area. */
const SMALLEST = 1 / 50;
const LARGEST = 2 / 5;
/** A pixel is covered once the discs before it let through less than this. */
const OPEN = 1 / 1024;
/** Softness of the shadow that a disc casts on those behind it, and its shift down right, in radii. */
const SHADOW_WIDTH = 0.55;
const SHADOW_SHIFT = 0.16;
const SHADOW_DEPTH = 0.4;
/** Direction to the light: from the upper left, towards the viewer. Its length is 1. */
const LIGHT = [-0.48, -0.64, 0.6] as const;

/** Colours of a forest floor in autumn, each as often as it stands here. */
const PALETTE: readonly (readonly [number, number, number])[] = [
  [0.36, 0.42, 0.2], // moss
  [0.22, 0.31, 0.2], // fir
  [0.52, 0.55, 0.3], // lichen
  [0.78, 0.56, 0.2], // ochre
  [0.85, 0.68, 0.36], // straw
  [0.72, 0.35, 0.16], // rust
  [0.55, 0.2, 0.14], // russet
  [0.4, 0.27, 0.18], // bark
  [0.28, 0.2, 0.16], // humus
  [0.66, 0.6, 0.52], // stone
  [0.86, 0.82, 0.72], // birch
  [0.42, 0.5, 0.56], // slate
];

/**
 * A scene of dead leaves, 3 x height x width in [0, 1].
 * @param seed a whole number from 0 to 2^53 - 1.
 */
export function scene(width: number, height: number, seed = 0): Float32Array {
  const area = width * height;
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0 && area <= 2 ** 26)) {
    throw new UnpoolError(
      "invalid-input",
      `a scene of ${width} x ${height} pixels is impossible; it must have 1 to ${2 ** 26} of them`,
    );
  }
  if (!(Number.isSafeInteger(seed) && seed >= 0)) {
    throw new UnpoolError("invalid-input", `seed is ${seed}; it must be a whole number from 0 to 2^53 - 1`);
  }
  const random = generator(seed);
  const planes = new Float64Array(3 * area);
  const open = new Float64Array(area).fill(1); // what the discs so far let through
  const light = new Float64Array(area).fill(1); // what their shadows leave
  const side = Math.sqrt(area);
  const smallest = SMALLEST * side;
  const largest = LARGEST * side;
  const narrowing = 1 - (smallest * smallest) / (largest * largest);

  for (let left = area; left > 0; ) {
    const radius = smallest / Math.sqrt(1 - random() * narrowing);
    const centreX = random() * (width + 2 * radius) - radius;
    const centreY = random() * (height + 2 * radius) - radius;
    const [red, green, blue] = PALETTE[Math.floor(random() * PALETTE.length)]!;
    const brightness = 0.85 + 0.5 * random();
    const warmth = 0.12 * (random() - 0.5);
    const tiltX = 0.5 * (random() - 0.5);
    const tiltY = 0.5 * (random() - 0.5);
    const roundness = 0.15 + 0.5 * random();

    const reach = radius * (1 + SHADOW_WIDTH + SHADOW_SHIFT) + 1;
    const top = Math.max(0, Math.ceil(centreY - reach));
    const bottom = Math.min(height - 1, Math.floor(centreY + reach));
    const first = Math.max(0, Math.ceil(centreX - reach));
    const last = Math.min(width - 1, Math.floor(centreX + reach));
    for (let y = top; y <= bottom; ++y) {
      for (let x = first; x <= last; ++x) {
        const at = y * width + x;
        if (open[at]! === 0) continue;
        const u = (x - centreX) / radius;
        const v = (y - centreY) / radius;
        const distance = Math.sqrt(u * u + v * v);
        const cover = Math.min(1, Math.max(0, (1 - distance) * radius + 0.5));
        if (cover > 0) {
          const z = Math.sqrt(Math.max(0, 1 - distance * distance));
          const lambert = Math.max(0, LIGHT[0] * u + LIGHT[1] * v + LIGHT[2] * z);
          const flat = 0.86 + tiltX * u + tiltY * v;
          const glow = 1.16 - 0.34 * (y / height) - 0.12 * (x / width);
          const tone = (flat + roundness * (1.3 * lambert - 0.5)) * brightness * glow * light[at]!;
          const share = open[at]! * cover;
          planes[at] = planes[at]! + share * tone * (red * (1 + warmth));
          planes[at + area] = planes[at + area]! + share * tone * green;
          planes[at + 2 * area] = planes[at + 2 * area]! + share * tone * (blue * (1 - warmth));
          open[at] = open[at]! - share;
          if (open[at]! < OPEN) {
            open[at] = 0;
            --left;
          }
        }
        const s = u - SHADOW_SHIFT;
        const t = v - SHADOW_SHIFT;
        const dark = 1 - Math.max(0, Math.sqrt(s * s + t * t) - 1) / SHADOW_WIDTH;
        if (dark > 0) light[at] = light[at]! * (1 - SHADOW_DEPTH * dark * dark);
      }
    }
  }
  return Float32Array.from(planes, (value) => Math.min(1, Math.max(0, value)));
}

/** Numbers in [0, 1) from a seed: sfc32 of PractRand, 32-bit sums and shifts. */
function generator(seed: number): () => number {
  let a = seed >>> 0;
  let b = Math.floor(seed / 2 ** 32);
  let c = 0x9e3779b9;
  let counter = 1;
  const next = () => {
    const sum = (a + b + counter++) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0;
    return sum / 2 ** 32;
  };
  for (let i = 0; i < 12; ++i) next();
  return next;
}
