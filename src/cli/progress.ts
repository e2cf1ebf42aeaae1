// A progress bar on standard error: only on a terminal, only for a job that lasts over a second.

import { SingleBar } from "cli-progress";

/** Whom a job tells how far it is. */
export interface Steps {
  /** There will be so many steps, all in all. */
  expect(total: number): void;
  /** Goes on to a stage of so many steps; what the last one left out counts as done. */
  stage(label: string, steps?: number): void;
  /** So many steps of the stage are done. */
  at(step: number): void;
}

/** For one job of many. */
export const UNSEEN: Steps = { expect() {}, stage() {}, at() {} };

const PATIENCE = 1000; // milliseconds

export class Progress implements Steps {
  #total = 1;
  readonly #start = performance.now();
  #bar: SingleBar | undefined;
  #label = "";
  #done = 0;
  #stage = 0;

  expect(total: number): void {
    this.#total = total;
    this.#bar?.setTotal(total);
  }

  stage(label: string, steps = 1): void {
    this.#label = label;
    this.#done += this.#stage;
    this.#stage = steps;
    this.at(0);
  }

  at(step: number): void {
    if (!this.#bar && process.stderr.isTTY && performance.now() - this.#start > PATIENCE) {
      this.#bar = new SingleBar({
        format: "  {bar} {percentage}%  {label}",
        barCompleteChar: "█",
        barIncompleteChar: "░",
        barsize: 32,
        clearOnComplete: true,
        linewrap: true, // "false" would change the terminal, and Ctrl-C would leave it changed
        gracefulExit: false, // a listener would keep Ctrl-C waiting for the solver
      });
      this.#bar.start(this.#total, this.#done + step, { label: this.#label });
    }
    this.#bar?.update(this.#done + step, { label: this.#label });
  }

  /** Takes the bar away; a later step brings it back. */
  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}
