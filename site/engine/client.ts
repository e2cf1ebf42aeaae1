// The page's end of the worker: one run at a time. To cancel is to end the worker; another starts in milliseconds.

import type { Answer, Request } from "./messages.js";

const WORKER = "worker.js";

export class Client {
  #worker: Worker | undefined;

  /** Runs a request in place of whatever runs. `hear` gets every answer; the last one is "done" or "failed". */
  run(request: Request, hear: (answer: Answer) => void, transfer: Transferable[] = []): void {
    this.cancel();
    const worker = this.#worker ?? this.#start();
    this.#worker = worker;
    const end = (answer: Answer) => {
      worker.onmessage = null;
      worker.onerror = null;
      hear(answer);
    };
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.kind === "done" || data.kind === "failed") end(data);
      else hear(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#stop();
      end({ kind: "failed", code: "fault", message: event.message || "the worker could not be loaded" });
    };
    worker.postMessage(request, transfer);
  }

  /** Ends what runs; no answer comes after. */
  cancel(): void {
    if (this.#worker?.onmessage) this.#stop();
  }

  #start(): Worker {
    return new Worker(WORKER, { type: "module" });
  }

  #stop(): void {
    if (!this.#worker) return;
    this.#worker.onmessage = null;
    this.#worker.terminate();
    this.#worker = undefined;
  }
}
