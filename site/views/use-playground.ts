// What the page knows, and what one can do to it: the view, what someone brought, the run.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Request } from "../engine/messages.js";
import { isCode, openCode, openPicture, type Picture, pixelsOf } from "../pictures/open.js";
import type { View, ViewName } from "../state/address.js";
import type { Knobs } from "../state/knobs.js";
import type { RipKnobs } from "../state/rip-knobs.js";
import { type Step, useAddress } from "./use-address.js";
import { type Run, useRun } from "./use-run.js";

/** What someone brought: a picture to invert, or a code to decode. */
export type Own = { readonly name: string } & (
  | { readonly kind: "picture"; readonly picture: Picture }
  /** `before`: what there was, should the code be none. */
  | { readonly kind: "code"; readonly bytes: ArrayBuffer; readonly before: Own | undefined }
);

export interface Playground extends Run {
  readonly view: View;
  readonly own: Own | undefined;
  /** What of the address was not understood. */
  readonly notices: readonly string[];
  /** What went wrong, in a sentence. */
  readonly problem: string | undefined;
  show: (name: ViewName) => void;
  setKnobs: (knobs: Knobs, step: Step) => void;
  setRip: (knobs: RipKnobs) => void;
  openFile: (blob: Blob, name: string) => void;
  showScene: () => void;
}

export function usePlayground(): Playground {
  const { view, notices, go } = useAddress();
  const [own, setOwn] = useState<Own>();
  const [refusal, refuse] = useState<string>();
  const files = useRef(0);
  const inverts = view.name === "invert";
  const run = useRun(() => requestOf(view, own), inverts ? own : view.name, [
    inverts ? view.knobs : view.rip,
  ]);
  const { failure } = run.session;

  // it is of what was done last
  useEffect(() => refuse(undefined), [view]);
  useEffect(() => {
    if (!failure || own?.kind !== "code") return;
    refuse(`${own.name}: ${failure.message}`);
    setOwn(own.before);
  }, [failure, own]);

  // by the time that a file has been read the view may be another
  const now = useRef({ view, own });
  now.current = { view, own };
  const openFile = async (blob: Blob, name: string) => {
    const file = ++files.current;
    const latest = () => file === files.current;
    refuse(undefined);
    try {
      const opened = await open(blob, name, now.current.own);
      if (!latest()) return;
      setOwn(opened);
      if (now.current.view.name !== "invert") go({ ...now.current.view, name: "invert" }, "new");
    } catch (error) {
      if (latest()) refuse(`${name}: ${(error as Error).message}`);
    }
  };

  return {
    ...run,
    ...{ view, own, notices, openFile },
    problem: refusal ?? (failure && sentence(failure.message)),
    show: (name) => go({ ...view, name }, "new"),
    setKnobs: (knobs, step) => go({ ...view, knobs }, step),
    setRip: (rip) => go({ ...view, rip }, "same"),
    showScene() {
      ++files.current;
      refuse(undefined);
      setOwn(undefined);
    },
  };
}

/** @throws PictureError */
async function open(blob: Blob, name: string, before: Own | undefined): Promise<Own> {
  if (!(await isCode(blob))) return { kind: "picture", name, picture: await openPicture(blob) };
  return { kind: "code", name, bytes: await openCode(blob), before: pictureOf(before) };
}

function pictureOf(own: Own | undefined): Own | undefined {
  return own?.kind === "code" ? own.before : own;
}

/** @throws PictureError for a picture that has too short a side at the size that is set */
function requestOf({ name, knobs, rip }: View, own: Own | undefined): Request {
  if (name === "rip") return { kind: "rip", knobs: rip };
  if (!own) return { kind: "invert", knobs };
  if (own.kind === "code") return { kind: "open", bytes: own.bytes };
  return { kind: "invert", knobs, pixels: pixelsOf(own.picture, knobs.size) };
}

/** The library's messages go on after a colon; here they stand alone. */
function sentence(message: string): string {
  return `${message.slice(0, 1).toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? "" : "."}`;
}
