#!/usr/bin/env python3
"""A second reader of .unp files, from docs/format.md: `python3 read_unp.py FILE...` prints them as JSON.
It checks magic, version, lengths and CRC-32, not all that docs/format.md has a reader refuse."""
import hashlib
import json
import struct
import sys
import zlib

FORMATS = [("float32", 32, 0), ("float16", 16, 0), ("int8", 8, 127), ("int6", 6, 31), ("int4", 4, 7)]


class Bytes:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        assert self.at + count <= len(self.data), "the end comes too early"
        self.at += count
        return self.data[self.at - count : self.at]

    def read(self, layout):
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))

    def varint(self):
        (byte,) = self.read("B")
        return byte & 127 | (self.varint() << 7 if byte >= 128 else 0)

    def packed(self, count, bits):
        """Numbers of a few bits each, the lowest bit first."""
        number = int.from_bytes(self.take((count * bits + 7) // 8), "little")
        assert number >> (count * bits) == 0, "bits behind the last number are not 0"
        return [(number >> (i * bits)) & ((1 << bits) - 1) for i in range(count)]

    def mask(self, length):
        """For each entry whether it is stored."""
        (method,) = self.read("B")
        if method < 2:
            return self.packed(length, 1) if method else [1] * length
        stored = []
        if method == 2:
            while len(stored) < length:
                stored += [0] * self.varint()
                stored += [1] * self.varint() if len(stored) < length else []
        else:
            for _ in range(self.varint()):
                stored += [0] * self.varint() + [1]
            stored += [0] * (length - len(stored))
        assert len(stored) == length, "the mask overruns"
        return stored

    def scattered(self, stored, rest, bits):
        numbers = iter(self.packed(sum(stored), bits))
        return [next(numbers) if there else rest for there in stored]


def sections(file):
    while file.at < len(file.data):
        start = file.at
        kind, length = file.read("BI")
        payload = file.take(length)
        assert file.read("I")[0] == zlib.crc32(file.data[start : file.at - 4]), "a section is damaged"
        yield chr(kind), payload


def read_layer(head, shape, network):
    """Specification, digest, shape of the pooled values, number and largest of the switches."""
    filters, *sizes = head.read("11I")
    kernel, stride, padding, region, step = (sizes[i : i + 2] for i in range(0, 10, 2))
    pooling, ceil, rectifier, given, generator, norm, _, seed = head.read("6BHQ")
    digest = head.take(32).hex()
    spec = {"filters": filters, "kernel": kernel, "stride": stride, "padding": padding}
    spec["rectifier"] = ["none", "relu", "crelu"][rectifier]
    if generator:
        spec.update(seed=seed, unitNorm=bool(norm))
    kind = ["", "max", "average"][pooling]
    spec["pool"] = {"type": kind, "size": region, "stride": step, "ceil": bool(ceil)} if kind else region
    output = [(shape[1 + a] + 2 * padding[a] - kernel[a]) // stride[a] + 1 for a in (0, 1)]
    counts = [(output[a] - region[a]) // step[a] + 1 for a in (0, 1)]
    if ceil:
        counts = [1 - (region[a] - output[a]) // step[a] for a in (0, 1)]
        counts = [counts[a] - ((counts[a] - 1) * step[a] >= output[a]) for a in (0, 1)]
    pooled = [filters * (2 if rectifier == 2 else 1)] + counts
    largest = (1 if pooling == 2 else region[0] * region[1]) - (0 if network and rectifier else 1)
    rows, columns = output if pooling == 2 else counts
    arrays = {name: bool(given >> i & 1) for i, name in enumerate(["weights", "bias", "normalise"])}
    parameters = {"sha256": digest, **arrays} if given else None
    return spec, parameters, pooled, (pooled[0] * rows * columns, largest)


def read_head(head):
    kind, form, flags, colour, *shape = head.read("4B3I")
    low, high, *image, tiles, layers, _ = head.read("2d4I2H")
    deflate, signal, network, tiled, ranged = (bool(flags >> i & 1) for i in range(5))
    names = ["channels", "height", "width"]
    spec = {"input": {"channels": shape[0], "length": shape[2]} if signal else dict(zip(names, shape))}
    read, parameters, switches = [], [], []
    for _ in range(layers):
        layer, digest, shape, switch = read_layer(head, shape, network)
        read.append(layer), parameters.append(digest), switches.append(switch)
    spec.update({"layers": read} if network else read[0])
    header = {"version": 1, "kind": ["pooled", "sparse"][kind], "values": FORMATS[form][0]}
    header.update(deflate=deflate, spec=spec, parameters=parameters, tiles=tiles)
    header.update({"colour": ["", "grey", "rgb"][colour]} if colour else {})
    header.update({"range": [low, high]} if ranged else {})
    header.update({"image": dict(zip(["height", "width", "overlap"], image))} if tiled else {})
    return header, FORMATS[form], shape, switches


def described(kind, numbers):
    layout = str(len(numbers)) + {"f4": "f", "u1": "B", "u2": "H", "u4": "I"}[kind]
    return f"{kind} {len(numbers)} {hashlib.sha256(struct.pack('<' + layout, *numbers)).hexdigest()}"


def read_code(body, form, shape, layers):
    _, bits, largest = form
    noise, *maxima = body.read(f"d{shape[0] if largest else 0}f")
    stored = body.mask(shape[0] * shape[1] * shape[2])
    values = body.scattered(stored, 0, bits)
    if largest:
        signed = [v - (1 << bits) if v >> (bits - 1) else v for v in values]
        values = [v * maxima[i // (shape[1] * shape[2])] / largest for i, v in enumerate(signed)]
    else:
        whole, floating = {32: "If", 16: "He"}[bits]
        values = [struct.unpack("<" + floating, struct.pack("<" + whole, value))[0] for value in values]
    switches = []
    for count, most in layers:
        (method,) = body.read("B")
        (rest,) = body.read("I") if method else (0,)
        where = [[1] * count, stored][method] if method < 2 else body.mask(count)
        positions = body.scattered(where, rest, body.read("B")[0])
        assert max(positions) <= most, "a switch is out of range"
        switches.append(described("u1" if most < 1 << 8 else "u2" if most < 1 << 16 else "u4", positions))
    assert body.at == len(body.data), "bytes are left over"
    return {"noise": noise, "values": described("f4", values), "switches": switches}


def read(data):
    file = Bytes(data)
    assert file.take(8) == b"\x89UNP\r\n\x1a\n" and file.read("H") == (1,), "no .unp of version 1"
    (kind, head), *codes, end = sections(file)
    header, form, shape, layers = read_head(Bytes(head))
    assert kind + "".join(code[0] for code in codes) == "H" + "C" * header["tiles"], "wrong sections"
    assert end == ("E", b""), "no end"
    bodies = [zlib.decompress(payload[4:], -15) if header["deflate"] else payload for _, payload in codes]
    return {**header, "codes": [read_code(Bytes(body), form, shape, layers) for body in bodies]}


print(json.dumps([read(open(path, "rb").read()) for path in sys.argv[1:]], indent=2))
