// What the plots share: uPlot in an element, as wide as it, in the page's colours, drawn once a frame at most.

import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";

const COLOURS = ["ink", "soft", "line", "accent", "good", "bad"] as const;
export type Colours = Readonly<Record<(typeof COLOURS)[number], string>>;

/** Of a plot, in pixels. */
const HEIGHT = 220;

export interface Plotted {
  readonly data: uPlot.AlignedData;
  /** Asked once for a scheme of colours: what changes with the data is for the hooks below. */
  options(colours: Colours): Pick<uPlot.Options, "scales" | "axes" | "series">;
  /** Draws below the series, or above. */
  below?(plot: uPlot, colours: Colours): void;
  above?(plot: uPlot, colours: Colours): void;
}

/** The element to put the plot in. Each of its numbers and hooks is that of the latest rendering. */
export function usePlot(plotted: Plotted): RefObject<HTMLDivElement | null> {
  const element = useRef<HTMLDivElement>(null);
  const latest = useRef(plotted);
  latest.current = plotted;
  const redraw = useRef<() => void>(() => {});

  useEffect(() => {
    const parent = element.current!;
    let plot = draw(parent, latest);
    let frame = 0;
    redraw.current = () => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        plot.setData(latest.current.data);
      });
    };
    const resized = new ResizeObserver(() => {
      if (parent.clientWidth > 0) plot.setSize({ width: parent.clientWidth, height: HEIGHT });
    });
    resized.observe(parent);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const recolour = () => {
      plot.destroy();
      plot = draw(parent, latest);
    };
    dark.addEventListener("change", recolour);
    return () => {
      redraw.current = () => {};
      cancelAnimationFrame(frame);
      resized.disconnect();
      dark.removeEventListener("change", recolour);
      plot.destroy();
    };
  }, []);
  useEffect(() => redraw.current());
  return element;
}

function draw(parent: HTMLElement, latest: RefObject<Plotted>): uPlot {
  const { options, data } = latest.current!;
  const colours = coloursOf(parent);
  return new uPlot(
    {
      ...options(colours),
      width: parent.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      hooks: {
        drawAxes: [(plot) => latest.current!.below?.(plot, colours)],
        draw: [(plot) => latest.current!.above?.(plot, colours)],
      },
    },
    data,
    parent,
  );
}

/** As the page has them now: a canvas knows no custom properties. */
function coloursOf(parent: HTMLElement): Colours {
  const probe = parent.appendChild(document.createElement("span"));
  const entries = COLOURS.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  return Object.fromEntries(entries) as unknown as Colours;
}

/** An axis in the page's colours. */
export function axis({ soft, line }: Colours, more: uPlot.Axis): uPlot.Axis {
  const hair = { stroke: line, width: 1 };
  return { stroke: soft, font: "12px system-ui, sans-serif", grid: hair, ticks: hair, ...more };
}

/** A line from top to bottom at a value of the x axis, if that is within it. */
export function upright(plot: uPlot, at: number, stroke: string, dash: readonly number[] = []): void {
  const { ctx, bbox } = plot;
  const { min = 0, max = 0 } = plot.scales.x ?? {};
  if (!(at >= min && at <= max)) return;
  const x = Math.round(plot.valToPos(at, "x", true));
  ctx.save();
  ctx.strokeStyle = stroke;
  ctx.lineWidth = 1.5 * uPlot.pxRatio;
  ctx.setLineDash(dash.map((length) => length * uPlot.pxRatio));
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}
