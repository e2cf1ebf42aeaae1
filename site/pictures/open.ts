// From a file to pixels.

import type { Pixels, Size } from "../engine/messages.js";
import { KNOBS } from "../state/knobs.js";
import { PictureError } from "./picture-error.js";
import { checkSize, fit, stages } from "./scaling.js";
import { refuseCut } from "./whole.js";

const MOST_BYTES = 64 * 2 ** 20;
const MOST_SIDE = KNOBS.size.most;
/** Of a .unp file: docs/format.md. */
const MAGIC = [0x89, 0x55, 0x4e, 0x50, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether it begins as a .unp file does. */
export async function isCode(blob: Blob): Promise<boolean> {
  const first = new Uint8Array(await blob.slice(0, MAGIC.length).arrayBuffer());
  return MAGIC.every((byte, i) => first[i] === byte);
}

/** A picture as it is kept: its longer side at most MOST_SIDE pixels. */
export type Picture = OffscreenCanvas;

/**
 * The bytes of a .unp file of at most 64 MB.
 * @throws PictureError
 */
export function openCode(blob: Blob): Promise<ArrayBuffer> {
  refuseLarge(blob);
  return blob.arrayBuffer();
}

/**
 * A picture, upright, of at least 16 pixels a side and at most 100 million, of a file of at most 64 MB. Once it is here
 * it takes a megabyte: it is scaled down to the largest size that the page works on. What is transparent is white.
 * @throws PictureError
 */
export async function openPicture(blob: Blob): Promise<Picture> {
  refuseLarge(blob);
  // before it is decoded, which takes 4 bytes a pixel
  checkSize(await sizeOf(blob));
  await refuseCut(blob);
  const bitmap = await createImageBitmap(blob, { imageOrientation: "from-image" }).catch(() => {
    throw unreadable(blob);
  });
  try {
    return scaled(bitmap, MOST_SIDE).canvas;
  } finally {
    bitmap.close();
  }
}

/**
 * Its pixels with this longer side; never scaled up.
 * @throws PictureError if a side would be shorter than 16 pixels
 */
export function pixelsOf(picture: Picture, longerSide: number): Pixels {
  const context = scaled(picture, longerSide);
  const { width, height, data } = context.getImageData(0, 0, context.canvas.width, context.canvas.height);
  return { width, height, data };
}

function scaled(source: ImageBitmap | Picture, longerSide: number): OffscreenCanvasRenderingContext2D {
  let drawn = source;
  let context: OffscreenCanvasRenderingContext2D | undefined;
  for (const { width, height } of stages(source, fit(source, longerSide))) {
    context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
    context.imageSmoothingQuality = "high";
    context.drawImage(drawn, 0, 0, width, height);
    drawn = context.canvas;
  }
  return context!;
}

function refuseLarge({ size }: Blob): void {
  if (size <= MOST_BYTES) return;
  throw new PictureError(
    `The file has ${Math.ceil(size / 2 ** 20)} MB: ${MOST_BYTES / 2 ** 20} MB are the most.`,
  );
}

/** As its header says, by an image element: unlike createImageBitmap it decodes nothing yet. */
async function sizeOf(blob: Blob): Promise<Size> {
  const image = new Image();
  const url = URL.createObjectURL(blob);
  try {
    await new Promise((loaded, failed) => {
      image.onload = loaded;
      image.onerror = () => failed(unreadable(blob));
      image.src = url;
    });
    return { width: image.naturalWidth, height: image.naturalHeight };
  } finally {
    URL.revokeObjectURL(url);
  }
}

function unreadable(blob: Blob): PictureError {
  if (blob.size === 0) return new PictureError("The file is empty.");
  return new PictureError(
    `The file (${blob.type || "of no known type"}, ${blob.size.toLocaleString("en")} bytes) is no picture that this browser can read.`,
  );
}
