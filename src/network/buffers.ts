// The network's own memory, beside the linear memory of its kernels: one buffer, handed out once.

export class Buffers {
  readonly #buffer: ArrayBuffer;
  #end = 0;

  constructor(bytes: number) {
    this.#buffer = new ArrayBuffer(bytes);
  }

  take(floats: number): Float32Array {
    const start = this.#end;
    this.#end += 4 * floats;
    return new Float32Array(this.#buffer, start, floats);
  }
}
