// What the server and the built folder are, without a browser.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { buildSite, SITE, siteFiles } from "../../../scripts/site-build.mjs";
import { serveSite } from "../../../scripts/site-server.mjs";

const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; worker-src 'self'; " +
  "connect-src 'self'; img-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'none'";
const TYPES = {
  css: "text/css",
  html: "text/html;charset=utf-8",
  js: "text/javascript",
  svg: "image/svg+xml",
  webmanifest: "application/manifest+json",
};

export const server = {
  "Two builds give the same bytes": async () => {
    const first = hashes();
    await buildSite();
    assert.deepEqual(hashes(), first);
  },

  "Every file is served with its type and the policy, packed and unpacked": () =>
    served(async (url) => {
      for (const name of siteFiles()) {
        const content = readFileSync(join(SITE, name));
        for (const encoding of ["gzip", "identity"]) {
          const { headers, body } = await get(new URL(name, url), encoding);
          assert.equal(headers["content-type"], TYPES[name.split(".").at(-1)], name);
          assert.equal(headers["content-security-policy"], `${POLICY}; frame-ancestors 'none'`, name);
          assert.equal(headers["x-content-type-options"], "nosniff", name);
          assert.equal(headers["content-encoding"], encoding === "gzip" ? "gzip" : undefined, name);
          assert.ok(content.equals(encoding === "gzip" ? gunzipSync(body) : body), name);
        }
      }
    }),

  "What is not there is refused, under the policy too": () =>
    served(async (url) => {
      for (const path of ["none", "..%2fpackage.json", "%2e%2e/package.json"]) {
        const { status, headers } = await get(new URL(path, url), "identity");
        assert.equal(status, 404, path);
        assert.match(headers["content-security-policy"], /^default-src 'none'/);
      }
      assert.equal((await get(url, "identity", "POST")).status, 405);
    }),

  "A port that is taken gives way to the next": () =>
    served(async (url) => {
      const port = Number(new URL(url).port);
      const second = await serveSite(SITE, port);
      try {
        assert.notEqual(second.port, port);
        assert.equal((await get(second.url, "identity")).status, 200);
      } finally {
        await second.close();
      }
    }),

  "A host that sends no headers is strict too, and others find them in _headers": async () => {
    const html = readFileSync(join(SITE, "index.html"), "utf8");
    assert.ok(html.includes(`<meta http-equiv="Content-Security-Policy" content="${POLICY}">`));
    assert.ok(html.indexOf("Content-Security-Policy") < html.indexOf("<script"));
    const lines = readFileSync(join(SITE, "_headers"), "utf8").split("\n");
    assert.equal(lines[0], "/*");
    assert.ok(lines.includes(`  Content-Security-Policy: ${POLICY}; frame-ancestors 'none'`));
  },

  "Licences of what is inside are passed on": async () => {
    assert.match(readFileSync(join(SITE, "THIRD-PARTY-LICENSES.txt"), "utf8"), /^preact \S+ \(MIT\)$/m);
  },
};

function hashes() {
  return readdirSync(SITE)
    .sort()
    .map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(join(SITE, name)))
        .digest("hex"),
    ]);
}

async function served(look) {
  const { url, close } = await serveSite(SITE, 0);
  try {
    await look(url);
  } finally {
    await close();
  }
}

/** As it is sent: fetch would unpack it. */
function get(url, encoding, method = "GET") {
  return new Promise((done, fail) => {
    const sent = request(url, { method, headers: { "accept-encoding": encoding } }, (response) => {
      const pieces = [];
      response.on("data", (piece) => pieces.push(piece));
      response.on("end", () =>
        done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(pieces) }),
      );
    });
    sent.on("error", fail);
    sent.end();
  });
}
