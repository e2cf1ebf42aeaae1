// The linear memory of one layer: laid out once by configure, never moved, never grown.
//
//   0            ARENA                                                                  bytes
//   | nothing | offsets | rows | tiles | bias | tile | records | bins | band |
//             | values | switches | r | q | x | p | g | s |
//
//   region    shape                                             what it holds
//   offsets   u32 [max(positions, 4)]                             switch -> byte offset of its patch
//   rows      f32 [filters][kernelHeight][filterRowPadded]      filters, channels innermost
//   tiles     f32 [blocks][kernelHeight][filterRow][4, 8, 12]   filters, filters innermost
//   bias      f32 [filtersPadded]
//   tile      f32 [4][TILE_FILTERS]                             the activations of one tile
//   records   f32 [2][CHUNK][RECORD_FLOATS]                     running maxima; crelu keeps both signs
//   bins      u32 [2048]                                        histogram of the k-largest selection
//   band      f32 [filters][windowWidth]                        one row of activations (power iteration)
//   values    f32 [planes][pooledHeight][pooledWidth]           the code: values
//   switches  u8, u16 or u32 [planes][pooledHeight][pooledWidth]   the code: switches
//   r, q      f32 [planes][pooledHeight][pooledWidth]           solvers' vectors over the code
//   x,p,g,s   f32 [paddedHeight][paddedWidth][channels]         input or result, solvers' vectors over the input
//
// g doubles as the staging area: planar input before it is packed into x, planar output after.
// Every region starts on 32 bytes and is followed by at least 16 bytes of zeros that nobody writes
// anything but zero to: vector loads may run over the end of a patch, never out of the arena.
//
// Like geometry.ts this file is compiled twice, here and as TypeScript (f64 sums stay exact to 2^53,
// so an absurd shape gets its true size instead of a wrapped one).

import {
  channels,
  filterRow,
  filterRowPadded,
  filters,
  filtersPadded,
  kernelHeight,
  kernelWidth,
  paddedHeight,
  paddedWidth,
  planes,
  pooledHeight,
  pooledWidth,
  poolHeight,
  poolWidth,
  positions,
  switchBytes,
} from "./geometry";

/** First byte of the arena. The module has no static data (a test holds it to that); 0 stays no address. */
export const ARENA: f64 = 1024;

/** Filters in the widest tile, and activations of one tile: 4 positions x 12 filters. */
export const TILE_FILTERS: i32 = 12;
export const TILE_FLOATS: i32 = 4 * TILE_FILTERS;
/** One running maximum under a tile's filters (pooling.ts). */
export const RECORD_FLOATS: i32 = 5 * TILE_FILTERS;
/** Regions whose maxima are gathered before they are written to the code: 15 KiB of records, in the nearest cache. */
export const CHUNK: i32 = 64;
export const BINS: i32 = 2048;

export const PAGE: f64 = 65536;

export let offsets: usize = 0;
export let rows: usize = 0;
export let tiles: usize = 0;
export let bias: usize = 0;
export let tile: usize = 0;
export let records: usize = 0;
export let bins: usize = 0;
export let band: usize = 0;
export let values: usize = 0;
export let switches: usize = 0;
export let r: usize = 0;
export let q: usize = 0;
export let x: usize = 0;
export let p: usize = 0;
export let g: usize = 0;
export let s: usize = 0;

/** Convolution positions, at the upper left, that the power iteration looks at. */
export let windowHeight: i32 = 0;
export let windowWidth: i32 = 0;

/** Lengths of a vector over the input and over the code, in floats, rounded up to whole blocks of 8. */
export let inputLength: f64 = 0;
export let codeLength: f64 = 0;

let end: f64 = 0;

function take(bytes: f64): usize {
  const start = end;
  end = start + 32 * Math.ceil((bytes + 16) / 32);
  return <usize>start;
}

/** Lays the arena out for the geometry that was set and returns the bytes of linear memory it needs. */
export function layOut(): f64 {
  end = ARENA;
  inputLength = 8 * Math.ceil((<f64>paddedHeight * <f64>paddedWidth * <f64>channels) / 8);
  codeLength = 8 * Math.ceil((<f64>planes * <f64>pooledHeight * <f64>pooledWidth) / 8);
  offsets = take(4 * Math.max(4, <f64>positions));
  rows = take(4 * <f64>filters * <f64>kernelHeight * <f64>filterRowPadded);
  tiles = take(4 * <f64>filtersPadded * <f64>kernelHeight * <f64>filterRow);
  bias = take(4 * <f64>filtersPadded);
  tile = take(4 * <f64>TILE_FLOATS);
  records = take(4 * 2 * <f64>CHUNK * <f64>RECORD_FLOATS);
  bins = take(4 * <f64>BINS);
  windowHeight = <i32>Math.min(pooledHeight * poolHeight, Math.max(64, 4 * kernelHeight));
  windowWidth = <i32>Math.min(pooledWidth * poolWidth, Math.max(64, 4 * kernelWidth));
  band = take(4 * <f64>filters * <f64>windowWidth);
  values = take(4 * codeLength);
  switches = take(<f64>switchBytes * codeLength);
  r = take(4 * codeLength);
  q = take(4 * codeLength);
  x = take(4 * inputLength);
  p = take(4 * inputLength);
  g = take(4 * inputLength);
  s = take(4 * inputLength);
  return PAGE * Math.ceil(end / PAGE);
}
