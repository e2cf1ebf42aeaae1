// The picture that a command is about: a file, standard input or the built-in scene; whole or its centre; row by row.

import { scene } from "../../image/scene.js";
import { type PictureLimits, type PlanarImage, rowsOf } from "../../pictures/planar.js";
import { nameOf, readChunks } from "../files/read.js";
import type { Size } from "../options/parse.js";
import { crop, planesOf, type RowImage, rowImage } from "./rows.js";

const SCENE = { size: 224, seed: 1 };

/** Of a picture that is kept as a whole. */
const WHOLE: PictureLimits = { pixels: 64e6 };

/** Row by row. Without a path, the built-in scene. */
export async function openRows(
  path: string | undefined,
  size?: Size,
  limits: PictureLimits = {},
): Promise<RowImage> {
  const image = path === undefined ? builtIn() : await readPicture(path, limits);
  if (!size) return image;
  try {
    return crop(path === undefined ? "the built-in scene" : nameOf(path), image, size);
  } catch (error) {
    await image.close();
    throw error;
  }
}

/** All of it. */
export async function openPicture(path: string | undefined, size?: Size): Promise<PlanarImage> {
  const { rows, channels, width, height } = await openRows(path, size, WHOLE);
  return { channels, width, height, planes: await planesOf({ channels, width, height }, rows) };
}

function builtIn(): RowImage {
  const { size, seed } = SCENE;
  const shape = { channels: 3, width: size, height: size } as const;
  return rowImage({ ...shape, rows: rowsOf({ ...shape, planes: scene(size, size, seed) }) });
}

async function readPicture(path: string, limits: PictureLimits): Promise<RowImage> {
  const { readRows } = await import("../../pictures/rows.js");
  return rowImage(await readRows(nameOf(path), readChunks(path), limits));
}
