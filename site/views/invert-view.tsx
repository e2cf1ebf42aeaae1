// Picture, code, and the picture again, step by step.

import { useCallback, useEffect, useState } from "preact/hooks";
import { DIFFERENCE_GAIN, type Frame } from "../engine/messages.js";
import { presetOf } from "../state/presets.js";
import { programOf } from "../state/program.js";
import { CodeView } from "./code-view.js";
import { Compare } from "./compare.js";
import { Curves } from "./curves.js";
import { Difference } from "./difference.js";
import { Downloads } from "./downloads.js";
import { Facts } from "./facts.js";
import { KnobPanel } from "./knob-panel.js";
import { scientific } from "./numbers.js";
import { PixelCanvas } from "./pixel-canvas.js";
import { Presets } from "./presets.js";
import { Program } from "./program.js";
import { Scrubber } from "./scrubber.js";
import { Sources } from "./sources.js";
import type { Playground } from "./use-playground.js";

export function InvertView({ playground }: { playground: Playground }) {
  const { view, own, session, setKnobs, openFile, showScene } = playground;
  const { frames, picture, code, running } = session;
  const { at, pick } = usePicked(frames, running);
  const frame = frames[at];
  const decoding = own?.kind === "code";
  const original = decoding ? undefined : picture;
  const name = own?.name ?? "the generated scene";
  return (
    <>
      <Presets
        knobs={view.knobs}
        disabled={decoding}
        onChoose={(knobs) => {
          if (decoding) showScene();
          setKnobs(knobs, "new");
        }}
      />
      <div class="work">
        <KnobPanel
          knobs={view.knobs}
          ownPicture={own !== undefined}
          disabled={decoding}
          onChange={(knobs) => setKnobs(knobs, "same")}
        />
        <div class="stage" aria-busy={running}>
          <section class="panel" aria-labelledby="title-picture">
            <h2 id="title-picture">
              <b>1</b> {decoding ? "A file" : "A picture"}
            </h2>
            {decoding ? (
              <p class="picture none">{name}</p>
            ) : (
              <PixelCanvas class="picture" pixels={original} label={name} />
            )}
            <Sources onFile={openFile} onScene={showScene} />
          </section>
          <section class="panel" aria-labelledby="title-code">
            <h2 id="title-code">
              <b>2</b> What the network keeps
            </h2>
            <CodeView view={code} />
          </section>
          <section class="panel" aria-labelledby="title-result">
            <h2 id="title-result">
              <b>3</b> The picture again
            </h2>
            <Compare original={original} reconstruction={frame?.pixels} label={described(frame)} />
            <Scrubber frames={frames} at={at} running={running} onPick={pick} />
            <Progress playground={playground} />
          </section>
          <section class="panel" aria-labelledby="title-difference">
            <h2 id="title-difference">Difference, {DIFFERENCE_GAIN} times</h2>
            <Difference frame={frame} none={decoding ? "no original to compare with" : ""} />
          </section>
          <section class="panel" aria-labelledby="title-curves">
            <h2 id="title-curves">Error and residual</h2>
            <Curves
              frames={frames}
              at={frame?.iteration}
              onPick={(iteration) => pick(frames.findLastIndex((one) => one.iteration <= iteration))}
            />
          </section>
          <section class="panel" aria-labelledby="title-facts">
            <h2 id="title-facts">In numbers</h2>
            <Facts frame={frame} last={at === frames.length - 1} code={code} summary={session.summary} />
            <Downloads name={own?.name ?? nameOf(view.knobs)} pixels={frame?.pixels} file={code?.file} />
          </section>
          {!decoding && <Program text={programOf(view.knobs, own !== undefined)} />}
        </div>
      </div>
    </>
  );
}

function nameOf(knobs: Playground["view"]["knobs"]): string {
  return presetOf(knobs)?.name ?? "scene";
}

/** The last frame, unless one was picked; a new run, or a step of it, shows its last one again. */
function usePicked(frames: readonly Frame[], running: boolean) {
  const [picked, setPicked] = useState<number>();
  useEffect(() => {
    if (running) setPicked(undefined);
  }, [running]);
  const pick = useCallback((index: number) => setPicked(Math.max(0, index)), []);
  const last = frames.length - 1;
  return { at: Math.max(0, Math.min(picked ?? last, last)), pick };
}

function described(frame: Frame | undefined): string {
  if (!frame) return "No reconstruction yet";
  const error = frame.error === undefined ? "" : `, relative error ${scientific(frame.error)}`;
  return `Reconstruction after step ${frame.iteration}${error}`;
}

function Progress({ playground: { view, session, cancel } }: { playground: Playground }) {
  const { running, cancelled, tiles, frames, stale } = session;
  if (!running) return cancelled ? <p class="caption">Cancelled: this is what there was by then.</p> : null;
  const done = tiles
    ? tiles.done / tiles.total
    : (stale.frames ? 0 : (frames.at(-1)?.iteration ?? 0)) / view.knobs.iterations;
  return (
    <div class="progress">
      <progress value={Math.min(1, done)} aria-label="Progress" />
      <button type="button" onClick={cancel}>
        Cancel
      </button>
    </div>
  );
}
