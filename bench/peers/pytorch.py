"""PyTorch on one thread, driven by pytorch.mjs: a JSON object a line in, one a line out. Arrays are base64.

It times itself, so that the pipe is not counted. Tensors stay tensors: nothing is packed or copied out.
"""

import base64
import json
import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
torch.set_num_interop_threads(1)
torch.set_grad_enabled(False)

work = {}


def tensor(text, dtype, shape):
    # a copy: the buffer of a bytes object is read-only
    return torch.frombuffer(bytearray(base64.b64decode(text)), dtype=dtype).reshape(shape)


def text(value):
    return base64.b64encode(value.contiguous().numpy().tobytes()).decode()


def time_of(run, calls):
    start = time.perf_counter()
    for _ in range(calls):
        run()
    return 1e3 * (time.perf_counter() - start) / calls


def encode():
    activations = F.conv2d(work["images"], work["weights"])
    keys = activations.abs() if work["rectifier"] == "none" else F.relu(activations)
    return F.max_pool2d(keys, work["pool"], return_indices=True)


def pooled(moved):
    """Relu comes after pooling, on fewer numbers; for the largest magnitude the signs are gathered."""
    if work["rectifier"] == "none":
        _, places = F.max_pool2d(moved.abs(), work["pool"], return_indices=True)
        return moved.flatten(2).gather(2, places.flatten(2)).reshape(places.shape), places
    maxima, places = F.max_pool2d(moved, work["pool"], return_indices=True)
    values = F.relu(maxima)
    if work["keep"]:
        least = values.topk(work["keep"], dim=1).values[:, -1:]
        values = torch.where(values >= least, values, torch.zeros(()))
    return values, places


def step():
    before = F.max_unpool2d(work["values"], work["places"], work["pool"], output_size=work["size"])
    if work["turn"]:
        padding = [size - 1 for size in work["weights"].shape[2:]]
        estimate = F.conv2d(before, work["turned"], padding=padding)
    else:
        estimate = F.conv_transpose2d(before, work["weights"])
    moved = before + F.conv2d(work["images"] - estimate, work["scaled"])
    work["values"], work["places"] = pooled(moved)


def open_work(request):
    work.clear()
    shape = request["weights_shape"]
    weights = tensor(request["weights"], torch.float32, shape)
    work.update({key: request[key] for key in ("rectifier", "pool", "keep", "size")})
    work["weights"] = weights
    work["turned"] = weights.flip(2, 3).transpose(0, 1).contiguous()
    work["images"] = tensor(request["images"], torch.float32, request["images_shape"])


def begin(request):
    shape = request["code_shape"]
    work["values"] = tensor(request["values"], torch.float32, shape)
    work["places"] = tensor(request["places"], torch.int64, shape)
    work["scaled"] = request["step"] * work["weights"]
    work["turn"] = request["turned"]


def code(values, places):
    return {"values": text(values), "places": text(places)}


def answer(request):
    task = request["task"]
    if task == "version":
        return {"version": torch.__version__}
    if task == "open":
        return open_work(request)
    if task == "begin":
        return begin(request)
    if task == "encode":
        return code(*encode())
    if task == "step":
        step()
        return code(work["values"], work["places"])
    run = encode if task == "time encode" else step
    return {"milliseconds": time_of(run, request["calls"])}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line)) or {}), flush=True)
