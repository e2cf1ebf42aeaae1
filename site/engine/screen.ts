// Planes as frames: pixels, and how far they are from the original, where there is one.

import { toImageData } from "unpool";
import { psnr, relativeError } from "unpool/analysis";
import { DIFFERENCE_GAIN, type Frame, type Pixels, type Size } from "./messages.js";

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
    const difference = original && this.#difference(planes, original);
    return {
      iteration,
      residual,
      error: original && relativeError(planes, original),
      psnr: original && psnr(planes, original),
      pixels: this.pixels(planes),
      difference: difference?.pixels,
      largest: difference?.largest,
    };
  }

  /** In one pass: it is taken after every step. */
  #difference(planes: Float32Array, original: Float32Array): { pixels: Pixels; largest: number } {
    const { height, width } = this.#size;
    const area = height * width;
    const data = new Uint8ClampedArray(4 * area).fill(255);
    let largest = 0;
    for (let c = 0; c < 3; ++c) {
      for (let i = 0; i < area; ++i) {
        const apart = Math.abs(planes[c * area + i]! - original[c * area + i]!);
        if (apart > largest) largest = apart;
        data[4 * i + c] = 255 * DIFFERENCE_GAIN * apart;
      }
    }
    return { pixels: { width, height, data }, largest };
  }
}
