// Ridge regression, for several penalties at once: (G + penalty I) X = B for a symmetric G and a few right-hand sides.
//
// By conjugate gradients: systems that differ by a multiple of the identity have one Krylov space, so one product with G
// an iteration serves all penalties (Frommer, Maass 1999; the recurrences of zeta are those of Jegerlehner 1996). A
// Cholesky factorisation costs n^3 / 6 multiplications a penalty, this 10 n^2 an iteration for all: of 3,000 images and
// eight penalties a twentieth, at the kernel's speed.

import { openMatrix } from "./products.mjs";

const TOLERANCE = 1e-4;
const ITERATIONS = 2000;

/**
 * @param {Float32Array} matrix G, size x size, symmetric and not negative
 * @param {Float64Array} targets B, one right-hand side after the other, each `size` numbers
 * @param {number[]} penalties ascending, above 0
 * @param {{ tolerance?: number, iterations?: number, limit?: () => void }} [options] `tolerance`: of |B - (G + penalty I) X| / |B|,
 *   for each right-hand side
 * @returns {{ solutions: Float64Array[], iterations: number }} for each penalty X, laid out as B
 */
export function solveRidge(matrix, targets, penalties, options = {}) {
  const { tolerance = TOLERANCE, iterations = ITERATIONS } = options;
  const size = Math.sqrt(matrix.length);
  const count = targets.length / size;
  const product = openMatrix(matrix, size, count);
  const solutions = penalties.map(() => new Float64Array(targets.length));
  const systems = Array.from({ length: count }, (_, at) =>
    openSystem(targets.subarray(at * size, (at + 1) * size), penalties, tolerance, (penalty) =>
      solutions[penalty].subarray(at * size, (at + 1) * size),
    ),
  );
  const directions = new Float32Array(targets.length);
  const image = new Float64Array(size);
  let iteration = 0;
  while (iteration < iterations && systems.some((system) => !system.done)) {
    systems.forEach(({ direction }, at) => {
      directions.set(direction, at * size);
    });
    const images = product.apply(directions);
    systems.forEach((system, at) => {
      if (system.done) return;
      for (let i = 0; i < size; ++i) image[i] = images[i * count + at];
      system.step(image);
    });
    iteration += 1;
  }
  product.close();
  return { solutions, iterations: iteration };
}

/** One right-hand side: conjugate gradients for the least penalty, and what follows from them for the others. */
function openSystem(target, penalties, tolerance, solutionOf) {
  const size = target.length;
  const residual = Float64Array.from(target);
  const direction = Float64Array.from(target);
  const end = tolerance ** 2 * dot(target, target);
  const shifted = penalties.map((penalty, at) => ({
    shift: penalty - penalties[0],
    x: solutionOf(at),
    p: at === 0 ? direction : Float64Array.from(target),
    ...{ zeta: 1, before: 1, done: false },
  }));
  let square = dot(residual, residual);
  let [lastStep, lastRatio] = [1, 0];
  const system = { direction, done: square <= end, step };

  function step(image) {
    let curvature = 0;
    for (let i = 0; i < size; ++i) curvature += direction[i] * (image[i] + penalties[0] * direction[i]);
    const length = square / curvature;
    for (const one of shifted) if (!one.done) advance(one, length);
    for (let i = 0; i < size; ++i) residual[i] -= length * (image[i] + penalties[0] * direction[i]);
    const next = dot(residual, residual);
    const ratio = next / square;
    for (const one of shifted) if (!one.done) turn(one, ratio, next);
    [square, lastStep, lastRatio] = [next, length, ratio];
    system.done = shifted.every(({ done }) => done);
  }

  /** The solution goes along its direction; its residual is zeta times that of the least penalty. */
  function advance(one, length) {
    const { shift, zeta, before, x, p } = one;
    const next =
      (zeta * before * lastStep) /
      (lastStep * before * (1 + length * shift) + length * lastRatio * (before - zeta));
    const own = (length * next) / zeta;
    for (let i = 0; i < size; ++i) x[i] += own * p[i];
    one.before = zeta;
    one.zeta = next;
  }

  function turn(one, ratio, next) {
    const { zeta, before, p } = one;
    const own = ratio * (zeta / before) ** 2;
    for (let i = 0; i < size; ++i) p[i] = zeta * residual[i] + own * p[i];
    one.done = zeta * zeta * next <= end;
  }

  return system;
}

function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; ++i) sum += a[i] * b[i];
  return sum;
}
