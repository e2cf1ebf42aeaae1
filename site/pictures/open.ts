// From a file to pixels.

import type { Pixels } from "../engine/messages.js";
import { PictureError } from "./picture-error.js";
import { checkSize, fit, type Size, stages } from "./scaling.js";
import { refuseCut } from "./whole.js";

const MOST_BYTES = 64 * 2 ** 20;
/** Of a .unp file: docs/format.md. */
const MAGIC = [0x89, 0x55, 0x4e, 0x50, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether it begins as a .unp file does. */
export async function isCode(blob: Blob): Promise<boolean> {
  const first = new Uint8Array(await blob.slice(0, MAGIC.length).arrayBuffer());
  return MAGIC.every((byte, i) => first[i] === byte);
}

/**
 * A picture, upright, its longer side at most `longerSide` pixels; never scaled up. What is transparent is white.
 * @throws PictureError
 */
export async function openPicture(blob: Blob, longerSide: number): Promise<Pixels> {
  const bitmap = await decodePicture(blob);
  try {
    return scalePicture(bitmap, longerSide);
  } finally {
    bitmap.close();
  }
}

/**
 * A picture, upright, in its own size: at least 16 pixels a side, at most 100 million, of a file of at most 64 MB.
 * @throws PictureError
 */
export async function decodePicture(blob: Blob): Promise<ImageBitmap> {
  if (blob.size > MOST_BYTES) {
    throw new PictureError(
      `The file has ${Math.ceil(blob.size / 2 ** 20)} MB: a picture may have ${MOST_BYTES / 2 ** 20} MB.`,
    );
  }
  // before it is decoded, which takes 4 bytes a pixel
  checkSize(await sizeOf(blob));
  await refuseCut(blob);
  const bitmap = await createImageBitmap(blob, { imageOrientation: "from-image" }).catch(() => {
    throw unreadable(blob);
  });
  return bitmap;
}

/**
 * @throws PictureError if a side would be shorter than 16 pixels
 */
export function scalePicture(bitmap: ImageBitmap, longerSide: number): Pixels {
  const size = fit(bitmap, longerSide);
  let drawn: CanvasImageSource = bitmap;
  let context: OffscreenCanvasRenderingContext2D | undefined;
  for (const { width, height } of stages(bitmap, size)) {
    context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true })!;
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
    context.imageSmoothingQuality = "high";
    context.drawImage(drawn, 0, 0, width, height);
    drawn = context.canvas;
  }
  const { width, height, data } = context!.getImageData(0, 0, size.width, size.height);
  return { width, height, data };
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
