// Relative error and residual over the iterations. Where one clicks or drags is the iteration that is picked.

import { useEffect, useMemo, useRef } from "preact/hooks";
import uPlot from "uplot";
import type { Frame } from "../engine/messages.js";
import { curvesOf, decadesAround, decadeTicks, sentenceOf, span, tickLabel } from "./curve-data.js";
import { scientific } from "./numbers.js";
import { axis, type Colours, upright, usePlot } from "./plot.js";

interface Props {
  frames: readonly Frame[];
  /** The iteration whose picture is shown. */
  at: number | undefined;
  onPick(iteration: number): void;
}

/** Few points are drawn as points too. */
const FEW = 12;
/** On the axis of error and residual. */
const MOST_TICKS = 6;

export function Curves({ frames, at, onPick }: Props) {
  const { iterations, errors, residuals } = useMemo(() => curvesOf(frames), [frames]);
  const element = usePlot({
    data: [iterations, errors, residuals],
    options,
    above(plot, { ink, accent, soft }) {
      const index = at === undefined ? -1 : iterations.indexOf(at);
      if (index < 0) return;
      upright(plot, iterations[index]!, ink, [2, 3]);
      dot(plot, iterations[index]!, residuals[index], soft);
      dot(plot, iterations[index]!, errors[index], accent);
    },
  });

  const pick = useRef((_: PointerEvent) => {});
  pick.current = ({ clientX }) => {
    const area = element.current!.querySelector(".u-over")!.getBoundingClientRect();
    const [first, last] = span(iterations);
    const there = first + ((clientX - area.left) / area.width) * (last - first);
    const picked = nearest(iterations, there);
    if (picked !== undefined && picked !== at) onPick(picked);
  };
  useEffect(() => {
    const area = element.current!;
    const end = new AbortController();
    const down = (event: PointerEvent) => {
      if (event.button !== 0) return;
      area.setPointerCapture(event.pointerId);
      pick.current(event);
    };
    const move = (event: PointerEvent) => {
      if (area.hasPointerCapture(event.pointerId)) pick.current(event);
    };
    area.addEventListener("pointerdown", down, { signal: end.signal });
    area.addEventListener("pointermove", move, { signal: end.signal });
    return () => end.abort();
  }, []);

  const current = frames.find(({ iteration }) => iteration === at) ?? frames.at(-1);
  return (
    <figure class="curves">
      <div ref={element} class="plot" role="img" aria-label={sentenceOf(frames)} />
      <figcaption class="plot-key">
        {current?.error !== undefined && (
          <span>
            <span class="plot-line plot-error" /> relative error <b>{scientific(current.error)}</b>
          </span>
        )}
        {current ? (
          <span>
            <span class="plot-line plot-residual" /> residual <b>{scientific(current.residual)}</b>
          </span>
        ) : (
          <span>No steps yet.</span>
        )}
        {current && (
          <span>
            <span class="plot-line plot-at" /> step <b>{current.iteration}</b>
          </span>
        )}
      </figcaption>
    </figure>
  );
}

/** Letters of a tick's label that a narrow axis has room for: more are within a decade of small numbers. */
const NARROW = 6;

function options(colours: Colours): Pick<uPlot.Options, "scales" | "axes" | "series"> {
  const points = {
    show: (plot: uPlot) => plot.data[0].length <= FEW,
    size: 6,
  };
  return {
    scales: {
      x: { time: false, range: (plot) => span(plot.data[0] as number[]) },
      y: { distr: 3, range: (_, least, most) => decadesAround(least, most) },
    },
    axes: [
      axis(colours, { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500], space: 40, size: 32 }),
      axis(colours, {
        size: (_, labels) => ((labels ?? []).some((label) => label.length > NARROW) ? 84 : 52),
        splits: (_plot, _axis, low, high) => decadeTicks(low, high, MOST_TICKS),
        filter: (_, splits) => splits,
        values: (_, splits) => splits.map(tickLabel),
      }),
    ],
    series: [
      {},
      { stroke: colours.accent, width: 2, points: { ...points, fill: colours.accent } },
      { stroke: colours.soft, width: 2, dash: [6, 4], points: { ...points, fill: colours.soft } },
    ],
  };
}

function dot(plot: uPlot, at: number, value: number | null | undefined, fill: string): void {
  if (!value) return;
  const { ctx } = plot;
  ctx.save();
  ctx.fillStyle = fill;
  ctx.beginPath();
  ctx.arc(plot.valToPos(at, "x", true), plot.valToPos(value, "y", true), 5 * uPlot.pxRatio, 0, 2 * Math.PI);
  ctx.fill();
  ctx.restore();
}

function nearest(iterations: readonly number[], there: number): number | undefined {
  let best = iterations[0];
  for (const iteration of iterations) {
    if (Math.abs(iteration - there) < Math.abs(best! - there)) best = iteration;
  }
  return best;
}
