// What the page knows, and what one can do to it: the view and its address, the picture, the run.

import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import { Client } from "../engine/client.js";
import type { Answer, Request } from "../engine/messages.js";
import { isCode, openPicture } from "../pictures/open.js";
import { addressOf, readAddress, type View, type ViewName } from "../state/address.js";
import type { Knobs } from "../state/knobs.js";
import type { RipKnobs } from "../state/rip-knobs.js";
import { advance, begin, cancel, IDLE, type Session } from "../state/session.js";

/** What someone brought: a picture to invert, or a code to decode. */
export interface Own {
  readonly kind: "picture" | "code";
  readonly blob: Blob;
  readonly name: string;
}

export interface Playground {
  readonly view: View;
  readonly own: Own | undefined;
  readonly session: Session;
  /** What of the address was not understood. */
  readonly notices: readonly string[];
  /** What went wrong, in a sentence. */
  readonly problem: string | undefined;
  show: (name: ViewName) => void;
  setKnobs: (knobs: Knobs, step: "new" | "same") => void;
  setRip: (knobs: RipKnobs) => void;
  openFile: (blob: Blob, name: string) => void;
  showScene: () => void;
  cancel: () => void;
}

type Event = "begin" | "cancel" | readonly Answer[];

/** After a change, before a run: a slider that is drawn changes at every pixel. */
const SETTLE_MILLISECONDS = 60;
/** Answers are shown once a frame of the screen; at least so often where there are none, as in the background. */
const HIDDEN_MILLISECONDS = 250;

function reduce(session: Session, event: Event): Session {
  if (event === "begin") return begin(session);
  if (event === "cancel") return cancel(session);
  return event.reduce(advance, session);
}

export function usePlayground(): Playground {
  const [{ view, notices }, setAddress] = useState(() => readAddress(location.hash));
  const [own, setOwn] = useState<Own>();
  const [problem, setProblem] = useState<string>();
  const [session, dispatch] = useReducer<Session, Event>(reduce, IDLE);
  const client = useMemo(() => new Client(), []);
  const started = useRef(false);

  const go = useCallback((next: View, step: "new" | "same") => {
    setAddress({ view: next, notices: [] });
    const address = addressOf(next) || location.pathname;
    if (step === "new") history.pushState(undefined, "", address);
    else history.replaceState(undefined, "", address);
  }, []);

  useEffect(() => {
    const read = () => setAddress(readAddress(location.hash));
    addEventListener("popstate", read);
    return () => removeEventListener("popstate", read);
  }, []);

  const rip = view.name === "rip" ? view.rip : undefined;
  useEffect(() => {
    let ended = false;
    const fail = (message: string, ofFile: boolean) => {
      setProblem(ofFile ? `${own?.name}: ${message}` : sentence(message));
      // back to what can be shown
      if (ofFile) setOwn(undefined);
    };
    const start = async () => {
      started.current = true;
      const request = await requestOf(view, own);
      if (ended) return;
      dispatch("begin");
      client.run(
        request,
        gathered((answers) => {
          if (ended) return;
          dispatch(answers);
          const last = answers.at(-1);
          if (last?.kind === "failed") fail(last.message, request.kind === "open");
        }),
      );
    };
    const timer = setTimeout(
      () => void start().catch((error: Error) => fail(error.message, own !== undefined)),
      started.current ? SETTLE_MILLISECONDS : 0,
    );
    return () => {
      ended = true;
      clearTimeout(timer);
      client.cancel();
    };
  }, [client, own, rip ?? view.knobs, view.name]);

  return {
    ...{ view, own, session, notices, problem },
    show: (name) => go({ ...view, name }, "new"),
    setKnobs: (knobs, step) => {
      setProblem(undefined);
      go({ ...view, knobs }, step);
    },
    setRip: (knobs) => {
      setProblem(undefined);
      go({ ...view, rip: knobs }, "same");
    },
    openFile: async (blob, name) => {
      setProblem(undefined);
      try {
        const kind = (await isCode(blob)) ? "code" : "picture";
        if (kind === "picture") await openPicture(blob, view.knobs.size);
        setOwn({ kind, blob, name });
        if (view.name !== "invert") go({ ...view, name: "invert" }, "new");
      } catch (error) {
        setProblem(`${name}: ${(error as Error).message}`);
      }
    },
    showScene: () => {
      setProblem(undefined);
      setOwn(undefined);
    },
    cancel: () => {
      client.cancel();
      dispatch("cancel");
    },
  };
}

async function requestOf(view: View, own: Own | undefined): Promise<Request> {
  if (view.name === "rip") return { kind: "rip", knobs: view.rip };
  if (own?.kind === "code") return { kind: "open", bytes: await own.blob.arrayBuffer() };
  const { knobs } = view;
  if (!own) return { kind: "invert", knobs };
  return { kind: "invert", knobs, pixels: await openPicture(own.blob, knobs.size) };
}

/** The library's messages go on after a colon; here they stand alone. */
function sentence(message: string): string {
  return `${message.slice(0, 1).toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? "" : "."}`;
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
    if (waiting.length > 1) return;
    if (document.visibilityState === "visible") requestAnimationFrame(flush);
    setTimeout(flush, HIDDEN_MILLISECONDS);
  };
}
