"""Runs the conformance program of test/conformance/program.ts on wasmtime, and prints its digests as JSON.

    PYTHONPATH=build/embedding python3 test/embedding/answer.py TIER < works.json

TIER is "optimised" or "baseline" (Cranelift) or "interpreter" (Pulley). works.json is written by
test/embedding.test.ts: { "filters": { title: { "shape", "seed" } }, "layers": { title: { "shape", "seed",
"unitNorm", "weights", "bias", "input" } } }, arrays as base64.
"""

import json
import sys
from array import array
from base64 import b64decode
from hashlib import sha256
from math import ceil, inf

import wasmtime
from kernel import Kernel, Shape

ENDS = ("iterations", "converged", "stagnated", "diverged")
STEP_MARGIN = 1.02
POWER_STEPS = 200


def engine_of(tier):
    config = wasmtime.Config()
    if tier == "interpreter":
        config.target = "pulley64"
    else:
        config.cranelift_opt_level = {"optimised": "speed", "baseline": "none"}[tier]
    return wasmtime.Engine(config)


def floats(base64):
    numbers = array("f")
    numbers.frombytes(b64decode(base64))
    return numbers


def digest(*parts):
    return sha256(b"".join(part.encode() if isinstance(part, str) else part.tobytes() for part in parts)).hexdigest()


def report(stopped, step, residuals):
    return stopped, array("d", [len(residuals), step]), array("d", residuals)


def drive(kernel, step, iterations, ceiling=inf):
    """Steps a solver that has begun to its end: why it ended, and its residuals."""
    residuals = []
    status = kernel.run("status")
    while status == 0:
        if len(residuals) == iterations:
            return ENDS[0], residuals
        status = kernel.run(step, 1)
        residuals.append(kernel.run("residual"))
        if residuals[-1] > ceiling:
            status = 3
    return ENDS[status], residuals


def safe_step(kernel):
    kernel.run("beginPowerIteration")
    for _ in range(POWER_STEPS):
        if kernel.run("stepPowerIteration", 1):
            break
    return 1 / (STEP_MARGIN * kernel.run("largestEigenvalue"))


def synthesis(kernel, code, scale):
    kernel.load_code(*code)
    if scale is None:
        scale, residuals = kernel.run("synthesiseFitted"), [kernel.run("residual")]
    else:
        kernel.run("synthesise", scale)
        residuals = []
    return kernel.read_result(), *report("iterations", scale, residuals)


def least_squares(kernel, code, iterations):
    kernel.load_code(*code)
    kernel.run("beginLeastSquares", 0.0)
    stopped, residuals = drive(kernel, "stepLeastSquares", iterations)
    return kernel.read_result(), *report(stopped, 0, residuals)


def sparsify(kernel, planar, k, iterations, rule):
    """Iterative hard thresholding with step 1, a safe one, or 1 and where that diverges a safe one."""

    def threshold(step, ceiling=inf):
        kernel.run("beginThresholding", step, k, 0.0)
        return *drive(kernel, "stepThresholding", iterations, ceiling), step

    kernel.load_input(planar)
    stopped, residuals, step = None, [], 1.0
    if rule != "safe":
        stopped, residuals, step = threshold(1.0, 1 if rule == "auto" else inf)
    if rule == "safe" or (rule == "auto" and stopped == "diverged"):
        stopped, residuals, step = threshold(safe_step(kernel))
    code = kernel.read_code()
    kernel.load_code(*code)
    kernel.run("synthesise", 1.0)
    return *code, *report(stopped, step, residuals), kernel.read_result()


def run_layer(kernel, planar):
    kernel.load_input(planar)
    kernel.run("encode")
    code = kernel.read_code()
    entries = len(code[0])
    negated = array("f", (-value for value in planar))
    kernel.load_switches(code[1])
    kernel.load_input(negated)
    kernel.run("encodeAtSwitches")
    return {
        "encode": digest(*code),
        "encode at switches": digest(*kernel.read_code()),
        "synthesis": digest(*synthesis(kernel, code, None), *synthesis(kernel, code, 0.75)),
        "least squares": digest(*least_squares(kernel, code, 20)),
        "sparsify, step 1": digest(*sparsify(kernel, planar, ceil(entries / 7), 3, 1)),
        "sparsify, step safe": digest(*sparsify(kernel, planar, ceil(entries / 3), 6, "safe")),
        "sparsify, step auto": digest(*sparsify(kernel, planar, entries, 4, "auto")),
    }


def open_layer(engine, module, work):
    shape = Shape(*work["shape"])
    kernel = Kernel(engine, module, shape)
    if kernel.memory_bytes != shape.memory_bytes:
        raise AssertionError(f"{shape} has {kernel.memory_bytes} bytes, and {shape.memory_bytes} were foretold")
    if work.get("weights"):
        kernel.write_weights(floats(work["weights"]))
    else:
        kernel.draw(work["seed"], work.get("unitNorm", False))
    kernel.load_filters(floats(work["bias"]) if work.get("bias") else None)
    return kernel


def signatures(module):
    """Each exported function as `(i32, f64) -> i32`."""
    found = {}
    for export in module.exports:
        if isinstance(export.type, wasmtime.FuncType):
            parameters = ", ".join(map(str, export.type.params))
            results = ", ".join(map(str, export.type.results)) or "()"
            found[export.name] = f"({parameters}) -> {results}"
    return found


def main():
    engine = engine_of(sys.argv[1])
    module = wasmtime.Module.from_file(engine, "build/kernel.wasm")
    works = json.load(sys.stdin)
    digests = {}
    for title, work in works["filters"].items():
        digests[title] = digest(open_layer(engine, module, work).read_weights())
    for title, work in works["layers"].items():
        for part, value in run_layer(open_layer(engine, module, work), floats(work["input"])).items():
            digests[f"{title}: {part}"] = value
    digests["total"] = digest("".join(f"{name} {value}\n" for name, value in digests.items()))
    json.dump({"digests": digests, "signatures": signatures(module)}, sys.stdout)


main()
