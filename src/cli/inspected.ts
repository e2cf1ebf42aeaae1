// What unpool inspect shows of a file.

import { count, mebibytes, percent, shape } from "./format.js";
import type { Inspected, InspectedLayer } from "./inspect.js";
import { factLines, framed, quietTable } from "./lines.js";
import { typedSize } from "./options/layer.js";

export function renderInspected(name: string, file: Inspected): string {
  return framed([
    ...factLines(factsOf(name, file)),
    "",
    ...quietTable(["part", "bytes", "share", "bits a number"], partRows(file), [0]),
  ]);
}

function factsOf(name: string, file: Inspected): [name: string, text: string][] {
  const { version, image, tiles, layers, memoryBytes, noise, codeLength, kind, zeros } = file;
  const { channels, height, width } = image;
  const facts: [string, string][] = [
    ["file", `${name}, .unp version ${version}, ${count(file.bytes)} bytes`],
    [file.colour ? "picture" : "input", pictureText(file)],
    ["numbers", `${shape([channels, height, width])} = ${count(file.pixelBytes)} (N)`],
  ];
  if (tiles) {
    facts.push([
      "tiles",
      `${count(tiles.count)} of ${tiles.height} x ${tiles.width}, overlap ${tiles.overlap}`,
    ]);
  }
  layers.forEach((layer, i) => {
    facts.push([layers.length === 1 ? "layer" : `layer ${i}`, layerText(layer)]);
  });
  const errors = noise > 0 ? `, errors of ${noise.toPrecision(2)} at most` : ", exact";
  facts.push(
    ["values", `${file.values}${errors}`],
    [
      "code",
      `${kind}, ${count(codeLength)} numbers (m), m/N = ${file.measurements.toFixed(2)}, ${count(zeros)} of them 0`,
    ],
    ["decoding", `takes ${mebibytes(memoryBytes)} of kernel memory${tiles ? " for each tile at once" : ""}`],
    ["checks", `CRC-32 of ${count(file.checksums)} sections: all right`],
  );
  return facts;
}

function pictureText({ image, colour, range }: Inspected): string {
  if (!colour) return `no picture, as far as the file says`;
  const [low, high] = range ?? [0, 1];
  return `${image.width} x ${image.height}, ${colour === "grey" ? "grey" : "colour"}, black ${low}, white ${high}`;
}

function layerText({
  filters,
  kernel,
  stride,
  padding,
  pool,
  rectifier,
  seed,
  unitNorm,
  given,
}: InspectedLayer) {
  const pair = (size: unknown) => size as readonly [number, number];
  const pooling =
    typeof pool === "object" && "type" in pool
      ? `${pool.type} over ${shape(pair(pool.size))}, step ${typedSize(pair(pool.stride))}`
      : `pool ${shape(pair(pool))}`;
  const drawn = seed === undefined ? [] : [`seed ${seed}${unitNorm ? ", unit norm" : ""}`];
  const names = (["weights", "bias", "normalise"] as const).filter((name) => given?.[name]);
  const arrays = given ? [`${names.join(", ")} of SHA-256 ${given.sha256}`] : [];
  return [
    `${filters} filters of ${shape(pair(kernel))}, stride ${typedSize(pair(stride))}, padding ${typedSize(pair(padding))}`,
    ...drawn,
    ...(rectifier === "none" ? [] : [rectifier!]),
    pooling,
    ...arrays,
  ].join(", ");
}

function partRows(file: Inspected): string[][] {
  const { parts, plainBytes, bytes, pixelBytes, codeLength, deflate } = file;
  const row = (name: string, size: number) => [
    name,
    count(size),
    percent(size / plainBytes),
    ((8 * size) / codeLength).toFixed(2),
  ];
  return [
    ...Object.entries(parts).map(([name, size]) => row(name, size)),
    row(deflate ? "before deflate" : "all", plainBytes),
    ...(deflate ? [row("file", bytes)] : []),
    [...row("raw pixels", pixelBytes).slice(0, 3), ""],
  ];
}
