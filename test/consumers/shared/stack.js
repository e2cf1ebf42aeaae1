// A stack of layers, where `unpool/network` is found: beside program.js, whose digest it returns.
import { digest } from "./program.js";

/**
 * Refuses to go on if a network of one layer gives another code than that layer, or a stack does not come back.
 * @param {Pick<typeof import("unpool/network"), "createLayer" | "createNetwork">} entry
 */
export async function digestWithNetwork({ createLayer, createNetwork }) {
  const input = { channels: 3, height: 16, width: 16 };
  const spec = { filters: 24, kernel: 3, pool: 2 };
  const picture = Float32Array.from({ length: 3 * 16 * 16 }, (_, i) => ((i * 37) % 101) / 128);
  const layer = await createLayer({ input, ...spec });
  const one = await createNetwork({ input, layers: [spec] });
  const { values } = layer.encode(picture);
  if (one.encode(picture).values.some((value, i) => value !== values[i])) throw new Error("another code");

  const wide = { filters: 12, kernel: 3, padding: 1 };
  const stack = await createNetwork({ input, layers: [wide, { ...wide, filters: 48, pool: 2 }] });
  const decoded = stack.decode(stack.encode(picture), { iterations: 300 });
  const error = Math.max(...decoded.map((value, i) => Math.abs(value - picture[i])));
  if (!(error < 1e-3)) throw new Error(`a stack comes back with an error of ${error}`);
  for (const made of [layer, one, stack]) made.dispose();
  return digest(createLayer);
}
