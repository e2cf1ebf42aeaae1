// The tables and figures of rate.mjs.

import { axis, lines } from "./chart.mjs";
import { table } from "./format.mjs";

const FORMATS = ["float32", "float16", "int8", "int6", "int4"];
const POOLS = [2, 4, 8];
/** Qualities at which bits are compared, dB. */
const LEVELS = [20, 25, 30, 35, 40, 45];

export function markdown({ size, photographs, points, png }) {
  const one = (wanted) =>
    points.find((point) => Object.entries(wanted).every(([key, value]) => point[key] === value));
  const decibels = (wanted) => FORMATS.map((format) => fixed(one({ ...wanted, format }).psnr, 1));
  const counts = [
    ...new Set(points.filter(({ family }) => family === "pool 2").map(({ filters }) => filters)),
  ];
  const shares = [...new Set(points.filter(({ family }) => family === "sparse").map(({ share }) => share))];

  const pooled = POOLS.flatMap((pool) =>
    counts.map((filters) => {
      const wanted = { family: `pool ${pool}`, filters };
      const { numbers, error, switchBits } = one({ ...wanted, format: "float32" });
      const { bits, coded } = one({ ...wanted, format: "int8" });
      return [
        pool,
        filters,
        numbers,
        small(error),
        ...decibels(wanted),
        fixed(bits, 1),
        fixed(coded, 1),
        fixed(switchBits, 2),
      ];
    }),
  );
  const sparse = shares.map((share) => {
    const wanted = { family: "sparse", share };
    const { numbers, error, filters } = one({ ...wanted, format: "float32" });
    return [filters, numbers, small(error), ...decibels(wanted)];
  });
  const without = points
    .filter(({ family }) => family.endsWith("without switches"))
    .map(({ family, filters, format, psnr, coded }) => {
      const known = one({ family: family.split(",")[0], filters, format });
      return [filters, fixed(known.psnr, 1), fixed(known.coded, 1), fixed(psnr, 1), fixed(coded, 1)];
    });
  const atLevels = fronts(points).map(({ name, points: front }) => [
    name,
    ...LEVELS.map((level) => {
      const bits = bitsAt(front, level);
      return bits === undefined ? "–" : fixed(bits, bits < 10 ? 2 : 1);
    }),
  ]);
  const [jpeg, best] = [35, 35].map((level, i) => {
    const costs = fronts(points)
      .filter(({ name }) => (name === "JPEG") === (i === 0))
      .map(({ points: front }) => bitsAt(front, level) ?? Infinity);
    return Math.min(...costs);
  });
  return `${photographs.length} photograph${photographs.length > 1 ? "s" : ""} (${photographs.join(", ")}), the centre ${size} × ${size} of each; 5 × 5 filters, padding 2. Numbers and bits are of a pixel: as it stands a picture has 3 numbers, 24 bits, and ${fixed(png, 1)} bits as a PNG. Errors are means of relative errors, PSNR means of decibels of values clamped to [0, 1].

## Pooled codes

Values of all filters, decoded by least squares (at most 100 iterations, the noise of the rounding told), PSNR in dB for each format of the values. Then what int8 takes, values and switches as they stand and coded, and what one switch takes in bits when coded; as it stands log2 of the region's size, ${POOLS.map((pool) => 2 * Math.log2(pool)).join(", ")}.

${table(["pool", "filters", "numbers", "error, float32", ...FORMATS, "bits, int8", "coded", "switch"], pooled)}

## Sparse codes

The model-k-sparse codes that \`sparsify\` finds (HTP, pool 4), multiplied out; the means of the three channels are stored apart. Numbers are those that are not zero, PSNR in dB by format.

${table(["filters", "numbers", "error, float32", ...FORMATS], sparse)}

## Bits

What is stored is counted as it stands, and coded: whole numbers, switches and, of sparse codes, which entries there are, each by an adaptive arithmetic coder that begins anew in each plane (Krichevsky and Trofimov's estimate, whose code length is computed, so nothing else need be sent); 32 bits a plane for the scale of whole numbers; float16 and float32 as they stand. JPEG files are counted whole, ${"`jpeg-js`"} with full colour. Bits a pixel, coded, at equal PSNR, on the best of all filters and formats:

${table(["dB", ...LEVELS.map(String)], atLevels)}

At 35 dB the cheapest code takes ${fixed(best / jpeg, 1)} times the bits of JPEG: random filters are no way to compress a picture, and not meant as one.

Without the switches, which the decoder then estimates from the values (int8, pool 2):

${table(["filters", "dB with switches", "bits", "dB without", "bits"], without)}
`;
}

/** A point that costs more bits must be better by so much, dB: float32 is by nothing that can be seen. */
const GAIN = 0.25;

/** Of each family the points that are worth their bits, by rising bits. */
function fronts(points) {
  const families = [...new Set(points.map(({ family }) => family))];
  return families.map((name) => {
    const own = points.filter(({ family, psnr }) => family === name && psnr !== null);
    own.sort((a, b) => a.coded - b.coded || b.psnr - a.psnr);
    let best = -Infinity;
    return {
      name,
      points: own.filter(({ psnr }) => {
        if (psnr < best + GAIN) return false;
        best = psnr;
        return true;
      }),
    };
  });
}

/** Bits at a PSNR, between two points of a front along the logarithm of bits; undefined outside of it. */
function bitsAt(front, psnr) {
  const above = front.findIndex((point) => point.psnr >= psnr);
  if (above < 1) return undefined;
  const [a, b] = [front[above - 1], front[above]];
  return a.coded * (b.coded / a.coded) ** ((psnr - a.psnr) / (b.psnr - a.psnr));
}

/** An error, which may be any small. */
function small(value) {
  return value < 1e-3 ? value.toExponential(1) : String(value);
}

function fixed(value, digits) {
  return value.toFixed(digits);
}

export function figures({ points, png }) {
  const [least, most] = [10, 60];
  const qualities = fronts(points).map(({ name, points: front }) => ({
    name,
    points: front.filter(({ psnr }) => psnr <= most).map(({ coded, psnr }) => ({ x: coded, y: psnr })),
  }));
  const plain = points.filter(({ format }) => format === "float32");
  const errors = [...POOLS.map((pool) => `pool ${pool}`), "sparse"].map((name) => ({
    name,
    points: plain
      .filter(({ family }) => family === name)
      .map(({ numbers, error }) => ({ x: numbers, y: error })),
  }));
  const upright = (name, x, ends) => ({ name, points: ends.map((y) => ({ x, y })), dash: "5 4" });
  const tens = Array.from({ length: 8 }, (_, i) => 10 ** -i);
  return {
    "": lines({
      title: "Quality against bits: the best of all filters and formats",
      x: logarithmic("bits a pixel, coded", [0.4, 1, 2, 4, 10, 20, 40, 100]),
      y: axis("PSNR (dB)", { domain: [least, most], grid: true }),
      series: [...qualities, upright("PNG, without error", png, [least, most])],
    }),
    numbers: lines({
      title: "Error against numbers, values of float32",
      x: logarithmic("numbers a pixel", [0.1, 0.2, 0.4, 1, 2, 4, 10]),
      y: logarithmic("relative error", tens, (value) =>
        value < 0.1 ? value.toExponential(0) : String(value),
      ),
      series: [...errors, upright("as many as a picture has", 3, [1, 1e-7])],
    }),
  };
}

/** Of a decade, d3 gives labels to the first ticks only: 1, 2 and 4. */
function logarithmic(label, ticks, tickFormat = String) {
  return axis(label, { type: "log", grid: true, ticks, tickFormat });
}
