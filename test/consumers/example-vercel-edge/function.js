// As Vercel calls a function whose runtime is "edge".
import handler, { config } from "./api/unpool.js";

if (config.runtime !== "edge") throw new Error(`the function's runtime is ${config.runtime}`);
addEventListener("fetch", (event) => event.respondWith(handler(event.request)));
