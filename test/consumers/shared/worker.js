// A Worker as Cloudflare has them.
import { createLayer } from "unpool";
import { digest } from "./program.js";

export default {
  async fetch() {
    return new Response(await digest(createLayer));
  },
};
