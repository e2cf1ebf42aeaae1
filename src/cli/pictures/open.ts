// The picture that a command is about: a file, standard input or the built-in scene; whole or its centre.

import { scene } from "../../image/scene.js";
import type { PlanarImage } from "../../pictures/planar.js";
import type { Size } from "../options.js";
import { crop } from "./crop.js";

const SCENE = { size: 224, seed: 1 };

/** Without a path, the built-in scene. */
export async function openPicture(
  path: string | undefined,
  title: string,
  size?: Size,
): Promise<PlanarImage> {
  const image = path === undefined ? builtIn() : await (await import("./read.js")).readPicture(path);
  return size ? crop(title, image, size) : image;
}

function builtIn(): PlanarImage {
  const { size, seed } = SCENE;
  return { planes: scene(size, size, seed), channels: 3, width: size, height: size };
}
