// Which blocks of the code under test have run, as V8 counts them: an input that reaches a new one is worth keeping.

import { type Profiler, Session } from "node:inspector";

export class Coverage {
  readonly #session = new Session();
  readonly #seen = new Set<string>();
  readonly #isUnderTest: (url: string) => boolean;

  /** Of scripts whose address `isUnderTest` accepts. */
  constructor(isUnderTest: (url: string) => boolean) {
    this.#isUnderTest = isUnderTest;
    this.#session.connect();
    this.#session.post("Profiler.enable");
    // each block is told of once, when it first runs: cheap once most have
    this.#session.post("Profiler.startPreciseCoverage", { callCount: false, detailed: true });
  }

  /** Blocks seen so far. */
  get blocks(): number {
    return this.#seen.size;
  }

  /** Whether a block has run since the last call that had never run before. */
  grew(): boolean {
    const before = this.#seen.size;
    for (const { url, functions } of this.#take()) {
      if (!this.#isUnderTest(url)) continue;
      for (const { ranges } of functions) {
        for (const { count, startOffset, endOffset } of ranges) {
          if (count > 0) this.#seen.add(`${url}:${startOffset}-${endOffset}`);
        }
      }
    }
    return this.#seen.size > before;
  }

  #take(): Profiler.ScriptCoverage[] {
    let scripts: Profiler.ScriptCoverage[] = [];
    // within one thread the answer comes before post returns
    this.#session.post("Profiler.takePreciseCoverage", (error, answer) => {
      if (error) throw error;
      scripts = answer.result;
    });
    return scripts;
  }
}
