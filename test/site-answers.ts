// Requests to the playground's engine, and what it says, as a page hears it: cloned, with buffers handed over.

import { readFileSync } from "node:fs";
import { answer } from "../site/engine/answer.js";
import type { Answer, Pixels, Request, Summary } from "../site/engine/messages.js";
import { type Knobs, USUAL } from "../site/state/knobs.js";

const committed: Record<string, string> = JSON.parse(readFileSync("test/conformance/digests.json", "utf8"));

/** By the name of a preset, as the build of the site puts it into the worker. */
export const DIGESTS = Object.fromEntries(
  Object.entries(committed).flatMap(([name, digest]) => {
    const [, preset] = /^playground: (.*)$/.exec(name) ?? [];
    return preset ? [[preset, digest]] : [];
  }),
);
Object.assign(globalThis, { DIGESTS });

export async function answersTo(request: Request): Promise<Answer[]> {
  const answers: Answer[] = [];
  await answer(request, (message, transfer) => answers.push(structuredClone(message, { transfer })));
  return answers;
}

export const inverted = (knobs: Partial<Knobs>, pixels?: Pixels) =>
  answersTo({ kind: "invert", knobs: { ...USUAL, ...knobs }, pixels });

export const opened = (file: Uint8Array) => answersTo({ kind: "open", bytes: file.slice().buffer });

type Of<K extends Answer["kind"]> = Extract<Answer, { kind: K }>;

/** Those of one kind. */
export function only<K extends Answer["kind"]>(answers: readonly Answer[], kind: K): Of<K>[] {
  return answers.filter((message): message is Of<K> => message.kind === kind);
}

export const framesOf = (answers: readonly Answer[]) => only(answers, "frame").map(({ frame }) => frame);

/** Of a run that has one. */
export function summaryOf(answers: readonly Answer[]): Summary {
  const last = answers.at(-1)!;
  if (last.kind !== "done" || !last.summary) throw new Error(`the last answer is ${JSON.stringify(last)}`);
  return last.summary;
}

/** The last answer, of a run that failed. */
export function failureOf(answers: readonly Answer[]): Of<"failed"> {
  const last = answers.at(-1)!;
  if (last.kind !== "failed") throw new Error(`the last answer is of kind ${last.kind}`);
  return last;
}
