// Back to any step of the run, by hand or by replaying it.

import { useEffect, useState } from "preact/hooks";
import type { Frame } from "../engine/messages.js";

interface Props {
  frames: readonly Frame[];
  /** Index of the frame that is shown. */
  at: number;
  running: boolean;
  onPick: (iteration: number) => void;
}

/** A replay takes about so long, and no frame is shown for less than a screen needs. */
const REPLAY_MILLISECONDS = 4000;
const LEAST_MILLISECONDS = 33;

export function Scrubber({ frames, at, running, onPick }: Props) {
  const [replaying, setReplaying] = useState(false);
  const last = frames.length - 1;
  useEffect(() => {
    if (!replaying) return undefined;
    if (running || at >= last) {
      setReplaying(false);
      return undefined;
    }
    const pause = Math.max(LEAST_MILLISECONDS, REPLAY_MILLISECONDS / frames.length);
    const timer = setTimeout(() => onPick(frames[at + 1]!.iteration), pause);
    return () => clearTimeout(timer);
  }, [replaying, running, at, last, onPick, frames]);

  const replay = () => {
    if (!replaying) onPick(frames[0]!.iteration);
    setReplaying(!replaying);
  };
  const iteration = frames[at]?.iteration ?? 0;
  const most = frames[last]?.iteration ?? 0;
  return (
    <div class="scrubber">
      <button type="button" onClick={replay} disabled={running || last < 1}>
        {replaying ? "Stop" : "Replay"}
      </button>
      <input
        type="range"
        aria-label="Step"
        aria-valuetext={`step ${iteration} of ${most}`}
        min={0}
        max={Math.max(0, last)}
        step={1}
        value={at}
        disabled={last < 1}
        onInput={({ currentTarget }) => {
          setReplaying(false);
          onPick(frames[currentTarget.valueAsNumber]!.iteration);
        }}
      />
      <span>
        step {iteration} of {most}
      </span>
    </div>
  );
}
