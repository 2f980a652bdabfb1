"""Small ONNX models, written field by field: enough of the format for a network of a few nodes, and no package for it.

Source for the numbers of the fields: onnx.proto of the ONNX project; for how they are written: the protocol buffers encoding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FLOAT, INT64 = 1, 7  # TensorProto.DataType
INTEGERS = 7  # AttributeProto.AttributeType.INTS
IR_VERSION, OPSET = 8, 13


def integer(field: int, value: int) -> bytes:
    """A field that holds an integer."""
    return _varint(field << 3) + _varint(value)


def nested(field: int, content: bytes | str) -> bytes:
    """A field that holds bytes, a text or another message."""
    content = content.encode() if isinstance(content, str) else content
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)


@dataclass(frozen=True)
class Node:
    """One operation. integers: its attributes, all of them lists of integers."""

    operation: str
    inputs: Sequence[str]
    output: str
    integers: tuple[tuple[str, tuple[int, ...]], ...] = ()

    def written(self) -> bytes:
        """As a NodeProto."""
        attributes = b"".join(
            nested(5, nested(1, name) + b"".join(integer(8, value) for value in values) + integer(20, INTEGERS))
            for name, values in self.integers
        )
        names = b"".join(nested(1, name) for name in self.inputs) + nested(2, self.output)
        return names + nested(3, f"make_{self.output}") + nested(4, self.operation) + attributes


def tensor(name: str, values: NDArray[np.float32] | NDArray[np.int64]) -> bytes:
    """A TensorProto: a constant of the network."""
    kind = INT64 if values.dtype == np.int64 else FLOAT
    return b"".join(integer(1, length) for length in values.shape) + integer(2, kind) + nested(8, name) + nested(9, values.tobytes())


def value_info(name: str, shape: Sequence[int | str], kind: int = FLOAT) -> bytes:
    """A ValueInfoProto: name and shape of an input or output; a length that is not fixed has a name."""
    lengths = b"".join(nested(1, nested(2, length) if isinstance(length, str) else integer(1, length)) for length in shape)
    return nested(1, name) + nested(2, nested(1, integer(1, kind) + nested(2, lengths)))


def model(nodes: Sequence[Node], constants: Sequence[bytes], inputs: Sequence[bytes], outputs: Sequence[bytes]) -> bytes:
    """A ModelProto."""
    graph = b"".join(nested(1, node.written()) for node in nodes) + nested(2, "small")
    graph += b"".join(nested(5, constant) for constant in constants)
    graph += b"".join(nested(11, given) for given in inputs) + b"".join(nested(12, made) for made in outputs)
    return integer(1, IR_VERSION) + nested(7, graph) + nested(8, nested(1, "") + integer(2, OPSET))


def brightness_model(
    factor: NDArray[np.float32],
    offset: NDArray[np.float32],
    *,
    shape: Sequence[int | str] = (1, 3, 96, 96),
    kind: int = FLOAT,
    colours: int = 3,
) -> bytes:
    """A network that gives factor times the mean of its input, plus offset; both have the shape of its output.

    shape, kind: what it declares of its input. colours: how many of them it looks at.
    """
    nodes = [
        Node("Slice", ["images", "from", "to"], "looked_at"),
        Node("ReduceMean", ["looked_at"], "mean", (("axes", (1, 2, 3)), ("keepdims", (1,)))),
        Node("Reshape", ["mean", "ones"], "brightness"),
        Node("Mul", ["brightness", "factor"], "scaled"),
        Node("Add", ["scaled", "offset"], "output"),
    ]
    constants = [tensor("from", np.array([0, 0])), tensor("to", np.array([1, colours])), tensor("ones", np.ones(factor.ndim, np.int64))]
    constants += [tensor("factor", factor), tensor("offset", offset)]
    return model(nodes, constants, [value_info("images", shape, kind)], [value_info("output", factor.shape)])


def write_model(path: Path, shape: tuple[int, ...], side: int = 64) -> None:
    """A network whose output of this shape is the largest brightness of its input, everywhere."""
    nodes = [
        Node("GlobalMaxPool", ["images"], "pooled"),
        Node("ReduceMax", ["pooled"], "most"),
        Node("Reshape", ["most", "ones"], "flat"),
        Node("Expand", ["flat", "shape"], "output"),
    ]
    constants = [tensor("ones", np.ones(len(shape), np.int64)), tensor("shape", np.array(shape))]
    path.write_bytes(model(nodes, constants, [value_info("images", (1, 3, side, side))], [value_info("output", shape)]))
