// The numbers of a run: what stands in the picture's place, and what it took.

import type { ComponentChildren } from "preact";
import type { Stopped } from "unpool";
import type { CodeView, Frame, Summary } from "../engine/messages.js";
import { bytes, decibels, relative, scientific } from "./numbers.js";

/** Why a run ended, in a few words. */
const ENDINGS: Readonly<Record<Stopped, string>> = {
  converged: "nothing more to gain",
  stagnated: "no longer improving",
  diverged: "diverged",
  discrepancy: "as close as the rounding of the values allows",
  iterations: "all that were allowed",
  aborted: "aborted",
  budget: "out of time",
};

interface Props {
  /** That is shown. */
  frame: Frame | undefined;
  /** Whether it is the last one, which the summary is of. */
  last: boolean;
  code: CodeView | undefined;
  /** Bytes of the file that was opened. */
  fileBytes: number | undefined;
  /** Whether the picture is put together from tiles. */
  tiled: boolean;
  /** Of the whole run, once it has ended. */
  summary: Summary | undefined;
}

export function Facts({ frame, last, code, fileBytes, tiled, summary }: Props) {
  const ratio = code && code.rows / code.unknowns;
  return (
    <dl class="facts">
      <Fact name="error" title="Relative error" value={frame?.error} text={scientific} note="|x̂ − x| / |x|" />
      <Fact name="psnr" title="PSNR" value={frame?.psnr} text={decibels} />
      <Fact
        name="ssim"
        title="SSIM"
        value={last ? summary?.ssim : undefined}
        text={(value) => value.toFixed(4)}
      />
      <Fact
        name="ratio"
        title="m / N"
        value={ratio}
        text={relative}
        note={
          code && `${code.rows.toLocaleString("en")} values, ${code.unknowns.toLocaleString("en")} unknowns`
        }
      />
      <Fact
        name="iterations"
        title="Steps"
        value={summary?.iterations}
        text={String}
        note={summary && `${ENDINGS[summary.stopped]}${tiled ? ", in the tile that went worst" : ""}`}
      />
      <Fact
        name="milliseconds"
        title="A step takes"
        value={summary?.milliseconds}
        text={(value) => `${value.toPrecision(2)} ms`}
      />
      <Fact
        name="memory"
        title="Kernel memory"
        value={code?.memoryBytes ?? summary?.memoryBytes}
        text={bytes}
      />
      <Fact name="bytes" title="The code takes" value={code?.file.byteLength ?? fileBytes} text={bytes} />
      {summary && <Digest summary={summary} />}
    </dl>
  );
}

interface FactProps {
  name: string;
  title: string;
  value: number | undefined;
  text: (value: number) => string;
  note?: string | undefined;
}

function Fact({ name, title, value, text, note }: FactProps) {
  return (
    <Entry title={title}>
      <span data-fact={name} data-value={value}>
        {value === undefined ? "–" : text(value)}
      </span>
      {note && <small>{note}</small>}
    </Entry>
  );
}

function Entry({
  title,
  class: name,
  children,
}: {
  title: string;
  class?: string;
  children: ComponentChildren;
}) {
  return (
    <div class={name}>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Digest({ summary: { digest, expected } }: { summary: Summary }) {
  const match = expected === undefined ? "none" : expected === digest ? "yes" : "no";
  return (
    <Entry title="SHA-256 of the result" class="facts-digest">
      <code data-fact="digest" data-value={digest} data-match={match}>
        {digest}
      </code>
      {match === "yes" && <small class="good">✓ as on every other host</small>}
      {match === "no" && <small class="bad">✗ not the digest that other hosts give, {expected}</small>}
      {match === "none" && <small>recorded for the presets on the scene alone</small>}
    </Entry>
  );
}
