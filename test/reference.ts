// One layer in plain float64 TypeScript: what the package computes, written to be read and not to be fast.
// It shares no code with the package, so that an error in one is not an error in both.
//
// Arrays are planar: an input is channels x height x width, weights are OIHW, activations are filters x
// output height x output width, a code is planes x pooled height x pooled width.

type Numbers = ArrayLike<number>;
type Pair = readonly [height: number, width: number];

export interface Shape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly filters: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly pool: Pair;
  readonly rectifier: "none" | "relu" | "crelu";
}

export interface Code {
  readonly values: Float64Array;
  /** Position of each value in its region, row-major. */
  readonly switches: Uint32Array;
}

/** Rows and columns of the convolution's output. */
export function outputSize({ height, width, kernel, stride, padding }: Shape): Pair {
  return [
    Math.floor((height + 2 * padding[0] - kernel[0]) / stride[0]) + 1,
    Math.floor((width + 2 * padding[1] - kernel[1]) / stride[1]) + 1,
  ];
}

/** Planes, rows and columns of the code; what does not fill a region is dropped. */
export function codeSize(shape: Shape): readonly [number, number, number] {
  const [rows, columns] = outputSize(shape);
  const planes = shape.rectifier === "crelu" ? 2 * shape.filters : shape.filters;
  return [planes, Math.floor(rows / shape.pool[0]), Math.floor(columns / shape.pool[1])];
}

/**
 * Visits the weights of filter k, placed at one position of the output, that lie on the input and not on
 * its padding: their indices in the weights and in the input, in the order row, column, channel.
 */
function forEachTap(
  { channels, height, width, kernel, stride, padding }: Shape,
  k: number,
  row: number,
  column: number,
  visit: (weight: number, input: number) => void,
): void {
  for (let i = 0; i < kernel[0]; ++i) {
    for (let j = 0; j < kernel[1]; ++j) {
      const y = row * stride[0] + i - padding[0];
      const x = column * stride[1] + j - padding[1];
      if (y < 0 || y >= height || x < 0 || x >= width) continue;
      for (let c = 0; c < channels; ++c) {
        visit(((k * channels + c) * kernel[0] + i) * kernel[1] + j, (c * height + y) * width + x);
      }
    }
  }
}

/** Visits every position of the output: filter, row, column and the index of its activation. */
function forEachPosition(
  shape: Shape,
  visit: (k: number, row: number, column: number, index: number) => void,
): void {
  const [rows, columns] = outputSize(shape);
  for (let index = 0; index < shape.filters * rows * columns; ++index) {
    const k = Math.floor(index / (rows * columns));
    visit(k, Math.floor(index / columns) % rows, index % columns, index);
  }
}

function activationCount(shape: Shape): number {
  const [rows, columns] = outputSize(shape);
  return shape.filters * rows * columns;
}

/** W x + bias. */
export function convolve(shape: Shape, weights: Numbers, bias: Numbers, x: Numbers): Float64Array {
  const h = new Float64Array(activationCount(shape));
  forEachPosition(shape, (k, row, column, index) => {
    let sum = bias[k]!;
    forEachTap(shape, k, row, column, (w, i) => {
      sum += weights[w]! * x[i]!;
    });
    h[index] = sum;
  });
  return h;
}

/**
 * W x + bias in float32, rounded after each product and each sum, in the kernel's order: from zero over the
 * filter's rows, columns, channels, then the bias. To be compared bit for bit. (The padding that is left
 * out here would add zeros to a sum that is never -0, which changes nothing.)
 */
export function analyseExactly32(shape: Shape, weights: Numbers, bias: Numbers, x: Numbers): Float32Array {
  const { fround } = Math;
  const h = new Float32Array(activationCount(shape));
  forEachPosition(shape, (k, row, column, index) => {
    let sum = 0;
    forEachTap(shape, k, row, column, (w, i) => {
      sum = fround(sum + fround(weights[w]! * x[i]!));
    });
    h[index] = fround(sum + bias[k]!);
  });
  return h;
}

/** W'h, the transpose of convolve without bias. */
export function convolveTransposed(shape: Shape, weights: Numbers, h: Numbers): Float64Array {
  const x = new Float64Array(shape.channels * shape.height * shape.width);
  forEachPosition(shape, (k, row, column, index) => {
    forEachTap(shape, k, row, column, (w, i) => {
      x[i]! += h[index]! * weights[w]!;
    });
  });
  return x;
}

/** The planes that are pooled: the activations, and with crelu their negatives after them. */
function toPlanes(shape: Shape, h: Numbers): Float64Array {
  const planes = Float64Array.from(h);
  return shape.rectifier === "crelu" ? Float64Array.of(...planes, ...planes.map((v) => -v)) : planes;
}

/** Index, in the planes that are pooled, of a position of the region that entry `index` of the code keeps. */
function planeIndex(shape: Shape, index: number, position: number): number {
  const [rows, columns] = outputSize(shape);
  const [, pooledRows, pooledColumns] = codeSize(shape);
  const [poolRows, poolColumns] = shape.pool;
  const plane = Math.floor(index / (pooledRows * pooledColumns));
  const row =
    (Math.floor(index / pooledColumns) % pooledRows) * poolRows + Math.floor(position / poolColumns);
  const column = (index % pooledColumns) * poolColumns + (position % poolColumns);
  return (plane * rows + row) * columns + column;
}

/** What a region keeps the largest of. */
function keyOf(shape: Shape, value: number): number {
  return shape.rectifier === "none" ? Math.abs(value) : Math.max(value, 0);
}

function poolPlanes(shape: Shape, planes: Numbers): Code {
  const [count, rows, columns] = codeSize(shape);
  const values = new Float64Array(count * rows * columns);
  const switches = new Uint32Array(values.length);
  for (let index = 0; index < values.length; ++index) {
    const region = Array.from({ length: shape.pool[0] * shape.pool[1] }, (_, position) => {
      return planes[planeIndex(shape, index, position)]!;
    });
    const keys = region.map((value) => keyOf(shape, value));
    const best = keys.reduce((kept, key, position) => (key > keys[kept]! ? position : kept), 0);
    values[index] = shape.rectifier === "none" ? region[best]! : keys[best]!;
    switches[index] = best;
  }
  return { values, switches };
}

/**
 * Max-pooling with switches. A region keeps the entry of largest key: |h| without rectifier, max(h, 0) with
 * one; the lowest position wins a tie, so a rectified region without a positive entry has value 0, switch 0.
 */
export function pool(shape: Shape, h: Numbers): Code {
  return poolPlanes(shape, toPlanes(shape, h));
}

/** The values put back at their switches, zero elsewhere, in the planes that are pooled. */
function unpool(shape: Shape, { values, switches }: Code): Float64Array {
  const [planes] = codeSize(shape);
  const unpooled = new Float64Array((planes / shape.filters) * activationCount(shape));
  values.forEach((value, index) => {
    unpooled[planeIndex(shape, index, switches[index]!)] = value;
  });
  return unpooled;
}

/** W'z. With crelu, plane filters + k stands for the filter -w_k. */
export function synthesise(shape: Shape, weights: Numbers, code: Code): Float64Array {
  const z = unpool(shape, code);
  const h = z.slice(0, activationCount(shape));
  const negative = z.subarray(h.length);
  negative.forEach((value, index) => {
    h[index]! -= value;
  });
  return convolveTransposed(shape, weights, h);
}

/** A x = S W x, the analysis at the switches alone; no bias. */
export function analyseAt(shape: Shape, weights: Numbers, switches: Numbers, x: Numbers): Float64Array {
  const planes = toPlanes(shape, convolve(shape, weights, new Float64Array(shape.filters), x));
  return Float64Array.from(switches, (position, index) => planes[planeIndex(shape, index, position)]!);
}

/** Keeps the k values of largest magnitude, the lowest index first among equals; value 0, switch 0 elsewhere. */
export function keepLargest(values: Numbers, switches: Numbers, k: number): Code {
  const order = Array.from(values, (_, index) => index);
  order.sort((a, b) => Math.abs(values[b]!) - Math.abs(values[a]!) || a - b);
  const kept = { values: new Float64Array(values.length), switches: new Uint32Array(values.length) };
  for (const index of order.slice(0, k).filter((at) => values[at] !== 0)) {
    kept.values[index] = values[index]!;
    kept.switches[index] = switches[index]!;
  }
  return kept;
}

/** The filter row of the operator A that belongs to entry `index` of the code, as long as the input. */
function operatorRow(shape: Shape, weights: Numbers, switches: Numbers, index: number): Float64Array {
  const values = new Float64Array(switches.length);
  values[index] = 1;
  return synthesise(shape, weights, { values, switches: Uint32Array.from(switches) });
}

/**
 * The x with the smallest |A x + bias - values|, where A has full column rank. A rectified value of 0 says
 * only that its region has no positive entry: its row is left out.
 */
export function leastSquares(shape: Shape, weights: Numbers, bias: Numbers, code: Code): Float64Array {
  const perPlane = code.values.length / codeSize(shape)[0];
  const rows: Float64Array[] = [];
  const target: number[] = [];
  code.values.forEach((value, index) => {
    if (value === 0 && shape.rectifier !== "none") return;
    const plane = Math.floor(index / perPlane);
    rows.push(operatorRow(shape, weights, code.switches, index));
    target.push(plane < shape.filters ? value - bias[plane]! : value + bias[plane - shape.filters]!);
  });
  const columns = Array.from(rows[0]!, (_, j) => rows.map((row) => row[j]!));
  return solveByOrthogonalisation(columns, target);
}

function dot(a: Numbers, b: Numbers): number {
  let sum = 0;
  for (let i = 0; i < a.length; ++i) sum += a[i]! * b[i]!;
  return sum;
}

/** Least squares by modified Gram-Schmidt: Q R = A, then R x = Q'b, with b orthogonalised like a column of A. */
function solveByOrthogonalisation(columns: number[][], target: number[]): Float64Array {
  const n = columns.length;
  const upper = columns.map(() => new Float64Array(n + 1));
  const work = [...columns, target].map((column) => Float64Array.from(column));
  for (let i = 0; i < n; ++i) {
    const q = work[i]!;
    const squared = dot(q, q);
    for (let j = i; j <= n; ++j) {
      const part = j === i ? 1 : dot(q, work[j]!) / squared;
      upper[i]![j] = part;
      if (j === i) continue;
      const column = work[j]!;
      for (let row = 0; row < column.length; ++row) column[row]! -= part * q[row]!;
    }
  }
  return substituteBack(upper);
}

/** Solves R x = c for an upper triangle with a unit diagonal; c is its last column. */
function substituteBack(upper: Float64Array[]): Float64Array {
  const n = upper.length;
  const x = new Float64Array(n);
  for (let i = n - 1; i >= 0; --i) {
    const row = upper[i]!;
    x[i] = row[n]! - dot(row.subarray(i + 1, n), x.subarray(i + 1));
  }
  return x;
}

/** The values on the support of a code with the least |x - W'z|; the code keeps its switches. */
export function fitSupport(shape: Shape, weights: Numbers, x: Numbers, { values, switches }: Code): Code {
  const support = [...values.keys()].filter((index) => values[index] !== 0);
  const columns = support.map((index) => Array.from(operatorRow(shape, weights, switches, index)));
  const fitted = { values: new Float64Array(values.length), switches };
  solveByOrthogonalisation(columns, Array.from(x)).forEach((value, i) => {
    fitted.values[support[i]!] = value;
  });
  return fitted;
}

/** Model-based iterative hard thresholding from z = 0: repeat z = M(z + step W (x - W'z), k). */
export function iht(
  shape: Shape,
  weights: Numbers,
  x: Numbers,
  k: number,
  step: number,
  iterations: number,
): Code {
  const none = new Float64Array(shape.filters);
  let code = pool(shape, new Float64Array(activationCount(shape)));
  for (let i = 0; i < iterations; ++i) {
    const approximation = synthesise(shape, weights, code);
    const residual = approximation.map((value, index) => x[index]! - value);
    const gradient = toPlanes(shape, convolve(shape, weights, none, residual));
    const b = unpool(shape, code).map((value, index) => value + step * gradient[index]!);
    const { values, switches } = poolPlanes(shape, b);
    code = keepLargest(values, switches, k);
  }
  return code;
}

/**
 * The largest eigenvalue of W'W over the positions that pooling can keep, by power iteration until it rises
 * no more (each estimate is at least the one before); twice as large with crelu, where each filter stands twice.
 */
export function operatorNormSquared(shape: Shape, weights: Numbers): number {
  const [, rows, columns] = codeSize(shape);
  const none = new Float64Array(shape.filters);
  let x = Float64Array.from({ length: shape.channels * shape.height * shape.width }, (_, i) =>
    Math.cos(i * i + 1),
  );
  let previous = 0;
  for (;;) {
    const h = convolve(shape, weights, none, x);
    forEachPosition(shape, (_, row, column, index) => {
      if (row >= rows * shape.pool[0] || column >= columns * shape.pool[1]) h[index] = 0;
    });
    const grown = convolveTransposed(shape, weights, h);
    const estimate = Math.sqrt(dot(grown, grown) / dot(x, x));
    if (!(estimate > previous * (1 + 1e-13))) break;
    previous = estimate;
    x = grown.map((value) => value / estimate);
  }
  return shape.rectifier === "crelu" ? 2 * previous : previous;
}
