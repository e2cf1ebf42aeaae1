// Makes the playground, and shows it: `node scripts/site.mjs [--serve [--port N]]`, after `npm run build`.

import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { buildSite, SITE } from "./site-build.mjs";
import { serveSite } from "./site-server.mjs";

const USAGE = "usage: node scripts/site.mjs [--serve [--port N]], N from 0 (any that is free) to 65535";
const USUAL_PORT = 8765;

const { serve, port } = readArguments();
if (!existsSync("build/index.js")) {
  process.stderr.write("build/ is empty: run `npm run build` first\n");
  process.exit(1);
}
await buildSite();
if (serve) {
  const server = await serveSite(SITE, port);
  console.log(`The playground is at ${server.url} (Ctrl-C ends it)`);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => server.close());
} else {
  console.log(`The playground is in ${SITE}/`);
}

function readArguments() {
  try {
    const { values } = parseArgs({ options: { serve: { type: "boolean" }, port: { type: "string" } } });
    const port = Number(values.port ?? USUAL_PORT);
    if (!/^\d+$/.test(values.port ?? "0") || port > 65535)
      throw new Error(`The port cannot be “${values.port}”`);
    if (values.port !== undefined && !values.serve) throw new Error("A port is nothing without --serve");
    return { serve: values.serve ?? false, port };
  } catch (error) {
    process.stderr.write(`${error.message}\n${USAGE}\n`);
    process.exit(2);
  }
}
