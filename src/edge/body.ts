// A request's body, read and counted: its bytes, or a refusal that is as early as can be.

import { UnpoolError } from "../errors.js";
import type { Clock } from "./clock.js";
import { within } from "./limits.js";
import type { Reservation } from "./memory.js";
import { Problem } from "./problems.js";

/**
 * @throws UnpoolError "too-large"; Problem "slow-body", "aborted", "busy-service", "unsupported-type".
 */
export async function readBody(
  request: Request,
  mostBytes: number,
  clock: Clock,
  memory: Reservation,
): Promise<Uint8Array<ArrayBuffer>> {
  const encoding = request.headers.get("Content-Encoding");
  if (encoding && encoding.toLowerCase() !== "identity") {
    throw new Problem("unsupported-type", `the body is encoded as ${encoding}; send it as it is`);
  }
  const announced = announcedLength(request);
  if (announced !== undefined) within(mostBytes, announced, `the body is announced as ${announced} bytes`);
  if (!request.body) return new Uint8Array(0);
  return new Gathering(mostBytes, announced, memory).from(request.body, clock);
}

function announcedLength(request: Request): number | undefined {
  const text = request.headers.get("Content-Length");
  if (text === null) return undefined;
  if (!/^\d{1,15}$/.test(text)) {
    throw new UnpoolError(
      "invalid-option",
      `Content-Length is ${JSON.stringify(text)}; it must be a number of bytes`,
    );
  }
  return Number(text);
}

/** A length that is announced is believed up to here, and makes room at once; beyond, room doubles as bytes come. */
const BELIEVED = 2 ** 22;
/** The first room where nothing is announced. */
const FIRST_ROOM = 65536;

/** Bytes as they arrive. */
class Gathering {
  #bytes = new Uint8Array(0);
  #length = 0;

  constructor(
    private readonly most: number,
    private readonly announced: number | undefined,
    private readonly memory: Reservation,
  ) {}

  async from(stream: ReadableStream<Uint8Array>, clock: Clock): Promise<Uint8Array<ArrayBuffer>> {
    const reader = stream.getReader();
    const { interrupted, forget } = clock.interruption("slow-body");
    try {
      for (;;) {
        const { done, value } = await Promise.race([reader.read().catch(brokenOff), interrupted]);
        if (done) break;
        this.#add(value);
        // a body that comes in very many pieces never waits for the timer
        clock.check("slow-body");
      }
    } catch (error) {
      // not awaited: a source that hangs may hang here, too
      reader.cancel().catch(() => {});
      throw error;
    } finally {
      forget();
    }
    if (this.announced !== undefined && this.#length !== this.announced) {
      throw this.#otherLength(String(this.#length));
    }
    return this.#bytes.subarray(0, this.#length);
  }

  #otherLength(arrived: string): Problem {
    return new Problem("aborted", `the body is announced as ${this.announced} bytes, and ${arrived} arrived`);
  }

  #add(piece: Uint8Array): void {
    const length = this.#length + piece.byteLength;
    within(this.most, length, `the body has ${length} bytes or more`);
    if (length > (this.announced ?? this.most)) throw this.#otherLength(`${length} or more`);
    if (length > this.#bytes.length) this.#grow(length);
    this.#bytes.set(piece, this.#length);
    this.#length = length;
  }

  #grow(length: number): void {
    const size = this.#bytes.length;
    const first = Math.min(this.announced ?? FIRST_ROOM, BELIEVED);
    const room = Math.max(length, Math.min(this.announced ?? this.most, Math.max(first, 2 * size)));
    this.memory.take(room, "the body");
    const grown = new Uint8Array(room);
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.memory.give(size);
  }
}

function brokenOff(): never {
  throw new Problem("aborted", "the body broke off before its end");
}
