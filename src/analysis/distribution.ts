// The distribution of a sample in a few numbers.

export interface Distribution {
  readonly count: number;
  readonly mean: number;
  /** Standard deviation, of the sample (divided by count). */
  readonly sd: number;
  readonly least: number;
  readonly greatest: number;
  /** 5, 25, 50, 75 and 95 %, between neighbours by linear interpolation. */
  readonly quantiles: readonly [number, number, number, number, number];
  /** Bins of equal width from `least` to `greatest`: [bins] counts between [bins + 1] edges. */
  readonly histogram: { readonly edges: Float64Array; readonly counts: Uint32Array };
}

/** @param sample at least one number; sorted in place. */
export function distributionOf(sample: Float64Array, bins: number): Distribution {
  sample.sort();
  const count = sample.length;
  const least = sample[0]!;
  const greatest = sample[count - 1]!;
  let mean = 0;
  for (const value of sample) mean += value / count;
  let variance = 0;
  for (const value of sample) variance += (value - mean) ** 2 / count;
  const quantile = (share: number) => {
    const at = share * (count - 1);
    const below = Math.floor(at);
    const next = sample[Math.min(below + 1, count - 1)]!;
    return sample[below]! + (at - below) * (next - sample[below]!);
  };
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => least + ((greatest - least) * i) / bins);
  const counts = new Uint32Array(bins);
  const width = (greatest - least) / bins;
  for (const value of sample)
    counts[width > 0 ? Math.min(bins - 1, Math.floor((value - least) / width)) : 0]! += 1;
  return {
    count,
    mean,
    sd: Math.sqrt(variance),
    least,
    greatest,
    quantiles: [quantile(0.05), quantile(0.25), quantile(0.5), quantile(0.75), quantile(0.95)],
    histogram: { edges, counts },
  };
}
