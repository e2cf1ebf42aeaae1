// Numbers and shapes as the table and the report show them.

/** 774400 -> "774,400" */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** A relative error: four decimals, or a power of ten once those say nothing. */
export function ratio(value: number): string {
  return value === 0 || value >= 0.001 ? value.toFixed(4) : value.toExponential(1);
}

/** Decibels; null is a reconstruction without any error. */
export function decibels(value: number | null): string {
  return value === null ? "∞" : value.toFixed(2);
}

/** An SSIM; null where the picture is smaller than its window. */
export function similarity(value: number | null): string {
  return value === null ? "–" : value.toFixed(4);
}

export function milliseconds(value: number): string {
  return count(Number(value.toFixed(value < 100 ? 1 : 0)));
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

/** [3, 224, 224] -> "3 x 224 x 224" */
export function shape(sizes: readonly number[]): string {
  return sizes.join(" x ");
}
