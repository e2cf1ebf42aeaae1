// A view as a program: what one would write to get the same planes, with the same bits, anywhere.

import type { Size } from "../engine/messages.js";
import { isSparse, type Knobs, specOf, USUAL } from "./knobs.js";

/**
 * undefined where the page does what the library has no call for: random magnitudes.
 * @param own the size of a picture of one's own, as it is worked on.
 */
export function programOf(knobs: Knobs, own?: Size): string | undefined {
  if (knobs.magnitudes === "random" && !isSparse(knobs)) return undefined;
  const rounded = knobs.values !== "float32";
  const planes = own
    ? [
        `const { width, height } = imageData; // of your picture, scaled to ${own.width} x ${own.height}`,
        "const planes = fromImageData(imageData);",
      ]
    : [
        `const [width, height] = [${knobs.size}, ${knobs.size}];`,
        `const planes = scene(width, height, ${knobs.scene});`,
      ];
  return [
    `import { createLayer${own ? ", fromImageData" : ""} } from "unpool";`,
    ...(rounded ? ['import { parse, serialise } from "unpool/code";'] : []),
    ...(own ? [] : ['import { scene } from "unpool/scene";']),
    "",
    ...planes,
    `const spec = ${spec(knobs)};`,
    "const layer = await createLayer(spec);",
    encoded(knobs),
    ...(rounded
      ? [
          `const file = await serialise(code, spec, { values: "${knobs.values}", colour: "rgb" });`,
          "const stored = await parse(file);",
        ]
      : []),
    `const reconstruction = layer.decode(${rounded ? "stored.code" : "code"}${options(decoding(knobs, rounded))});`,
    "",
  ].join("\n");
}

function spec(knobs: Knobs): string {
  const { input: _, ...rest } = specOf(knobs, { height: 0, width: 0 });
  const fields = Object.entries(rest).filter(
    ([name, value]) => !(name in DEFAULTS && DEFAULTS[name] === value),
  );
  return `{ input: { channels: 3, height, width }, ${fields.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(", ")} }`;
}

/** Of createLayer. */
const DEFAULTS: Readonly<Record<string, unknown>> = { stride: 1, padding: 0, pool: 1, rectifier: "none" };

function encoded(knobs: Knobs): string {
  if (!isSparse(knobs)) return "const code = layer.encode(planes);";
  const { method, iterations, share } = knobs;
  const k =
    share < USUAL.share
      ? `, k: Math.max(1, Math.floor((layer.codeShape.reduce((a, b) => a * b) * ${share}) / 100))`
      : "";
  return `const code = layer.sparsify(planes, { method: "${method}", iterations: ${iterations}${k} });`;
}

/** What decode is told, beside the code. */
function decoding(knobs: Knobs, rounded: boolean): readonly string[] {
  if (isSparse(knobs)) return [];
  const { method, iterations, switches } = knobs;
  return [
    ...(method === "least-squares" ? [] : [`method: "${method}"`]),
    ...(switches === "known" ? [] : [`switches: "${switches}"`]),
    ...(method === "synthesis" ? [] : [`iterations: ${iterations}`]),
    ...(rounded ? ["noise: stored.noise"] : []),
  ];
}

function options(fields: readonly string[]): string {
  return fields.length === 0 ? "" : `, { ${fields.join(", ")} }`;
}
