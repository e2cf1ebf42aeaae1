// `import text from "./file?text"`: a file as text, scripts and styles minified.

import { readFileSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";
import { transform } from "esbuild";

const LOADERS = { ".js": "js", ".css": "css" };

/** A plugin of esbuild. */
export const textFiles = {
  name: "text-files",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\?text$/ }, ({ path, importer }) => ({
      path: resolve(dirname(importer), path.replace(/\?text$/, "")),
      namespace: "text",
    }));
    onLoad({ filter: /./, namespace: "text" }, async ({ path }) => {
      const text = readFileSync(path, "utf8");
      const loader = LOADERS[extname(path)];
      // the least that reads light-dark() and nested styles
      const target = ["chrome123", "firefox120", "safari17.5"];
      const contents = loader ? (await transform(text, { loader, minify: true, target })).code.trim() : text;
      return { contents, loader: "text" };
    });
  },
};
