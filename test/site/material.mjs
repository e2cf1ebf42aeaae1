// Files that the tests give to the page: made by the project's own code, and some that are broken.

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { serialise } from "../../build/code.js";
import { createLayer } from "../../build/index.js";
import { writePngRows } from "../../build/png-rows.js";
import { scene } from "../../build/scene.js";

const SIZE = { channels: 3, width: 96, height: 64 };

/** @returns files by what they are, each with its name, type, bytes, and path in `folder`; of a code, its digest */
export async function material(folder) {
  mkdirSync(folder, { recursive: true });
  const png = await picture(SIZE);
  const { bytes: unp, digest } = await code();
  const files = {
    picture: { name: "scene.png", type: "image/png", bytes: png },
    wide: { name: "wide.png", type: "image/png", bytes: await picture({ ...SIZE, height: 24 }) },
    text: { name: "text.png", type: "image/png", bytes: Buffer.from("This is no picture.\n") },
    truncatedPicture: { name: "half.png", type: "image/png", bytes: png.subarray(0, png.length >> 1) },
    code: { name: "scene.unp", type: "", bytes: unp, digest },
    truncatedCode: { name: "half.unp", type: "", bytes: unp.subarray(0, unp.length >> 1) },
    empty: { name: "empty.png", type: "image/png", bytes: Buffer.alloc(0) },
  };
  for (const file of Object.values(files)) {
    file.path = resolve(join(folder, file.name));
    writeFileSync(file.path, file.bytes);
  }
  return files;
}

async function picture(size) {
  const { channels, width, height } = size;
  const planes = scene(width, height, 1);
  const rows = Array.from({ length: height }, (_, y) =>
    Float32Array.from(
      { length: channels * width },
      (_, i) => planes[(Math.floor(i / width) * height + y) * width + (i % width)],
    ),
  );
  const pieces = [];
  for await (const piece of writePngRows(size, rows)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** A code, and the digest of what it is decoded to here. */
async function code() {
  const spec = { input: SIZE, filters: 16, kernel: 3, padding: 1, pool: 2 };
  const layer = await createLayer(spec);
  const encoded = layer.encode(scene(SIZE.width, SIZE.height, 1));
  const bytes = Buffer.from(await serialise(encoded, spec));
  const decoded = layer.decode(encoded);
  layer.dispose();
  return { bytes, digest: createHash("sha256").update(new Uint8Array(decoded.buffer)).digest("hex") };
}
