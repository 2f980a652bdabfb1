"""A person detector that the user brings, an ONNX file: how sure it is that somebody is where something moved."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import av
import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from camera.events import Box
from camera.fault import Fault
from camera.looking.onnx_header import FLOAT, header

MOST_BYTES = 256 * 1024**2  # the largest of the usual detectors have 220 MB; those that a camera can afford have 5 to 50
SIDES = range(32, 1281)  # pixels of the picture that a detector may want
USUAL_SIDE = 640  # where the model takes any size
BORDER = 114.0  # grey round a picture of another shape, as the detectors were trained with
GROWN = 1.5  # the crop is as much larger than what moved: an arm that moves belongs to somebody
LEAST_SHARE = 0.25  # of the picture's height, both ways: a smaller crop shows no whole person
STRIDES = (8, 16, 32)  # pixels between the places at which the detectors of the YOLO family look
COCO = {84, 85}  # features: a box and 80 classes, and an objectness besides
FINAL_ROWS = 1000  # a list no longer than that has been cleared of double finds by the model itself

Numbers = NDArray[np.float32]


@dataclass(frozen=True)
class _Family:
    """How a kind of detector wants its picture and gives its answer.

    red_first: the order of colours. largest: what full brightness is to be. people: from the rows of an answer, (n, features), to how sure
    each one is that it is a person, 0 to 1.
    """

    red_first: bool
    largest: float
    people: Callable[[Numbers], Numbers]


# A row begins with the box (0 to 3), and a person is class 0 of COCO; with SSD with picture, class and sureness, and a person is class 1.
SSD = _Family(False, 255.0, lambda rows: rows[rows[:, 1] == 1, 2])
FINAL = _Family(True, 1.0, lambda rows: rows[rows[:, 5] == 0, 4])
YOLO = _Family(True, 1.0, lambda rows: rows[:, 4])
YOLO_WITH_OBJECTNESS = _Family(True, 1.0, lambda rows: rows[:, 4] * rows[:, 5])
YOLOX = _Family(False, 255.0, lambda rows: rows[:, 4] * rows[:, 5])


@dataclass(frozen=True)
class _Answer:
    """Which of a model's outputs tells of people. features_first: it is (1, features, n)."""

    number: int
    family: _Family
    features_first: bool = False

    def people(self, outputs: list[MatLike]) -> Numbers:
        """How sure each find is a person."""
        rows = np.asarray(outputs[self.number], np.float32)
        rows = rows.reshape(-1, rows.shape[-1]) if rows.ndim == 4 else rows[0]
        return self.family.people(np.asarray(rows.T if self.features_first else rows, np.float32))


class PersonCheck:
    """A person detector, loaded and tried once.

    Understood, by the shape of the answer (n finds, f features): YOLOv8 and later (1, f, n); YOLOv5 (1, n, f) with an objectness; YOLOX the
    same with one find at each place; models that clear double finds themselves (1, n, 6); SSD (1, 1, n, 7). The picture goes in as
    (1, 3, height, width) of 32-bit floats, in the size that the model declares, letterboxed. Where in the crop somebody is, is not asked.
    One look of a small model (YOLOv8n, 640 pixels) takes 0.12 s of a core. A model is code: take it only from where you would take a
    program.
    """

    def __init__(self, model: Path) -> None:
        """Raises Fault where the file cannot be used."""
        self._name = model.name
        self._net, self._width, self._height = _loaded(model)
        try:
            outputs = self._outputs(np.full((1, 3, self._height, self._width), 0.5, np.float32))
            self._answer = _understood([output.shape for output in outputs], _places(self._width, self._height))
            usable = _probable(self._answer.people(outputs))
        except (cv2.error, ValueError, MemoryError) as error:
            raise self._unknown() from error
        if not usable:
            raise self._unknown()

    def look(self, frame: av.VideoFrame, boxes: Sequence[Box]) -> float:
        """How sure the detector is that somebody is where something moves, 0 to 100. boxes: what moves; without any, the whole frame.

        Raises Fault if the model fails.
        """
        return self.score_pct(_cropped(frame, boxes))

    def score_pct(self, picture: NDArray[np.uint8]) -> float:
        """How sure the detector is that somebody is in the picture, 0 to 100. picture: BGR, (height, width, 3). Raises Fault as `look`."""
        try:
            people = self._answer.people(self._outputs(self._letterboxed(picture)))
        except (cv2.error, ValueError, IndexError, MemoryError) as error:
            raise self._unknown() from error
        return float(np.clip(np.max(np.nan_to_num(people), initial=0.0), 0, 1)) * 100

    def _unknown(self) -> Fault:
        return Fault("The person detector {file} gives no output that is known.", file=self._name)

    def _outputs(self, blob: Numbers) -> list[MatLike]:
        self._net.setInput(blob)
        outputs = self._net.forward(self._net.getUnconnectedOutLayersNames())
        if any(output is None for output in outputs):
            raise ValueError("an output without numbers")
        return list(outputs)

    def _letterboxed(self, picture: NDArray[np.uint8]) -> Numbers:
        height, width = picture.shape[:2]
        scale = min(self._width / width, self._height / height)
        inside = max(1, round(width * scale)), max(1, round(height * scale))
        shrunk = cv2.resize(picture, inside, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        whole = np.full((self._height, self._width, 3), BORDER, np.float32)
        left, top = (self._width - inside[0]) // 2, (self._height - inside[1]) // 2
        whole[top : top + inside[1], left : left + inside[0]] = shrunk
        whole *= np.float32(self._answer.family.largest / 255)
        ordered = whole[:, :, ::-1] if self._answer.family.red_first else whole
        return np.ascontiguousarray(ordered.transpose(2, 0, 1)[None])


def _loaded(model: Path) -> tuple[cv2.dnn.Net, int, int]:
    """The network, and width and height of the picture that it wants. Raises Fault."""
    try:
        too_large = model.stat().st_size > MOST_BYTES
        with model.open("rb") as file:
            content = b"" if too_large else file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Fault("The person detector {file} cannot be read.", file=model.name) from error
    if too_large or len(content) > MOST_BYTES:
        raise Fault("The person detector {file} is too large.", file=model.name)
    try:
        declared = header(content)
        if declared.outside:
            raise Fault("The person detector {file} keeps its weights in another file. Export it as a single one.", file=model.name)
        # From memory, not by its path: a model is to read no other file.
        net = cv2.dnn.readNetFromONNX(np.frombuffer(content, np.uint8))
    except (cv2.error, ValueError, MemoryError) as error:
        raise Fault("The person detector {file} is no ONNX model that can be used.", file=model.name) from error
    size = _picture_size(declared.inputs)
    if size is None:
        raise Fault("The person detector {file} wants something else than one colour picture.", file=model.name)
    return net, *size


def _picture_size(inputs: tuple[tuple[int, tuple[int, ...]], ...]) -> tuple[int, int] | None:
    """Width and height of the one picture that is wanted; None where it is something else."""
    if len(inputs) != 1:
        return None
    kind, lengths = inputs[0]
    if kind != FLOAT or len(lengths) != 4 or lengths[0] not in {0, 1} or lengths[1] != 3:
        return None
    height, width = (length or USUAL_SIDE for length in lengths[2:])
    return (width, height) if width in SIDES and height in SIDES else None


def _places(width: int, height: int) -> int:
    """At how many places of a picture the detectors of the YOLO family look."""
    return sum((width // stride) * (height // stride) for stride in STRIDES)


def _understood(shapes: Sequence[Sequence[int]], places: int) -> _Answer:
    """The output that tells of people, by the shapes of all. Raises ValueError if none does."""
    many = {places, 3 * places}
    for number, shape in enumerate(shapes):
        if len(shape) == 4 and tuple(shape[:2]) == (1, 1) and shape[3] == 7:
            return _Answer(number, SSD)
        if len(shape) != 3 or shape[0] != 1:
            continue
        first, second = shape[1:]
        if second == 6 and first <= FINAL_ROWS and first not in many:
            return _Answer(number, FINAL)
        features_first = second in many or (first not in many and first < second)
        if (first in COCO) != (second in COCO):
            features_first = first in COCO
        features = first if features_first else second
        if features == 84 or (features_first and features >= 5 and features != 85):
            return _Answer(number, YOLO, features_first)
        if features >= 6:
            return _Answer(number, YOLOX if first == places and not features_first else YOLO_WITH_OBJECTNESS, features_first)
    raise ValueError("no output in a known shape")


def _probable(people: Numbers) -> bool:
    """Whether all of these can be probabilities."""
    return bool(np.isfinite(people).all() and (people >= -0.01).all() and (people <= 1.01).all())


def _cropped(frame: av.VideoFrame, boxes: Sequence[Box]) -> NDArray[np.uint8]:
    """What is round the boxes, BGR. Only the crop is converted."""
    if frame.format.name not in {"yuv420p", "yuvj420p"}:
        frame = frame.reformat(format="yuv420p")
    box = reduce(Box.around, boxes) if boxes else Box(0, 0, 1, 1)
    least = LEAST_SHARE * frame.height
    left, right = _side(box.x, box.width, frame.width, least)
    top, bottom = _side(box.y, box.height, frame.height, least)
    parts = []
    for plane, half in zip(frame.planes, (1, 2, 2), strict=True):
        samples: NDArray[np.uint8] = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        parts.append(samples[top // half : bottom // half, left // half : right // half].ravel())
    planes = np.concatenate(parts).reshape((bottom - top) * 3 // 2, right - left)
    return np.asarray(cv2.cvtColor(planes, cv2.COLOR_YUV2BGR_I420), np.uint8)


def _side(start: float, share: float, pixels: int, least: float) -> tuple[int, int]:
    """First and last pixel of the crop along one side, both even, for colours are known for every second pixel; never outside."""
    length = min(max(share * GROWN * pixels, least), pixels)
    begin = min(max((start + share / 2) * pixels - length / 2, 0), pixels - length)
    first = min(int(begin) // 2 * 2, max(0, pixels // 2 * 2 - 2))
    return first, max(int(begin + length) // 2 * 2, first + 2)
