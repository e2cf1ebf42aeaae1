// JPEG: grey, colour, CMYK; baseline and progressive; upright, as its EXIF orientation says.
//
// The codec reads to the end of the file whether the picture ends there or not, believes every length that it is
// told, and goes through all blocks for every scan: here the markers are walked first, to refuse by name what it
// cannot read, what is not all there, and what would take it far longer or far more memory than the picture's size.

import { orientation } from "exifr/dist/mini.esm.mjs";
import { decode } from "jpeg-js";
import type { UnpoolError } from "../errors.js";
import {
  checkDimensions,
  invalid,
  type PictureLimits,
  type PictureSize,
  type PlanarImage,
} from "./planar.js";

interface Frame {
  width: number;
  height: number;
  components: number;
  /** Of coefficients: the picture's pixels, filled up to whole groups of blocks. */
  blockPixels: number;
  /** 0 when an Adobe marker says that three components are already red, green and blue. */
  adobeTransform: number | undefined;
}

const HUFFMAN = 0xc4;
const END = 0xd9;
const SCAN = 0xda;
const QUANTISATION = 0xdb;
const LINES = 0xdc;
const RESTARTS = 0xdd;
const ADOBE = 0xee;

/** Encoders make about ten; every one is a pass over all blocks, which a few bytes can ask for. */
const MOST_SCANS = 100;
/** Bytes of the codec's arrays for a pixel: coefficients, lines and colours of four components. */
const CODEC_BYTES = 32;

/** As the picture stands once it is upright; and how many pixels its blocks have, which may be more. */
export async function measureJpeg(
  name: string,
  bytes: Uint8Array,
  limits: PictureLimits = {},
): Promise<PictureSize & { blockPixels: number }> {
  const { width, height, components, blockPixels } = walk(name, bytes, limits);
  const channels = components === 1 ? 1 : 3;
  const swapped = (await readOrientation(bytes)) >= 5;
  const size = swapped ? { width: height, height: width } : { width, height };
  return { channels, ...size, blockPixels };
}

export async function decodeJpeg(
  name: string,
  bytes: Uint8Array,
  limits: PictureLimits = {},
): Promise<PlanarImage> {
  const frame = walk(name, bytes, limits);
  let decoded: { width: number; height: number; data: Uint8Array };
  try {
    decoded = decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      colorTransform: frame.adobeTransform === 0 ? false : undefined,
      maxResolutionInMP: 64,
      maxMemoryUsageInMB: 1 + (CODEC_BYTES * frame.blockPixels) / 2 ** 20,
    });
  } catch (error) {
    throw damaged(name, (error as Error).message);
  }
  const { width, height, data } = decoded;
  const channels = frame.components === 1 ? 1 : 3;
  const planes = new Float32Array(channels * width * height);
  for (let c = 0; c < channels; ++c) {
    for (let i = 0; i < width * height; ++i) planes[c * width * height + i] = data[3 * i + c]! / 255;
  }
  return upright({ planes, channels, width, height }, await readOrientation(bytes));
}

/** From marker to marker up to the end of the picture. */
function walk(name: string, bytes: Uint8Array, limits: PictureLimits): Frame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let frame: Frame | undefined;
  let adobeTransform: number | undefined;
  let scans = 0;
  let offset = 2;
  while (offset + 2 <= bytes.length) {
    if (bytes[offset] !== 0xff) throw damaged(name, `no marker begins at byte ${offset}`);
    const marker = bytes[offset + 1]!;
    if (marker === 0xff) {
      offset += 1; // fill
      continue;
    }
    if (marker === END) {
      if (!frame) throw damaged(name, "it ends before its size is given");
      return { ...frame, adobeTransform };
    }
    if (offset + 4 > bytes.length) break;
    const data = offset + 4;
    const next = offset + 2 + view.getUint16(offset + 2);
    if (next > bytes.length) break;
    const segment = bytes.subarray(data, Math.max(data, next));
    if (isFrame(marker)) {
      if (frame) throw invalid(`${name} has more than one frame; unpool reads JPEGs of one`);
      frame = readFrame(name, marker, segment, limits);
    } else if (!isWhole(marker, segment)) {
      throw damaged(name, `the segment at byte ${offset} has not the length that its contents need`);
    }
    if (marker === SCAN && ++scans > MOST_SCANS) {
      throw invalid(`${name} has more than ${MOST_SCANS} scans, which unpool does not read`);
    }
    if (
      marker === ADOBE &&
      next - data >= 12 &&
      String.fromCharCode(...bytes.subarray(data, data + 5)) === "Adobe"
    ) {
      adobeTransform = bytes[data + 11];
    }
    offset = marker === SCAN ? endOfScan(bytes, next) : next;
  }
  throw invalid(`${name} is truncated: its ${bytes.length} bytes hold no end of the JPEG`);
}

/** Throws what the codec does not read. */
function readFrame(name: string, marker: number, segment: Uint8Array, limits: PictureLimits): Frame {
  const short = () => damaged(name, "its frame is not as long as its components need");
  if (segment.length < 6) throw short();
  const view = new DataView(segment.buffer, segment.byteOffset, segment.length);
  const [height, width] = [view.getUint16(1), view.getUint16(3)];
  const [precision, components] = [segment[0]!, segment[5]!];
  checkDimensions(name, width, height, limits);
  checkFrame(name, marker, precision, components);
  if (segment.length !== 6 + 3 * components) throw short();
  const sampling = Array.from({ length: components }, (_, i) => segment[7 + 3 * i]!);
  const [across, down] = [sampling.map((both) => both >> 4), sampling.map((both) => both & 15)];
  if (![...across, ...down].every((factor) => factor >= 1 && factor <= 4)) {
    throw damaged(name, "a sampling factor is not from 1 to 4");
  }
  const filled = (size: number, factors: number[]) => {
    const group = 8 * Math.max(...factors);
    return group * Math.ceil(size / group);
  };
  const blockPixels = filled(width, across) * filled(height, down);
  return { width, height, components, blockPixels, adobeTransform: undefined };
}

/** Whether a segment ends where the codec, which goes by its contents, will say that it does. */
function isWhole(marker: number, segment: Uint8Array): boolean {
  if (marker === SCAN) return segment.length === 4 + 2 * (segment[0] ?? 0);
  if (marker === LINES || marker === RESTARTS) return segment.length === 2;
  if (marker !== HUFFMAN && marker !== QUANTISATION) return true;
  let at = 0;
  while (at < segment.length) {
    if (marker === QUANTISATION) at += segment[at]! >> 4 ? 129 : 65;
    else at += 17 + segment.subarray(at + 1, at + 17).reduce((sum, count) => sum + count, 0);
  }
  return at === segment.length;
}

/** Start of frame: C0 to CF without the tables C4, C8 and CC. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Within a scan FF is followed by 0 or is a restart, D0 to D7; any other FF begins the next marker. */
function endOfScan(bytes: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    at = bytes.indexOf(0xff, at);
    if (at < 0) return bytes.length;
    const follower = bytes[at + 1] ?? 0;
    if (follower !== 0 && (follower < 0xd0 || follower > 0xd7)) return at;
    at += 2;
  }
}

function checkFrame(name: string, marker: number, precision: number, components: number): void {
  if (marker > 0xc2) {
    const kind = marker === 0xc3 ? "lossless" : marker >= 0xc9 ? "arithmetic-coded" : "hierarchical";
    throw invalid(`${name} is ${kind} JPEG, which unpool does not read; save it as baseline or progressive`);
  }
  if (precision !== 8) {
    throw invalid(`${name} has ${precision} bits a sample; unpool reads JPEGs of 8`);
  }
  if (![1, 3, 4].includes(components)) {
    throw invalid(`${name} has ${components} colour components; unpool reads JPEGs of 1, 3 or 4`);
  }
}

/** 1 to 8; without EXIF, or with a broken one, 1: the picture is taken as it lies. */
async function readOrientation(bytes: Uint8Array): Promise<number> {
  const turn = (await orientation(bytes).catch(() => undefined)) ?? 1;
  return turn >= 2 && turn <= 8 ? turn : 1;
}

/** Turned and mirrored as EXIF orientations 2 to 8 ask for. */
function upright(image: PlanarImage, turn: number): PlanarImage {
  if (turn === 1) return image;
  const { planes, channels, width, height } = image;
  const swapped = turn >= 5;
  const flipX = turn === 2 || turn === 3 || turn === 7 || turn === 8;
  const flipY = turn === 3 || turn === 4 || turn === 6 || turn === 7;
  const turned = new Float32Array(planes.length);
  const [newWidth, newHeight] = swapped ? [height, width] : [width, height];
  for (let c = 0; c < channels; ++c) {
    for (let y = 0; y < newHeight; ++y) {
      for (let x = 0; x < newWidth; ++x) {
        const [u, v] = swapped ? [y, x] : [x, y];
        const column = flipX ? width - 1 - u : u;
        const row = flipY ? height - 1 - v : v;
        turned[(c * newHeight + y) * newWidth + x] = planes[(c * height + row) * width + column]!;
      }
    }
  }
  return { planes: turned, channels, width: newWidth, height: newHeight };
}

function damaged(name: string, why: string): UnpoolError {
  return invalid(`${name} is a damaged JPEG: ${why}`);
}
