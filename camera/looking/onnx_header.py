"""What an ONNX file says of itself: the picture that it wants. OpenCV loads such files, but does not tell.

Source for the numbers of the fields: onnx.proto of the ONNX project.
"""

from collections.abc import Iterator
from dataclasses import dataclass

FLOAT = 1  # TensorProto.DataType
VARINT, EIGHT_BYTES, NESTED, FOUR_BYTES = 0, 1, 2, 5  # how the value of a field is written
MODEL_GRAPH, GRAPH_CONSTANT, GRAPH_INPUT = 7, 5, 11
CONSTANT_NAME, CONSTANT_OUTSIDE, CONSTANT_PLACE = 8, 13, 14


@dataclass(frozen=True)
class Header:
    """inputs: for each of the network's inputs the type of its numbers and its lengths, 0 for a length that is not fixed.

    outside: some of its weights are in another file, which the model names.
    """

    inputs: tuple[tuple[int, tuple[int, ...]], ...]
    outside: bool


def header(model: bytes) -> Header:
    """Reads the file's content. Raises ValueError for one that is no ONNX model, or is cut off."""
    graphs = _all(memoryview(model), MODEL_GRAPH)
    if not graphs:
        raise ValueError("no graph")
    constants = [dict(_fields(constant)) for constant in _all(graphs[-1], GRAPH_CONSTANT)]
    # Older models list their weights among the inputs.
    known = {bytes(_nested(constant.get(CONSTANT_NAME, memoryview(b"")))) for constant in constants}
    outside = any(CONSTANT_OUTSIDE in constant or constant.get(CONSTANT_PLACE) for constant in constants)
    inputs = []
    for given in _all(graphs[-1], GRAPH_INPUT):
        if not any(bytes(name) in known for name in _all(given, 1)):
            inputs.append(_type(given))
    return Header(tuple(inputs), outside)


def _type(given: memoryview) -> tuple[int, tuple[int, ...]]:
    """Of a ValueInfoProto: its type holds a tensor's, which holds the type of its numbers and its shape."""
    kind = 0
    lengths: tuple[int, ...] = ()
    for tensor in (tensor for outer in _all(given, 2) for tensor in _all(outer, 1)):
        kind = next((value for field, value in _fields(tensor) if field == 1 and isinstance(value, int)), 0)
        lengths = tuple(_length(dim) for shape in _all(tensor, 2) for dim in _all(shape, 1))
    return kind, lengths


def _length(dim: memoryview) -> int:
    return next((value for field, value in _fields(dim) if field == 1 and isinstance(value, int)), 0)


def _all(message: memoryview, wanted: int) -> list[memoryview]:
    return [_nested(value) for field, value in _fields(message) if field == wanted]


def _nested(value: int | memoryview) -> memoryview:
    if isinstance(value, int):
        raise ValueError("a number where a message should be")
    return value


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Number and value of each field of a message, as protocol buffers write them. Raises ValueError for what is none."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        written = tag & 7
        if written == VARINT:
            value, at = _varint(message, at)
            yield tag >> 3, value
            continue
        if written == NESTED:
            length, at = _varint(message, at)
        elif written in {EIGHT_BYTES, FOUR_BYTES}:
            length = 8 if written == EIGHT_BYTES else 4
        else:
            raise ValueError("no such way to write a field")
        if at + length > len(message):
            raise ValueError("cut off")
        yield tag >> 3, message[at : at + length]
        at += length


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where it ends."""
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise ValueError("cut off")
        value |= (message[at] & 0x7F) << shift
        at += 1
        if message[at - 1] < 0x80:
            return value, at
    raise ValueError("a number without an end")
