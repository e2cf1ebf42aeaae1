// The conformance program: what a layer computes, down to the last bit, as digests. It needs typed arrays, the
// library and nothing else of its host: SHA-256 comes with it.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { reconstruct } from "../../site/engine/reconstruct.js";
import { specOf } from "../../site/state/knobs.js";
import { knobsOf, PRESETS, type Preset } from "../../site/state/presets.js";
import type { LayerSpec } from "../../src/geometry.js";
import { scene } from "../../src/image/scene.js";
import type { Code, Layer } from "../../src/layer.js";
import type { Network, Networks } from "../../src/network/network.js";
import type { NetworkSpec } from "../../src/network/spec.js";
import type { Report } from "../../src/report.js";
import type { SparsifyMethod } from "../../src/sparsify.js";
import { FILTER_SEEDS, NETWORKS, numbers, SPECS } from "./specs.js";

/** Hexadecimal SHA-256 by what was computed; the last entry, "total", is over all before it. */
export type Digests = Record<string, string>;

export async function conformance(
  createLayer: (spec: LayerSpec) => Promise<Layer>,
  createNetwork: Networks["createNetwork"],
): Promise<Digests> {
  const digests: Digests = {};
  for (const seed of FILTER_SEEDS) {
    const input = { channels: 3, height: 5, width: 7 };
    const layer = await createLayer({ input, filters: 61, kernel: [5, 7], seed });
    digests[`filters, seed ${seed}`] = digest(layer.weights);
    layer.dispose();
  }
  for (const [index, [title, spec]] of Object.entries(SPECS).entries()) {
    const layer = await createLayer(spec);
    const number = String(index + 1).padStart(2, "0");
    for (const [part, value] of Object.entries(runLayer(layer, index))) {
      digests[`${number} ${title}: ${part}`] = value;
    }
    layer.dispose();
  }
  for (const [index, [title, spec]] of Object.entries(NETWORKS).entries()) {
    const network = await createNetwork(spec);
    for (const [part, value] of Object.entries(runNetwork(network, spec, index))) {
      digests[`network ${index + 1} ${title}: ${part}`] = value;
    }
    network.dispose();
  }
  for (const preset of PRESETS) {
    digests[`playground: ${preset.name}`] = await runPreset(createLayer, preset);
  }
  const lines = Object.entries(digests).map(([name, value]) => `${name} ${value}\n`);
  digests.total = digest(ascii(lines.join("")));
  return digests;
}

function runLayer(layer: Layer, seed: number): Digests {
  const { channels, height, width } = layer.geometry;
  const x = numbers(channels * height * width, seed);
  const code = layer.encode(x);
  const entries = code.values.length;
  const correlation = channels > 32 ? 0 : 0.4;
  const decode = (options: Parameters<Layer["decode"]>[1]) => [
    layer.decode(code, options),
    ...reportOf(layer.report),
  ];
  const sparsify = (k: number, iterations: number, options: Parameters<Layer["sparsify"]>[1]) => {
    const sparse = layer.sparsify(x, { k, iterations, tolerance: 0, ...options });
    return [...codeOf(sparse), ...reportOf(sparse.report), layer.decode(sparse)];
  };
  const greedy = (method: SparsifyMethod) => sparsify(Math.ceil(entries / 5), 5, { method });
  const l1 = (method: SparsifyMethod) => sparsify(Math.ceil(entries / 2), 24, { method, lambda: 0.1 });
  return {
    encode: digest(...codeOf(code)),
    "encode at switches": digest(...codeOf(layer.encode(x.map(negate), { switches: code.switches }))),
    synthesis: digest(...decode({ method: "synthesis" }), ...decode({ method: "synthesis", scale: 0.75 })),
    "least squares": digest(
      ...decode({ method: "scaled", inequalities: false, iterations: 20, tolerance: 0 }),
    ),
    "least squares, chosen": digest(...decode({ iterations: 24, tolerance: 0 })),
    "least squares, whitened": digest(
      ...decode({ method: "whitened", smoothness: 0.9, correlation, iterations: 16, tolerance: 0 }),
    ),
    "least squares, hybrid, noise": digest(
      ...decode({ method: "hybrid", smoothness: 0.7, noise: 0.01, start: x.map(negate), iterations: 20 }),
    ),
    "least squares, switches unknown": digest(
      ...decode({ switches: "unknown", smoothness: 1, iterations: 30 }),
      Float64Array.of(layer.report.poolResidual),
    ),
    invertibility: digest(ascii(layer.invertibility(code).sentence)),
    "sparsify, step 1": digest(...sparsify(Math.ceil(entries / 7), 3, { method: "iht", step: 1 })),
    "sparsify, step safe": digest(...sparsify(Math.ceil(entries / 3), 6, { method: "iht", step: "safe" })),
    "sparsify, step auto": digest(...sparsify(entries, 4, { method: "iht", step: "auto" })),
    "sparsify, niht": digest(...greedy("niht")),
    "sparsify, htp": digest(...greedy("htp")),
    "sparsify, cgiht": digest(...greedy("cgiht")),
    "sparsify, cosamp": digest(...greedy("cosamp")),
    "sparsify, omp": digest(...greedy("omp")),
    "sparsify, ista": digest(...l1("ista")),
    "sparsify, fista": digest(...l1("fista")),
    "sparsify, algorithm 2": digest(...l1("algorithm-2")),
  };
}

function runNetwork(network: Network, { input }: NetworkSpec, seed: number): Digests {
  const pixels = "length" in input ? input.length : input.height * input.width;
  const x = numbers(input.channels * pixels, seed);
  const code = network.encode(x);
  const decode = (options: Parameters<Network["decode"]>[1]) =>
    digest(network.decode(code, options), ...reportOf(network.report));
  return {
    encode: digest(code.values, ...code.switches),
    activations: digest(...network.activations(x)),
    "least squares": decode({ iterations: 20, tolerance: 0, correlation: 0.4 }),
    "least squares, from a start": decode({ iterations: 5, start: x.map(negate), smoothness: 0.8 }),
    synthesis: decode({ method: "synthesis" }),
    "layer by layer": decode({ method: "layer-by-layer", iterations: 10 }),
  };
}

/** What the playground shows of a preset, by its own code. */
async function runPreset(createLayer: (spec: LayerSpec) => Promise<Layer>, preset: Preset): Promise<string> {
  const knobs = knobsOf(preset);
  const { size } = knobs;
  const layer = await createLayer(specOf(knobs, { height: size, width: size }));
  // presets store values as they are
  const store = (code: Code) => ({ code, noise: 0 });
  const { planes } = reconstruct(layer, scene(size, size, knobs.scene), knobs, { store });
  layer.dispose();
  return digest(planes);
}

function negate(value: number): number {
  return -value;
}

function codeOf({ values, switches }: Code): ArrayBufferView[] {
  return [values, switches];
}

/** Why it stopped, its step and every residual: they are results, too. */
function reportOf({ iterations, stopped, step, residuals }: Report): ArrayBufferView[] {
  // NaN, "this method has no step", has no one bit pattern
  const known = Number.isNaN(step) ? 0 : step;
  return [ascii(stopped), Float64Array.of(iterations, known), residuals];
}

/** One byte a character. */
function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function digest(...arrays: ArrayBufferView[]): string {
  const hash = sha256.create();
  for (const { buffer, byteOffset, byteLength } of arrays) {
    hash.update(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength));
  }
  return bytesToHex(hash.digest());
}
