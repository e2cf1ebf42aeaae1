// For Cloudflare's runtime: the digests are the answer to any request.

import { createLayer } from "../../../src/index.js";
import { createNetwork } from "../../../src/network/index.js";
import { conformance } from "../program.js";

export default {
  async fetch(): Promise<Response> {
    return Response.json(await conformance(createLayer, createNetwork));
  },
};
