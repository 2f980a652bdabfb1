"""A person detector for tests, written field by field as onnx.proto has them: its output is the largest brightness, everywhere."""

from pathlib import Path


def _varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _value(name: bytes, shape: tuple[int, ...]) -> bytes:
    dims = b"".join(_bytes(1, _number(1, side)) for side in shape)
    return _bytes(1, name) + _bytes(2, _bytes(1, _number(1, 1) + _bytes(2, dims)))


def _node(kind: bytes, inputs: tuple[bytes, ...], output: bytes) -> bytes:
    return _bytes(1, b"".join(_bytes(1, name) for name in inputs) + _bytes(2, output) + _bytes(3, output) + _bytes(4, kind))


def _integers(name: bytes, values: tuple[int, ...]) -> bytes:
    raw = b"".join(value.to_bytes(8, "little") for value in values)
    return _bytes(5, _number(1, len(values)) + _number(2, 7) + _bytes(8, name) + _bytes(9, raw))


def write_model(path: Path, shape: tuple[int, ...], side: int = 64) -> None:
    """GlobalMaxPool, then Reshape and Expand: for (1, 1, N, 7) also the class is the brightness, so white is class 1."""
    one = tuple(1 for _ in shape)
    graph = _node(b"GlobalMaxPool", (b"picture",), b"pooled") + _node(b"ReduceMax", (b"pooled",), b"most")
    graph += _node(b"Reshape", (b"most", b"one"), b"flat") + _node(b"Expand", (b"flat", b"shape"), b"out")
    graph += _bytes(2, b"g") + _integers(b"one", one) + _integers(b"shape", shape)
    graph += _bytes(11, _value(b"picture", (1, 3, side, side))) + _bytes(12, _value(b"out", shape))
    path.write_bytes(_number(1, 8) + _bytes(7, graph) + _bytes(8, _number(2, 13)))
