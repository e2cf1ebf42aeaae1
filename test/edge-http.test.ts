// The service as HTTP: methods, paths, validators, other origins, slow and aborted requests.

import { createHash } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import service, { createHandler } from "../src/edge/index.js";
import {
  bytesOf,
  get,
  planesOf,
  pngOf,
  post,
  refusedWith,
  serviceWith,
  streamOf,
  succeeds,
} from "./edge-calls.js";

const handler = serviceWith();
const png = await pngOf(16, 12);
const unp = await succeeds(post(handler, "/encode?filters=4", png));

test("the default export is a handler with the defaults", async () => {
  const found = await service.fetch(
    new Request("https://edge.example/encode?filters=4", { method: "POST", body: png }),
  );
  assert.equal(await bytesOf(found), unp);
});

test("HEAD is answered as GET, without the body", async () => {
  for (const path of ["/", "/health", "/scene.png", "/problems/too-large"]) {
    const whole = await get(handler, path);
    const head = await get(handler, path, { method: "HEAD" });
    assert.is(head.status, 200, path);
    assert.is(head.body, null);
    assert.equal([...head.headers], [...whole.headers]);
    await whole.arrayBuffer();
  }
  const missing = await get(handler, "/missing", { method: "HEAD" });
  assert.is(missing.status, 404);
  assert.is(missing.body, null);
});

test("other paths are not found", async () => {
  for (const path of ["/missing", "/encode/", "/Health", "//", "/problems/nothing", "/scene"]) {
    await refusedWith(get(handler, path), 404, "not-found");
  }
});

test("other methods are refused, and Allow names those that are taken", async () => {
  for (const [path, method, allow] of [
    ["/", "POST", "GET, HEAD, OPTIONS"],
    ["/health", "DELETE", "GET, HEAD, OPTIONS"],
    ["/encode", "GET", "POST, OPTIONS"],
    ["/decode", "PUT", "POST, OPTIONS"],
    ["/invert", "HEAD", "POST, OPTIONS"],
  ] as const) {
    const response = await get(handler, path, { method });
    assert.is(response.status, 405, `${method} ${path}`);
    assert.is(response.headers.get("Allow"), allow);
  }
  for (const [path, allow] of [
    ["/", "GET, HEAD, OPTIONS"],
    ["/encode", "POST, OPTIONS"],
  ] as const) {
    const response = await get(handler, path, { method: "OPTIONS" });
    assert.is(response.status, 204);
    assert.is(response.headers.get("Allow"), allow);
    assert.is(response.headers.get("Access-Control-Allow-Origin"), null);
  }
});

test("every answer says that its type is its type and that it has no parts", async () => {
  const answers = [
    get(handler, "/"),
    get(handler, "/health"),
    get(handler, "/scene.png"),
    get(handler, "/missing"),
    post(handler, "/encode", png),
    post(handler, "/decode", unp),
    post(handler, "/decode", png),
  ];
  for (const response of await Promise.all(answers)) {
    assert.is(response.headers.get("X-Content-Type-Options"), "nosniff", response.url);
    assert.is(response.headers.get("Accept-Ranges"), "none");
    await response.arrayBuffer();
  }
});

test("a result says how long it is, and caches to ask before they use it", async () => {
  for (const [path, body] of [
    ["/encode?filters=4", png],
    ["/decode?iterations=2", unp],
    ["/decode?iterations=2&format=raw", unp],
    ["/invert?filters=4&iterations=2", png],
  ] as const) {
    const response = await post(handler, path, body);
    const { headers } = response;
    assert.is(Number(headers.get("Content-Length")), (await bytesOf(response)).length);
    assert.is(headers.get("Cache-Control"), "private, no-cache");
    assert.match(headers.get("ETag")!, /^"[0-9a-f]{64}"$/);
  }
});

test("who has the result already is told so, and the work is not done", async () => {
  // a handler that could not do it
  const idle = createHandler({ limits: { work: 1 } });
  for (const [path, body] of [
    ["/encode?filters=4", png],
    ["/decode?iterations=2", unp],
    ["/invert?filters=4&iterations=2", png],
  ] as const) {
    const tag = (await post(handler, path, body)).headers.get("ETag")!;
    for (const has of [tag, `W/${tag}`, `"other", ${tag}`]) {
      const response = await post(idle, path, body, { headers: { "If-None-Match": has } });
      assert.is(response.status, 304);
      assert.is(response.body, null);
      assert.is(response.headers.get("ETag"), tag);
      assert.is(response.headers.get("Cache-Control"), "private, no-cache");
      assert.is(response.headers.get("Vary"), "Accept");
    }
    const other = { headers: { "If-None-Match": `"other", *` } };
    await refusedWith(post(idle, path, body, other), 413, "too-large");
  }
});

test("a tag follows the result: defaults may be written out, everything else is another tag", async () => {
  const tagOf = async (path: string, body: BodyInit, headers = {}) =>
    (await post(handler, path, body, { headers })).headers.get("ETag");
  const encode = await tagOf("/encode?filters=4", png);
  assert.is(await tagOf("/encode?stride=1&pool=2x2&values=int8&filters=4", png), encode);
  assert.is.not(await tagOf("/encode?filters=5", png), encode);
  assert.is.not(await tagOf("/invert?filters=4", png), encode);
  assert.is.not(await tagOf("/encode?filters=4", await pngOf(16, 13)), encode);
  const decode = await tagOf("/decode", unp);
  assert.is(await tagOf("/decode?iterations=100&format=png", unp), decode);
  const raw = await tagOf("/decode?format=raw", unp);
  assert.is.not(raw, decode);
  assert.is(await tagOf("/decode", unp, { Accept: "application/octet-stream" }), raw);
  // a body's bytes and its parameters cannot be taken for one another
  assert.is(new Set([encode, decode, raw]).size, 3);
});

test("the tag of a compressed file is weak: other hosts compress to other bytes", async () => {
  const tag = (await post(handler, "/encode?filters=4&deflate=true", png)).headers.get("ETag")!;
  assert.match(tag, /^W\/"[0-9a-f]{64}"$/);
  const again = { headers: { "If-None-Match": tag } };
  assert.is((await post(handler, "/encode?filters=4&deflate=true", png, again)).status, 304);
});

test("the page and the scene are told to those who have them in a word", async () => {
  for (const path of ["/", "/scene.png"]) {
    const tag = (await get(handler, path)).headers.get("ETag")!;
    const response = await get(handler, path, { headers: { "If-None-Match": tag } });
    assert.is(response.status, 304);
    assert.is(response.headers.get("ETag"), tag);
  }
});

test("the page's policy allows its own script and style, by their digests, and nothing from elsewhere", async () => {
  const response = await get(handler, "/");
  const policy = response.headers.get("Content-Security-Policy")!;
  const html = await response.text();
  const digest = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const [, script] = /<script type="module">([\s\S]*?)<\/script>/.exec(html)!;
  const [, style] = /<style>([\s\S]*?)<\/style>/.exec(html)!;
  assert.match(policy, `script-src ${digest(script!)};`);
  assert.match(policy, `style-src ${digest(style!)};`);
  assert.match(policy, "default-src 'none';");
  assert.match(policy, "frame-ancestors 'none'");
  assert.not.match(policy, /unsafe/);
  assert.not.match(html, /https?:\/\//);
  assert.not.match(html, / (href|src|action)="\//); // it works below any path
  assert.not.match(html, / (style|on\w+)=/); // which the policy would not run
});

test("every field of the page has a name", async () => {
  const html = await (await get(handler, "/")).text();
  const fields = html.match(/<(?:input|select)\b/g)!;
  assert.is(html.match(/<label[^>]*>(?:(?!<\/label>)[\s\S])*<(?:input|select)\b/g)!.length, fields.length);
  assert.match(html, '<html lang="en">');
  for (const image of html.match(/<img[^>]*>/g)!) assert.match(image, / alt="[^"]+"/);
});

test("pages of other origins are not let in unless the deployer says so", async () => {
  const from = { headers: { Origin: "https://other.example" } };
  const response = await post(handler, "/encode?filters=4", png, from);
  assert.is([...response.headers.keys()].filter((name) => name.startsWith("access-control")).length, 0);
});

test("the origin that the deployer names is let in, by every answer", async () => {
  for (const cors of ["https://other.example", "*"]) {
    const open = serviceWith({ cors });
    const answers = [
      await post(open, "/encode?filters=4", png),
      await post(open, "/decode", png),
      await get(open, "/missing"),
      await get(open, "/health"),
      await get(open, "/encode", { method: "OPTIONS" }),
    ];
    for (const { headers } of answers) {
      assert.is(headers.get("Access-Control-Allow-Origin"), cors);
      assert.match(headers.get("Access-Control-Expose-Headers")!, "ETag");
      assert.is(headers.get("Access-Control-Allow-Credentials"), null);
    }
    const { status, headers } = answers.at(-1)!;
    assert.is(status, 204);
    assert.is(headers.get("Access-Control-Allow-Methods"), "POST, OPTIONS");
    assert.match(headers.get("Access-Control-Allow-Headers")!, "Content-Type");
    assert.is(headers.get("Access-Control-Max-Age"), "86400");
  }
});

test("below a prefix everything is where it was, and nothing outside", async () => {
  const below = serviceWith({ prefix: "/tools/unpool" });
  assert.equal(await succeeds(post(below, "/tools/unpool/encode?filters=4", png)), unp);
  assert.is((await get(below, "/tools/unpool/")).headers.get("Content-Type"), "text/html; charset=utf-8");
  const redirect = await get(below, "/tools/unpool");
  assert.is(redirect.status, 308);
  assert.is(redirect.headers.get("Location"), "/tools/unpool/");
  for (const path of ["/", "/encode", "/tools/unpoolencode", "/tools/unpool/missing"]) {
    await refusedWith(get(below, path), 404, "not-found");
  }
  const problem = await (await post(below, "/tools/unpool/decode", png)).json();
  assert.is(problem.type, "/tools/unpool/problems/unsupported-type");
  assert.is((await get(below, problem.type)).status, 200);
});

test("a body that arrives in pieces is read as one", async () => {
  const pieces = Array.from({ length: Math.ceil(png.length / 7) }, (_, i) => png.subarray(7 * i, 7 * i + 7));
  assert.equal(await succeeds(post(handler, "/encode?filters=4", streamOf(pieces))), unp);
});

test("a body without an announced length is counted, and refused with the piece that is too much", async () => {
  let pulled = 0;
  const endless = new ReadableStream({
    pull(controller) {
      pulled += 1;
      controller.enqueue(new Uint8Array(1000));
    },
  });
  const limited = serviceWith({ limits: { bodyBytes: 10_000 } });
  await refusedWith(post(limited, "/encode", endless), 413, "too-large", "10000");
  assert.ok(pulled < 20, String(pulled));
});

test("an announced length that is too large is refused before anything is read", async () => {
  let pulled = 0;
  const source = new ReadableStream(
    {
      pull() {
        pulled += 1;
      },
    },
    { highWaterMark: 0 },
  );
  const headers = { "Content-Length": String(2 ** 40) };
  await refusedWith(post(handler, "/encode", source, { headers }), 413, "too-large", String(2 ** 40));
  assert.is(pulled, 0);
});

test("an announced length that lies is found out", async () => {
  for (const length of [png.length - 1, png.length + 1, 0]) {
    const headers = { "Content-Length": String(length) };
    const lying = post(handler, "/encode", streamOf([png]), { headers });
    await refusedWith(lying, 400, "aborted", String(length), String(png.length));
  }
  for (const nonsense of ["-1", "1e3", "many", "99999999999999999999"]) {
    const headers = { "Content-Length": nonsense };
    await refusedWith(
      post(handler, "/encode", streamOf([png]), { headers }),
      400,
      "invalid-option",
      nonsense,
    );
  }
});

test("a body that goes on beyond its announced length is given up there", async () => {
  let pulled = 0;
  const endless = new ReadableStream({
    pull(controller) {
      pulled += 1;
      controller.enqueue(new Uint8Array(100));
    },
  });
  const headers = { "Content-Length": "150" };
  await refusedWith(post(handler, "/encode", endless, { headers }), 400, "aborted", "150", "200 or more");
  assert.ok(pulled < 20, String(pulled));
});

test("a body that breaks off is refused", async () => {
  const broken = new ReadableStream({
    pull(controller) {
      controller.error(new Error("the connection was lost"));
    },
  });
  await refusedWith(post(handler, "/encode", broken), 400, "aborted", "broke off");
});

test("a body that does not arrive in time is given up, and its stream cancelled", async () => {
  let cancelled = false;
  const slow = new ReadableStream({
    start(controller) {
      controller.enqueue(png.subarray(0, 10));
    },
    cancel() {
      cancelled = true;
    },
  });
  const limited = serviceWith({ limits: { milliseconds: 20 } });
  await refusedWith(post(limited, "/encode", slow), 408, "slow-body", "20 milliseconds");
  assert.is(cancelled, true);
});

test("a client that goes while its body is read ends the request", async () => {
  const client = new AbortController();
  const hanging = post(handler, "/encode", streamOf([png.subarray(0, 10)], { open: true }), {
    signal: client.signal,
  });
  setTimeout(() => client.abort());
  await refusedWith(hanging, 400, "aborted", "client");
});

/** Runs with a clock that goes on by a millisecond each time it is asked; `tick` hears of it. */
async function withClock(tick: (now: number) => void, run: () => Promise<void>): Promise<void> {
  const { now } = performance;
  let time = 0;
  performance.now = () => {
    time += 1;
    tick(time);
    return time;
  };
  try {
    await run();
  } finally {
    performance.now = now;
  }
}

test("work that takes too long is given up: no result depends on how quick the host is", async () => {
  const limited = serviceWith({ limits: { milliseconds: 40 } });
  await withClock(
    () => {},
    async () => {
      await succeeds(post(limited, "/decode?iterations=5", unp));
      const late = await post(limited, "/decode?iterations=90&tolerance=0", unp);
      assert.is(late.headers.get("Retry-After"), "1");
      await refusedWith(Promise.resolve(late), 503, "out-of-time", "40 milliseconds");
    },
  );
});

test("a client that goes while the solver runs ends it", async () => {
  const client = new AbortController();
  const abort = (now: number) => {
    if (now === 40) client.abort();
  };
  await withClock(abort, async () => {
    const gone = post(handler, "/decode?iterations=90&tolerance=0", unp, { signal: client.signal });
    await refusedWith(gone, 400, "aborted", "client");
  });
});

test("a client that goes between two tiles ends the work", async () => {
  const client = new AbortController();
  // the host gets its turn between tiles only after so much work
  const large = planesOf(256, 256);
  const query = "channels=3&height=256&width=256&filters=64&tile=64&overlap=8";
  setTimeout(() => client.abort());
  const gone = post(handler, `/encode?${query}`, large, { signal: client.signal });
  await refusedWith(gone, 400, "aborted");
});

test("requests that would together hold more than the memory there is are asked to come again", async () => {
  const limited = serviceWith({ limits: { memoryBytes: 1_500_000 } });
  const first = new Uint8Array(1_000_000);
  let more: ReadableStreamDefaultController<Uint8Array>;
  const slow = new ReadableStream<Uint8Array>({
    start(controller) {
      more = controller;
      controller.enqueue(first);
    },
  });
  const query = "channels=1&height=500&width=500&filters=1&kernel=1&tile=50&overlap=0";
  const waiting = post(limited, `/encode?${query}`, slow);
  await new Promise((resolve) => setTimeout(resolve, 5)); // its first piece has arrived
  const refused = await post(limited, `/encode?${query}`, first);
  assert.is(refused.headers.get("Retry-After"), "1");
  await refusedWith(Promise.resolve(refused), 503, "busy-service", "try again");
  more!.error(new Error("gone"));
  await refusedWith(waiting, 400, "aborted");
  // what it held is free again
  await succeeds(post(limited, `/encode?${query}`, first));
});

test("two handlers share nothing but the bytes that they give", async () => {
  const other = createHandler({ cacheBytes: 0 });
  assert.equal(await succeeds(post(other, "/encode?filters=4", png)), unp);
});

test("many requests at once, of different layers, are answered as one after the other", async () => {
  const busy = serviceWith({ cacheBytes: 200_000 });
  const paths = Array.from(
    { length: 24 },
    (_, i) => `/invert?filters=${1 + (i % 5)}&seed=${i % 3}&iterations=3`,
  );
  const oneByOne: Uint8Array[] = [];
  for (const path of paths) oneByOne.push(await succeeds(post(handler, path, png)));
  const together = await Promise.all(paths.map((path) => succeeds(post(busy, path, png))));
  together.forEach((bytes, i) => {
    assert.equal(bytes, oneByOne[i], paths[i]);
  });
});

test.run();
