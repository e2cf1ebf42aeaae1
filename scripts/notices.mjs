// The licences of the packages whose code a bundle contains, as they ask to be passed on.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Text of all licences; `metafiles` are esbuild's. Fails when a package in a bundle has none. */
export function notices(...metafiles) {
  const packages = new Map();
  for (const { outputs } of metafiles) {
    for (const [file, { bytesInOutput }] of Object.values(outputs).flatMap(({ inputs }) =>
      Object.entries(inputs),
    )) {
      if (bytesInOutput === 0) continue;
      const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
      if (folder) packages.set(folder, [...(packages.get(folder) ?? []), file]);
    }
  }
  const texts = [...packages].sort().map(([folder, files]) => notice(folder, files));
  return [...new Set(texts)].join(`\n${"-".repeat(80)}\n\n`);
}

function notice(folder, files) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const licences = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  if (licences.length === 0)
    throw new Error(`${name} ${version} (${license}) has no licence file to pass on`);
  const texts = licences.map((file) => readFileSync(join(folder, file), "utf8").trim());
  return [`${name} ${version} (${license})`, ...texts, ...copyrights(files), ""].join("\n\n");
}

/** Files taken over from somebody else say so in their first comments. */
function copyrights(files) {
  const comments = files.flatMap(
    (file) =>
      readFileSync(file, "utf8")
        .slice(0, 5000)
        .match(/\/\*[\s\S]*?\*\//g) ?? [],
  );
  return new Set(comments.filter((comment) => /copyright/i.test(comment)));
}
