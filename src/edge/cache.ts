// Layers by their specification: a warm request draws no filters. What was used least recently goes first.

import { UnpoolError } from "../errors.js";
import { type LayerSpec, resolveGeometry } from "../geometry.js";
import type { Layer, Layers } from "../layer.js";
import type { Network, Networks } from "../network/network.js";
import { estimateNetworkMemory, type NetworkSpec } from "../network/spec.js";
import { Problem } from "./problems.js";

/** What decodes. */
export type Codec = Layer | Network;

/** A layer for as long as it is needed: release it, and it stays for others or is disposed. */
export interface Lease<C> {
  readonly codec: C;
  release(): void;
}

interface Entry {
  readonly bytes: number;
  readonly codec: Promise<Codec>;
  /** Requests that hold it now. */
  users: number;
}

/**
 * Calls of a layer neither wait nor leave anything behind that the next one reads, so requests that take turns at
 * their awaits may share one; it is disposed only when nobody holds it.
 */
export class LayerCache {
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry>();
  #idleBytes = 0;

  /** @param bytes of layers that nobody uses at the moment. */
  constructor(
    private readonly maker: Layers & Networks,
    private readonly bytes: number,
  ) {}

  /** Bytes of the layers that are kept for later. */
  get idleBytes(): number {
    return this.#idleBytes;
  }

  /** Number of layers, used and kept. */
  get size(): number {
    return this.#entries.size;
  }

  /** Rejects as createLayer does; with Problem "busy-service" where the host has no memory left. */
  lease(spec: LayerSpec): Promise<Lease<Layer>>;
  lease(spec: LayerSpec | NetworkSpec): Promise<Lease<Codec>>;
  async lease(spec: LayerSpec | NetworkSpec): Promise<Lease<Layer & Network>> {
    const key = keyOf(spec);
    const entry = this.#entries.get(key) ?? this.#create(spec);
    // to the end of the queue
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (entry.users === 0) this.#idleBytes -= entry.bytes;
    entry.users += 1;
    try {
      // a layer for its own specification, a network for its own: the two signatures say so
      const codec = (await entry.codec) as Layer & Network;
      return { codec, release: once(() => this.#release(entry)) };
    } catch (error) {
      // whoever waited for this one hears the same; the next request tries again
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      if (error instanceof UnpoolError && error.code === "too-large") {
        throw new Problem("busy-service", error.message, { "Retry-After": "1" });
      }
      throw error;
    }
  }

  #create(spec: LayerSpec | NetworkSpec): Entry {
    const network = "layers" in spec;
    const bytes = network ? estimateNetworkMemory(spec) : resolveGeometry(spec).memoryBytes;
    this.#idleBytes += bytes;
    return {
      bytes,
      codec: network ? this.maker.createNetwork(spec) : this.maker.createLayer(spec),
      users: 0,
    };
  }

  #release(entry: Entry): void {
    entry.users -= 1;
    if (entry.users > 0) return;
    this.#idleBytes += entry.bytes;
    for (const [key, { bytes, codec, users }] of this.#entries) {
      if (this.#idleBytes <= this.bytes) return;
      if (users > 0) continue;
      this.#entries.delete(key);
      this.#idleBytes -= bytes;
      codec.then((made) => made.dispose());
    }
  }
}

function keyOf(spec: LayerSpec | NetworkSpec): string {
  // a file's header writes every default out; a specification from parameters does not
  if ("layers" in spec) return JSON.stringify(spec);
  const { seed = 0, unitNorm = false } = spec;
  return JSON.stringify({ ...resolveGeometry(spec), seed, unitNorm });
}

function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (!done) run();
    done = true;
  };
}
