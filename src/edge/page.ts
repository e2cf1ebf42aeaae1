// GET /: a page that says what the service is and lets one try. One file, whose policy allows just what is in it.

import { clientHas, digest, sha256 } from "./etag.js";
import { NEUTRAL_HEADERS } from "./headers.js";
import html from "./page/page.html?text";
import script from "./page/script.js?text";
import style from "./page/style.css?text";
import { notModified } from "./results.js";

const CACHING = { "Cache-Control": "no-cache" };

// no promise: on Workers one that waits for the host must not be shared by requests
let made: { text: Uint8Array<ArrayBuffer>; headers: Record<string, string>; tag: string } | undefined;

export async function page(request: Request): Promise<Response> {
  made ??= await make();
  const { text, headers, tag } = made;
  if (clientHas(request, tag)) return notModified(tag, CACHING);
  return new Response(text, { headers });
}

async function make(): Promise<NonNullable<typeof made>> {
  const whole = html.replace("/* style */", () => style).replace("/* script */", () => script);
  const text = new TextEncoder().encode(whole);
  const tag = `"${await sha256(text)}"`;
  const policy = [
    "default-src 'none'",
    `script-src ${await source(script)}`,
    `style-src ${await source(style)}`,
    "img-src 'self' blob: data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  const headers = {
    ...NEUTRAL_HEADERS,
    ...CACHING,
    "Content-Type": "text/html; charset=utf-8",
    "Content-Length": String(text.length),
    "Content-Security-Policy": policy,
    "Referrer-Policy": "no-referrer",
    ETag: tag,
  };
  return { text, headers, tag };
}

/** The text of an inline element, as the policy names it. */
async function source(text: string): Promise<string> {
  const hash = await digest(new TextEncoder().encode(text));
  return `'sha256-${btoa(String.fromCharCode(...hash))}'`;
}
