// The prior of whitened variables: how smooth an input is, and how its channels go together.

import { MOST_MIXED } from "../assembly/arena.js";
import { badOption } from "./check.js";
import type { Geometry } from "./geometry.js";
import type { Kernel } from "./kernel.js";

/** What a caller may know of the inputs. */
export interface PriorOptions {
  /**
   * How much stronger each octave towards low frequencies is, 0 to 2: 1 for an amplitude of 1/f, as in photographs;
   * 0 for no smoothness. Default 1 for pictures (1 or 3 channels, more than one row), 0 for other inputs.
   */
  smoothness?: number;
  /**
   * How channels go together: the correlation of every two of them, 0 to under 1, or their covariance, channels x
   * channels, row-major. Default 0.7 for pictures of 3 channels, else 0. For at most 32 channels.
   */
  correlation?: number | ArrayLike<number>;
}

const PICTURE_CORRELATION = 0.7;

/** Whether the prior of pictures is taken for such inputs. */
export function isPicture({ channels, height, width }: Geometry): boolean {
  return height > 1 && width > 1 && (channels === 1 || channels === 3);
}

/** Throws UnpoolError "invalid-option". */
export function checkPriorOptions({ smoothness, correlation }: PriorOptions, { channels }: Geometry): void {
  if (smoothness !== undefined && !(typeof smoothness === "number" && smoothness >= 0 && smoothness <= 2)) {
    throw badOption("smoothness", smoothness, "a number from 0 to 2");
  }
  if (correlation !== undefined && correlation !== 0) factor(correlation, channels);
}

/**
 * Gives the kernel the prior.
 * @internal
 */
export function writePrior(kernel: Kernel, geometry: Geometry, options: PriorOptions): void {
  const { channels } = geometry;
  const picture = isPicture(geometry);
  const { smoothness = picture ? 1 : 0 } = options;
  const { correlation = picture && channels === 3 ? PICTURE_CORRELATION : 0 } = options;
  if (correlation !== 0) kernel.mixing.set(factor(correlation, channels));
  kernel.run.setPrior(smoothness, correlation === 0 ? 0 : 1);
}

/** L with L L' = the covariance, up to a factor that changes nothing: Cholesky, lower, row-major. */
function factor(correlation: number | ArrayLike<number>, n: number): Float64Array {
  const refused = () =>
    badOption(
      "correlation",
      correlation,
      `0 to under 1, or a positive definite covariance of ${n} x ${n} numbers; 0 for more than ${MOST_MIXED} channels`,
    );
  const number = typeof correlation === "number";
  if (n > MOST_MIXED || (number ? !(correlation >= 0 && correlation < 1) : correlation?.length !== n * n))
    throw refused();
  const unit = number ? 1 : Math.abs(correlation[0]!);
  const at = (i: number, j: number) =>
    number ? (i === j ? 1 : correlation) : correlation[i * n + j]! / unit;
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; ++i) {
    for (let j = 0; j <= i; ++j) {
      let sum = at(i, j);
      const symmetric = Math.abs(sum - at(j, i)) <= 1e-6 * Math.abs(sum);
      for (let l = 0; l < j; ++l) sum -= lower[i * n + l]! * lower[j * n + l]!;
      if (!symmetric || (i === j && !(sum > 0 && sum < Infinity))) throw refused();
      lower[i * n + j] = i === j ? Math.sqrt(sum) : sum / lower[j * n + j]!;
    }
  }
  return lower;
}
