// The prior of natural images as a change of variables: x = B u, with u white noise.
//
//   B u = M (u_0 + a P (u_1 + a P (u_2 + ...)))
//
// P doubles the size by bilinear interpolation (weights 3/4 and 1/4 an axis, edges repeated), a weighs each coarser
// level, M mixes the channels. With a = 1 every octave has the same energy, as the 1/f^2 spectra of photographs have
// (Field 1987); conjugate gradients on A B then look for the smoothest x that the code allows. BPX (Bramble, Pasciak,
// Xu, Parallel multilevel preconditioners, 1990) has this form: it needs 4/3 N numbers and no Fourier transform.
// Halving goes on to one pixel, so the mean of a picture is one number; an axis of size 1 stays, so a signal has a
// pyramid, too.
//
// A vector over u is an image in its padded layout, a block of 8 zeros, and the coarser levels one after the other,
// unpadded, channels innermost: f32 [inputLength][8][coarseLength].

import { inputLength, line, mixing, uLength } from "../arena";
import { rowBytes, rowStart } from "../convolution/image";
import { channels, height, width } from "../geometry";

/** Levels behind which the weight is COARSE_WEIGHT. */
const STEEP: i32 = 3;
const COARSE_WEIGHT: f32 = 0.55;

let fineWeight: f32 = 1;
let mixes: bool = false;

/** Takes the weight a of the first coarser levels, and whether `mixing` holds M or M is the identity. */
export function setPrior(levelWeight: f32, mixed: bool): void {
  fineWeight = levelWeight;
  mixes = mixed;
}

/** Weight of the level above one of this depth. */
function weightOf(depth: i32): f32 {
  return depth < STEEP ? fineWeight : COARSE_WEIGHT;
}

/** t = B u. What lies outside the image in t is that of u; the coarser levels of t are overwritten. */
export function expand(u: usize, t: usize): void {
  memory.copy(t, u, (<usize>(<i32>uLength)) << 2);
  expandLevel(0, rowStart(t, 0), rowBytes(), height, width, coarserLevels(t));
  if (mixes) mix(t, 1, channels);
}

/** g = B' y, for the y that stands in the image of g. */
export function restrict(g: usize): void {
  if (mixes) mix(g, channels, 1);
  restrictLevel(0, rowStart(g, 0), rowBytes(), height, width, coarserLevels(g));
}

function coarserLevels(u: usize): usize {
  return u + ((<usize>(<i32>inputLength)) << 2) + 32;
}

/** Bytes of a row of a coarser level. */
function bytesOf(columns: i32): usize {
  return (<usize>(columns * channels)) << 2;
}

function half(size: i32): i32 {
  return (size + 1) >> 1;
}

/** Adds to a level of `rows` x `columns` pixels what the coarser levels, the first at `coarse`, give there. */
function expandLevel(depth: i32, level: usize, pitch: usize, rows: i32, columns: i32, coarse: usize): void {
  if (rows == 1 && columns == 1) return;
  const h = half(rows);
  const w = half(columns);
  const coarsePitch = bytesOf(w);
  const weight = weightOf(depth);
  expandLevel(depth + 1, coarse, coarsePitch, h, w, coarse + <usize>h * coarsePitch);
  for (let y = 0; y < rows; ++y, level += pitch) {
    const near = coarse + <usize>(y >> 1) * coarsePitch;
    const far = coarse + <usize>neighbour(y, h) * coarsePitch;
    for (let t: usize = 0; t < coarsePitch; t += 4) {
      store<f32>(firstPixel() + t, weight * (0.75 * load<f32>(near + t) + 0.25 * load<f32>(far + t)));
    }
    repeatEdges(w);
    interpolate(level, columns);
  }
}

/** The transpose: the coarser levels from this one. */
function restrictLevel(depth: i32, level: usize, pitch: usize, rows: i32, columns: i32, coarse: usize): void {
  if (rows == 1 && columns == 1) return;
  const h = half(rows);
  const w = half(columns);
  const coarsePitch = bytesOf(w);
  const behind = coarse + <usize>h * coarsePitch;
  const weight = weightOf(depth);
  memory.fill(coarse, 0, <usize>h * coarsePitch);
  for (let y = 0; y < rows; ++y, level += pitch) {
    memory.fill(line, 0, coarsePitch + 2 * bytesOf(1));
    gather(level, columns);
    foldEdges(w);
    const near = coarse + <usize>(y >> 1) * coarsePitch;
    const far = coarse + <usize>neighbour(y, h) * coarsePitch;
    for (let t: usize = 0; t < coarsePitch; t += 4) {
      const sum = weight * load<f32>(firstPixel() + t);
      store<f32>(near + t, load<f32>(near + t) + 0.75 * sum);
      store<f32>(far + t, load<f32>(far + t) + 0.25 * sum);
    }
  }
  restrictLevel(depth + 1, coarse, coarsePitch, h, w, behind);
}

/** The coarse row, of `rows`, that row y of the finer level lies towards, besides its own. */
function neighbour(y: i32, rows: i32): i32 {
  return min<i32>(rows - 1, max<i32>(0, (y >> 1) + ((y & 1) << 1) - 1));
}

// The line: a coarse row between two pixels that repeat its edges.

function firstPixel(): usize {
  return line + bytesOf(1);
}

function repeatEdges(columns: i32): void {
  memory.copy(line, firstPixel(), bytesOf(1));
  memory.copy(firstPixel() + bytesOf(columns), firstPixel() + bytesOf(columns - 1), bytesOf(1));
}

function foldEdges(columns: i32): void {
  const pixel = bytesOf(1);
  const last = firstPixel() + bytesOf(columns - 1);
  for (let c: usize = 0; c < pixel; c += 4) {
    store<f32>(firstPixel() + c, load<f32>(firstPixel() + c) + load<f32>(line + c));
    store<f32>(last + c, load<f32>(last + c) + load<f32>(last + pixel + c));
  }
}

/** Adds the line, interpolated, to a row of `columns` pixels. */
function interpolate(row: usize, columns: i32): void {
  const pixel = bytesOf(1);
  for (let x = 0; x < columns; ++x) {
    const near = firstPixel() + <usize>(x >> 1) * pixel;
    const far = x & 1 ? near + pixel : near - pixel;
    for (let c: usize = 0; c < pixel; c += 4, row += 4) {
      store<f32>(row, load<f32>(row) + (0.75 * load<f32>(near + c) + 0.25 * load<f32>(far + c)));
    }
  }
}

/** Adds a row of `columns` pixels to the line, the transpose of interpolate. */
function gather(row: usize, columns: i32): void {
  const pixel = bytesOf(1);
  for (let x = 0; x < columns; ++x) {
    const near = firstPixel() + <usize>(x >> 1) * pixel;
    const far = x & 1 ? near + pixel : near - pixel;
    for (let c: usize = 0; c < pixel; c += 4, row += 4) {
      const value = load<f32>(row);
      store<f32>(near + c, load<f32>(near + c) + 0.75 * value);
      store<f32>(far + c, load<f32>(far + c) + 0.25 * value);
    }
  }
}

/**
 * Replaces the channels of each pixel by M times them, or by M' times them: element (i, j) of the matrix lies at
 * i x `down` + j x `across` of `mixing`.
 */
function mix(image: usize, across: i32, down: i32): void {
  const pixel = bytesOf(1);
  for (let y = 0; y < height; ++y) {
    let at = rowStart(image, y);
    for (let x = 0; x < width; ++x, at += pixel) {
      memory.copy(line, at, pixel);
      for (let i = 0; i < channels; ++i) {
        let sum: f32 = 0;
        for (let j = 0; j < channels; ++j) {
          sum +=
            load<f32>(mixing + ((<usize>(i * down + j * across)) << 2)) * load<f32>(line + ((<usize>j) << 2));
        }
        store<f32>(at + ((<usize>i) << 2), sum);
      }
    }
  }
}
