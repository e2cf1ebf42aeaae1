// Residuals over iterations, as an SVG that follows the page's colours.

import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

// in pixels
const [WIDTH, HEIGHT] = [920, 340];
const [TOP, RIGHT, BOTTOM, LEFT] = [34, 116, 44, 48];
/** The longest name, in bold. */
const LABEL = { width: 100, height: 15 };

export interface Curve {
  name: string;
  /** A CSS colour. */
  colour: string;
  /** After each iteration. */
  residuals: readonly number[];
}

/** An SVG element, or undefined when no curve has a point that a logarithmic axis can show. */
export function residualChart(curves: readonly Curve[], description: string): string | undefined {
  const points = curves.flatMap(({ name, residuals }) =>
    // a solver begins at the whole right-hand side
    [1, ...residuals].map((residual, iteration) => ({ name, iteration, residual })),
  );
  const visible = points.filter(({ residual }) => residual > 0 && residual < Infinity);
  if (!visible.some(({ iteration }) => iteration > 0)) return undefined;
  const lowest = Math.min(-1, Math.floor(Math.log10(Math.min(...visible.map(({ residual }) => residual)))));
  const highest = Math.ceil(Math.log10(Math.max(...visible.map(({ residual }) => residual))));
  const every = Math.ceil((highest - lowest) / 8);
  const powers = Array.from(
    { length: Math.floor((highest - lowest) / every) + 1 },
    (_, i) => highest - i * every,
  );

  const longest = Math.max(...visible.map(({ iteration }) => iteration));
  const labels = apart(
    curves.flatMap(({ name }) => visible.findLast((point) => point.name === name) ?? []),
    (LABEL.width * longest) / (WIDTH - LEFT - RIGHT),
    (LABEL.height * (highest - lowest)) / (HEIGHT - TOP - BOTTOM),
  );

  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const svg = Plot.plot({
    document: document as unknown as Document,
    width: WIDTH,
    height: HEIGHT,
    marginTop: TOP,
    marginLeft: LEFT,
    marginRight: RIGHT,
    marginBottom: BOTTOM,
    style: { background: "none", fontSize: "13px" },
    x: { label: "iteration", labelAnchor: "center", labelArrow: "none", ticks: 10 },
    y: {
      ...{ type: "log", label: "relative residual", labelArrow: "none", grid: true },
      ...{ domain: [10 ** lowest, 10 ** highest], ticks: powers.map((power) => 10 ** power), tickSize: 0 },
      tickFormat: power,
    },
    color: { domain: curves.map(({ name }) => name), range: curves.map(({ colour }) => colour) },
    marks: [
      Plot.line(visible, { x: "iteration", y: "residual", stroke: "name", strokeWidth: 2 }),
      Plot.dot(visible, Plot.selectLast({ x: "iteration", y: "residual", z: "name", fill: "name", r: 3.5 })),
      Plot.text(labels, {
        ...{ x: "iteration", y: "residual", fill: "name", text: "name" },
        ...{ textAnchor: "start", dx: 9, fontWeight: 600 },
      }),
    ],
    ariaLabel: description,
  });
  svg.setAttribute("role", "img");
  return svg.outerHTML;
}

interface Point {
  name: string;
  iteration: number;
  residual: number;
}

/** The points moved up as far as needed for labels of so many iterations and powers of ten to stand apart. */
function apart(points: readonly Point[], width: number, height: number): Point[] {
  const placed: Point[] = [];
  for (const point of [...points].sort((one, other) => one.residual - other.residual)) {
    let power = Math.log10(point.residual);
    for (const { iteration, residual } of placed) {
      const above = Math.log10(residual) + height;
      if (Math.abs(iteration - point.iteration) < width) power = Math.max(power, above);
    }
    placed.push({ ...point, residual: 10 ** power });
  }
  return placed;
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** 0.001 -> "10⁻³" */
function power(value: number): string {
  const exponent = Math.round(Math.log10(value));
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]).join("");
  return exponent === 0 ? "1" : `10${exponent < 0 ? "⁻" : ""}${digits}`;
}
