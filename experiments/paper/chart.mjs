// Charts of the experiments, as SVG files that follow the reader's light or dark page.

import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** Series in their order; each stands out from white and from near black. */
export const COLOURS = [
  "#d9622b",
  "#2f7fc1",
  "#259a6c",
  "#9a6ad6",
  "#b8890f",
  "#cf4f8c",
  "#4d8f91",
  "#858b93",
];
/** Of what the paper says. */
export const PAPER = "#858b93";

const [WIDTH, HEIGHT] = [760, 340];
export const CLASS = "paper-chart";
export const STYLE = `.${CLASS} { --plot-background: #ffffff; color: #24292f; }
@media (prefers-color-scheme: dark) { .${CLASS} { --plot-background: #0d1117; color: #e6edf3; } }`;

/** An axis with its title in the middle; `label` names the quantity and its unit. */
export function axis(label, more = {}) {
  return { label, labelAnchor: "center", labelArrow: "none", ...more };
}

/**
 * An SVG file of any marks; `names`, if given, are the legend, in the order of `colours`.
 * @param {{ title: string, names?: string[], colours?: string[], marks: any[] } & Record<string, any>} options Plot's, with axes by `axis`;
 *   `title` stands above the chart and is what a screen reader says.
 */
export function chart({ title, names = [], colours = COLOURS, marks, ...options }) {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const { width = WIDTH } = options;
  const lines = legend(names, colours, width);
  const figure = Plot.plot({
    ...{ document, width, height: HEIGHT, marginLeft: 64, marginRight: 24, marginBottom: 46 },
    ...{ marginTop: 42 + 18 * lines.length, className: CLASS, style: { fontSize: "12px" }, ariaLabel: title },
    ...options,
    marks,
  });
  const add = (name, attributes, content = "") => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    element.textContent = content;
    figure.append(element);
    return element;
  };
  add("style", {}, STYLE);
  // a background of its own: a chart in a chart has none by CSS
  figure.prepend(add("rect", { width: "100%", height: "100%", fill: "var(--plot-background)" }));
  for (const { text, x, y, fill } of [{ text: title, x: 16, y: 22, fill: "currentColor" }, ...lines.flat()]) {
    add("text", { x, y, fill, "text-anchor": "start", "font-weight": 600 }, text);
  }
  figure.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  figure.setAttribute("role", "img");
  // a hundredth of a pixel is enough
  const path = (text) => text.replace(/(\.\d\d)\d+/g, "$1");
  return `${figure.outerHTML.replace(/ d="[^"]*"/g, path)}\n`;
}

/** Names in their colours, as many in a line as fit. */
function legend(names, colours, width) {
  const lines = [];
  let right = width;
  names.forEach((name, at) => {
    const length = 34 + 7.4 * name.length; // the letters of a bold 12 px sans serif
    if (right + length > width - 16) {
      lines.push([]);
      right = 16;
    }
    lines.at(-1).push({
      ...{ text: `● ${name}`, x: Math.round(right), y: 22 + 18 * lines.length },
      fill: colours[at % colours.length],
    });
    right += length;
  });
  return lines;
}

/** Colour of the series with this index. */
export function colourOf(at) {
  return COLOURS[at % COLOURS.length];
}

/**
 * Values that the paper gives, or others to compare with, as dashed lines with their names; with `to` a band.
 * @param {{ value: number, to?: number, label: string }[]} values
 * @param {{ across?: boolean }} [options] `across`: from left to right, at a value of y; default: up, at one of x
 */
export function references(values, { across = false } = {}) {
  const [axis, rule, band] = across ? ["y", Plot.ruleY, Plot.rectY] : ["x", Plot.ruleX, Plot.rectX];
  const place = across
    ? { frameAnchor: "right", textAnchor: "end", dx: -4, dy: -8 }
    : { frameAnchor: "top", dy: -9 };
  const bands = values.filter(({ to }) => to !== undefined);
  return [
    band(bands, { [`${axis}1`]: "value", [`${axis}2`]: "to", fill: PAPER, fillOpacity: 0.25 }),
    rule(values, { [axis]: "value", stroke: PAPER, strokeWidth: 1.5, strokeDasharray: "5 4" }),
    rule(bands, { [axis]: "to", stroke: PAPER, strokeWidth: 1.5, strokeDasharray: "5 4" }),
    Plot.text(values, {
      ...{ [axis]: ({ value, to = value }) => (value + to) / 2, text: "label", ...place },
      ...halo("currentColor"),
    }),
  ];
}

/** Text that stays readable on the marks below it. */
function halo(fill) {
  return { fill, stroke: "var(--plot-background)", strokeWidth: 4 };
}

/**
 * Histograms over the same bins, one a series, each as an outline over a light area.
 * @param {{ title: string, x: string, y?: string, series: { name: string, from: number, to: number,
 *   counts: number[] }[], paper?: { value: number, label: string }[] }} options `series` as `binned` makes them, with
 *   names; more options are Plot's
 */
export function histogram({ title, x, y = "codes", series, paper = [], ...options }) {
  const marks = series.flatMap(({ from, to, counts }, at) => {
    const width = (to - from) / counts.length;
    const steps = counts.flatMap((count, bin) => [
      { x: from + bin * width, count },
      { x: from + (bin + 1) * width, count },
    ]);
    const stroke = colourOf(at);
    return [
      Plot.areaY(steps, { x: "x", y1: 0, y2: "count", fill: stroke, fillOpacity: 0.15 }),
      Plot.line(steps, { x: "x", y: "count", stroke, strokeWidth: 1.75 }),
    ];
  });
  return chart({
    ...{ title, names: series.length > 1 ? series.map(({ name }) => name) : [] },
    ...{ x: axis(x), y: axis(y, { grid: true, zero: true, nice: true }), ...options },
    marks: [Plot.ruleY([0]), ...marks, ...references(paper)],
  });
}

/**
 * Lines with dots, one a series; an error bar where a point has `low` and `high`.
 * @param {{ title: string, x: any, y: any, series: { name: string, points: { x: any, y: number, low?: number,
 *   high?: number }[], dash?: string }[], line?: boolean, paper?: { value: number, label: string }[],
 *   limit?: { label: string, points: { x: any, y: number }[] } }} options `x` and `y` are what `axis` makes;
 *   `line: false` leaves the dots; `paper` are values of y, `limit` a curve to compare with, named at its first point;
 *   more options are Plot's
 */
export function lines({ title, x, y, series, line = true, paper = [], limit, ...options }) {
  const marks = series.flatMap(({ points, dash }, at) => {
    const colour = colourOf(at);
    const bars = points.filter(({ low, high }) => low !== undefined && high !== undefined);
    return [
      Plot.ruleX(bars, {
        x: "x",
        y1: "low",
        y2: "high",
        stroke: colour,
        strokeWidth: 1.5,
        strokeOpacity: 0.7,
      }),
      ...(line
        ? [Plot.line(points, { x: "x", y: "y", stroke: colour, strokeWidth: 2, strokeDasharray: dash })]
        : []),
      Plot.dot(points, { x: "x", y: "y", fill: colour, r: 3.5 }),
    ];
  });
  return chart({
    ...{ title, names: series.length > 1 ? series.map(({ name }) => name) : [], x, y, ...options },
    marks: [...(limit ? limitCurve(limit) : []), ...marks, ...references(paper, { across: true })],
  });
}

function limitCurve({ label, points }) {
  return [
    Plot.line(points, { x: "x", y: "y", stroke: PAPER, strokeWidth: 1.5, strokeDasharray: "5 4" }),
    Plot.text(points.slice(0, 1), {
      ...{ x: "x", y: "y", text: () => label, textAnchor: "start", dx: 8, dy: -2 },
      ...halo("currentColor"),
    }),
  ];
}

/** Charts below each other in one SVG; `title` is what a screen reader says. */
export function stacked(title, charts) {
  let top = 0;
  let widest = 0;
  const inner = charts.map((svg) => {
    const [width, height] = ["width", "height"].map((name) =>
      Number(svg.match(`<svg[^>]* ${name}="([0-9.]+)"`)[1]),
    );
    const placed = svg.replace("<svg", `<svg x="0" y="${top}"`);
    top += height;
    widest = Math.max(widest, width);
    return placed;
  });
  const size = `width="${widest}" height="${top}" viewBox="0 0 ${widest} ${top}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">\n<title>${escaped(title)}</title>\n${inner.join("")}</svg>\n`;
}

export const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
