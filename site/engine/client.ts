// The page's end of the worker: one run at a time. To cancel is to end the worker; another starts in milliseconds.

import type { Answer, Request } from "./messages.js";

/** Its file, named by its content, put here by the build: of another build there is no worker, instead of a wrong one. */
declare const WORKER: string;

export class Client {
  #worker: Worker | undefined;

  /** Runs a request in place of whatever runs. `hear` gets every answer; the last one is "done" or "failed". */
  run(request: Request, hear: (answer: Answer) => void): void {
    this.cancel();
    const worker = this.#worker ?? this.#start();
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const ended = data.kind === "done" || data.kind === "failed";
      // after what should not have happened, nobody knows what state it is in
      if (data.kind === "failed" && data.code === "fault") this.#stop();
      else if (ended) worker.onmessage = null;
      hear(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#stop();
      const message = event.message || "the worker could not be loaded: load the page again";
      hear({ kind: "failed", code: "fault", message });
    };
    worker.postMessage(request);
  }

  /** Ends what runs; no answer comes after. */
  cancel(): void {
    if (this.#worker?.onmessage) this.#stop();
  }

  #start(): Worker {
    this.#worker = new Worker(WORKER, { type: "module" });
    return this.#worker;
  }

  #stop(): void {
    if (!this.#worker) return;
    this.#worker.onmessage = null;
    this.#worker.onerror = null;
    this.#worker.terminate();
    this.#worker = undefined;
  }
}
