// What rip-2d measured, as tables, sentences and charts.

import * as Plot from "@observablehq/plot";
import { axis, chart, colourOf, histogram, PAPER, stacked } from "./chart.mjs";
import { table } from "./format.mjs";

const BANKS = ["random", "learned"];
const STATES = ["before", "after"];
/** What the paper's deviations stay under, roughly. */
const NARROW = 0.05;

const three = (value) => value.toFixed(3);
const spread = ({ mean, sd }) => `${three(mean)} ± ${three(sd)}`;
const range = ({ least, greatest }) => `${three(least)} to ${three(greatest)}`;

export function markdown({ codes, patches, photographs, deep, layers }) {
  const percent = (share) => `${(100 * share).toFixed(1)} %`;
  const deepRow = (name, { k, synthesis, support, all }) => [
    ...[name, k, spread(synthesis), range(synthesis), spread(support), spread(all)],
  ];
  const each = Object.entries(layers).flatMap(([name, layer]) =>
    BANKS.map((bank) => ({ name, bank, layer, ...layer[bank] })),
  );
  const randomRows = each.map(({ name, bank, k, signed, positive }) => [
    ...[name, bank, k, spread(signed.synthesis), range(signed.synthesis)],
    ...[spread(signed.support), spread(positive.synthesis)],
  ]);
  const recovered = each.flatMap(({ name, bank, ...codesOf }) =>
    STATES.map((state) => ({ name, bank, state, ...codesOf[state] })),
  );
  const recoveredRows = recovered.map((one) => [
    ...[one.name, one.bank, `${one.state} ReLU`, one.lambda, three(one.residual)],
    ...[spread(one.synthesis), range(one.synthesis), spread(one.support), spread(one.randomSigns)],
  ]);
  const lambdas = recovered[0].lambdas.map(({ lambda }) => lambda);
  const lambdaRows = recovered.map(({ name, bank, state, lambda: chosen, lambdas: tried }) => [
    ...[name, bank, `${state} ReLU`],
    ...tried.map(({ lambda, synthesis, residual }) => {
      const cell = `${synthesis.toFixed(2)} (${residual.toFixed(2)})`;
      return lambda === chosen ? `**${cell}**` : cell;
    }),
  ]);
  const of = (bank) => recovered.filter((one) => one.bank === bank);
  const between = (values) => `${three(Math.min(...values))} to ${three(Math.max(...values))}`;
  const means = (bank, key) => between(of(bank).map((one) => one[key].mean));
  const sds = (bank, key) => between(of(bank).map((one) => one[key].sd));
  const centres = (state) =>
    of("learned")
      .filter((one) => one.state === state)
      .map(({ synthesis }) => three(synthesis.mean))
      .join(" and ");
  const extreme = (which) =>
    which(...of("learned").flatMap((one) => one.lambdas.map(({ synthesis }) => synthesis))).toFixed(2);
  const narrow = (bank) => of(bank).filter(({ synthesis }) => synthesis.sd < NARROW).length;
  return `
Cells are mean ± standard deviation; Ω is the support of z, k its size. Filters have entries N(0, 1/(9M)) or rows of norm 1 (random), or are learned, each divided by its norm, which makes the mean of |W′z|²/|z|² over codes with independent signs 1: the paper's scale.
There is no padding: each row of W is whole.

### conv(5,2), random filters

${codes} codes, non-zeros uniform on [-1, 1], ${deep.size} × ${deep.size} inputs, ${deep.regions} regions of 2 × 2 (the last of 13 positions fills none). The paper's “sparsity of the real activations” read as 20.6 % of all positions (its c(5,2), in Table 2) or as 13.1 % of the regions (its p(5)):

${table(
  ["sparsity", "k", "|W′z|/|z|", "range", "|(WW′z)_Ω|/|z|", "|WW′z|/|z|, all positions"],
  [deepRow("20.6 % of positions", deep.activations), deepRow("13.1 % of regions", deep.pooled)],
)}

Centred on 1, well within 0.05, in both readings. Over all positions WW′z is longer, as in Figure 2: filters with no part in z answer to x too.

### VGG-16's conv1_2 and conv2_2, random codes

${codes} codes with as many non-zeros as VGG-16's pooled activations have on ${photographs.length} photographs: ${Object.values(
    layers,
  )
    .map(({ block, nonZero, paper }) => `p(${block}) ${percent(nonZero)} (paper: ${paper} %)`)
    .join(", ")}. Norms of the learned filters as they come: ${Object.entries(layers)
    .map(([name, { norms }]) => `${name} ${spread(norms)}`)
    .join(", ")}.

${table(["layer", "filters", "k", "|W′z|/|z|", "range", "|(WW′z)_Ω|/|z|", "|W′z|/|z|, no negative value"], randomRows)}

With signs, learned filters are centred on 1 as well, and wider. Codes without negative values, as ReLU leaves them, are not: neighbouring learned filters overlap, and what overlaps adds up.

### Codes recovered from activations

${patches} patches of 16 × 16 of what enters the layer, from ${photographs.length} photographs, before and after the ReLU of the convolution before it. Algorithm 2 with \`layer.sparsify(x, { method: "algorithm-2", k, lambda })\`, which chooses one entry a region in its first step already; k as above. λ is a share of the least λ that gives zero; it is the largest of ${lambdas.join(", ")} that leaves 90 % of the k entries non-zero.

${table(
  [
    ...["layer", "filters", "x", "λ", "|x − W′z|/|x|", "|W′z|/|z|", "range", "|(WW′z)_Ω|/|z|"],
    "|W′z|/|z|, signs drawn anew",
  ],
  recoveredRows,
)}

Mean |W′z|/|z| (and mean |x − W′z|/|x|) by λ; bold is the choice:

${table(["layer", "filters", "x", ...lambdas.map((lambda) => `λ = ${lambda}`)], lambdaRows)}

- **Random filters**: the spread of |W′z|/|z| is ${sds("random", "synthesis")}, ${narrow("random")} of 4 under the paper's 0.05. The centre is ${means("random", "synthesis")} and moves with λ: shrunk codes keep to the directions in which W′ is strong, codes that fit x as well as they can have much of their length where W′ is weak. A code so sparse explains little of x under random filters: the residual stays at ${between(of("random").map(({ residual }) => residual))}.
- **Learned filters** agree in part. After ReLU the centres are ${centres("after")}, before it ${centres("before")}; the spreads, ${sds("learned", "synthesis")}, are wider than the paper's. It is not the supports: the same codes with signs drawn anew give ${means("learned", "randomSigns")}. It is the values: learned filters of these early layers overlap (coherence 0.94 and 0.64, as the experiment coherence measures it; of conv(5,2), which the paper's figure is of, about 0.41 in its Table 4), and real activations lie where they add up. A code with few entries stays there (up to ${extreme(Math.max)}, over the table above), one with many spends them on differences of overlapping filters (down to ${extreme(Math.min)}). The filters do fit their inputs: residuals of ${between(of("learned").map(({ residual }) => residual))}.
`;
}

export function figures({ codes, deep, layers }) {
  const one = [{ value: 1, label: "paper: centred on 1" }];
  const x = "|W′z| / |z|";
  const random = Object.entries(layers).flatMap(([name, layer]) =>
    BANKS.map((bank) => ({ name: `${name}, ${bank} filters`, ...layer[bank].signed.synthesis.histogram })),
  );
  return {
    "": stacked("Figure 3: model-RIP of two-dimensional filters", [
      histogram({
        ...{ title: `conv(5,2), random filters: ${codes} random codes`, x, paper: one },
        series: [
          { name: "20.6 % of positions", ...deep.activations.synthesis.histogram },
          { name: "13.1 % of regions", ...deep.pooled.synthesis.histogram },
        ],
      }),
      histogram({
        title: `conv1_2 and conv2_2: ${codes} random codes`,
        ...{ x, series: random, paper: one },
      }),
      recoveredChart(layers, x),
    ]),
  };
}

/** Each recovered code as a dot, a row a layer, filters and state. */
function recoveredChart(layers, x) {
  const rows = Object.entries(layers).flatMap(([name, layer]) =>
    BANKS.flatMap((bank, at) =>
      STATES.map((state) => ({ row: `${name}, ${state} ReLU, ${bank}`, at, ...layer[bank][state] })),
    ),
  );
  const dots = rows.flatMap(({ row, at, each }) => each.map((value) => ({ row, at, value })));
  const low = Math.min(0.8, ...dots.map(({ value }) => value));
  const high = Math.max(1.2, ...dots.map(({ value }) => value));
  return chart({
    ...{ title: "Codes recovered from activations by Algorithm 2", height: 330, marginLeft: 210 },
    names: BANKS.map((bank) => `${bank} filters`),
    x: axis(x, { domain: [low - 0.05, high + 0.05], grid: true }),
    y: { domain: rows.map(({ row }) => row), label: null, tickSize: 0 },
    marks: [
      Plot.rectX([1], { x1: 1 - NARROW, x2: 1 + NARROW, fill: PAPER, fillOpacity: 0.25 }),
      Plot.text(["paper: within 0.05"], { x: 1, frameAnchor: "top", dy: -9 }),
      Plot.dot(dots, { x: "value", y: "row", r: 3.5, fill: ({ at }) => colourOf(at), fillOpacity: 0.7 }),
      Plot.tickX(rows, { x: ({ synthesis }) => synthesis.mean, y: "row", stroke: "currentColor" }),
    ],
  });
}
