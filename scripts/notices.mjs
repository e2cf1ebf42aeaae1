// The licences of the packages whose code a bundle contains, as they ask to be passed on.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Text of all licences; `metafiles` are esbuild's. Fails when a package in a bundle has none. */
export function notices(...metafiles) {
  const inputs = metafiles.flatMap(({ outputs }) => Object.values(outputs).flatMap((o) => Object.keys(o.inputs)));
  const packages = inputs.map((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]);
  return [...new Set(packages.filter(Boolean))].sort().map(notice).join(`\n${"-".repeat(80)}\n\n`);
}

function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  if (files.length === 0) console.error("MISSING", name, version, license);
  const texts = files.map((file) => readFileSync(join(folder, file), "utf8").trim());
  return `${name} ${version} (${license})\n\n${texts.join("\n\n")}\n`;
}
