// What the solvers for sparse codes share: the input x, the code z in values and switches, and d = x - W'z in p.

import { inputLength, p, switches, values, x } from "../arena";
import { clearPadding } from "../convolution/image";
import { Plain, synthesise } from "../convolution/synthesis";
import { switchBytes } from "../geometry";
import { codeSize } from "../pooling";
import { norm } from "../vector";
import { beginSolver } from "./state";

/** z = 0, or with `warm` the code that stands there; d = x - W'z. Returns |x|. */
export function beginThresholded(relativeTolerance: f64, warm: bool): f64 {
  if (!warm) {
    const m = <usize>codeSize();
    memory.fill(values, 0, m << 2);
    memory.fill(switches, 0, m * <usize>switchBytes);
  }
  const size = norm(x, <i32>inputLength);
  beginSolver(size, relativeTolerance);
  residualOfCode();
  return size;
}

/** d = x - W'z. */
export function residualOfCode(): void {
  memory.copy(p, x, (<usize>(<i32>inputLength)) << 2);
  synthesise<Plain>(values, p, -1);
  clearPadding(p);
}
