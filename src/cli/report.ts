// report.html: one file that needs no other, in light and dark.

import { type Curve, residualChart } from "./chart.js";
import { COLUMNS, cells, facts } from "./facts.js";
import { decibels, ratio, similarity } from "./format.js";
import type { Inversion } from "./invert.js";
import { AMPLIFICATION, RAMP } from "./pictures/difference.js";
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

const METHODS = {
  synthesis:
    "one step: the code’s values at their switches, through the filters once, times the factor that fits best",
  iht: "iterative hard thresholding: a code with one entry a region is sought for the picture, then multiplied out",
  "least-squares": "the picture whose activations at the switches are the code’s values",
};

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

  const curves = inversion.results.flatMap(({ method }, i): Curve[] =>
    method === "synthesis"
      ? []
      : [{ name: method, colour: `var(--${method})`, residuals: reconstructions[i]!.residuals }],
  );
  const chart = residualChart(
    curves,
    "Relative residual of iht and least-squares over the iterations, on a logarithmic axis",
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
<p>Encoded by ${inversion.layer.filters} random filters and max-pooling that keeps its switches, and reconstructed three ways.</p>

<section class="pictures" aria-label="Pictures">
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
${Object.entries(METHODS)
  .map(([method, meaning]) => `<div><dt>${method}</dt><dd>${meaning}</dd></div>`)
  .join("\n")}
</dl>
<p class="note">Relative error: |x̂ − x| / |x| of the raw numbers. PSNR: of the values clamped to [0, 1], peak 1. SSIM: of the 8-bit luminance, Gaussian window of 11 pixels. Milliseconds: of one run; iht starts from the picture, the others from the code.</p>
</section>

<section>
<h2>Residuals</h2>
${
  chart
    ? `<figure class="chart">
${chart}
<figcaption>iht: |x − W′z| / |x|, how far the sparse code is from the picture. least-squares: |v − A x̂| / |v|, how far the activations at the switches are from the code’s values v. The two are different quantities; their slopes compare, their heights do not.</figcaption>
</figure>`
    : "<p>The solvers had nothing to do: the picture is zero everywhere.</p>"
}
</section>

<section>
<h2>Layer</h2>
<dl>
${facts(title, inversion)
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

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
