// The fast convolution of assembly/convolution/winograd.ts once more, in float32 rounded step by step, written from
// its equations with matrices. To be compared bit for bit. It shares no code with the package.

import { outputSize, type Shape } from "./reference.js";

type Numbers = ArrayLike<number>;
const { fround } = Math;

/** Whether the package computes a shape by the fast convolution. */
export function isFast({ kernel, stride, pool }: Shape): boolean {
  const [taps] = kernel;
  return kernel[1] === taps && [3, 5, 7].includes(taps) && [...stride, ...pool].join() === "1,1,2,2";
}

/** What one axis does: each row a list of terms [index, sign], summed from left to right. */
type Sums = readonly (readonly [index: number, sign: number])[][];

/** Samples to points, for 3, 5 or 7 taps. */
function forwardSums(taps: number): Sums {
  const rows: [number, number][][] = [
    [
      [0, 1],
      [2, -1],
    ],
    [
      [1, 1],
      [2, 1],
    ],
    [
      [2, 1],
      [1, -1],
    ],
    [
      [1, 1],
      [3, -1],
    ],
  ];
  for (let d = 3; d < taps; d += 2) {
    rows.push(
      [
        [d, 1],
        [d + 1, -1],
      ],
      [[d + 1, 1]],
      [
        [d + 1, 1],
        [d + 2, -1],
      ],
    );
  }
  return rows;
}

function sum(terms: readonly (readonly [number, number])[], at: (index: number) => number): number {
  return terms.reduce(
    (total, [index, sign], n) => (n === 0 ? sign * at(index) : fround(total + sign * at(index))),
    0,
  );
}

/** Points to the two outputs. */
function back(taps: number, m: (index: number) => number): [number, number] {
  let y0 = fround(fround(m(0) + m(1)) + m(2));
  let y1 = fround(fround(m(1) - m(2)) - m(3));
  for (let n = 4; n < 4 + (3 * (taps - 3)) / 2; n += 3) {
    y0 = fround(y0 + fround(m(n) + m(n + 1)));
    y1 = fround(y1 + fround(m(n + 1) - m(n + 2)));
  }
  return [y0, y1];
}

/** Taps to points, in float64. */
function filterPoints(taps: number, g: (index: number) => number): number[] {
  const ends = g(0) + g(2);
  const points = [g(0), 0.5 * (ends + g(1)), 0.5 * (ends - g(1)), g(2)];
  for (let n = 3; n < taps; n += 2) points.push(g(n), g(n) + g(n + 1), g(n + 1));
  return points;
}

/** Both axes of a square, rows of `side` numbers: first down each column, then along each row. */
function both(
  side: number,
  at: (index: number) => number,
  axis: (line: (index: number) => number) => number[],
): number[] {
  const columns = Array.from({ length: side }, (_, j) => axis((i) => at(i * side + j)));
  return columns[0]!.flatMap((_, i) => axis((j) => columns[j]![i]!));
}

/** W x + bias, as analyseExactly32 of reference.ts but by the fast convolution. */
export function analyseFast32(shape: Shape, weights: Numbers, bias: Numbers, x: Numbers): Float32Array {
  const { channels, height, width, filters, kernel, padding } = shape;
  const [taps] = kernel;
  const [rows, columns] = outputSize(shape);
  const forward = forwardSums(taps);
  const h = new Float32Array(filters * rows * columns);
  const filterOf = Array.from({ length: filters * channels }, (_, at) =>
    both(
      taps,
      (i) => weights[at * taps * taps + i]!,
      (line) => filterPoints(taps, line),
    ).map(fround),
  );
  for (let row = 0; row + 1 < rows; row += 2) {
    for (let column = 0; column + 1 < columns; column += 2) {
      const pixel = (c: number, i: number) => {
        const [y, z] = [
          row + Math.floor(i / (taps + 1)) - padding[0],
          column + (i % (taps + 1)) - padding[1],
        ];
        return y < 0 || y >= height || z < 0 || z >= width ? 0 : x[(c * height + y) * width + z]!;
      };
      const patches = Array.from({ length: channels }, (_, c) =>
        both(
          taps + 1,
          (i) => pixel(c, i),
          (line) => forward.map((terms) => sum(terms, line)),
        ),
      );
      for (let k = 0; k < filters; ++k) {
        const products = patches[0]!.map((_, point) =>
          patches.reduce((total, patch, c) => {
            const product = fround(patch[point]! * filterOf[k * channels + c]![point]!);
            return c === 0 ? product : fround(total + product);
          }, 0),
        );
        const square = both(
          forward.length,
          (i) => products[i]!,
          (line) => back(taps, line),
        );
        square.forEach((value, i) => {
          const at = (k * rows + row + (i >> 1)) * columns + column + (i & 1);
          h[at] = fround(value + bias[k]!);
        });
      }
    }
  }
  return h;
}
