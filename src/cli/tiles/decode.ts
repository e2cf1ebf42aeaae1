// A section of a file to its tile.

import { type CodeHeader, unpackCode } from "../../code/index.js";
import type { Code, Layer, LayerSpec, Solver, Stopped } from "../../index.js";
import type { Network, NetworkCode, NetworkSpec } from "../../network/index.js";
import { LIMITS } from "../limits.js";
import { giveBack, modelOf } from "../models.js";
import { timed } from "../timed.js";
import type { OnStep } from "./jobs.js";

export interface DecodeJob {
  header: CodeHeader;
  /** The header's, with arrays where they were given. */
  spec: LayerSpec | NetworkSpec;
  section: Uint8Array;
  /** Of the section, for messages. */
  index: number;
  /** undefined: as the library does. */
  method?: string;
  iterations?: number;
  tolerance?: number;
}

export interface DecodedTile {
  /** channels x height x width. */
  planes: Float32Array;
  report: {
    method: string;
    solver: Solver | null;
    reason: string | null;
    iterations: number;
    stopped: Stopped;
    residual: number;
  };
  /** Of the layers, in bytes. */
  memoryBytes: number;
  /** Of the decoder alone. */
  milliseconds: number;
}

export async function decodeTile(job: DecodeJob, onStep?: OnStep): Promise<DecodedTile> {
  const { header, spec, section, index, method, iterations, tolerance } = job;
  const { code, noise } = await unpackCode(section, header, LIMITS, index);
  const model = await modelOf(spec, JSON.stringify([header.spec, header.parameters]));
  // only least squares ends at the noise, and networks refuse to be told it for anything else
  const known = method === undefined || method === "least-squares" || !("layers" in spec) ? noise : 0;
  const options = { method, iterations, tolerance, noise: known, onStep } as object;
  const [planes, milliseconds] = timed(() => decode(model, code, options));
  const { solver = null, reason, stopped, residual, ...report } = model.report;
  const { memoryBytes } = model;
  giveBack(model);
  return {
    planes,
    report: {
      ...{ method: report.method, solver, reason: reason || null },
      ...{ iterations: report.iterations, stopped, residual },
    },
    memoryBytes,
    milliseconds,
  };
}

/** A network has codes of its own; which is which, the header says. */
function decode(model: Layer | Network, code: Code | NetworkCode, options: object): Float32Array {
  return (model as Layer).decode(code as Code, options);
}
