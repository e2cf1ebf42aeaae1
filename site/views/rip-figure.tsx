// The histogram of |W'z| / |z|, with 1, mean and standard deviation, and the worst that is known.

import uPlot from "uplot";
import type { Ratios, Worst } from "../engine/messages.js";
import { barsOf, rightEnd, sentenceOf } from "../state/ratios.js";
import { axis, type Colours, type Plotted, upright, usePlot } from "./plot.js";

interface Props {
  ratios: { readonly now: Ratios; readonly total: number } | undefined;
  worst: Worst | undefined;
}

/** Room above the highest bar. */
const HEADROOM = 1.1;

export function RipFigure({ ratios, worst }: Props) {
  const now = ratios?.now;
  const element = usePlot({
    // its last place is the scale's, which is asked for with the data
    data: barsOf(now, rightEnd(now, worst)),
    options,
    below(plot, { line }) {
      if (now) band(plot, now.mean - now.sd, now.mean + now.sd, line);
    },
    above(plot, { ink, soft, bad }) {
      upright(plot, 1, ink);
      for (const ratio of worst?.supports ?? []) upright(plot, ratio, soft, [6, 4]);
      for (const ratio of worst?.adversarial ?? []) upright(plot, ratio, bad, [2, 3]);
    },
  });
  return (
    <figure class="rip-figure">
      <div ref={element} class="plot" role="img" aria-label={sentenceOf(now)} />
      <figcaption class="plot-key">
        <span>
          {ratios
            ? `${ratios.now.codes.toLocaleString("en")} of ${ratios.total.toLocaleString("en")} codes`
            : "No codes yet."}
        </span>
        <span>
          <span class="plot-line plot-one" /> 1
        </span>
        {now && (
          <span>
            <span class="plot-band" /> mean ± sd
          </span>
        )}
        {worst?.supports && (
          <span>
            <span class="plot-line plot-residual" /> random supports
          </span>
        )}
        {worst && (
          <span>
            <span class="plot-line plot-adversary" /> adversary
          </span>
        )}
      </figcaption>
    </figure>
  );
}

function options(colours: Colours): ReturnType<Plotted["options"]> {
  const bars = uPlot.paths.bars!({ align: 1, size: [1, Number.POSITIVE_INFINITY] });
  return {
    scales: {
      x: { time: false, range: (plot) => [0, plot.data[0].at(-1)!] },
      y: { range: (_, _least, most) => [0, HEADROOM * (most || 1)] },
    },
    axes: [
      axis(colours, {
        label: "|W′z| / |z|",
        labelSize: 20,
        labelFont: "12px system-ui, sans-serif",
        size: 32,
      }),
      axis(colours, { size: 52 }),
    ],
    series: [
      {},
      { stroke: colours.accent, fill: colours.accent, width: 0, paths: bars, points: { show: false } },
    ],
  };
}

/** Fills from top to bottom between two values of the x axis. */
function band(plot: uPlot, from: number, to: number, fill: string): void {
  const { ctx, bbox } = plot;
  const left = plot.valToPos(from, "x", true);
  ctx.save();
  ctx.fillStyle = fill;
  ctx.fillRect(left, bbox.top, plot.valToPos(to, "x", true) - left, bbox.height);
  ctx.restore();
}
