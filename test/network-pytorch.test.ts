// Small networks against PyTorch in float64, every number of every layer: test/fixtures/networks.py makes them.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { createNetworkSync, type NetworkLayerSpec } from "../src/network/index.js";
import fixtures from "./fixtures/networks.json";
import { relativeDistance } from "./support.js";

const floats = (list: number[] | null) => (list ? Float32Array.from(list) : undefined);

for (const { name, input, x, layers } of fixtures.small) {
  test(`${name}: every layer is PyTorch's to float32's precision`, () => {
    const [channels, height, width] = input as [number, number, number];
    const network = createNetworkSync({
      input: { channels, height, width },
      layers: layers.map(
        ({ filters, kernel, stride, padding, rectifier, pool, weights, bias, scale, shift }) => ({
          ...{ filters, kernel, stride, padding, rectifier: rectifier as NetworkLayerSpec["rectifier"] },
          pool: (pool ?? 1) as NetworkLayerSpec["pool"],
          ...{ weights: floats(weights), bias: floats(bias) },
          ...(scale && shift ? { normalise: { scale: floats(scale)!, shift: floats(shift)! } } : {}),
        }),
      ),
    });
    assert.equal(
      network.shapes,
      layers.map(({ shape }) => shape),
    );
    network.activations(floats(x)!).forEach((values, i) => {
      const distance = relativeDistance(values, layers[i]!.values);
      assert.ok(distance < 1e-6, `layer ${i} differs by ${distance}`);
    });
  });
}

test.run();
