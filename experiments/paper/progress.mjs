// The progress line: on standard error, and only where that is a terminal.

import { SingleBar } from "cli-progress";

/** A line that is drawn when there is a terminal to draw on. */
export function progressLine(stream = process.stderr) {
  /** @type {SingleBar | undefined} */
  let bar;
  return {
    /** So much of it is done. */
    at(done, total, what) {
      if (!stream.isTTY) return;
      if (!bar) {
        bar = new SingleBar({
          stream,
          format: "  {bar} {percentage}%  {what}",
          barCompleteChar: "█",
          barIncompleteChar: "░",
          barsize: 32,
          clearOnComplete: true,
          linewrap: true, // "false" would change the terminal, and Ctrl-C would leave it changed
          gracefulExit: false, // a listener would keep Ctrl-C waiting for the kernel
        });
        bar.start(total, done, { what });
      }
      bar.setTotal(total);
      bar.update(done, { what });
    },
    /** Takes the line away; the next step brings it back. */
    stop() {
      bar?.stop();
      bar = undefined;
    },
  };
}
