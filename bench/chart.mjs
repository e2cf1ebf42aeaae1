// The charts of a run, as SVG.

import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

const ACCENT = "#c2410c";
const colours = {
  "onnxruntime-web": "#2563eb",
  "tfjs-backend-wasm": "#0d9488",
  "onnxruntime-node": "#7c3aed",
  PyTorch: "#475569",
  "unpool, least squares": ACCENT,
};

function svg(options) {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const style = { background: "white", fontSize: "12px" };
  const figure = Plot.plot({ document, width: 1000, style, ...options });
  // a file that stands alone needs it
  figure.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return figure.outerHTML;
}

/** A line of names in their colours; Plot's own legend is no part of the SVG. */
function legend() {
  return Object.entries(colours).map(([name, fill], at) =>
    Plot.text([`● ${name}`], {
      ...{ frameAnchor: "top-left", dx: 170 * at - 420, dy: -34, fontWeight: 600 },
      fill,
    }),
  );
}

/** The shortest times of the peers over unpool's, a row a shape; a peer's first row is its whole task. */
function ratioPanel(operations, operation, title) {
  const points = operations.flatMap(({ description, [operation]: result }) =>
    (result?.times ?? [])
      .map((row) => ({ ...row, work: description, name: colours[row.name] ? row.name : row.by }))
      .filter(({ name }, at, rows) => name !== "unpool" && rows.findIndex((row) => row.name === name) === at),
  );
  if (points.length === 0) return undefined;
  const rows = [...new Set(points.map(({ work }) => work))];
  return svg({
    ...{
      height: 100 + 30 * rows.length,
      marginLeft: 440,
      marginRight: 30,
      marginTop: 56,
      marginBottom: 44,
      insetLeft: 10,
      insetRight: 10,
    },
    ariaLabel: title,
    x: { type: "log", label: title, labelAnchor: "center", labelArrow: "none", grid: true, tickFormat: "~g" },
    y: { domain: rows, label: null, tickSize: 0 },
    marks: [
      ...legend(),
      Plot.ruleX([1], { stroke: ACCENT, strokeWidth: 2 }),
      Plot.ruleY(rows, { stroke: "#ddd" }),
      Plot.dot(points, { x: "ratioOfMinima", y: "work", r: 5, fill: ({ name }) => colours[name] }),
    ],
  });
}

/** Nanoseconds a pixel over the side of the image. */
function sweepChart(rows) {
  const curves = {
    encodePerPixel: { name: "encode", colour: ACCENT },
    leastSquaresPerPixel: { name: "one least-squares step", colour: colours.PyTorch },
  };
  const marks = Object.entries(curves).flatMap(([y, { name, colour }]) => [
    Plot.line(rows, { x: "size", y, stroke: colour, strokeWidth: 2 }),
    Plot.dot(rows, { x: "size", y, fill: colour }),
    Plot.text(rows.slice(0, 1), {
      ...{ x: "size", y, text: () => name, fill: colour },
      textAnchor: "start",
      dy: -12,
    }),
  ]);
  return svg({
    ...{
      height: 340,
      marginLeft: 50,
      marginRight: 30,
      marginTop: 30,
      marginBottom: 44,
      ariaLabel: "unpool: time for each pixel",
    },
    x: {
      ...{
        type: "log",
        base: 2,
        label: "side of the image, pixels",
        labelAnchor: "center",
        labelArrow: "none",
      },
      ...{ tickFormat: "d", ticks: rows.map(({ size }) => size) },
    },
    y: { label: "ns a pixel", zero: true, grid: true, labelArrow: "none" },
    marks,
  });
}

/** @returns the charts that a run's results allow, by name. */
export function charts({ operations = [], sweep }) {
  const all = {
    encode: ratioPanel(operations, "encode", "encode: shortest time over unpool's"),
    step: ratioPanel(operations, "step", "one step: shortest time over that of unpool's IHT"),
    sweep: sweep && sweepChart(sweep),
  };
  return Object.fromEntries(Object.entries(all).filter(([, chart]) => chart));
}
