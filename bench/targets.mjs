// What unpool must reach, and whether it does in this run: ratios of minimum times.

import { wasmPeers } from "./peers/index.mjs";

const NATIVE = "onnxruntime-node";
const WASM = "best wasm peer";

const rowOf = (times, name) => times?.find((row) => row.name === name)?.minimum;

/** The shortest of the wasm peers' times, each in its first row: its whole task. */
function bestWasm(times = []) {
  const rows = wasmPeers.map((name) => times.find(({ by }) => by === name)).filter(Boolean);
  return rows.length > 0 ? Math.min(...rows.map(({ minimum }) => minimum)) : undefined;
}

/** One line a peer: how many times as long it takes as `ours`. */
function against(what, times, ours, wasm, native) {
  const own = rowOf(times, ours);
  return [
    { what, against: WASM, measured: bestWasm(times) / own, target: wasm, form: "times" },
    { what, against: NATIVE, measured: rowOf(times, NATIVE) / own, target: native, form: "times" },
  ];
}

/** @returns lines { what, against, measured, target, form }; what was not measured is NaN. */
export function targets({ operations, decode, sweep, memory, workers }) {
  const relu = (name, operation) =>
    operations?.find((one) => one.shape === name && one.work.rectifier === "relu")?.[operation]?.times;
  const [IHT, LEAST_SQUARES] = ["unpool, IHT", "unpool, least squares"];
  const at = (size) => sweep?.find((row) => row.size === size);
  const growth = (key) => at(2048)?.[key] / at(256)?.[key];
  const { memoryBytes, estimateMemory } = memory?.kernel ?? {};
  return [
    ...against("encode 3x224x224", relu("photo", "encode"), "unpool", 1.4, 0.9),
    ...against("IHT step 3x224x224", relu("photo", "step"), IHT, 3, 1.2),
    ...against("least-squares step 3x224x224, peers IHT", relu("photo", "step"), LEAST_SQUARES, 5, 2.2),
    ...against("encode 128x56x56 K=256 3x3", relu("middle", "encode"), "unpool", 1.4, 0.5),
    ...against("IHT step 128x56x56 K=256 3x3", relu("middle", "step"), IHT, 3, 0.8),
    ...against("IHT step 3x32x32", relu("thumbnail", "step"), IHT, 3, 1.2),
    {
      ...{ what: "error 1e-3, 224 x 224, K = 64", against: `1000 IHT steps of ${WASM}, extrapolated` },
      ...{ measured: decode?.ratio, target: 10, form: "times" },
    },
    {
      ...{ what: "the same", against: "the clock" },
      ...{ measured: decode?.times.minimum, target: 300, form: "ms" },
    },
    ...["encode", "leastSquares"].map((key) => ({
      ...{ what: `time a pixel, ${key === "encode" ? key : "least-squares step"}, 2048`, against: "256" },
      ...{ measured: growth(`${key}PerPixel`), target: 1.25, form: "at most" },
    })),
    { what: "two workers", against: "one", measured: workers?.ratio, target: 1.8, form: "times" },
    {
      ...{ what: "kernel memory, least squares 3x224x224", against: "" },
      ...{ measured: memoryBytes / 2 ** 20, target: 16, form: "MiB" },
    },
    {
      ...{ what: "the same", against: "estimateMemory" },
      ...{ measured: memoryBytes / estimateMemory, target: 1, form: "equal" },
    },
  ].map((line) => ({ ...line, measured: line.measured ?? Number.NaN }));
}

export function reached({ measured, target, form }) {
  if (form === "equal") return measured === target;
  return form === "times" ? measured >= target : measured <= target;
}
