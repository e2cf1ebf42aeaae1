// The entry that takes a kernel from its host, and hosts that cannot give one.

import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createLayerSync, type LayerSpec, UnpoolError } from "../src/index.js";
import { fromBytes } from "../src/kernel.js";
import { layersOf } from "../src/layer.js";
import { type Foreign, load } from "../src/slim.js";
import { bits, inputLength, numbers, simdBytes } from "./support.js";

const SPEC: LayerSpec = { input: { channels: 1, height: 6, width: 6 }, filters: 3, kernel: 3, pool: 2 };
const expected = values(createLayerSync(SPEC));

function values(layer: ReturnType<typeof createLayerSync>): string {
  return bits(layer.encode(numbers(inputLength(layer))).values);
}

async function refuses(run: () => unknown, ...fragments: (string | RegExp)[]): Promise<void> {
  try {
    await run();
  } catch (error) {
    assert.instance(error, UnpoolError);
    assert.is((error as UnpoolError).code, "unsupported");
    for (const fragment of fragments) assert.match((error as UnpoolError).message, fragment);
    return;
  }
  assert.unreachable("no error");
}

/** Runs with a part of the host replaced, as another host would have it. */
async function without(name: string, replacement: object, run: () => Promise<void>): Promise<void> {
  const host = globalThis as Record<string, unknown>;
  const kept = host[name];
  host[name] = replacement;
  try {
    await run();
  } finally {
    host[name] = kept;
  }
}

test("a module, bytes, a buffer, a response, or a promise of one make the same layers", async () => {
  const module = new WebAssembly.Module(simdBytes);
  const sources: (Foreign | Promise<Foreign>)[] = [
    module,
    Promise.resolve(module),
    simdBytes,
    simdBytes.slice().buffer,
    new Response(simdBytes),
    Promise.resolve(new Response(simdBytes)),
    readFileSync("build/kernel.wasm"),
  ];
  for (const source of sources) {
    const { createLayer, createLayerSync: createSync } = await load(source);
    assert.is(values(await createLayer(SPEC)), expected);
    assert.is(values(createSync(SPEC)), expected);
  }
});

test("an instance serves one layer, also after a specification that was refused", async () => {
  const { createLayer } = await load(new WebAssembly.Instance(new WebAssembly.Module(simdBytes)));
  let message = "";
  await createLayer({ ...SPEC, kernel: 99 }).catch((error) => {
    message = error.message;
  });
  assert.match(message, "99 x 99");
  assert.is(values(await createLayer(SPEC)), expected);
  await refuses(() => createLayer(SPEC), "belongs to a layer already");
});

test("truncated, foreign and failed kernels are refused by what they are", async () => {
  const empty = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
  await refuses(() => load(simdBytes.slice(0, 900)), "900 bytes are no valid module");
  await refuses(() => load(new TextEncoder().encode("<!doctype html>")), "15 bytes are no valid module");
  await refuses(() => load(new Response("", { status: 404 })), "answered 404");
  await refuses(() => load("kernel.wasm" as unknown as Foreign), "String");
  await refuses(() => load(undefined as unknown as Foreign), "Undefined");
  const { createLayer } = await load(empty);
  await refuses(() => createLayer(SPEC), "not the kernel of this version");
  // a module that imports cannot be instantiated
  const importing = Uint8Array.of(...empty, 1, 4, 1, 96, 0, 0, 2, 7, 1, 1, 97, 1, 98, 0, 0);
  await refuses(() => load(importing), "cannot be instantiated");
});

test("a host without WebAssembly, without SIMD, or under a strict policy says which it is", async () => {
  const fresh = () => layersOf(fromBytes(simdBytes));
  const { validate } = WebAssembly;
  const failing = (message: string, host: object) => ({
    Module: class {
      constructor() {
        throw new WebAssembly.CompileError(message);
      }
    },
    compile: () => Promise.reject(new WebAssembly.CompileError(message)),
    CompileError: WebAssembly.CompileError,
    validate,
    ...host,
  });
  const refusesBoth = async (fragment: string) => {
    await refuses(() => fresh().createLayer(SPEC), fragment);
    await refuses(() => fresh().createLayerSync(SPEC), fragment);
  };
  await without("WebAssembly", undefined as unknown as object, () => refusesBoth("no WebAssembly"));
  const old = failing("invalid opcode 0xfd", { validate: () => false });
  await without("WebAssembly", old, () => refusesBoth("no SIMD"));
  const strict = failing("Wasm code generation disallowed by embedder", {});
  await without("WebAssembly", strict, () => refusesBoth("'wasm-unsafe-eval'"));
});

test("a creation that failed does not spoil the next, nor those that ran beside it", async () => {
  const { createLayer } = layersOf(fromBytes(simdBytes));
  const busy = { ...WebAssembly, compile: () => Promise.reject(new Error("not now")) };
  await without("WebAssembly", busy, async () => {
    await Promise.all([1, 2, 3].map(() => refuses(() => createLayer(SPEC), "not now")));
  });
  const layers = await Promise.all([1, 2, 3].map(() => createLayer(SPEC)));
  assert.equal(layers.map(values), [expected, expected, expected]);
});

test.run();
