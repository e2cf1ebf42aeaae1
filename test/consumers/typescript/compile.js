// Each compiler under each resolution; the last one's output is what runs.

import { spawnSync } from "node:child_process";

for (const compiler of ["typescript-5", "typescript"]) {
  for (const project of ["tsconfig.bundler.json", "tsconfig.json"]) {
    const tsc = [`../node_modules/${compiler}/bin/tsc`, "-p", project];
    const { status } = spawnSync(process.execPath, tsc, { stdio: "inherit" });
    if (status !== 0) throw `${compiler} refuses the declarations under ${project}`;
  }
}
