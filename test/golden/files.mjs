// What the golden files hold: specifications, options, and codes from seeded numbers, so that no kernel has to give the
// same bits for today's writer to be compared with them. One code is an encoded picture.

/** Park and Miller's numbers in [-1, 1): exact wherever floating point is IEEE 754's. */
function numbers(length, seed) {
  let state = (seed * 2654435761) % 2147483646 || 1;
  return Float32Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return (2 * state) / 2147483647 - 1;
  });
}

const floats = (length, seed) => numbers(length, seed).map((value) => 10 * value);

/** Switches from 0 to `most`, as narrow as they are in memory. */
function switches(length, seed, most, Type = Uint8Array) {
  return Type.from(numbers(length, seed), (value) => Math.floor(((value + 1) / 2) * (most + 1)));
}

/** Values and switches cleared where `zero` says; `rest` is the switch there, undefined leaves it. */
function cleared(values, switches, zero, rest) {
  values.forEach((_, i) => {
    if (!zero(i)) return;
    values[i] = 0;
    if (rest !== undefined) switches[i] = rest;
  });
  return { kind: "pooled", values, switches };
}

function pooled(length, seed, most, Type) {
  return { kind: "pooled", values: floats(length, seed), switches: switches(length, seed + 1, most, Type) };
}

/** With values that compress. */
function whole({ values, ...code }) {
  return { ...code, values: values.map((value) => Math.trunc(value / 4)) };
}

const chance = (length, seed, share) => {
  const drawn = numbers(length, seed);
  return (i) => drawn[i] < 2 * share - 1;
};

const SMALL = { input: { channels: 1, height: 8, width: 8 }, filters: 4, kernel: 3, padding: 1, pool: 2 };
const RGB = {
  input: { channels: 3, height: 11, width: 14 },
  filters: 5,
  kernel: [5, 3],
  stride: [1, 2],
  pool: [2, 1],
};
const TILE = { ...SMALL, filters: 2 };
const TILED = { image: { height: 19, width: 12, overlap: 2 }, colour: "grey" };

/** A network with every kind of pooling, and a code for it. */
const NETWORK = {
  input: { channels: 2, height: 16, width: 13 },
  layers: [
    {
      filters: 3,
      kernel: 3,
      padding: 1,
      pool: { type: "max", size: 3, stride: 2, ceil: true },
      rectifier: "relu",
      seed: 3,
    },
    {
      filters: 2,
      kernel: 2,
      pool: { type: "average", size: [2, 3], stride: [1, 2] },
      rectifier: "crelu",
      seed: 4,
    },
    { filters: 4, kernel: [3, 1], pool: [2, 1], seed: 5, unitNorm: true },
  ],
};
const LEARNED = {
  input: { channels: 1, length: 30 },
  layers: [
    { filters: 2, kernel: 3, pool: 2, rectifier: "relu", weights: floats(6, 70), bias: floats(2, 71) },
    {
      filters: 3,
      kernel: 2,
      pool: "global",
      seed: 9,
      normalise: { scale: floats(3, 72), shift: floats(3, 73) },
    },
  ],
};

/**
 * @param {{ createLayerSync: Function, scene: Function }} unpool
 * @returns {{ name: string, spec: object, codes: object[], options?: object }[]}
 */
export function goldenFiles({ createLayerSync, scene }) {
  const picture = {
    input: { channels: 3, height: 16, width: 16 },
    filters: 4,
    kernel: 5,
    padding: 2,
    pool: 2,
  };
  const corners = floats(64, 11);
  corners.set([-0, 0, 2 ** -149, -(2 ** -149), 2 ** -127, 2 ** -126, 3.4028234663852886e38, -1, 65504]);
  return [
    {
      name: "encoded",
      spec: picture,
      codes: [createLayerSync(picture).encode(scene(16, 16, 1))],
      options: { colour: "rgb" },
    },
    { name: "float32", spec: SMALL, codes: [{ ...pooled(64, 10, 3), values: corners }] },
    { name: "float16", spec: RGB, codes: [pooled(90, 20, 1)], options: { values: "float16", colour: "rgb" } },
    {
      name: "int8",
      spec: { ...SMALL, seed: 2 ** 53 - 1, unitNorm: true },
      codes: [pooled(64, 30, 3)],
      options: { values: "int8", colour: "grey", range: [-0.5, 255] },
    },
    { name: "int6", spec: SMALL, codes: [pooled(64, 40, 3)], options: { values: "int6" } },
    { name: "int4", spec: SMALL, codes: [pooled(64, 50, 3)], options: { values: "int4" } },
    // masks: a bitmap, runs, gaps; switches where values are, of their own, and all
    {
      name: "crelu",
      spec: { ...SMALL, rectifier: "crelu" },
      codes: [cleared(floats(128, 60), switches(128, 61, 3), chance(128, 62, 0.5), 0)],
    },
    {
      name: "runs",
      spec: { ...SMALL, rectifier: "relu", pool: 1 },
      codes: [cleared(floats(256, 80), switches(256, 81, 0), (i) => i % 97 < 60, 0)],
      options: { values: "float16" },
    },
    {
      name: "gaps",
      spec: { input: { channels: 1, height: 64, width: 64 }, filters: 2, kernel: 3, padding: 1, pool: 4 },
      codes: [
        { ...cleared(floats(512, 90), switches(512, 91, 15), (i) => i % 170 !== 33, 0), kind: "sparse" },
      ],
      options: { values: "int8" },
    },
    {
      name: "switches-at-zeros",
      spec: SMALL,
      codes: [cleared(floats(64, 100), switches(64, 101, 3), chance(64, 102, 0.6))],
    },
    {
      name: "nothing",
      spec: SMALL,
      codes: [{ kind: "sparse", values: new Float32Array(64), switches: new Uint8Array(64) }],
      options: { values: "int4" },
    },
    // wide switches
    {
      name: "signal",
      spec: {
        input: { channels: 3, length: 500 },
        filters: 6,
        kernel: 5,
        padding: 2,
        stride: 1,
        pool: "global",
      },
      codes: [pooled(6, 110, 499, Uint16Array)],
    },
    {
      name: "long-signal",
      spec: { input: { channels: 1, length: 70000 }, filters: 3, kernel: 1, pool: "global" },
      codes: [pooled(3, 120, 69999, Uint32Array)],
    },
    { name: "network", spec: NETWORK, codes: [networkCode(130)], options: { values: "float16" } },
    {
      name: "learned-network",
      spec: LEARNED,
      codes: [
        {
          values: floats(3, 140),
          // 2 says that nothing was kept
          switches: [switches(28, 141, 2), switches(3, 142, 12)],
        },
      ],
    },
    {
      name: "learned",
      spec: { ...SMALL, weights: floats(36, 150), bias: floats(4, 151) },
      codes: [pooled(64, 152, 3)],
      options: { values: "int8" },
    },
    { name: "biased", spec: { ...SMALL, seed: 6, bias: floats(4, 160) }, codes: [pooled(64, 161, 3)] },
    {
      name: "tiled",
      spec: TILE,
      codes: [0, 1, 2, 3, 4, 5].map((tile) => pooled(32, 170 + 2 * tile, 3)),
      options: { ...TILED, values: "int6" },
    },
    {
      name: "deflated",
      spec: TILE,
      codes: [0, 1, 2, 3, 4, 5].map((tile) => whole(pooled(32, 190 + 2 * tile, 3))),
      options: { ...TILED, deflate: true },
    },
  ];
}

/** Nothing was kept at two fifths of the first layer's regions; the border cuts the last row of them off after two rows. */
function networkCode(seed) {
  const first = switches(3 * 8 * 6, seed, 8);
  const none = chance(first.length, seed + 1, 0.4);
  first.forEach((position, i) => {
    if (none(i)) first[i] = 9;
    else if (i % 48 >= 42) first[i] = position % 6;
  });
  const second = switches(4 * 7 * 5, seed + 2, 1);
  const third = switches(4 * 2 * 2, seed + 3, 1);
  return { values: floats(16, seed + 4), switches: [first, second, third] };
}
