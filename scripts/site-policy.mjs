// What the playground's page may do, in one place: for the server, for static hosts, and for the page itself.

/** Everything comes from the page's own origin; no script or style is part of the markup. */
const DIRECTIVES = {
  "default-src": "'none'",
  "script-src": "'self' 'wasm-unsafe-eval'",
  "style-src": "'self'",
  "worker-src": "'self'",
  "connect-src": "'self'",
  "img-src": "'self' blob:",
  "manifest-src": "'self'",
  "base-uri": "'none'",
  "form-action": "'none'",
  "frame-ancestors": "'none'",
};

/** What a <meta> cannot say: browsers ignore it there, and complain. */
const HEADER_ONLY = ["frame-ancestors"];

/** Of every response. A worker's policy is its own response's, so the page's <meta> is not enough. */
export const HEADERS = {
  "Content-Security-Policy": policy(Object.keys(DIRECTIVES)),
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  // names stay from one build to the next: a host has to be asked whether they are still the same
  "Cache-Control": "no-cache",
};

/** For `<meta http-equiv="Content-Security-Policy">`: a host that sends no headers is strict too. */
export const META_POLICY = policy(Object.keys(DIRECTIVES).filter((name) => !HEADER_ONLY.includes(name)));

/** The file `_headers`, as Cloudflare Pages and Netlify read it. */
export function headersFile() {
  return ["/*", ...Object.entries(HEADERS).map(([name, value]) => `  ${name}: ${value}`), ""].join("\n");
}

function policy(names) {
  return names.map((name) => `${name} ${DIRECTIVES[name]}`).join("; ");
}
