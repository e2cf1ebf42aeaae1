// docs/playground.md says what the page can be set to. (What its presets come to: site-engine.test.ts.)

import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ChoiceKnob, NumberKnob } from "../site/state/knob.js";
import { KNOBS } from "../site/state/knobs.js";
import { RIP_KNOBS } from "../site/state/rip-knobs.js";

const text = readFileSync("docs/playground.md", "utf8");

function row([name, knob]: [string, NumberKnob | ChoiceKnob]): string {
  const code = (word: string) => `\`${word}\``;
  const [range, usual] =
    knob.kind === "number"
      ? [`${knob.least} to ${knob.most === 2 ** 53 - 1 ? "2^53 − 1" : knob.most}`, knob.usual]
      : [Object.keys(knob.choices).map(code).join(", "), code(knob.usual)];
  return `| ${code(name)} | ${range} | ${usual} | ${knob.help} |`;
}

test("every setting of the address is in the document, with its range, what is usual, and its help", () => {
  for (const knob of [...Object.entries(KNOBS), ...Object.entries(RIP_KNOBS)]) {
    assert.ok(text.includes(row(knob)), `docs/playground.md lacks: ${row(knob)}`);
  }
});

test.run();
