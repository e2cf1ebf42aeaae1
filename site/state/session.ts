// What a run has come to, from the worker's answers, one after the other.

import type { Answer, CodeView, Fact, Frame, Pixels, Ratios, Summary, Worst } from "../engine/messages.js";

export interface Session {
  /** Counts the runs: 1 is the first. */
  readonly run: number;
  readonly running: boolean;
  /** Whether the run was ended before its end. */
  readonly cancelled: boolean;
  /** Whether picture, code and frames are still those of the run before, until this one's come. */
  readonly stale: { readonly picture: boolean; readonly code: boolean; readonly frames: boolean };
  readonly picture: Pixels | undefined;
  readonly code: CodeView | undefined;
  /** In the order of their iterations; of a long run every second, fourth, ... one, and always the last. */
  readonly frames: readonly Frame[];
  readonly tiles: { readonly done: number; readonly total: number } | undefined;
  readonly ratios: { readonly now: Ratios; readonly total: number } | undefined;
  readonly worst: Worst | undefined;
  /** What an opened file says of itself. */
  readonly file: readonly Fact[] | undefined;
  readonly summary: Summary | undefined;
  readonly failure: { readonly code: string; readonly message: string } | undefined;
}

/** Before any run. */
export const IDLE: Session = {
  run: 0,
  running: false,
  cancelled: false,
  stale: { picture: false, code: false, frames: false },
  picture: undefined,
  code: undefined,
  frames: [],
  tiles: undefined,
  ratios: undefined,
  worst: undefined,
  file: undefined,
  summary: undefined,
  failure: undefined,
};

/** Frames are kept so that one can go back to them, at most so many and so many bytes of pixels. */
const MOST_FRAMES = 128;
const MOST_BYTES = 2 ** 26;

/**
 * A run that has just begun. Of the same picture, what the one before shows stays until this one has its own, so that
 * nothing flickers while a slider is drawn.
 */
export function begin({ run, picture, code, frames }: Session, samePicture = true): Session {
  const begun = { ...IDLE, run: run + 1, running: true };
  const stale = { picture: true, code: true, frames: true };
  return samePicture ? { ...begun, stale, picture, code, frames } : begun;
}

/** Answers that come when the run has ended, as after a cancel, are not heard. */
export function advance(session: Session, answer: Answer): Session {
  if (!session.running) return session;
  const { stale } = session;
  switch (answer.kind) {
    case "picture":
      return { ...session, picture: answer.pixels, stale: { ...stale, picture: false } };
    case "code":
      return { ...session, code: answer.view, stale: { ...stale, code: false } };
    case "frame": {
      const frames = keep(stale.frames ? [] : session.frames, answer.frame);
      return { ...session, frames, stale: { ...stale, frames: false } };
    }
    case "tiles":
      return { ...session, tiles: { done: answer.done, total: answer.total } };
    case "file":
      return { ...session, file: answer.facts };
    case "ratios":
      return { ...session, ratios: { now: answer.ratios, total: answer.total } };
    case "worst":
      return { ...session, worst: answer.worst };
    case "done":
      return { ...ended(session), summary: answer.summary };
    case "failed":
      return { ...ended(session), failure: { code: answer.code, message: answer.message } };
  }
}

export function cancel(session: Session): Session {
  return session.running ? { ...ended(session), cancelled: true } : session;
}

/** What has not come by now never does: nothing of the run before is left. */
function ended(session: Session): Session {
  const { stale } = session;
  return {
    ...session,
    running: false,
    stale: IDLE.stale,
    ...(stale.picture && { picture: undefined }),
    ...(stale.code && { code: undefined }),
    ...(stale.frames && { frames: [] }),
  };
}

/** With one more; a run that begins anew, as IHT with another step may, replaces what it had. */
function keep(frames: readonly Frame[], frame: Frame): readonly Frame[] {
  const bytes = frame.pixels.data.length + (frame.difference?.data.length ?? 0);
  const most = Math.min(MOST_FRAMES, Math.max(1, Math.floor(MOST_BYTES / bytes)));
  let every = 1;
  while (frame.iteration > every * most) every *= 2;
  const kept = frames.filter(({ iteration }) => iteration < frame.iteration && (iteration - 1) % every === 0);
  return [...kept, frame];
}
