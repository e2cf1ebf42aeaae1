// A first visit.

import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { digests, SITE } from "../../../scripts/site-build.mjs";
import { installed } from "./offline.mjs";

const MOST = 250_000;

export const load = {
  "The first view runs by itself to its end": async (bench) => {
    const tab = await bench.open();
    assert.equal(await tab.ended(), "done");
    assert.equal(await tab.digest(), digests().exact);
    assert.equal(await tab.match(), "yes");
    for (const fact of ["error", "psnr", "ssim", "ratio", "milliseconds", "memory", "bytes", "iterations"])
      assert.ok(Number.isFinite(await tab.number(fact)), `${fact} is ${await tab.fact(fact)}`);
    assert.equal(await tab.said("alert"), "");
    assert.equal(await tab.said("status"), "");
  },

  "A first load, and what is kept for offline, take less than 250 KB": async (bench) => {
    const tab = await bench.open();
    await installed(tab);
    const sent = bench.responses.reduce((sum, { bytes }) => sum + bytes, 0);
    const paths = [...new Set(bench.responses.map(({ path }) => path))];
    const files = paths.map((path) => (path === "/" ? "/index.html" : path));
    const raw = files.reduce((sum, file) => sum + statSync(join(SITE, file)).size, 0);
    assert.ok(
      paths.some((path) => /^\/worker-\w+\.js$/.test(path)) && paths.includes("/sw.js"),
      paths.join(" "),
    );
    assert.ok(sent < MOST, `${sent} bytes were sent`);
    return `by the server's log ${bench.responses.length} responses, ${sent} bytes gzipped; the files are ${raw}`;
  },
};
