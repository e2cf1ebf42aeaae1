// What symbols cost: the length of what an adaptive arithmetic coder writes, without writing it.

/**
 * Bits of a sequence whose coder learns the shares of its symbols as it goes, beginning from half an occurrence of each
 * (Krichevsky, Trofimov 1981): nothing else need be sent. The order of the symbols makes no difference.
 * @param {ArrayLike<number>} counts occurrences of each symbol that there may be
 */
export function adaptiveBits(counts) {
  let length = 0;
  let bits = 0;
  for (let symbol = 0; symbol < counts.length; ++symbol) {
    for (let i = 0; i < counts[symbol]; ++i) {
      bits += Math.log2((length + counts.length / 2) / (i + 0.5));
      ++length;
    }
  }
  return bits;
}

/**
 * Bits of a sequence, plane after plane, with a coder that begins anew in each: planes are as different as their filters.
 * @param {ArrayLike<number>} symbols whole numbers from 0 to below `alphabet`
 * @param {(i: number) => boolean} [counted] which of them are sent at all
 */
export function planewiseBits(symbols, planes, alphabet, counted = () => true) {
  const length = symbols.length / planes;
  let bits = 0;
  for (let plane = 0; plane < planes; ++plane) {
    const counts = new Uint32Array(alphabet);
    for (let i = plane * length; i < (plane + 1) * length; ++i) if (counted(i)) ++counts[symbols[i]];
    bits += adaptiveBits(counts);
  }
  return bits;
}
