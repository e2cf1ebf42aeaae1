// What a run has come to, from the worker's answers, one after the other.

import type { Answer, CodeView, Frame, Pixels, Ratios, Summary, Worst } from "../engine/messages.js";

export interface Session {
  readonly running: boolean;
  /** Whether the run was ended before its end. */
  readonly cancelled: boolean;
  /** Whether picture, code and frames are still those of the run before, until this one's come. */
  readonly stale: { readonly code: boolean; readonly frames: boolean };
  readonly picture: Pixels | undefined;
  readonly code: CodeView | undefined;
  /** In the order of their iterations; of a long run every second, fourth, ... one, and always the last. */
  readonly frames: readonly Frame[];
  readonly tiles: { readonly done: number; readonly total: number } | undefined;
  readonly ratios: { readonly now: Ratios; readonly total: number } | undefined;
  readonly worst: Worst | undefined;
  readonly summary: Summary | undefined;
  readonly failure: { readonly code: string; readonly message: string } | undefined;
}

/** Before any run. */
export const IDLE: Session = {
  running: false,
  cancelled: false,
  stale: { code: false, frames: false },
  picture: undefined,
  code: undefined,
  frames: [],
  tiles: undefined,
  ratios: undefined,
  worst: undefined,
  summary: undefined,
  failure: undefined,
};

/** Frames are kept so that one can go back to them: 128 of 160 x 160 are 26 MB. */
const MOST_FRAMES = 128;

/** A run that has just begun; what the one before shows stays until this one has its own. */
export function begin({ picture, code, frames }: Session): Session {
  return { ...IDLE, running: true, stale: { code: true, frames: true }, picture, code, frames };
}

export function advance(session: Session, answer: Answer): Session {
  switch (answer.kind) {
    case "picture":
      return { ...session, picture: answer.pixels };
    case "code":
      return { ...session, code: answer.view, stale: { ...session.stale, code: false } };
    case "frame":
      return {
        ...session,
        frames: keep(session.stale.frames ? [] : session.frames, answer.frame),
        stale: { ...session.stale, frames: false },
      };
    case "tiles":
      return { ...session, tiles: { done: answer.done, total: answer.total } };
    case "ratios":
      return { ...session, ratios: { now: answer.ratios, total: answer.total } };
    case "worst":
      return { ...session, worst: answer.worst };
    case "done":
      // what has not come by now never does, as the code of a file in tiles
      return {
        ...session,
        ...(session.stale.code && { code: undefined }),
        running: false,
        summary: answer.summary,
      };
    case "failed":
      return { ...session, running: false, failure: { code: answer.code, message: answer.message } };
  }
}

export function cancel(session: Session): Session {
  return session.running ? { ...session, running: false, cancelled: true } : session;
}

/** With one more; a run that begins anew, as IHT with another step may, replaces what it had. */
function keep(frames: readonly Frame[], frame: Frame): readonly Frame[] {
  let every = 1;
  while (frame.iteration > every * MOST_FRAMES) every *= 2;
  const kept = frames.filter(({ iteration }) => iteration < frame.iteration && (iteration - 1) % every === 0);
  return [...kept, frame];
}
