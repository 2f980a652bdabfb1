"""A person detector that the user brings: how sure it is that somebody is where something moved. It never takes an event away."""

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from camera.events import Box, Kind, Phase, Sight
from camera.fault import Fault

LARGEST_BYTES = 500 * 1024 * 1024
USUAL_SIZE = (640, 640)  # width and height, where the model leaves them open
LARGEST_SIDE = 2048
GREY = 114  # what detectors of the YOLO family are trained to see around a picture


class PersonCheck:
    """An ONNX model with the output of YOLOv8 (1, 84, N), YOLOv5 or YOLOX (1, N, 85), or SSD (1, 1, N, 7)."""

    def __init__(self, model: Path) -> None:
        """Raises Fault if there is no such file, it is no ONNX model, is too large, or its output is none of the three."""
        self._name = model.name
        try:
            if model.stat().st_size > LARGEST_BYTES:
                raise Fault("The person detector {file} is too large.", file=self._name)
            data = model.read_bytes()
        except OSError:
            raise Fault("The person detector {file} cannot be read.", file=self._name) from None
        try:
            self._size = _input_size(data)
            self._net = cv2.dnn.readNetFromONNX(np.frombuffer(data, np.uint8))
        except (cv2.error, IndexError, ValueError):
            raise Fault("The person detector {file} is no ONNX model that can be used.", file=self._name) from None
        self._score(np.zeros((self._size[1], self._size[0], 3), np.uint8))

    def look(self, frame: av.VideoFrame, boxes: Sequence[Box]) -> float:
        """The best score of a person near the boxes, 0 to 100. Raises Fault if the model fails."""
        if not boxes:
            return 0.0
        left, top, right, bottom = _crop(functools.reduce(Box.around, boxes), frame.width, frame.height)
        # swscale converts the whole picture; a crop of the planes is converted instead.
        yuv = frame if frame.format.name in ("yuv420p", "yuvj420p") else frame.reformat(format="yuv420p")
        planes = [np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size) for plane in yuv.planes]
        luma = planes[0][top:bottom, left:right]
        chroma = [plane[top // 2 : bottom // 2, left // 2 : right // 2] for plane in planes[1:]]
        packed = np.concatenate([luma.ravel(), *(part.ravel() for part in chroma)]).reshape(-1, right - left)
        return self._score(cv2.cvtColor(packed, cv2.COLOR_YUV2BGR_I420))

    def _score(self, picture: MatLike) -> float:
        width, height = self._size
        scale = min(width / picture.shape[1], height / picture.shape[0])
        small = cv2.resize(picture, (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))))
        canvas: NDArray[np.uint8] = np.full((height, width, 3), GREY, np.uint8)
        canvas[: small.shape[0], : small.shape[1]] = small
        try:
            self._net.setInput(cv2.dnn.blobFromImage(canvas, 1 / 255, swapRB=True))
            output = np.asarray(self._net.forward())
        except cv2.error:
            raise Fault("The person detector {file} is no ONNX model that can be used.", file=self._name) from None
        match output.shape:
            case (1, 84, _):
                scores = output[0, 4]
            case (1, _, 85):
                scores = output[0, :, 4] * output[0, :, 5]
            case (1, 1, _, 7):
                scores = output[0, 0, output[0, 0, :, 1] == 1, 2]
            case _:
                raise Fault("The person detector {file} gives no output that is known.", file=self._name)
        return float(np.clip(np.nan_to_num(scores).max(initial=0.0), 0.0, 1.0)) * 100


class Persons:
    """Asks the detector about every motion when it begins and about once a second while it goes on; each event keeps its best score.

    failed: told once, if the model fails; from then on nobody is asked, and the eyes go on.
    """

    def __init__(self, check: PersonCheck, failed: Callable[[Fault], None]) -> None:
        self._check: PersonCheck | None = check
        self._failed = failed
        self._best: dict[int, float] = {}

    def asked(self, sights: list[Sight], frame: av.VideoFrame | None) -> list[Sight]:
        """The sights with their scores. frame: the picture that shows them; None after the last one."""
        return [self._one(sight, frame) if sight.kind is Kind.MOTION else sight for sight in sights]

    def _one(self, sight: Sight, frame: av.VideoFrame | None) -> Sight:
        if sight.phase is Phase.OPENED:
            self._best.pop(sight.number, None)
        if self._check and frame and sight.phase is not Phase.CLOSED:
            try:
                score_pct = self._check.look(frame, sight.boxes)
                self._best[sight.number] = max(score_pct, self._best.get(sight.number, 0.0))
            except Fault as fault:
                self._check = None
                self._failed(fault)
        best_pct = self._best.pop(sight.number, None) if sight.phase is Phase.CLOSED else self._best.get(sight.number)
        return replace(sight, person_pct=best_pct)


def _crop(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    """Left, top, right, bottom in even pixels: the box and half as much again, at least a square of a quarter of the height."""
    sides = []
    for start, share, whole in ((box.x, box.width, width), (box.y, box.height, height)):
        length = min(max(share * whole * 1.5, height / 4), whole)
        begin = min(max((start + share / 2) * whole - length / 2, 0), whole - length)
        sides.append((int(begin) // 2 * 2, max(int(begin + length) // 2 * 2, int(begin) // 2 * 2 + 2)))
    (left, right), (top, bottom) = sides
    return left, top, right, bottom


def _input_size(data: bytes) -> tuple[int, int]:
    """Width and height that the model declares: ModelProto.graph.input.type.tensor_type.shape.dim.dim_value of onnx.proto."""
    shapes = (shape for graph in _fields(data, 7) for entry in _fields(graph, 11) for shape in _path(entry, (2, 1, 2)))
    for shape in shapes:
        sides = [next(iter(_numbers(dim)), 0) for dim in _fields(shape, 1)]
        if len(sides) == 4:
            if max(sides[2:]) > LARGEST_SIDE:
                raise ValueError("too large")
            return (sides[3], sides[2]) if min(sides[2:]) > 0 else USUAL_SIZE
    raise ValueError("no picture goes in")


def _path(data: bytes, numbers: Sequence[int]) -> Iterator[bytes]:
    if not numbers:
        yield data
        return
    for inner in _fields(data, numbers[0]):
        yield from _path(inner, numbers[1:])


def _fields(data: bytes, wanted: int) -> Iterator[bytes]:
    return (value for number, value in _parts(data) if number == wanted and isinstance(value, bytes))


def _numbers(data: bytes) -> Iterator[int]:
    return (value for number, value in _parts(data) if number == 1 and isinstance(value, int))


def _parts(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a protobuf message."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = _varint(data, at)
            yield key >> 3, value
            continue
        length = {1: 8, 5: 4}.get(kind)
        if length is None:
            if kind != 2:
                raise ValueError("no protobuf")
            length, at = _varint(data, at)
        if at + length > len(data):
            raise ValueError("cut off")
        yield key >> 3, data[at : at + length]
        at += length


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        byte = data[at + shift // 7]
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at + shift // 7 + 1
    raise ValueError("no varint")
