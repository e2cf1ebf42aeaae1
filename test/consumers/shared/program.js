// What every consumer runs: a picture through one layer and back, and a digest of the bytes.

/**
 * FNV-1a, 32 bits, in hex, over the code and the picture that comes back: needs no host's help.
 * @param {typeof import("unpool").createLayer} create
 */
export async function digest(create) {
  const layer = await create({
    input: { channels: 3, height: 16, width: 16 },
    filters: 8,
    kernel: 3,
    pool: 2,
  });
  const picture = Float32Array.from({ length: 3 * 16 * 16 }, (_, i) => ((i * 37) % 101) / 128);
  const code = layer.encode(picture);
  const decoded = layer.decode(code);
  layer.dispose();
  let hash = 0x811c9dc5;
  for (const { buffer, byteOffset, byteLength } of [code.values, code.switches, decoded]) {
    for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) {
      hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
    }
  }
  return hash.toString(16).padStart(8, "0");
}

/**
 * Writes the digest where its host shows messages; of a refusal, the code and the sentence.
 * @param {typeof import("unpool").createLayer} create
 */
export async function say(create) {
  try {
    console.log(await digest(create));
  } catch (error) {
    const { name, code, message } = /** @type {import("unpool").UnpoolError} */ (error);
    console.log(`${name} ${code}: ${message}`);
  }
}
