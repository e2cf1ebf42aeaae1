// Where on a slider a number is. Wide ranges are logarithmic: from 1 to 256 the numbers up to 16 have half of its
// length, where one more or less is seen in the picture. There are positions enough that every whole number has one.

export interface Range {
  readonly least: number;
  readonly most: number;
}

export interface Scale {
  /** Positions are 0 to this. */
  readonly last: number;
  valueAt(position: number): number;
  positionOf(value: number): number;
}

/** From here on, `most / least` is wide. */
const WIDE = 32;

export function scaleOf({ least, most }: Range): Scale {
  if (!isWide({ least, most })) {
    return {
      last: most - least,
      valueAt: (position) => least + position,
      positionOf: (value) => value - least,
    };
  }
  const ratio = Math.log(most / least);
  // two positions for the last whole number, where they are closest, and so at least two for each
  const last = Math.ceil(2 * ratio * most);
  return {
    last,
    valueAt: (position) => Math.round(least * Math.exp((ratio * position) / last)),
    positionOf: (value) => Math.round((last * Math.log(value / least)) / ratio),
  };
}

function isWide({ least, most }: Range): boolean {
  return least > 0 && most / least >= WIDE;
}

/** The number that a key leads to; undefined if it is not one that moves a slider by steps. */
export function numberAfter(key: string, value: number, { least, most }: Range): number | undefined {
  const far = Math.max(1, Math.round(value / 10));
  const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: far, PageDown: -far }[key];
  return by === undefined ? undefined : Math.min(most, Math.max(least, value + by));
}
