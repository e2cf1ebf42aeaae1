// A Worker as a user writes it: a layer and its output for each specification that is asked for, kept for as
// long as the isolate lives, so that a warm request allocates nothing but its own body and answer.

import { createLayer } from "./index.workerd.js";
import { collected } from "./settle.js";

const kept = new Map();

/** A layer, and arrays of its code's shape that lie behind each other in one buffer. */
async function open(spec) {
  const layer = await createLayer(spec);
  const { channels, height, width } = layer.geometry;
  const { values, switches } = layer.encode(new Float32Array(channels * height * width));
  const bytes = new ArrayBuffer(values.byteLength + switches.byteLength);
  const out = {
    values: new Float32Array(bytes, 0, values.length),
    switches: new switches.constructor(bytes, values.byteLength, switches.length),
  };
  return { layer, out, bytes };
}

export default {
  /** The query holds the specification, the body the image; the answer is a digest of values and switches. */
  async fetch(request) {
    const query = new URL(request.url).searchParams.get("layer");
    if (!query) return collected();
    if (!kept.has(query)) kept.set(query, open(JSON.parse(query)));
    const { layer, out, bytes } = await kept.get(query);
    layer.encode(new Float32Array(await request.arrayBuffer()), { out });
    return new Response(await crypto.subtle.digest("SHA-256", bytes));
  },
};
