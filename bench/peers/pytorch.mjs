// PyTorch: native code on one thread, in a Python process that times itself. $PYTHON names another interpreter.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { sizes, toPlaces } from "../works.mjs";
import { dimensions } from "./graphs.mjs";

const script = fileURLToPath(new URL("pytorch.py", import.meta.url));
const interpreters = process.env.PYTHON ? [process.env.PYTHON] : ["python3", "/usr/bin/python3"];
const python = interpreters.find((name) => spawnSync(name, ["-c", "import torch"]).status === 0);
if (!python) throw new Error(`no torch in ${interpreters.join(" or ")}`);

const worker = spawn(python, [script], { stdio: ["pipe", "pipe", "inherit"] });
// neither the process nor its pipes keep this one alive
worker.unref();
worker.stdin.unref();
worker.stdout.unref();
const lines = createInterface({ input: worker.stdout });
const ended = once(worker, "exit").then(() => {
  throw new Error("the PyTorch process ended");
});
ended.catch(() => {});

async function ask(task, request = {}) {
  const line = once(lines, "line");
  worker.stdout.ref();
  worker.stdin.write(`${JSON.stringify({ task, ...request })}\n`);
  const [answer] = await Promise.race([line, ended]);
  worker.stdout.unref();
  return JSON.parse(answer);
}

export const name = "PyTorch";
export const kind = "native";
export const { version } = await ask("version");
export const { pid } = worker;

/** Two ways to W'z; the quicker one is timed. */
export const stepWays = ["conv_transpose2d", "conv2d with turned filters"];

const text = ({ buffer, byteOffset, byteLength }) =>
  Buffer.from(buffer, byteOffset, byteLength).toString("base64");

/** An array of a type from base64, in memory of its own, as the type may want it aligned. */
const array = (Type, base64) => new Type(Uint8Array.from(Buffer.from(base64, "base64")).buffer);

export async function open(work, weights) {
  const { pool, rectifier, keep = 0 } = work;
  const { rows, columns } = sizes(work);
  const dims = dimensions(work);

  /** PyTorch numbers places within their plane. */
  function codeOf({ values, places }) {
    const switches = Uint8Array.from(array(BigInt64Array, places), (value) => {
      const place = Number(value);
      const row = Math.floor(place / columns);
      return (row % pool[0]) * pool[1] + ((place % columns) % pool[1]);
    });
    return { keys: array(Float32Array, values).map(Math.abs), switches };
  }

  const sampler = (task) => async (calls) => (await ask(task, { calls })).milliseconds;

  return {
    async encodings(images) {
      await ask("open", {
        ...{ rectifier, pool, keep, size: [rows, columns] },
        ...{ weights: text(weights), weights_shape: dims.weights },
        ...{ images: text(images), images_shape: dims.image },
      });
      return [
        { name, by: name, sample: sampler("time encode"), code: async () => codeOf(await ask("encode")) },
      ];
    },
    /** After encodings, of the same images; the worker holds one state, that of the last begin. */
    async step(_images, step, way) {
      return {
        ...{ name, by: name, way, sample: sampler("time step") },
        begin({ values, switches }) {
          const plane = rows * columns;
          const places = BigInt64Array.from(toPlaces(work, switches), (place) => BigInt(place % plane));
          return ask("begin", {
            ...{ values: text(values), places: text(places), code_shape: dims.code },
            ...{ step, turned: way !== stepWays[0] },
          });
        },
        code: async () => codeOf(await ask("step")),
        close() {},
      };
    },
    close() {},
  };
}
