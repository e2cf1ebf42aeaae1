// The network's own memory, beside the linear memory of its kernels: one buffer, handed out once.

import { UnpoolError } from "../errors.js";

export class Buffers {
  readonly #buffer: ArrayBuffer;
  #end = 0;

  constructor(bytes: number) {
    try {
      this.#buffer = new ArrayBuffer(bytes);
    } catch (cause) {
      throw new UnpoolError(
        "too-large",
        `this host refused the ${(bytes / 2 ** 20).toFixed(1)} MiB of memory that the network needs beside its layers`,
        { cause },
      );
    }
  }

  take(floats: number): Float32Array {
    const start = this.#end;
    this.#end += 4 * floats;
    return new Float32Array(this.#buffer, start, floats);
  }
}
