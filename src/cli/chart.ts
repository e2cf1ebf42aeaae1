// Residuals over iterations, as an SVG that follows the page's colours.

import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

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

  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const svg = Plot.plot({
    document: document as unknown as Document,
    width: 920,
    height: 340,
    marginTop: 34,
    marginLeft: 48,
    marginRight: 116,
    marginBottom: 44,
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
      Plot.text(
        visible,
        Plot.selectLast({
          ...{ x: "iteration", y: "residual", z: "name", fill: "name", text: "name" },
          ...{ textAnchor: "start", dx: 9, fontWeight: 600 },
        }),
      ),
    ],
    ariaLabel: description,
  });
  svg.setAttribute("role", "img");
  return svg.outerHTML;
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** 0.001 -> "10⁻³" */
function power(value: number): string {
  const exponent = Math.round(Math.log10(value));
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]).join("");
  return exponent === 0 ? "1" : `10${exponent < 0 ? "⁻" : ""}${digits}`;
}
