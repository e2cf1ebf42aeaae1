// The bytes of a kernel's memory by the sum in docs/embedding.md, written from that page alone.

import type { Geometry } from "../src/geometry.js";

const up = (n: number, m: number) => m * Math.ceil(n / m);
const region = (bytes: number) => up(bytes + 16, 32);

/** @param reserve 0, 1 or 2, as the export `reserve` takes it. */
export function memoryBytes(geometry: Geometry, reserve: number): number {
  const { channels, height, width, filters, kernel, stride, padding, pool, switchBytes } = geometry;
  const [planes, pooledHeight, pooledWidth] = geometry.codeShape;
  const [taps, kernelWidth] = kernel;
  const row = up(kernelWidth * channels, 4);

  const vector = up((height + 2 * padding[0]) * (width + 2 * padding[1]) * channels, 8);
  let coarser = 0;
  for (let [h, w] = [height, width]; h > 1 || w > 1; ) {
    [h, w] = [Math.ceil(h / 2), Math.ceil(w / 2)];
    coarser += h * w;
  }
  const prior = vector + 8 + up(coarser * channels, 8);
  const code = up(planes * pooledHeight * pooledWidth, 8);
  const beyond = Math.min(code, up(Math.ceil((channels * height * width) / 2), 8));
  const window = Math.min(pooledWidth * pool[1], Math.max(64, 4 * kernelWidth));

  const positions = pool[0] * pool[1];
  const fast = taps === kernelWidth && [...stride, ...pool].join() === "1,1,2,2";
  const points = fast ? ({ 3: 4, 5: 7, 7: 10 }[taps] ?? 0) : 0;
  const steps = channels * (points > 0 ? points ** 2 : taps * kernelWidth);
  const share = points > 0 ? 1 / 4 : positions < 4 ? 1 / Math.floor(4 / positions) : Math.ceil(positions / 4);
  const most = Math.min(64, Math.max(1, Math.floor(65536 / steps)));
  const batch = Math.min(pooledHeight * pooledWidth, 64, Math.max(1, Math.floor(most / share)));
  const tiles = Math.min(most, Math.ceil(batch * share));
  const records = share > most ? Math.ceil(up(filters, 4) / 8) : batch;

  const sizes = [
    4 * positions,
    4 * filters * taps * row,
    4 * filters * taps * row,
    4 * up(filters, 4) * steps,
    4 * up(filters, 4),
    16 * tiles * steps,
    128 * tiles * Math.max(1, points ** 2),
    512,
    256,
    points > 0 ? 16 * (kernelWidth + 1) ** 2 * channels : 0,
    points > 0 ? 16 * points * Math.max((kernelWidth + 1) * channels, 8 * points) : 0,
    320 * records,
    512 * (planes + 1),
    8192,
    256,
    4 * Math.max(filters * window, positions * (pooledWidth + 3)),
    4 * (Math.ceil(width / 2) + 3) * channels,
    channels <= 32 ? 4 * channels ** 2 : 0,
    4 * code,
    switchBytes * code,
    ...{
      2: [4 * code, 4 * code, 16 * beyond, 4 * vector, 4 * vector, 4 * prior, 4 * prior, 4 * prior],
      1: [0, 0, 0, 4 * vector, 0, 4 * prior, 4 * prior, 4 * prior],
      0: [0, 0, 0, 4 * vector, 0, 0, 4 * vector, 0],
    }[reserve]!,
  ];
  return up(
    sizes.reduce((sum, bytes) => sum + region(bytes), 1024),
    65536,
  );
}
