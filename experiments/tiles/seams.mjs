// Errors of an image that was joined from tiles, by where they are: in the overlaps, beside them, anywhere else.

/** So many pixels on either side of an overlap are beside it. */
const BESIDE = 4;
/** Pixels of the image's own border, where a layer without padding knows less, count nowhere. */
const BORDER = 8;

/** Distance to the nearest overlap along one axis, from 0 inside it; and to the middle of it. */
function distances(starts, tile, length) {
  return Array.from({ length }, (_, at) => {
    let [outside, fromMiddle] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let i = 1; i < starts.length; ++i) {
      const [from, to] = [starts[i], starts[i - 1] + tile];
      outside = Math.min(outside, at < from ? from - at : Math.max(0, at - to + 1));
      fromMiddle = Math.min(fromMiddle, Math.abs(at + 0.5 - (from + to) / 2));
    }
    return { outside, fromMiddle };
  });
}

/**
 * Sums of squares, taken in row by row.
 * @param {import("../../src/tiles/plan.js").TilePlan} plan
 */
export function seamErrors(plan) {
  const { channels, width, height } = plan;
  const down = distances(plan.tops, plan.tileHeight, height);
  const across = distances(plan.lefts, plan.tileWidth, width);
  const places = { overlap: [0, 0], beside: [0, 0], rest: [0, 0] };
  /** By the whole pixels to the middle of the nearest overlap. */
  const profile = [];
  const all = [0, 0];
  const add = (sums, square) => {
    sums[0] += square;
    sums[1] += channels;
  };
  const rms = ([sum, count]) => Math.sqrt(sum / count);
  return {
    /** Row y of the joined image and of the true one, channels x width. */
    row(y, joined, truth) {
      for (let x = 0; x < width; ++x) {
        let square = 0;
        for (let c = 0; c < channels; ++c) square += (joined[c * width + x] - truth[c * width + x]) ** 2;
        add(all, square);
        if (Math.min(x, y, width - 1 - x, height - 1 - y) < BORDER) continue;
        const outside = Math.min(down[y].outside, across[x].outside);
        add(places[outside === 0 ? "overlap" : outside <= BESIDE ? "beside" : "rest"], square);
        const distance = Math.floor(Math.min(down[y].fromMiddle, across[x].fromMiddle));
        if (distance < 64) {
          profile[distance] ??= [0, 0];
          add(profile[distance], square);
        }
      }
    },
    /** Root mean squares; the overlaps' and what is beside them as multiples of the rest. */
    result() {
      const rest = rms(places.rest);
      return {
        all: rms(all),
        rest,
        overlap: rms(places.overlap) / rest,
        beside: rms(places.beside) / rest,
        /** From so many pixels to so many, of the middle of an overlap. */
        between(from, to) {
          const part = profile.slice(from, to).filter(Boolean);
          return rms([0, 1].map((i) => part.reduce((sum, sums) => sum + sums[i], 0))) / rest;
        },
      };
    },
  };
}
