// VGG-16 as the paper's experiments take it apart, against the network as a whole.

import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { activations, blocks, openVgg, pictureOf } from "../../experiments/paper/vgg.mjs";
import { crops } from "../../experiments/photographs.mjs";
import { createNetworkSync } from "../../src/network/index.js";
import { relativeDistance } from "../support.js";

const folder = process.env.UNPOOL_DATA ?? "../shared/data";
const vgg = openVgg(join(folder, "filters"));
const [crop] = crops(["chelsea"], 32, 1, join(folder, "images"));

test("activations taken layer by layer are the network's", () => {
  const network = createNetworkSync({
    input: { channels: 3, height: 32, width: 32 },
    layers: blocks(vgg, 2),
  });
  const whole = network.activations(vgg.preprocess(crop!.x));
  const { after, pooled } = activations(vgg, crop!.x);
  for (const [i, ours] of [after[1], pooled[1], after[2], pooled[2]].entries()) {
    assert.ok(relativeDistance(ours!, whole[i]!) < 1e-6, `layer ${i}`);
  }
});

test("a picture of what the network takes is the picture", () => {
  assert.ok(relativeDistance(pictureOf(vgg, vgg.preprocess(crop!.x)), crop!.x) < 1e-6);
});

test.run();
