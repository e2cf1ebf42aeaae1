// Planes as frames: pixels, and how far they are from the original, where there is one.

import { toImageData } from "unpool";
import { psnr, relativeError } from "unpool/analysis";
import { DIFFERENCE_GAIN, type Frame, type Pixels } from "./messages.js";

export interface Size {
  readonly height: number;
  readonly width: number;
}

export class Screen {
  readonly #size: Size;
  readonly #original: Float32Array | undefined;
  readonly #range: readonly [low: number, high: number];

  /** @param range of the planes: the numbers that are black and white. */
  constructor(size: Size, original?: Float32Array, range: readonly [low: number, high: number] = [0, 1]) {
    this.#size = size;
    this.#original = original;
    this.#range = range;
  }

  pixels(planes: Float32Array): Pixels {
    const [low, high] = this.#range;
    const { height, width } = this.#size;
    const unit = low === 0 && high === 1 ? planes : planes.map((value) => (value - low) / (high - low));
    return toImageData(unit, width, height);
  }

  frame(iteration: number, residual: number, planes: Float32Array): Frame {
    const original = this.#original;
    const difference = original && planes.map((value, i) => Math.abs(value - original[i]!));
    return {
      iteration,
      residual,
      error: original && relativeError(planes, original),
      psnr: original && psnr(planes, original),
      pixels: this.pixels(planes),
      difference: difference && this.#amplified(difference),
      largest: difference?.reduce((most, value) => Math.max(most, value), 0),
    };
  }

  #amplified(difference: Float32Array): Pixels {
    const { height, width } = this.#size;
    return toImageData(
      difference.map((value) => DIFFERENCE_GAIN * value),
      width,
      height,
    );
  }
}
