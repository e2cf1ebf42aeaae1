// TensorFlow.js: its core and its wasm back end alone, SIMD, one thread.
//
// Its tensors are channels-last: images are turned beforehand and not charged. Encoding is without switches: this
// back end's maxPoolWithArgmax costs twice the convolution (48 ms against 25 at 3 x 224 x 224). It has no
// unpooling either, so the step keeps its state unpooled, and finds the places again where the activations
// equal their upsampled maxima; ties would all be kept, and between random filters there are none.

import { readFileSync } from "node:fs";
import { setThreadsCount } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { timed } from "../measure.mjs";
import { entryAt, sizes, toPlaces } from "../works.mjs";

setThreadsCount(1);
await tf.setBackend("wasm");

const manifest = new URL("../node_modules/@tensorflow/tfjs-backend-wasm/package.json", import.meta.url);

export const name = "tfjs-backend-wasm";
export const kind = "wasm";
export const { version } = JSON.parse(readFileSync(manifest, "utf8"));

/** Two ways to W'z; the quicker one is timed. */
export const stepWays = ["conv2dTranspose", "conv2d with turned filters"];

/** Larger than any activation, so that no padded place equals its maximum. */
const BEYOND = 3e38;

/** Bytes of the back end's linear memory. */
export const memoryBytes = () => tf.backend().wasm.HEAPU8.length;

export async function open(work, weights) {
  const { channels, height, width } = work.input;
  const { rows, columns, pooledRows, pooledColumns } = sizes(work);
  const [down, across] = work.kernel;
  const [poolDown, poolAcross] = work.pool;
  const imageDims = [work.batch, height, width, channels];
  const bank = tf.tidy(() =>
    tf.transpose(tf.tensor4d(weights, [work.filters, channels, down, across]), [2, 3, 1, 0]),
  );
  const turned = tf.tidy(() => tf.transpose(tf.reverse(bank, [0, 1]), [0, 1, 3, 2]));

  function channelsLast(images) {
    return tf.tidy(() =>
      tf.transpose(tf.tensor4d(images, [work.batch, channels, height, width]), [0, 2, 3, 1]).dataSync(),
    );
  }

  const maxPool = (activations) => tf.maxPool(activations, work.pool, work.pool, "valid");

  /** Every pooled number at all places of its region, `beyond` outside all regions. */
  function upsample(pooled, beyond) {
    const line = poolAcross * pooledColumns * work.filters;
    const wide = tf.reshape(tf.concat(Array(poolAcross).fill(pooled), 3), [work.batch * pooledRows, 1, line]);
    const all = tf.reshape(tf.concat(Array(poolDown).fill(wide), 1), [
      work.batch,
      poolDown * pooledRows,
      poolAcross * pooledColumns,
      work.filters,
    ]);
    const rest = [rows - poolDown * pooledRows, columns - poolAcross * pooledColumns];
    if (rest[0] === 0 && rest[1] === 0) return all;
    return tf.pad(
      all,
      [
        [0, 0],
        [0, rest[0]],
        [0, rest[1]],
        [0, 0],
      ],
      beyond,
    );
  }

  /** 1 at the maxima, 0 elsewhere: by arithmetic, as this back end's equal and where take ten times as long. */
  const maximaOf = (keys, maxima) => tf.sub(1, tf.step(tf.sub(upsample(maxima, BEYOND), keys)));

  /** The k largest of each item, for one region a filter. */
  function keep(maxima) {
    const least = tf.slice(tf.topk(maxima, work.keep).values, [0, 0, 0, work.keep - 1], [-1, -1, -1, 1]);
    return tf.mul(maxima, tf.sub(1, tf.step(tf.sub(least, maxima))));
  }

  function project(moved) {
    const keys = work.rectifier === "none" ? tf.abs(moved) : tf.relu(moved);
    const maxima = maxPool(keys);
    const there = maximaOf(keys, maxima);
    // kept keys are values: only with relu
    return tf.mul(work.keep ? upsample(keep(maxima), 0) : work.rectifier === "none" ? moved : keys, there);
  }

  /** Planar keys, and switches where a key is not 0. */
  function codeOf(state) {
    const planar = tf.tidy(() => tf.transpose(state, [0, 3, 1, 2]).dataSync());
    const entries = work.batch * sizes(work).entries;
    const keys = new Float32Array(entries);
    const switches = new Uint8Array(entries);
    for (let at = 0; at < entries; ++at) {
      const { plane, top, left } = entryAt(work, at);
      for (let position = 0; position < poolDown * poolAcross; ++position) {
        const row = top + Math.floor(position / poolAcross);
        const value = planar[(plane * rows + row) * columns + left + (position % poolAcross)];
        if (Math.abs(value) > keys[at]) {
          keys[at] = Math.abs(value);
          switches[at] = position;
        }
      }
    }
    return { keys, switches };
  }

  return {
    async encodings(images) {
      const turnedImages = channelsLast(images);
      function encode() {
        const keys = tf.tidy(() => {
          const activations = tf.conv2d(tf.tensor4d(turnedImages, imageDims), bank, 1, "valid");
          // relu after pooling has a quarter of the work
          return work.rectifier === "none" ? maxPool(tf.abs(activations)) : tf.relu(maxPool(activations));
        });
        const data = keys.dataSync();
        keys.dispose();
        return data;
      }
      async function code() {
        const dims = [work.batch, pooledRows, pooledColumns, work.filters];
        return {
          keys: tf.tidy(() => tf.transpose(tf.tensor4d(encode(), dims), [0, 3, 1, 2]).dataSync()),
        };
      }
      return [{ name: `${name}, no switches`, by: name, sample: timed(encode), code }];
    },
    async step(images, step, way) {
      const image = tf.tensor4d(channelsLast(images), imageDims);
      const scaled = tf.mul(bank, step);
      let state;
      function next() {
        const estimate =
          way === stepWays[0]
            ? tf.conv2dTranspose(state, bank, imageDims, 1, "valid")
            : tf.conv2d(state, turned, 1, [
                [0, 0],
                ...work.kernel.map((size) => [size - 1, size - 1]),
                [0, 0],
              ]);
        return project(tf.add(state, tf.conv2d(tf.sub(image, estimate), scaled, 1, "valid")));
      }
      function run() {
        const before = state;
        state = tf.tidy(next);
        before.dispose();
      }
      return {
        ...{ name, by: name, way },
        begin({ values, switches }) {
          const planar = new Float32Array(work.batch * work.filters * rows * columns);
          toPlaces(work, switches).forEach((place, at) => {
            planar[place] = values[at];
          });
          state?.dispose();
          state = tf.tidy(() =>
            tf.transpose(tf.tensor4d(planar, [work.batch, work.filters, rows, columns]), [0, 2, 3, 1]),
          );
        },
        sample: timed(run),
        async code() {
          run();
          return codeOf(state);
        },
        close: () => tf.dispose([image, scaled, state]),
      };
    },
    close: () => tf.dispose([bank, turned]),
  };
}
