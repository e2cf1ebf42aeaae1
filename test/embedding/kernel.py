"""A layer of kernel.wasm for Python: what docs/embedding.md says, in code. Needs the package wasmtime."""

from array import array
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import wasmtime

RECTIFIERS = ("none", "relu", "crelu")
MAX_DIMENSION = 2**24
MAX_MEMORY = 2**31
PAGE = 65536
INTERFACE_VERSION = 3
MOST_STRETCHES = 32
MOST_MIXED = 32


@dataclass(frozen=True)
class Shape:
    """The thirteen numbers of a layer, in the order of `configure`, and what follows from them."""

    channels: int
    height: int
    width: int
    filters: int
    kernel_height: int
    kernel_width: int
    stride_height: int
    stride_width: int
    padding_height: int
    padding_width: int
    pool_height: int
    pool_width: int
    rectifier: int

    def numbers(self):
        return tuple(self.__dict__.values())

    def check(self):
        """The conditions under which a kernel may be configured; ValueError names the one that fails."""
        for name, value in self.__dict__.items():
            least = 0 if name.startswith("padding") or name == "rectifier" else 1
            most = 2 if name == "rectifier" else MAX_DIMENSION
            if not least <= value <= most:
                raise ValueError(f"{name} is {value}; it must lie between {least} and {most}")
        if self.kernel_height > self.padded[0] or self.kernel_width > self.padded[1]:
            raise ValueError(f"the kernel is larger than the padded input of {self.padded}")
        if self.pool_height > self.output[0] or self.pool_width > self.output[1]:
            raise ValueError(f"the pooling region is larger than the output of {self.output}")
        if self.memory_bytes > MAX_MEMORY:
            raise ValueError(f"the layer needs {self.memory_bytes} bytes and {MAX_MEMORY} is the most")

    @property
    def padded(self):
        return self.height + 2 * self.padding_height, self.width + 2 * self.padding_width

    @property
    def output(self):
        rows = (self.padded[0] - self.kernel_height) // self.stride_height + 1
        columns = (self.padded[1] - self.kernel_width) // self.stride_width + 1
        return rows, columns

    @property
    def code(self):
        planes = self.filters * (2 if RECTIFIERS[self.rectifier] == "crelu" else 1)
        return planes, self.output[0] // self.pool_height, self.output[1] // self.pool_width

    @property
    def entries(self):
        planes, rows, columns = self.code
        return planes * rows * columns

    @property
    def unknowns(self):
        return self.channels * self.height * self.width

    @property
    def positions(self):
        return self.pool_height * self.pool_width

    @property
    def switch_type(self):
        """array's letter for u8, u16 or u32."""
        return "B" if self.positions <= 2**8 else "H" if self.positions <= 2**16 else "I"

    @property
    def row_length(self):
        """Floats of one row of a filter in the kernel's memory."""
        return 4 * ceil(self.kernel_width * self.channels / 4)

    @property
    def points(self):
        """Products an axis of the fast convolution; 0 where it is not used."""
        square = self.kernel_height == self.kernel_width
        strides = self.stride_height, self.stride_width
        if square and strides == (1, 1) and (self.pool_height, self.pool_width) == (2, 2):
            return {3: 4, 5: 7, 7: 10}.get(self.kernel_width, 0)
        return 0

    @property
    def coarser_pixels(self):
        """Pixels of the prior's levels above the first: each halves both axes, down to one pixel."""
        rows, columns, pixels = self.height, self.width, 0
        while rows > 1 or columns > 1:
            rows, columns = ceil(rows / 2), ceil(columns / 2)
            pixels += rows * columns
        return pixels

    @property
    def memory_bytes(self):
        vector = 8 * ceil(self.padded[0] * self.padded[1] * self.channels / 8)
        variables = vector + 8 + 8 * ceil(self.coarser_pixels * self.channels / 8)
        code = 8 * ceil(self.entries / 8)
        violations = min(code, 8 * ceil(self.unknowns / 16))
        filters = 4 * ceil(self.filters / 4)
        planes, rows, columns = self.code
        window = min(columns * self.pool_width, max(64, 4 * self.kernel_width))
        positions = self.positions
        points, side = self.points, self.kernel_width + 1
        steps = self.channels * (points**2 or self.kernel_height * self.kernel_width)
        share = Fraction(1, 4 if points else 4 // positions) if positions <= 4 else ceil(positions / 4)
        most = min(64, max(1, 65536 // steps))
        batch = min(rows * columns, 64, max(1, most // share))
        tiles = min(most, ceil(batch * share))
        records = ceil(filters / 8) if share > most else batch
        regions = [
            4 * positions,
            *[4 * self.filters * self.kernel_height * self.row_length] * 2,
            4 * filters * steps,
            4 * filters,
            16 * tiles * steps,
            128 * tiles * max(1, points**2),
            512,
            256,
            16 * side**2 * self.channels if points else 0,
            16 * points * max(side * self.channels, 8 * points),
            320 * records,
            512 * (planes + 1),
            8192,
            8 * MOST_STRETCHES,
            4 * max(self.filters * window, positions * (columns + 3)),
            4 * (ceil(self.width / 2) + 3) * self.channels,
            4 * self.channels**2 if self.channels <= MOST_MIXED else 0,
            *[4 * code] * 3,
            array(self.switch_type).itemsize * code,
            16 * violations,
            *[4 * vector] * 2,
            *[4 * variables] * 3,
        ]
        end = 1024 + sum(32 * ceil((size + 16) / 32) for size in regions)
        return PAGE * ceil(end / PAGE)


class Kernel:
    """One configured instance; the exports are its methods: `kernel.run("encode")`."""

    def __init__(self, engine, module, shape):
        shape.check()
        self.shape = shape
        self.safe_step = None  # 1 / (1.02 L), until a solver needs it
        self._store = wasmtime.Store(engine)
        self._exports = wasmtime.Instance(self._store, module, []).exports(self._store)
        if self.run("interfaceVersion") != INTERFACE_VERSION:
            raise ValueError("this kernel speaks another version of the interface")
        if not self.run("configure", *shape.numbers()):
            raise MemoryError(f"{shape.memory_bytes} bytes were refused")

    def run(self, name, *arguments):
        return self._exports[name](self._store, *arguments)

    @property
    def memory_bytes(self):
        return self._exports["memory"].data_len(self._store)

    def read(self, pointer, letter, length):
        start = self.run(pointer) & 0xFFFFFFFF
        numbers = array(letter)
        numbers.frombytes(self._exports["memory"].read(self._store, start, start + length * numbers.itemsize))
        return numbers

    def write(self, pointer, numbers):
        self._exports["memory"].write(self._store, numbers.tobytes(), self.run(pointer) & 0xFFFFFFFF)

    def draw(self, seed, unit_norm=False):
        self.run("drawFilters", signed(seed & 0xFFFFFFFF), signed(seed >> 32), int(unit_norm))

    def _weight_places(self):
        """Where each weight of the OIHW order stands in the rows."""
        s = self.shape
        for k in range(s.filters):
            for c in range(s.channels):
                for i in range(s.kernel_height):
                    for j in range(s.kernel_width):
                        yield (k * s.kernel_height + i) * s.row_length + j * s.channels + c

    def write_weights(self, oihw):
        s = self.shape
        rows = array("f", bytes(4 * s.filters * s.kernel_height * s.row_length))
        for weight, place in zip(oihw, self._weight_places(), strict=True):
            rows[place] = weight
        self.write("weightsPointer", rows)

    def read_weights(self):
        s = self.shape
        rows = self.read("weightsPointer", "f", s.filters * s.kernel_height * s.row_length)
        return array("f", (rows[place] for place in self._weight_places()))

    def load_filters(self, bias=None):
        if bias is not None:
            self.write("biasPointer", bias)
        if not self.run("loadFilters"):
            raise ValueError("weights or bias are not finite, or too large")

    def load_input(self, planar):
        s = self.shape
        if len(planar) != s.unknowns:
            raise ValueError(f"the input has {len(planar)} numbers")
        self.write("stagingPointer", planar)
        if not self.run("loadInput"):
            raise ValueError(f"the input is not finite, or larger than {self.run('inputLimit')}")

    def read_result(self):
        if not self.run("storeOutput"):
            raise ValueError("the code's values are too large to decode")
        return self.read("stagingPointer", "f", self.shape.unknowns)

    def read_code(self):
        entries = self.shape.entries
        return self.read("valuesPointer", "f", entries), self.read("switchesPointer", self.shape.switch_type, entries)

    def load_switches(self, switches):
        self.write("switchesPointer", switches)
        if not self.run("switchesFit"):
            raise ValueError("a switch lies outside its region")

    def load_code(self, values, switches):
        if len(values) != self.shape.entries or len(switches) != self.shape.entries:
            raise ValueError(f"the code has {len(values)} values and {len(switches)} switches")
        self.load_values(values)
        self.load_switches(switches)

    def load_values(self, values):
        self.write("valuesPointer", values)
        if not self.run("valuesFinite"):
            raise ValueError("a value is not finite")

    def load_plan(self, stretches):
        """Iterations and kind of each stretch; what beginLeastSquares wants to hear of it, their number."""
        if not 1 <= len(stretches) <= MOST_STRETCHES:
            raise ValueError(f"a plan of {len(stretches)} stretches")
        self.write("planPointer", array("I", (number for stretch in stretches for number in stretch)))
        return len(stretches)

    def load_prior(self, level_weight, mixing=None):
        """`mixing`: channels x channels numbers, row-major."""
        if mixing is not None:
            if self.shape.channels > MOST_MIXED:
                raise ValueError(f"{self.shape.channels} channels cannot be mixed")
            self.write("mixingPointer", array("f", mixing))
        self.run("setPrior", float(level_weight), int(mixing is not None))


def signed(word):
    """A word of 32 bits as the signed integer that the embedder's interface wants."""
    return word - 2**32 if word >= 2**31 else word
