// report.html: one file that needs no other, in light and dark.

import { type Curve, residualChart } from "./chart.js";
import { COLUMNS, cells, inversionFacts } from "./facts.js";
import { decibels, ratio, similarity } from "./format.js";
import type { Inversion } from "./invert.js";
import { isSparsifier, iterates, type MethodName, meaningOf } from "./methods.js";
import { AMPLIFICATION, RAMP } from "./pictures/difference.js";
import type { Result } from "./reconstruct.js";
import style from "./report.css";

export interface ReportContents {
  title: string;
  command: string;
  inversion: Inversion;
  /** PNG bytes. */
  original: Uint8Array;
  /** In the order of inversion.results. */
  reconstructions: { picture: Uint8Array; difference: Uint8Array; residuals: number[] }[];
}

/** Curves take them in turn. */
const COLOURS = 8;

export function renderReport({
  title,
  command,
  inversion,
  original,
  reconstructions,
}: ReportContents): string {
  const { width, height } = inversion.image;
  const picture = (png: Uint8Array, alt: string) =>
    `<img src="data:image/png;base64,${Buffer.from(png).toString("base64")}" width="${width}" height="${height}" alt="${escaped(alt)}">`;

  const figures = inversion.results.map((result, i) => {
    const { picture: png, difference } = reconstructions[i]!;
    return `<figure>
${picture(png, `The reconstruction by ${result.method}`)}
<figcaption><b>${result.method}</b>error ${ratio(result.relativeError)}<br>${decibels(result.psnr)} dB · SSIM ${similarity(result.ssim)}</figcaption>
${picture(difference, `Where the reconstruction by ${result.method} differs from the original`)}
</figure>`;
  });

  const rows = inversion.results.map((result) => {
    const [method, ...numbers] = cells(result);
    return `<tr><th scope="row">${method}</th>${numbers.map((text) => `<td>${text}</td>`).join("")}</tr>`;
  });

  const methods = inversion.results.map(({ method }) => method);
  const iterative = methods.filter(iterates);
  const curves = iterative.map(
    (name, i): Curve => ({
      name,
      colour: `var(--curve-${(i % COLOURS) + 1})`,
      residuals: reconstructions[methods.indexOf(name)]!.residuals,
    }),
  );
  const chart = residualChart(
    curves,
    `Relative residual of ${listed(iterative)} over the iterations, on a logarithmic axis`,
  );

  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}, inverted by unpool</title>
<style>
${style}</style>
</head>
<body>
<main>
<h1>${escaped(title)}, inverted</h1>
<p>Encoded by ${inversion.layer.filters} random filters and max-pooling that keeps its switches, and reconstructed by ${listed(methods)}.</p>

<section class="pictures" style="--columns: ${columns(methods.length + 1)}" aria-label="Pictures">
<figure>
${picture(original, `The original: ${title}`)}
<figcaption><b>original</b>${width} × ${height}<br>${inversion.layer.channels === 1 ? "grey" : "colour"}</figcaption>
<div class="scale">
<div class="ramp" style="background: linear-gradient(90deg, ${RAMP.map((colour) => `rgb(${colour})`).join(", ")})"></div>
<p class="ends"><span>0</span><span>1/${AMPLIFICATION} and more</span></p>
<p>Differences <span class="formula">|x̂ − x|</span>, the mean over the channels, × ${AMPLIFICATION}: the brightest colour is 1/${AMPLIFICATION} of the range from black to white, or more.</p>
</div>
</figure>
${figures.join("\n")}
</section>

<section>
<h2>Results</h2>
<div class="wide" role="region" aria-label="Table of results" tabindex="0">
<table>
<thead><tr>${COLUMNS.map((heading) => `<th scope="col">${heading}</th>`).join("")}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>
</div>
<dl class="methods">
${inversion.results
  .map((result) => `<div><dt>${result.method}</dt><dd>${escaped(described(result))}</dd></div>`)
  .join("\n")}
</dl>
<p class="note">Relative error: |x̂ − x| / |x| of the raw numbers. PSNR: of the values clamped to [0, 1], peak 1. SSIM: of the 8-bit luminance, Gaussian window of 11 pixels. Milliseconds: of one run.${startingPoints(methods)}${inversion.results.some(({ stopped }) => stopped === "discrepancy") ? " At noise: the residual is no larger than the rounding of the values explains." : ""}</p>
</section>

<section>
<h2>Residuals</h2>
${
  chart
    ? `<figure class="chart">
${chart}
<figcaption>${residualsMeant(iterative)}</figcaption>
</figure>`
    : `<p>${iterative.length > 0 ? "The solvers had nothing to do: the picture is zero everywhere." : "One step leaves no curve."}</p>`
}
</section>

<section>
<h2>Layer</h2>
<dl>
${inversionFacts(title, inversion)
  .map(([name, text]) => `<div><dt>${name}</dt><dd>${escaped(text)}</dd></div>`)
  .join("\n")}
</dl>
</section>

<section>
<h2>Again</h2>
<pre><code>${escaped(command)}</code></pre>
</section>
</main>
</body>
</html>
`;
}

/** What a method is, and of least squares which solver it was and why. */
function described({ method, solver, reason, poolResidual }: Result): string {
  const chosen = method === "least-squares" && solver ? `: here ${solver} (${reason})` : "";
  const pooled = poolResidual === null ? "" : `; pool residual ${ratio(poolResidual)}`;
  return `${meaningOf(method)}${chosen}${pooled}`;
}

/** What the sparsifiers and the decoders began from, if both were there. */
function startingPoints(methods: readonly MethodName[]): string {
  const sparsifiers = methods.filter(isSparsifier);
  if (sparsifiers.length === 0 || sparsifiers.length === methods.length) return "";
  const start = sparsifiers.length === 1 ? "starts" : "start";
  return ` ${listed(sparsifiers)} ${start} from the picture, the others from the code.`;
}

/** What the curves of these methods show. */
function residualsMeant(methods: readonly MethodName[]): string {
  const sparsifiers = methods.filter(isSparsifier);
  const decoders = methods.filter((name) => !isSparsifier(name));
  const sentences = [];
  if (sparsifiers.length > 0) {
    sentences.push(`${listed(sparsifiers)}: |x − W′z| / |x|, how far the sparse code is from the picture.`);
  }
  if (decoders.length > 0) {
    sentences.push(
      `${listed(decoders)}: |v − A x̂| / |v|, how far the activations at the switches are from the code’s values v.`,
    );
  }
  if (sentences.length > 1) {
    sentences.push("The two are different quantities; their slopes compare, their heights do not.");
  }
  return sentences.join(" ");
}

/** a, b and c */
function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** Of the grid of pictures: full rows, or nearly. */
function columns(pictures: number): number {
  if (pictures <= 5) return Math.max(3, pictures);
  return Math.ceil(pictures / Math.ceil(pictures / 5));
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
