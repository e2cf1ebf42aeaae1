// Numbers as they are shown.

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** Two significant digits; small ones as 1.1 × 10⁻⁷. */
export function scientific(value: number): string {
  if (value === 0 || !(value < 0.001)) return relative(value);
  const [digits, exponent] = value.toExponential(1).split("e-") as [string, string];
  return `${digits} × 10⁻${[...exponent].map((digit) => SUPERSCRIPTS[Number(digit)]).join("")}`;
}

export function relative(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(2)));
}

export function decibels(value: number): string {
  return Number.isFinite(value) ? `${value.toFixed(1)} dB` : "∞ dB";
}

/** Of 1024. */
export function bytes(value: number): string {
  if (value >= 2 ** 20) return `${(value / 2 ** 20).toFixed(1)} MiB`;
  return value >= 2 ** 10 ? `${(value / 2 ** 10).toFixed(1)} KiB` : `${value} bytes`;
}
