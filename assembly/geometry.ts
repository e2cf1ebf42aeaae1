// The shape of the configured layer: its numbers and what follows from them.
//
// Written in the subset that means the same in AssemblyScript and in TypeScript (whole numbers,
// exact division), because src/geometry.ts compiles this very file: the estimate and the kernel
// cannot disagree.

/** A region keeps its entry of largest magnitude, with its sign. */
export const RECTIFIER_NONE: i32 = 0;
/** A region keeps its largest positive entry, or zero. */
export const RECTIFIER_RELU: i32 = 1;
/** Two planes a filter: relu(h) and relu(-h). Plane filters + k belongs to filter k. */
export const RECTIFIER_CRELU: i32 = 2;

// as given
export let channels: i32 = 0;
export let height: i32 = 0;
export let width: i32 = 0;
export let filters: i32 = 0;
export let kernelHeight: i32 = 0;
export let kernelWidth: i32 = 0;
export let strideHeight: i32 = 0;
export let strideWidth: i32 = 0;
export let paddingHeight: i32 = 0;
export let paddingWidth: i32 = 0;
export let poolHeight: i32 = 0;
export let poolWidth: i32 = 0;
export let rectifier: i32 = 0;

// derived
export let paddedHeight: i32 = 0;
export let paddedWidth: i32 = 0;
export let outputHeight: i32 = 0; // of the convolution
export let outputWidth: i32 = 0;
export let pooledHeight: i32 = 0; // rows and columns that do not fill a region are dropped
export let pooledWidth: i32 = 0;
export let planes: i32 = 0; // of the code: filters, or twice as many with crelu
export let positions: i32 = 0; // entries in one pooling region
export let switchBytes: i32 = 0; // 1, 2 or 4: the least that holds a position
export let filterRow: i32 = 0; // numbers in one row of a filter, all channels: kernelWidth x channels
export let filtersPadded: i32 = 0; // to whole vectors of 4
export let filterRowPadded: i32 = 0;
export let points: i32 = 0; // products an axis of the fast convolution (convolution/winograd.ts), 0 where it is not used

function wholeQuotient(a: i32, b: i32): i32 {
  return (a - (a % b)) / b;
}

function roundUp(a: i32, multiple: i32): i32 {
  return wholeQuotient(a + multiple - 1, multiple) * multiple;
}

export function setGeometry(
  inputChannels: i32,
  inputHeight: i32,
  inputWidth: i32,
  filterCount: i32,
  kernelRows: i32,
  kernelColumns: i32,
  strideRows: i32,
  strideColumns: i32,
  paddingRows: i32,
  paddingColumns: i32,
  poolRows: i32,
  poolColumns: i32,
  rectifierKind: i32,
): void {
  channels = inputChannels;
  height = inputHeight;
  width = inputWidth;
  filters = filterCount;
  kernelHeight = kernelRows;
  kernelWidth = kernelColumns;
  strideHeight = strideRows;
  strideWidth = strideColumns;
  paddingHeight = paddingRows;
  paddingWidth = paddingColumns;
  poolHeight = poolRows;
  poolWidth = poolColumns;
  rectifier = rectifierKind;

  paddedHeight = height + 2 * paddingHeight;
  paddedWidth = width + 2 * paddingWidth;
  outputHeight = wholeQuotient(paddedHeight - kernelHeight, strideHeight) + 1;
  outputWidth = wholeQuotient(paddedWidth - kernelWidth, strideWidth) + 1;
  pooledHeight = wholeQuotient(outputHeight, poolHeight);
  pooledWidth = wholeQuotient(outputWidth, poolWidth);
  planes = rectifier == RECTIFIER_CRELU ? 2 * filters : filters;
  positions = poolHeight * poolWidth;
  switchBytes = positions <= 0x100 ? 1 : positions <= 0x10000 ? 2 : 4;
  filterRow = kernelWidth * channels;
  filtersPadded = roundUp(filters, 4);
  filterRowPadded = roundUp(filterRow, 4);
  const fast =
    strideHeight == 1 &&
    strideWidth == 1 &&
    poolHeight == 2 &&
    poolWidth == 2 &&
    kernelHeight == kernelWidth &&
    (kernelWidth == 3 || kernelWidth == 5 || kernelWidth == 7);
  // 4 for three taps, 3 for each two more
  points = fast ? 4 + wholeQuotient(3 * (kernelWidth - 3), 2) : 0;
}
