// Modules of site/ as they are: Node 20 does not read TypeScript.

import { build } from "esbuild";

/** What these files export, together. */
export async function load(...files) {
  const { outputFiles } = await build({
    stdin: {
      contents: files.map((file) => `export * from "./${file}";`).join("\n"),
      resolveDir: process.cwd(),
    },
    bundle: true,
    format: "esm",
    write: false,
    logLevel: "warning",
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}
