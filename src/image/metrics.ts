// How far an estimate is from the truth. Sums are float64; the logarithm is the host's, so a PSNR may differ
// in its last digits between engines.

/** |estimate - truth| / |truth|; 0 when both are zero. */
export function relativeError(estimate: Float32Array, truth: Float32Array): number {
  let error = 0;
  let norm = 0;
  for (let i = 0; i < truth.length; ++i) {
    const difference = estimate[i]! - truth[i]!;
    error += difference * difference;
    norm += truth[i]! * truth[i]!;
  }
  return error === 0 ? 0 : Math.sqrt(error / norm);
}

/** Peak signal to noise ratio in dB of values clamped to [0, 1], as a display shows them; Infinity when equal. */
export function psnr(estimate: Float32Array, truth: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < truth.length; ++i) {
    const difference = clamp(estimate[i]!) - clamp(truth[i]!);
    sum += difference * difference;
  }
  return sum === 0 ? Infinity : -10 * Math.log10(sum / truth.length);
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
