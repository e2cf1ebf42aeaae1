// One run after the other: what is asked of the worker, and what comes of it.

import { useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import { Client } from "../engine/client.js";
import type { Answer, Request } from "../engine/messages.js";
import { advance, begin, cancel, IDLE, type Session } from "../state/session.js";

export interface Run {
  readonly session: Session;
  cancel: () => void;
  /** The same once more. */
  again: () => void;
}

type Event = "begin" | "begin with another picture" | "cancel" | readonly Answer[];

/** After a change, before a run: a slider that is drawn changes at every pixel. */
const SETTLE_MILLISECONDS = 60;
/** Answers are shown once a frame of the screen, or after so long where there are no frames, as in the background. */
const HIDDEN_MILLISECONDS = 250;
/** Of answers that wait to be shown: timers may sleep, too. */
const MOST_WAITING = 32;

function reduce(session: Session, event: Event): Session {
  if (event === "begin") return begin(session);
  if (event === "begin with another picture") return begin(session, false);
  if (event === "cancel") return cancel(session);
  return event.reduce(advance, session);
}

/**
 * @param request what is asked; what it throws is a failure of the run.
 * @param picture what the run is of.
 * @param inputs what else it depends on: where one changes, another run begins.
 */
export function useRun(request: () => Request, picture: unknown, inputs: readonly unknown[]): Run {
  const [session, dispatch] = useReducer<Session, Event>(reduce, IDLE);
  const [attempt, setAttempt] = useState(0);
  const client = useMemo(() => new Client(), []);
  const stop = useRef(() => {});
  const last = useRef(picture);

  useEffect(() => {
    let stopped = false;
    const hear = (answers: readonly Answer[]) => stopped || dispatch(answers);
    const start = () => {
      dispatch(last.current === picture ? "begin" : "begin with another picture");
      last.current = picture;
      try {
        client.run(request(), gathered(hear));
      } catch (error) {
        hear([{ kind: "failed", code: "request", message: (error as Error).message }]);
      }
    };
    const timer = setTimeout(start, session.run > 0 ? SETTLE_MILLISECONDS : 0);
    stop.current = () => {
      stopped = true;
      clearTimeout(timer);
      client.cancel();
    };
    return stop.current;
  }, [picture, ...inputs, attempt]);

  return {
    session,
    cancel() {
      stop.current();
      dispatch("cancel");
    },
    again: () => setAttempt(attempt + 1),
  };
}

/** Hands answers on together, once a frame of the screen. */
function gathered(hear: (answers: readonly Answer[]) => void): (answer: Answer) => void {
  let waiting: Answer[] = [];
  const flush = () => {
    if (waiting.length === 0) return;
    const answers = waiting;
    waiting = [];
    hear(answers);
  };
  return (answer) => {
    waiting.push(answer);
    if (waiting.length >= MOST_WAITING) flush();
    if (waiting.length !== 1) return;
    if (document.visibilityState === "visible") requestAnimationFrame(flush);
    setTimeout(flush, HIDDEN_MILLISECONDS);
  };
}
