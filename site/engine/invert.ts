// A picture there and back, with everything that there is to see on the way.

import { type Code, createLayer, estimateMemory, fromImageData, UnpoolError } from "unpool";
import { parseSync, serialiseSync } from "unpool/code";
import { scene } from "unpool/scene";
import { conflictOf, isSparse, type Knobs, specOf } from "../state/knobs.js";
import { presetOf } from "../state/presets.js";
import { viewOfLayer } from "./code-view.js";
import { digestOf } from "./digest.js";
import { refuseMemory } from "./limits.js";
import type { Answer, Pixels } from "./messages.js";
import { reconstruct, type Stored } from "./reconstruct.js";
import { Screen } from "./screen.js";
import { similarity } from "./similarity.js";
import { Stopwatch } from "./stopwatch.js";

/** By the name of a preset, what every host computes; the build puts them here. */
declare const DIGESTS: Readonly<Record<string, string>>;

/** Throws UnpoolError for what the knobs ask and no layer does. */
export async function invert(
  knobs: Knobs,
  pixels: Pixels | undefined,
  send: (answer: Answer) => void,
): Promise<void> {
  const { height, width } = pixels ?? { height: knobs.size, width: knobs.size };
  const spec = specOf(knobs, { height, width });
  // sparse codes are multiplied out by a layer of their own while the first one is busy
  const layers = isSparse(knobs) ? 2 : 1;
  refuseMemory(layers * estimateMemory(spec), "take fewer filters or a smaller picture");
  const conflict = conflictOf(knobs);
  if (conflict) throw new UnpoolError("invalid-option", conflict);

  const x = pixels ? fromImageData(pixels) : scene(width, height, knobs.scene);
  const screen = new Screen({ height, width }, x);
  send({ kind: "picture", pixels: screen.pixels(x) });
  const layer = await createLayer(spec);
  const viewer = layers === 2 ? await createLayer(spec) : undefined;

  const store = (code: Code): Stored => {
    const file = serialiseSync(code, spec, { values: knobs.values, colour: "rgb" });
    const stored = parseSync(file) as unknown as Stored;
    send({ kind: "code", view: viewOfLayer(layer, stored.code, file.buffer) });
    return stored;
  };
  const watch = new Stopwatch();
  const planes = new Float32Array(x.length);
  const { planes: result, course } = reconstruct(layer, x, knobs, {
    ...{ store, viewer },
    begin: () => watch.go(),
    step(iteration, residual, current) {
      watch.lap();
      send({ kind: "frame", frame: screen.frame(iteration, residual, current(planes)) });
      watch.go();
    },
  });
  if (watch.steps === 0) watch.lap();

  // once more: of sparse codes the rounded one, and of unknown switches what the last look at them made of it
  const frame = screen.frame(Math.max(1, course.iterations), course.residual, result);
  const ssim = similarity(screen.pixels(x), frame.pixels);
  send({ kind: "frame", frame });
  send({
    kind: "done",
    summary: {
      ...{
        iterations: frame.iteration,
        stopped: course.stopped,
        solver: course.solver,
        reason: course.reason,
      },
      ...{ error: frame.error, psnr: frame.psnr, ssim },
      milliseconds: watch.average,
      memoryBytes: layer.memoryBytes,
      digest: digestOf(result),
      expected: pixels ? undefined : expectedOf(knobs),
    },
  });
  // the next run of this worker need not wait for the collector
  layer.dispose();
  viewer?.dispose();
}

function expectedOf(knobs: Knobs): string | undefined {
  const preset = presetOf(knobs);
  return preset && DIGESTS[preset.name];
}
