// .unp files: what is accepted is a code that its layer takes and that is written and read again the same; all else is refused.

import { Reader } from "../../../src/code/bytes.js";
import {
  parse as parseAny,
  parseSync,
  serialise,
  serialiseSync,
  writeCodes,
} from "../../../src/code/index.js";
import { readMask } from "../../../src/code/mask.js";
import type { CodeFile } from "../../../src/code/read.js";
import { estimateMemory, type LayerSpec } from "../../../src/geometry.js";
import { scene } from "../../../src/image/scene.js";
import type { Code } from "../../../src/layer.js";
import { estimateNetworkMemory, type NetworkSpec } from "../../../src/network/spec.js";
import { crc32 } from "../../crc32.js";
import { simd } from "../../support.js";
import type { Random } from "../random.js";
import { attempt, inChunks, nameOf, type Target } from "../target.js";

/** A little more than the seeds need: what announces more must not cost memory. */
const LIMITS = { bytes: 1 << 18, values: 1 << 16, layers: 4, pixels: 1 << 14, tiles: 64, memory: 1 << 25 };

const FRONT = 10;
const [TYPE_AND_LENGTH, CRC] = [5, 4];

export const parse: Target = { seeds, split, join, run };

async function seeds(): Promise<Uint8Array[]> {
  const input = { channels: 3, height: 12, width: 10 };
  const x = scene(10, 12, 1);
  const files: Uint8Array[] = [];
  const layer = (spec: LayerSpec) => ({ spec, layer: simd.createLayerSync(spec) });

  const plain = layer({ input, filters: 3, kernel: 3, padding: 1, pool: 2, seed: 7 });
  const code = plain.layer.encode(x);
  for (const values of ["float32", "float16", "int8", "int6", "int4"] as const) {
    files.push(serialiseSync(code, plain.spec, { values, colour: "rgb" }));
  }
  files.push(await serialise(code, plain.spec, { deflate: true, values: "int8" }));

  const positive = layer({ input, filters: 4, kernel: 3, pool: [2, 3], rectifier: "crelu" });
  files.push(serialiseSync(positive.layer.encode(x), positive.spec, { values: "int8" }));
  const few: Code = plain.layer.sparsify(x, { k: 5 });
  files.push(serialiseSync({ ...few, kind: "sparse" }, plain.spec));

  const signal = layer({
    input: { channels: 2, length: 40 },
    filters: 5,
    kernel: 4,
    pool: "global",
    stride: 3,
  });
  files.push(serialiseSync(signal.layer.encode(new Float32Array(80).fill(0.5)), signal.spec));
  const given = layer({ input, filters: 1, kernel: 2, weights: new Float32Array(12).fill(0.25) });
  files.push(serialiseSync(given.layer.encode(x), given.spec));

  const tiles: Uint8Array[] = [];
  const image = { height: 20, width: 16, overlap: 4 };
  const codes = Array.from({ length: 4 }, () => code);
  for await (const chunk of writeCodes(plain.spec, codes, { image, values: "int4" })) tiles.push(chunk);
  files.push(Uint8Array.from(Buffer.concat(tiles)));

  const stack: NetworkSpec = {
    input,
    layers: [
      {
        filters: 3,
        kernel: 3,
        padding: 1,
        rectifier: "relu",
        pool: { type: "max", size: 3, stride: 2, ceil: true },
      },
      { filters: 2, kernel: 3, rectifier: "relu", pool: 2, bias: new Float32Array(2).fill(-0.1) },
    ],
  };
  files.push(serialiseSync(simd.createNetworkSync(stack).encode(x), stack, { values: "float16" }));
  return files;
}

/** The front, and of each section its type and payload. */
function split(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts = [bytes.slice(0, FRONT)];
  for (let at = FRONT; at + TYPE_AND_LENGTH + CRC <= bytes.length; ) {
    const end = at + TYPE_AND_LENGTH + view.getUint32(at + 1, true);
    if (end + CRC > bytes.length) break;
    parts.push(Uint8Array.from([bytes[at]!, ...bytes.subarray(at + TYPE_AND_LENGTH, end)]));
    at = end + CRC;
  }
  return parts;
}

function join([front, ...sections]: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat([front!, ...sections.map(sealed)]));
}

function sealed(part: Uint8Array): Uint8Array {
  if (part.length === 0) return part;
  const whole = Buffer.alloc(part.length + 4 + CRC);
  whole[0] = part[0]!;
  whole.writeUInt32LE(part.length - 1, 1);
  whole.set(part.subarray(1), TYPE_AND_LENGTH);
  whole.writeUInt32LE(crc32(whole.subarray(0, -CRC)), whole.length - CRC);
  return whole;
}

async function run(bytes: Uint8Array, random: Random): Promise<string> {
  await checkMask(bytes.subarray(random.below(bytes.length)), random);
  const whole = await attempt(() => parseSync(bytes, LIMITS));
  // what is compressed is not read at once; of the rest one in eight comes in chunks, too, and must end the same
  const compressed = whole === "unsupported";
  const end =
    compressed || random.once(8) ? await attempt(() => parseAny(inChunks(bytes, random), LIMITS)) : whole;
  if (!compressed && nameOf(end) !== nameOf(whole)) {
    throw new Error(`whole: ${nameOf(whole)}; in chunks: ${nameOf(end)}`);
  }
  if (typeof end !== "string") await check(end);
  return nameOf(end);
}

/** That any bytes as a mask are refused, or mark just as many entries as the mask says it stores. */
async function checkMask(bytes: Uint8Array, random: Random): Promise<void> {
  const masked = Uint8Array.from([random.below(5), ...bytes.subarray(0, 64)]);
  const mask = await attempt(() => readMask(new Reader(masked, "the mask"), random.below(200)));
  if (typeof mask === "string" || !mask.stored) return;
  const marked = mask.stored.reduce((sum, one) => sum + one, 0);
  if (mask.stored.length !== mask.length || marked !== mask.count) {
    throw new Error(`the mask marks ${marked} of ${mask.stored.length} entries, and says ${mask.count}`);
  }
}

/** That a file which was accepted is within the limits, is a code of its layer, and survives being written. */
async function check({ spec, codes, deflate, ...header }: CodeFile): Promise<void> {
  const memory = "layers" in spec ? estimateNetworkMemory(spec) : estimateMemory(spec);
  const numbers = codes.reduce((sum, { code }) => {
    const switches = Array.isArray(code.switches) ? code.switches : [code.switches];
    return switches.reduce((total, { length }) => total + length, sum + code.values.length);
  }, 0);
  if (memory > LIMITS.memory || numbers > LIMITS.values || codes.length > LIMITS.tiles) {
    throw new Error(`${memory} bytes, ${numbers} numbers, ${codes.length} codes`);
  }
  const loose = codes.findIndex(
    ({ code, noise }) => !(noise >= 0 && Number.isFinite(noise) && code.values.every(Number.isFinite)),
  );
  if (loose >= 0) throw new Error(`code ${loose} has a number or a noise that is not finite`);
  if (header.parameters.some((given) => given !== undefined)) return;
  const chunks: Uint8Array[] = [];
  const options = { ...header, values: "float32" as const };
  for await (const chunk of writeCodes(
    spec,
    codes.map(({ code }) => code),
    options,
  ))
    chunks.push(chunk);
  const again = parseSync(Uint8Array.from(Buffer.concat(chunks)), LIMITS);
  again.codes.forEach(({ code }, i) => {
    if (bitsOf(code) !== bitsOf(codes[i]!.code)) throw new Error(`code ${i} is another after it was written`);
  });
}

function bitsOf({ values, switches }: CodeFile["code"]): string {
  const arrays = [values, ...(Array.isArray(switches) ? switches : [switches])];
  return arrays
    .map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("hex"))
    .join();
}
