// Picture, code, and the picture again, step by step.

import { useCallback, useState } from "preact/hooks";
import { DIFFERENCE_GAIN, type Frame } from "../engine/messages.js";
import { presetOf } from "../state/presets.js";
import { programOf } from "../state/program.js";
import type { Session } from "../state/session.js";
import { CodeView } from "./code-view.js";
import { Compare } from "./compare.js";
import { Curves } from "./curves.js";
import { Difference } from "./difference.js";
import { Downloads } from "./downloads.js";
import { Facts } from "./facts.js";
import { FileFacts } from "./file-facts.js";
import { KnobPanel } from "./knob-panel.js";
import { scientific } from "./numbers.js";
import { Panel } from "./panel.js";
import { PixelCanvas } from "./pixel-canvas.js";
import { Presets } from "./presets.js";
import { Program } from "./program.js";
import { Progress } from "./progress.js";
import { Scrubber } from "./scrubber.js";
import { Settings } from "./settings.js";
import { Sources } from "./sources.js";
import type { Playground } from "./use-playground.js";

export function InvertView({ playground }: { playground: Playground }) {
  const { view, own, session, setKnobs, openFile, showScene } = playground;
  const { frames, picture, code, tiles, stale, running } = session;
  const { at, pick } = usePicked(session);
  const frame = frames[at];
  const decoding = own?.kind === "code";
  const original = decoding ? undefined : picture;
  const name = own?.name ?? "the generated scene";
  return (
    <>
      <Presets
        knobs={view.knobs}
        decoding={decoding}
        onChoose={(knobs) => {
          if (decoding) showScene();
          setKnobs(knobs, "new");
        }}
      />
      <div class="work">
        <Settings>
          {decoding ? (
            <FileFacts facts={session.file} />
          ) : (
            <KnobPanel
              knobs={view.knobs}
              ownPicture={own !== undefined}
              onChange={(knobs) => setKnobs(knobs, "same")}
            />
          )}
        </Settings>
        <div class="stage" aria-busy={running}>
          <Panel id="picture" number={1} title={decoding ? "A file" : "A picture"}>
            {decoding ? (
              <p class="picture none">{name}</p>
            ) : (
              <PixelCanvas class="picture" pixels={original} label={name} />
            )}
            <Sources onFile={openFile} onScene={showScene} />
          </Panel>
          <Panel id="code" number={2} title="What is kept" stale={stale.code} picture={code !== undefined}>
            <CodeView view={code} none={tiles ? "Not shown for a file in tiles." : "Nothing to see yet."} />
          </Panel>
          <Panel id="result" number={3} title="The picture again" stale={stale.frames} picture>
            <Compare original={original} reconstruction={frame?.pixels} label={described(frame)} />
            <Scrubber frames={frames} at={at} running={running} onPick={pick} />
            <Progress run={playground} share={shareOf(playground)} />
          </Panel>
          <Panel
            id="difference"
            title={`Difference, ${DIFFERENCE_GAIN} times`}
            stale={stale.frames}
            picture={!decoding}
          >
            <Difference frame={frame} none={decoding ? "no original to compare with" : ""} />
          </Panel>
          <Panel id="curves" title="Error and residual" stale={stale.frames}>
            <Curves frames={frames} at={frame?.iteration} onPick={pick} />
          </Panel>
          <Panel id="facts" title="In numbers" stale={stale.frames}>
            <Facts
              frame={frame}
              last={at === frames.length - 1}
              code={code}
              fileBytes={decoding ? own.bytes.byteLength : undefined}
              tiled={tiles !== undefined}
              summary={session.summary}
            />
            <Downloads
              name={own?.name ?? nameOf(view.knobs)}
              pixels={stale.frames ? undefined : frame?.pixels}
              file={stale.code ? undefined : code?.file}
            />
          </Panel>
          {!decoding && !session.failure && <Program text={programOf(view.knobs, own && original)} />}
        </div>
      </div>
    </>
  );
}

function nameOf(knobs: Playground["view"]["knobs"]): string {
  return presetOf(knobs)?.name ?? "scene";
}

/** The last frame, unless one was picked; another run shows its last one again. */
function usePicked({ run, frames }: Session) {
  const [picked, setPicked] = useState<{ run: number; iteration: number }>();
  const last = frames.length - 1;
  // frames of a long run are thinned out: it is the iteration that is picked
  const found =
    picked?.run === run ? frames.findLastIndex(({ iteration }) => iteration <= picked.iteration) : last;
  const pick = useCallback((iteration: number) => setPicked({ run, iteration }), [run]);
  return { at: Math.max(0, found), pick };
}

function described(frame: Frame | undefined): string {
  if (!frame) return "No reconstruction yet";
  const error = frame.error === undefined ? "" : `, relative error ${scientific(frame.error)}`;
  return `Reconstruction after step ${frame.iteration}${error}`;
}

/** How much of the run is done, 0 to 1. A file does not say how many steps it takes. */
function shareOf({ session: { tiles, frames, stale }, own, view }: Playground): number | undefined {
  if (tiles) return tiles.done / tiles.total;
  if (own?.kind === "code") return undefined;
  return stale.frames ? 0 : (frames.at(-1)?.iteration ?? 0) / view.knobs.iterations;
}
