// The works that are timed: shapes of layers, and where things are in them.

const photoLayer = { filters: 64, kernel: [5, 5], pool: [2, 2], batch: 1 };

/** Layers with stride 1 and no padding, by the names that --shape takes. */
export const shapes = {
  thumbnail: { input: { channels: 3, height: 32, width: 32 }, ...photoLayer },
  photo: { input: { channels: 3, height: 224, width: 224 }, ...photoLayer },
  middle: deep(128, 56, 256),
  /** VGG-16 conv2_1. */
  vgg2: deep(64, 112, 128),
  /** VGG-16 conv5_2. */
  vgg5: deep(512, 15, 512),
  /** The paper's 1-D setting: one region a filter, codes of 10 non-zeros. */
  signals: {
    input: { channels: 32, height: 1, width: 32 },
    filters: 96,
    kernel: [1, 5],
    pool: [1, 28],
    keep: 10,
    batch: 1000,
  },
};

function deep(channels, side, filters) {
  const input = { channels, height: side, width: side };
  return { input, filters, kernel: [3, 3], pool: [2, 2], batch: 1 };
}

/** Largest magnitude, beside relu, where the peers' graphs are also built for it. */
export const largestMagnitude = ["thumbnail", "photo"];

export function photoOf(side) {
  return { input: { channels: 3, height: side, width: side }, ...photoLayer, rectifier: "relu" };
}

export function describeWork({ input, filters, kernel, pool, keep, batch, rectifier }) {
  const pooled = rectifier === "none" ? "largest magnitude" : rectifier;
  const kept = keep ? `, ${keep} kept` : "";
  const times = batch > 1 ? `, batch of ${batch}` : "";
  const [shape, window, region] = [Object.values(input), kernel, pool].map((size) => size.join(" x "));
  return `${shape}, ${filters} filters ${window}, pool ${region}, ${pooled}${kept}${times}`;
}

/** The work as createLayer takes it. */
export function layerSpec({ input, filters, kernel, pool, rectifier }) {
  return { input, filters, kernel, pool, rectifier };
}

/** Rows and columns before pooling and after; numbers and entries of one item of the batch. */
export function sizes({ input, filters, kernel, pool }) {
  const rows = input.height - kernel[0] + 1;
  const columns = input.width - kernel[1] + 1;
  const pooledRows = Math.floor(rows / pool[0]);
  const pooledColumns = Math.floor(columns / pool[1]);
  const numbers = input.channels * input.height * input.width;
  return { rows, columns, pooledRows, pooledColumns, numbers, entries: filters * pooledRows * pooledColumns };
}

/** From an entry of a code of the whole batch to its item, filter and region. */
export function entryAt(work, at) {
  const { pooledRows, pooledColumns } = sizes(work);
  const plane = Math.floor(at / (pooledRows * pooledColumns));
  return {
    item: Math.floor(plane / work.filters),
    filter: plane % work.filters,
    plane,
    top: (Math.floor(at / pooledColumns) % pooledRows) * work.pool[0],
    left: (at % pooledColumns) * work.pool[1],
  };
}

/** Switches to places in the whole tensor of activations, which the peers' pooling numbers. */
export function toPlaces(work, switches) {
  const { rows, columns } = sizes(work);
  return Float64Array.from(switches, (position, at) => {
    const { plane, top, left } = entryAt(work, at);
    const row = top + Math.floor(position / work.pool[1]);
    return (plane * rows + row) * columns + left + (position % work.pool[1]);
  });
}

/** The way back. */
export function toSwitches(work, places) {
  const { rows, columns } = sizes(work);
  return Uint8Array.from(places, (value) => {
    const place = Number(value);
    const row = Math.floor(place / columns) % rows;
    return (row % work.pool[0]) * work.pool[1] + ((place % columns) % work.pool[1]);
  });
}
