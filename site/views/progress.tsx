// How far a run is, and what ends it, or has it begin again.

import type { Run } from "./use-run.js";

interface Props {
  run: Run;
  /** 0 to 1; undefined where nobody knows. */
  share: number | undefined;
  /** What it is at. */
  note?: string | undefined;
}

export function Progress({ run: { session, cancel, again }, share, note }: Props) {
  const { running, cancelled } = session;
  // one button, which keeps the focus when it was pressed
  return (
    <div class="progress">
      <button type="button" onClick={running ? cancel : again}>
        {running ? "Cancel" : "Run again"}
      </button>
      <progress
        value={share === undefined ? undefined : Math.min(1, share)}
        aria-label="Progress"
        hidden={!running}
      />
      {running && note && <p class="caption">{note}</p>}
      {cancelled && <p class="caption">Cancelled: this is what there was by then.</p>}
    </div>
  );
}
