// Numbers as 16 bits (IEEE 754 binary16), as features are kept on disk: 11 bits of precision are far more than what
// 4,000 images tell a feature apart by, and half the bytes.

const bits = new Uint32Array(1);
const value = new Float32Array(bits.buffer);

/** Rounds to nearest, ties to even; what is too large becomes infinite. @param {Float32Array} numbers */
export function toHalf(numbers) {
  const halves = new Uint16Array(numbers.length);
  for (let i = 0; i < numbers.length; ++i) halves[i] = half(numbers[i]);
  return halves;
}

function half(number) {
  value[0] = number;
  const sign = (bits[0] >>> 16) & 0x8000;
  const magnitude = bits[0] & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // not a number
  if (magnitude >= 0x47800000) return sign | 0x7c00; // 65536 and more
  if (magnitude < 0x38800000) {
    // below 2^-14 steps are of 2^-24: adding 0.5, which float32 has at steps of 2^-24, rounds to them
    value[0] = Math.abs(number) + 0.5;
    return sign | (bits[0] - 0x3f000000);
  }
  // a carry from the mantissa raises the exponent, as it should, and 65520 becomes infinity
  return sign | ((magnitude - 0x38000000 + 0x0fff + ((magnitude >>> 13) & 1)) >>> 13);
}

const TABLE = Float32Array.from({ length: 1 << 16 }, (_, code) => {
  const exponent = (code >>> 10) & 31;
  const fraction = code & 1023;
  const sign = code & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
});

/** The number of each code. */
export function halfTable() {
  return TABLE;
}
