// Ctrl-C ends the process at once, but never in the middle of writing files.

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** As a shell reports a process that a signal ended. */
const end = (_: NodeJS.Signals, number: number) => process.exit(128 + number);

/**
 * Runs on the main thread what must not be cut short. Listeners keep signals waiting, and with them a solver
 * would too: they are there for this call only.
 */
export async function uninterrupted<T>(run: () => T): Promise<T> {
  for (const signal of SIGNALS) process.on(signal, end);
  try {
    return run();
  } finally {
    // a signal that came meanwhile is delivered between two turns of the event loop
    for (let turn = 0; turn < 2; ++turn) await new Promise(setImmediate);
    for (const signal of SIGNALS) process.off(signal, end);
  }
}

const STOPPED = 0;
const WRITING = 1;
const PATIENCE = 10_000; // milliseconds, for a slow disk

/** What workers go through to write: the main thread, which alone hears signals, closes it and then ends. */
export class Gate {
  readonly cells: Int32Array;

  constructor(cells = new Int32Array(new SharedArrayBuffer(8))) {
    this.cells = cells;
  }

  /** In a worker: runs what must not be cut short; never returns once the gate is closed. */
  pass<T>(run: () => T): T {
    const { cells } = this;
    Atomics.add(cells, WRITING, 1);
    if (Atomics.load(cells, STOPPED) === 1) {
      this.#leave();
      for (;;) Atomics.wait(cells, STOPPED, 1);
    }
    try {
      return run();
    } finally {
      this.#leave();
    }
  }

  /** On the main thread: from now on a signal waits for those inside, and ends the process. */
  guard(): () => void {
    const { cells } = this;
    const load = () => Atomics.load(cells, WRITING);
    const close = (signal: NodeJS.Signals, number: number) => {
      Atomics.store(cells, STOPPED, 1);
      for (let inside = load(); inside > 0; inside = load()) {
        // one that died inside never leaves
        if (Atomics.wait(cells, WRITING, inside, PATIENCE) === "timed-out") break;
      }
      end(signal, number);
    };
    for (const signal of SIGNALS) process.on(signal, close);
    return () => {
      for (const signal of SIGNALS) process.off(signal, close);
    };
  }

  #leave(): void {
    Atomics.sub(this.cells, WRITING, 1);
    Atomics.notify(this.cells, WRITING);
  }
}
