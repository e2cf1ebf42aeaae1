// TensorFlow.js, its core and its wasm back end alone (the package @tensorflow/tfjs imports more): conv2d, relu
// and maxPool on one thread, values only, which costs it less. Filters from a file made beforehand.

import { readFile } from "node:fs/promises";
import { setThreadsCount } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { finish, mark } from "./mark.mjs";
import { filters, image, input, kernel, pool } from "./work.mjs";

mark();
setThreadsCount(1);
await tf.setBackend("wasm");
const { channels, height, width } = input;
const { buffer, byteOffset, byteLength } = await readFile(process.argv[3]);
const weights = new Float32Array(buffer, byteOffset, byteLength / 4);
const bank = tf.transpose(tf.tensor4d(weights, [filters, channels, kernel, kernel]), [2, 3, 1, 0]);
mark();
const pixels = tf.transpose(tf.tensor4d(image, [1, channels, height, width]), [0, 2, 3, 1]);
const pooled = tf.maxPool(tf.relu(tf.conv2d(pixels, bank, 1, "valid")), pool, pool, "valid");
finish(await pooled.data());
