"""Runs the layers of the conformance program of test/conformance/program.ts on wasmtime, and prints its digests as JSON.

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
from math import ceil

import wasmtime
from kernel import MOST_MIXED, Kernel, Shape
from solvers import Run, invertibility, least_squares, sparsify

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


def report(run):
    return run.stopped, array("d", [len(run.residuals), run.step]), array("d", run.residuals)


def synthesis(kernel, code, scale):
    kernel.load_code(*code)
    run = Run(kernel)
    if scale is None:
        run.step = kernel.run("synthesiseFitted")
        run.residuals.append(kernel.run("residual"))
    else:
        kernel.run("synthesise", scale)
        run.step = scale
    return kernel.read_result(), *report(run)


def decoded(kernel, values, switches=None, **options):
    run, result, pool_residual = least_squares(kernel, values, switches, **options)
    return result, *report(run), *([array("d", [pool_residual])] if switches is None else [])


def sparsified(kernel, planar, k, iterations, method, **options):
    run = sparsify(kernel, planar, method, k, iterations, 0.0, **options)
    code = kernel.read_code()
    kernel.load_code(*code)
    kernel.run("synthesise", 1.0)
    return *code, *report(run), kernel.read_result()


def run_layer(kernel, planar):
    kernel.load_input(planar)
    kernel.run("encode")
    code = kernel.read_code()
    entries = len(code[0])
    negated = array("f", (-value for value in planar))
    kernel.load_switches(code[1])
    kernel.load_input(negated)
    kernel.run("encodeAtSwitches")
    at_switches = kernel.read_code()
    correlation = 0.4 if kernel.shape.channels <= MOST_MIXED else 0
    scaled = {"solver": "scaled", "inequalities": False, "iterations": 20, "tolerance": 0.0}
    chosen = {"iterations": 24, "tolerance": 0.0}
    whitened = {"smoothness": 0.9, "correlation": correlation, "iterations": 16, "tolerance": 0.0}
    hybrid = {"smoothness": 0.7, "noise": 0.01, "start": negated, "iterations": 20}
    digests = {
        "encode": digest(*code),
        "encode at switches": digest(*at_switches),
        "synthesis": digest(*synthesis(kernel, code, None), *synthesis(kernel, code, 0.75)),
        "least squares": digest(*decoded(kernel, *code, **scaled)),
        "least squares, chosen": digest(*decoded(kernel, *code, **chosen)),
        "least squares, whitened": digest(*decoded(kernel, *code, solver="whitened", **whitened)),
        "least squares, hybrid, noise": digest(*decoded(kernel, *code, solver="hybrid", **hybrid)),
        "least squares, switches unknown": digest(*decoded(kernel, code[0], smoothness=1, iterations=30)),
        "invertibility": digest(invertibility(kernel, *code)),
        "sparsify, step 1": digest(*sparsified(kernel, planar, ceil(entries / 7), 3, "iht", step=1.0)),
        "sparsify, step safe": digest(*sparsified(kernel, planar, ceil(entries / 3), 6, "iht", step="safe")),
        "sparsify, step auto": digest(*sparsified(kernel, planar, entries, 4, "iht", step="auto")),
    }
    for method in ("niht", "htp", "cgiht", "cosamp", "omp"):
        digests[f"sparsify, {method}"] = digest(*sparsified(kernel, planar, ceil(entries / 5), 5, method))
    for method in ("ista", "fista", "algorithm-2"):
        sparse = sparsified(kernel, planar, ceil(entries / 2), 24, method, share=0.1)
        digests[f"sparsify, {method.replace('-', ' ')}"] = digest(*sparse)
    return digests


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
    json.dump({"digests": digests, "signatures": signatures(module)}, sys.stdout)


main()
