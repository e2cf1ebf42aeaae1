// The kernel from whatever a host has of it.

import { UnpoolError } from "./errors.js";
import { fromBytes, fromInstance, fromModule, type KernelSource } from "./kernel.js";
import { type Layers, layersOf } from "./layer.js";

/**
 * A compiled WebAssembly.Module, a fresh WebAssembly.Instance (for one layer), the module's bytes, or a Response
 * that carries them. Not by these names: TypeScript has them in the libraries of hosts only, and its Module is an
 * empty interface that every object satisfies.
 */
export type Foreign = object;

/**
 * createLayer and createLayerSync over a kernel of your own: `const { createLayer } = await load(fetch(url))`.
 * Bytes are compiled here, so that what cannot work is refused here. Rejects with UnpoolError "unsupported".
 */
export async function load(source: Foreign | PromiseLike<Foreign>): Promise<Layers> {
  const kernel = await sourceOf(await source);
  return layersOf(kernel);
}

async function sourceOf(source: Foreign): Promise<KernelSource> {
  switch (tagOf(source)) {
    case "WebAssembly.Module":
      return fromModule(source as WebAssembly.Module);
    case "WebAssembly.Instance":
      return fromInstance(source as WebAssembly.Instance);
    case "Response":
      return compiled(await bodyOf(source as Response));
    default:
      if (ArrayBuffer.isView(source) || tagOf(source) === "ArrayBuffer")
        return compiled(source as BufferSource);
      throw new UnpoolError(
        "unsupported",
        `the kernel is ${tagOf(source)}; it must be a WebAssembly.Module, an instance, bytes or a Response`,
      );
  }
}

/** The class by its tag, which holds across realms where instanceof does not. */
function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

async function compiled(bytes: BufferSource): Promise<KernelSource> {
  const source = fromBytes(bytes);
  await source.instance();
  return source;
}

async function bodyOf(response: Response): Promise<ArrayBuffer> {
  if (!response.ok) {
    throw new UnpoolError(
      "unsupported",
      `the kernel could not be fetched: ${response.url || "the response"} answered ${response.status}`,
    );
  }
  return response.arrayBuffer();
}
