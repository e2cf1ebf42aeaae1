// Runs a bundled Worker and the modules beside it on workerd, and prints what it answers: `node workerd.mjs FILE`.

import { dirname } from "node:path";
import { Miniflare } from "miniflare";

const [file] = process.argv.slice(2);
const host = new Miniflare({
  modules: true,
  modulesRoot: dirname(file),
  modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }],
  scriptPath: file,
  compatibilityDate: "2026-01-01",
});
try {
  const response = await host.dispatchFetch("http://localhost/");
  console.log(await response.text());
} finally {
  await host.dispose();
}
