// A view as a program: what one would write to get the same planes, with the same bits, anywhere.

import { isSparse, type Knobs, specOf, USUAL } from "./knobs.js";

/** undefined where the page does what the library has no call for: random magnitudes. */
export function programOf(knobs: Knobs, ownPicture: boolean): string | undefined {
  if (knobs.magnitudes === "random" && !isSparse(knobs)) return undefined;
  const rounded = knobs.values !== "float32";
  const planes = ownPicture
    ? ["const { width, height } = imageData; // of your picture", "const planes = fromImageData(imageData);"]
    : [
        `const [width, height] = [${knobs.size}, ${knobs.size}];`,
        `const planes = scene(width, height, ${knobs.scene});`,
      ];
  return [
    `import { createLayer${ownPicture ? ", fromImageData" : ""} } from "unpool";`,
    ...(rounded ? ['import { parse, serialise } from "unpool/code";'] : []),
    ...(ownPicture ? [] : ['import { scene } from "unpool/scene";']),
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
