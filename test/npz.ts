// A plain reader of .npz files, by the descriptions of the two formats and without the code that writes them.

import * as assert from "uvu/assert";

export interface Entry {
  description: string;
  shape: number[];
  data: Uint8Array;
}

/** The uncompressed files of a zip, by its central directory; local headers must agree with it. */
export function unzip(bytes: Uint8Array): Record<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (at: number, length: number) => Buffer.from(bytes.subarray(at, at + length)).toString("utf8");
  const end = bytes.length - 22;
  assert.is(view.getUint32(end, true), 0x06054b50);
  const files: Record<string, Uint8Array> = {};
  let at = view.getUint32(end + 16, true);
  for (let count = view.getUint16(end + 10, true); count > 0; --count) {
    assert.is(view.getUint32(at, true), 0x02014b50);
    const [method, size, nameLength] = [
      view.getUint16(at + 10, true),
      view.getUint32(at + 24, true),
      view.getUint16(at + 28, true),
    ];
    const local = view.getUint32(at + 42, true);
    assert.is(method, 0);
    assert.is(view.getUint32(local, true), 0x04034b50);
    assert.is(view.getUint32(local + 18, true), size, "readers without the directory need the size here");
    const name = text(at + 46, nameLength);
    assert.is(text(local + 30, nameLength), name);
    const data = local + 30 + nameLength + view.getUint16(local + 28, true);
    files[name] = Uint8Array.from(bytes.subarray(data, data + size));
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return files;
}

export function readNpy(bytes: Uint8Array): Entry {
  assert.equal([...bytes.subarray(0, 8)], [0x93, ...Buffer.from("NUMPY"), 1, 0]);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint16(8, true);
  assert.is((10 + length) % 64, 0, "numbers begin aligned");
  const header = Buffer.from(bytes.subarray(10, 10 + length)).toString("latin1");
  const match = /^\{'descr': '([^']+)', 'fortran_order': False, 'shape': \(([^)]*)\), \} *\n$/.exec(header);
  assert.ok(match, header);
  const shape = match[2]!.split(",").filter((size) => size.trim() !== "");
  return { description: match[1]!, shape: shape.map(Number), data: bytes.slice(10 + length) };
}

/** An array without axes of one string. */
export function textOf({ description, shape, data }: Entry): string {
  assert.equal(shape, []);
  assert.is(description, `<U${data.length / 4}`);
  return String.fromCodePoint(...new Uint32Array(data.buffer));
}
