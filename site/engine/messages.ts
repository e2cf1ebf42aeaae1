// What page and worker say to each other. A worker has one request at a time; to cancel, the page ends it.

import type { Solver, Stopped } from "unpool";
import type { Knobs } from "../state/knobs.js";
import type { RipKnobs } from "../state/rip-knobs.js";

/** In pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** RGBA, row by row. */
export interface Pixels extends Size {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

export type Request =
  /** Encode and reconstruct: the generated scene, unless pixels are given, which have the size they are worked on. */
  | { readonly kind: "invert"; readonly knobs: Knobs; readonly pixels?: Pixels }
  /** Decode a .unp file: of a layer or a network, whole or in tiles. */
  | { readonly kind: "open"; readonly bytes: ArrayBuffer }
  | { readonly kind: "rip"; readonly knobs: RipKnobs };

/** What a code looks like, and what it takes. */
export interface CodeView {
  /** Planes x height x width of its values. */
  readonly shape: readonly [planes: number, height: number, width: number];
  /** Values that count, m, and numbers of the picture, N. */
  readonly rows: number;
  readonly unknowns: number;
  /** Positions in a pooling region. */
  readonly pool: readonly [height: number, width: number];
  /** Pictures of the planes (`columns` of them in a row, a pixel apart): values, switches; and of the filters. */
  readonly maps: Atlas;
  readonly switches: Atlas;
  readonly filters: Atlas | undefined;
  /** The .unp file. */
  readonly file: ArrayBuffer;
  /** Linear memory of the layer, in bytes. */
  readonly memoryBytes: number;
}

/** Pictures of one size in a grid, a pixel apart. */
export interface Atlas {
  readonly pixels: Pixels;
  /** That are drawn, and that there are. */
  readonly count: number;
  readonly total: number;
  readonly columns: number;
  /** Of one picture. */
  readonly height: number;
  readonly width: number;
}

/** The reconstruction after an iteration. */
export interface Frame {
  /** 1 after the first. */
  readonly iteration: number;
  /** |residual| / |right-hand side|. */
  readonly residual: number;
  /** |x^ - x| / |x|; undefined where there is no original. */
  readonly error: number | undefined;
  /** In dB, of planes in [0, 1]. */
  readonly psnr: number | undefined;
  readonly pixels: Pixels;
  /** |x^ - x|, DIFFERENCE_GAIN times. */
  readonly difference: Pixels | undefined;
  /** The largest |x^ - x|, of planes in [0, 1]. */
  readonly largest: number | undefined;
}

export const DIFFERENCE_GAIN = 8;

export interface Summary {
  readonly iterations: number;
  readonly stopped: Stopped;
  /** Of least squares: which, and why. */
  readonly solver: Solver | undefined;
  readonly reason: string;
  readonly error: number | undefined;
  readonly psnr: number | undefined;
  /** Of the 8-bit pictures; undefined where a picture is smaller than its window. */
  readonly ssim: number | undefined;
  /** Of the solver alone, a step, on average. */
  readonly milliseconds: number;
  readonly memoryBytes: number;
  /** Hexadecimal SHA-256 of the planes, float32, little-endian. */
  readonly digest: string;
  /** Of a preset on its scene: the digest that every host gives. */
  readonly expected: string | undefined;
}

/** |W'z| / |z| of random codes, so far; the view of the model-RIP. */
export interface Ratios {
  readonly codes: number;
  readonly mean: number;
  readonly sd: number;
  readonly least: number;
  readonly greatest: number;
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** The worst that is known of |W'z| / |z|, on random supports and on those that an adversary finds. */
export interface Worst {
  readonly supports: readonly [least: number, greatest: number] | undefined;
  readonly adversarial: readonly [least: number, greatest: number];
}

export type Fact = readonly [name: string, value: string];

export type Answer =
  /** The picture as it is worked on. */
  | { readonly kind: "picture"; readonly pixels: Pixels }
  | { readonly kind: "code"; readonly view: CodeView }
  | { readonly kind: "frame"; readonly frame: Frame }
  /** What a file says of itself: names and what they are. */
  | { readonly kind: "file"; readonly facts: readonly Fact[] }
  /** Of a file in tiles: how many are done. */
  | { readonly kind: "tiles"; readonly done: number; readonly total: number }
  | { readonly kind: "ratios"; readonly ratios: Ratios; readonly total: number }
  | { readonly kind: "worst"; readonly worst: Worst }
  | { readonly kind: "done"; readonly summary: Summary | undefined }
  /** `code` is that of the UnpoolError, or "fault" for what should not have happened. */
  | { readonly kind: "failed"; readonly code: string; readonly message: string };
