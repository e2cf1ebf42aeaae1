// The linear memory of one layer: laid out once by configure, never moved, never grown.
//
//   0            ARENA                                                                  bytes
//   | nothing | offsets | rows | squares | blocks | bias | panels | products | activations | square | window | halfway
//             | records | lists | bins | plan | band | line | mixing | values | switches | r | q
//             | violations | x | best | p | g | s |
//
//   region       shape                                            what it holds
//   offsets      u32 [positions]                                  switch -> byte offset of its patch
//   rows         f32 [filters][kernelHeight][filterRowPadded]     filters, channels innermost
//   squares      the same                                         their squares, for the norms of A's columns
//   blocks       f32 [blocks][steps][8 or 4]                      filters, filters innermost: taps or points
//   bias         f32 [filtersPadded]
//   panels       f32 [batchTiles][steps][4]                       patches of a batch, or their points
//   products     f32 [batchTiles][points^2 or 1][4][8]            what the micro-kernel leaves
//   activations  f32 [4][4][8]                                    4 regions of 2 x 2 under a block
//   square       f32 and i32 [4][4][4]                            their maxima and switches (squares.ts)
//   window       f32 [kernelHeight + 1][kernelWidth + 1][channels][4]   4 patches, before their points
//   halfway      f32 [points][kernelWidth + 1][channels][4]       points of one axis, there and back
//   records      f32 [2][batch][RECORD_FLOATS]                    running maxima; crelu keeps both signs
//   lists        u32, f32 [LISTS][planes + 1][2]                  synthesis: entries that share a patch
//   bins         u32 [2048]                                       histogram of the k-largest selection
//   plan         u32 [MOST_STRETCHES][2]                          least squares: its stretches
//   band         f32 [filters][windowWidth] or [positions][pooledWidth]    one row of activations
//   line         f32 [half the width + 3][channels]               a row of the prior's pyramid
//   mixing       f32 [channels][channels]                         the prior's mixture of channels
//   values       f32 [planes][pooledHeight][pooledWidth]          the code: values
//   switches     u8, u16 or u32 [planes][pooledHeight][pooledWidth]     the code: switches
//   r, q         f32 [planes][pooledHeight][pooledWidth]          solvers' vectors over the code
//   violations   u32, u32, f32, f32 [4][capacity]                 rows beyond the switches: patches, filters, r, q
//   x, best      f32 [paddedHeight][paddedWidth][channels]        input or result; the best result so far
//   p, g, s      the same, then f32 [8] zeros and the coarser     solvers' vectors over the input, and over the
//                levels of a pyramid [coarseLength]               variables of the prior (prior/pyramid.ts)
//
// A layer of a network has no room for solvers: violations, r, q and best are empty there, and behind the first layer p and
// s, too, while g is as long as x.
//
// g doubles as the staging area: planar input before it is packed into x, planar output after.
// Every region starts on 32 bytes and is followed by at least 16 bytes of zeros: vector loads may run over the end
// of a patch, never out of the arena. Nobody writes anything but zero there, except behind panels and window: panel.ts
// writes up to 48 bytes over their ends, into products and halfway, which are written anew before they are read.
//
// Like geometry.ts this file is compiled twice, here and as TypeScript (f64 sums stay exact to 2^53,
// so an absurd shape gets its true size instead of a wrapped one).

import {
  channels,
  filterRow,
  filterRowPadded,
  filters,
  filtersPadded,
  height,
  kernelHeight,
  kernelWidth,
  paddedHeight,
  paddedWidth,
  planes,
  points,
  pooledHeight,
  pooledWidth,
  poolHeight,
  poolWidth,
  positions,
  switchBytes,
  width,
} from "./geometry";

/** First byte of the arena. The module has no static data (a test holds it to that); 0 stays no address. */
export const ARENA: f64 = 1024;

/** Filters in the widest block. */
export const BLOCK: i32 = 8;
/** One running maximum under a block of filters (pooling.ts). */
export const RECORD_FLOATS: i32 = 5 * BLOCK;
/** Regions or tiles that are analysed together, at most, and bytes of their panels (the second nearest cache holds them). */
export const BATCH: f64 = 64;
const PANEL_BYTES: f64 = 1048576;
/** Lists that the synthesis fills at once: regions x positions. */
export const LISTS: i32 = 64;
export const BINS: i32 = 2048;
/** Stretches of a plan of least squares, at most. */
export const MOST_STRETCHES: f64 = 32;
/** Channels that the prior can mix, at most. */
export const MOST_MIXED: i32 = 32;
/** Violations that there is room for, for each number of the input. */
const SHARE: f64 = 0.5;
/** Bytes of a violation, all in all: patch, filter, r, q. */
const VIOLATION: f64 = 16;

export const PAGE: f64 = 65536;

// what the arena has room for, each with all before it
/** Products with W and W', and encoding. */
export const PRODUCTS: i32 = 0;
/** And variables of the prior: p, g, s. */
export const VARIABLES: i32 = 1;
/** And every solver. */
export const SOLVERS: i32 = 2;

export let offsets: usize = 0;
export let rows: usize = 0;
export let squares: usize = 0;
export let blocks: usize = 0;
export let bias: usize = 0;
export let panels: usize = 0;
export let products: usize = 0;
export let activations: usize = 0;
export let square: usize = 0;
export let window: usize = 0;
export let halfway: usize = 0;
export let records: usize = 0;
export let lists: usize = 0;
export let bins: usize = 0;
export let plan: usize = 0;
export let band: usize = 0;
export let line: usize = 0;
export let mixing: usize = 0;
export let values: usize = 0;
export let switches: usize = 0;
export let r: usize = 0;
export let q: usize = 0;
export let violations: usize = 0;
export let x: usize = 0;
export let best: usize = 0;
export let p: usize = 0;
export let g: usize = 0;
export let s: usize = 0;

/** Regions of one batch of the analysis, and tiles of 4 patches in it. */
export let batch: i32 = 0;
export let batchTiles: i32 = 0;
/** Whether a region takes several batches of tiles. */
export let split: i32 = 0;
/** Convolution positions, at the upper left, that the power iteration looks at. */
export let windowHeight: i32 = 0;
export let windowWidth: i32 = 0;

/** Lengths of a vector over the input and over the code, in floats, rounded up to whole blocks of 8. */
export let inputLength: f64 = 0;
export let codeLength: f64 = 0;
/** Length of a vector over the variables of the prior. */
export let uLength: f64 = 0;
/** Rows beyond the switches that there is room for. */
export let capacity: f64 = 0;

let end: f64 = 0;

function take(bytes: f64): usize {
  const start = end;
  end = start + 32 * Math.ceil((bytes + 16) / 32);
  return <usize>start;
}

/** Pixels of a pyramid's levels above the first: each halves both axes, down to one pixel. */
function coarserPixels(): f64 {
  let h = <f64>height;
  let w = <f64>width;
  let pixels: f64 = 0;
  while (h > 1 || w > 1) {
    h = Math.ceil(h / 2);
    w = Math.ceil(w / 2);
    pixels += h * w;
  }
  return pixels;
}

/** How many regions are analysed together: those whose panels fit the budget. */
function planBatch(): void {
  const steps = points > 0 ? <f64>points * <f64>points * <f64>channels : <f64>kernelHeight * <f64>filterRow;
  const most = Math.min(BATCH, Math.max(1, Math.floor(PANEL_BYTES / (16 * steps))));
  const perRegion =
    points > 0 ? 0.25 : positions < 4 ? 1 / Math.floor(4 / <f64>positions) : Math.ceil(<f64>positions / 4);
  split = perRegion > most ? 1 : 0;
  const regions = <f64>pooledHeight * <f64>pooledWidth;
  batch = <i32>Math.min(regions, Math.min(BATCH, Math.max(1, Math.floor(most / perRegion))));
  batchTiles = <i32>Math.min(most, Math.ceil(<f64>batch * perRegion));
}

/**
 * Lays the arena out for the geometry that was set, with `room` for PRODUCTS, VARIABLES or SOLVERS, and returns the bytes
 * of linear memory it needs.
 */
export function layOut(room: i32): f64 {
  const solves: f64 = room == SOLVERS ? 1 : 0;
  end = ARENA;
  inputLength = 8 * Math.ceil((<f64>paddedHeight * <f64>paddedWidth * <f64>channels) / 8);
  codeLength = 8 * Math.ceil((<f64>planes * <f64>pooledHeight * <f64>pooledWidth) / 8);
  uLength = inputLength + 8 + 8 * Math.ceil((coarserPixels() * <f64>channels) / 8);
  capacity =
    solves * 8 * Math.ceil(Math.min(codeLength, SHARE * <f64>channels * <f64>height * <f64>width) / 8);
  offsets = take(4 * <f64>positions);
  rows = take(4 * <f64>filters * <f64>kernelHeight * <f64>filterRowPadded);
  squares = take(4 * <f64>filters * <f64>kernelHeight * <f64>filterRowPadded);
  planBatch();
  const steps = <f64>kernelHeight * <f64>filterRow;
  const fast = <f64>points * <f64>points * <f64>channels;
  blocks = take(4 * <f64>filtersPadded * (points > 0 ? fast : steps));
  bias = take(4 * <f64>filtersPadded);
  panels = take(16 * <f64>batchTiles * (points > 0 ? fast : steps));
  products = take(16 * <f64>batchTiles * Math.max(1, <f64>points * <f64>points) * <f64>BLOCK);
  activations = take(64 * <f64>BLOCK);
  square = take(256);
  const side = <f64>kernelWidth + 1;
  window = take(points > 0 ? 16 * side * side * <f64>channels : 0);
  halfway = take(
    points > 0 ? 16 * <f64>points * Math.max(side * <f64>channels, <f64>points * <f64>BLOCK) : 0,
  );
  records = take(
    4 * 2 * <f64>RECORD_FLOATS * (split ? Math.ceil(<f64>filtersPadded / <f64>BLOCK) : <f64>batch),
  );
  lists = take(8 * <f64>LISTS * (<f64>planes + 1));
  bins = take(4 * <f64>BINS);
  plan = take(8 * MOST_STRETCHES);
  windowHeight = <i32>Math.min(pooledHeight * poolHeight, Math.max(64, 4 * kernelHeight));
  windowWidth = <i32>Math.min(pooledWidth * poolWidth, Math.max(64, 4 * kernelWidth));
  band = take(4 * Math.max(<f64>filters * <f64>windowWidth, <f64>positions * (<f64>pooledWidth + 3)));
  line = take(4 * (Math.ceil(<f64>width / 2) + 3) * <f64>channels);
  mixing = take(channels <= MOST_MIXED ? 4 * <f64>channels * <f64>channels : 0);
  values = take(4 * codeLength);
  switches = take(<f64>switchBytes * codeLength);
  r = take(solves * 4 * codeLength);
  q = take(solves * 4 * codeLength);
  violations = take(VIOLATION * capacity);
  x = take(4 * inputLength);
  best = take(solves * 4 * inputLength);
  p = take(room > PRODUCTS ? 4 * uLength : 0);
  g = take(4 * (room > PRODUCTS ? uLength : inputLength));
  s = take(room > PRODUCTS ? 4 * uLength : 0);
  return PAGE * Math.ceil(end / PAGE);
}
