// Pooling that the kernel does not do: regions that overlap or are cut off at the border, and averages. They stand behind
// a layer that does not pool, and are linear once the switches are known. Sums are of float64, rounded once.

/** A pooling stage as the user specifies it. */
export interface Pooling {
  type: "max" | "average";
  /** Of a region: one number for both axes, or [height, width]. */
  size: number | readonly [height: number, width: number];
  /** From one region to the next. Default: the size, so that regions do not overlap. */
  stride?: number | readonly [height: number, width: number];
  /**
   * Whether a region that begins inside the input but ends outside counts, without what lies outside; an average is that
   * of what lies inside (Caffe's convention). Default false: such regions are dropped.
   */
  ceil?: boolean;
}

/** Planes of `height` x `width`, and the regions on them. */
export interface Regions {
  readonly type: "max" | "average";
  readonly planes: number;
  readonly height: number;
  readonly width: number;
  readonly size: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly pooledHeight: number;
  readonly pooledWidth: number;
}

/** Number of regions along an axis. */
export function countRegions(length: number, size: number, stride: number, ceil: boolean): number {
  const steps = (length - size) / stride;
  if (!ceil) return Math.floor(steps) + 1;
  const count = Math.ceil(steps) + 1;
  // the last region must begin inside
  return (count - 1) * stride >= length ? count - 1 : count;
}

/** Calls `visit` for each region, row-major, with its first entry, its rows and its columns. */
function forEachRegion(
  { planes, height, width, size, stride, pooledHeight, pooledWidth }: Regions,
  visit: (region: number, first: number, rows: number, columns: number) => void,
): void {
  let region = 0;
  for (let plane = 0; plane < planes; ++plane) {
    for (let y = 0; y < pooledHeight; ++y) {
      const rows = Math.min(size[0], height - y * stride[0]);
      for (let x = 0; x < pooledWidth; ++x) {
        const first = (plane * height + y * stride[0]) * width + x * stride[1];
        visit(region++, first, rows, Math.min(size[1], width - x * stride[1]));
      }
    }
  }
}

/**
 * The entry of largest magnitude of each region, the first among equals, and its position in the region, row-major;
 * without `signed` the largest, and `none` where it is not positive.
 */
export function poolMaxima(
  regions: Regions,
  from: Float32Array,
  to: Float32Array,
  switches: { [index: number]: number },
  signed: boolean,
  none: number,
): void {
  forEachRegion(regions, (region, first, rows, columns) => {
    let key = signed ? -1 : 0;
    to[region] = 0;
    switches[region] = none;
    for (let i = 0; i < rows; ++i) {
      for (let j = 0; j < columns; ++j) {
        const value = from[first + i * regions.width + j]!;
        const candidate = signed ? Math.abs(value) : value;
        if (candidate <= key) continue;
        key = candidate;
        to[region] = value;
        switches[region] = i * regions.size[1] + j;
      }
    }
  });
}

/** The entries at the switches; 0 where a switch is `none`. */
export function gather(
  regions: Regions,
  from: Float32Array,
  to: Float32Array,
  switches: ArrayLike<number>,
  none: number,
): void {
  forEachRegion(regions, (region, first) => {
    const at = switches[region]!;
    to[region] = at === none ? 0 : from[first + offset(regions, at)]!;
  });
}

/** The transpose of gather, written over `to`. */
export function scatter(
  regions: Regions,
  from: Float32Array,
  to: Float32Array,
  switches: ArrayLike<number>,
  none: number,
): void {
  to.fill(0);
  forEachRegion(regions, (region, first) => {
    const at = switches[region]!;
    if (at !== none) to[first + offset(regions, at)]! += from[region]!;
  });
}

function offset({ width, size }: Regions, position: number): number {
  return Math.floor(position / size[1]) * width + (position % size[1]);
}

/** Index of the first switch that is not `none` and lies outside its region or the input; -1 if there is none. */
export function misplaced(regions: Regions, switches: ArrayLike<number>, none: number): number {
  let found = -1;
  forEachRegion(regions, (region, _first, rows, columns) => {
    const at = switches[region]!;
    if (found >= 0 || at === none) return;
    if (at > none || Math.floor(at / regions.size[1]) >= rows || at % regions.size[1] >= columns)
      found = region;
  });
  return found;
}

/** The mean of each region. */
export function average(regions: Regions, from: Float32Array, to: Float32Array): void {
  forEachRegion(regions, (region, first, rows, columns) => {
    let sum = 0;
    for (let i = 0; i < rows; ++i) {
      for (let j = 0; j < columns; ++j) sum += from[first + i * regions.width + j]!;
    }
    to[region] = sum / (rows * columns);
  });
}

/** The transpose of average, written over `to`. */
export function spread(regions: Regions, from: Float32Array, to: Float32Array): void {
  to.fill(0);
  forEachRegion(regions, (region, first, rows, columns) => {
    const share = from[region]! / (rows * columns);
    for (let i = 0; i < rows; ++i) {
      for (let j = 0; j < columns; ++j) to[first + i * regions.width + j]! += share;
    }
  });
}
