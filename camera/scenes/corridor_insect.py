"""A corridor with a gate at night, by infrared: an insect crosses close to the lens a few times, nobody comes."""

from dataclasses import dataclass

import cv2
import numpy as np

from camera.scenes.lens import Floats, Lens, Size
from camera.scenes.light import Lamp, Lighting
from camera.scenes.room import Box, block, pallet, shell
from camera.scenes.sensor import Frame, Sensor
from camera.scenes.stage import Stage
from camera.scenes.view import Region, look

LENS = Lens((0.4, 1.45, 2.4), (6.5, 1.0, 1.0), 72)
LIGHTING = Lighting((Lamp((0.0, 1.3, 2.3), (13.0, 13.0, 13.0), shadows=False, aim=(9.0, 1.1, 0.9)),), (0.04, 0.04, 0.04))


@dataclass(frozen=True)
class Flight:
    """One crossing of the picture: a curve of relative places from its start over its bend to its end, the blob's radius
    as a share of the picture's width, and its brightness."""

    start_s: float
    length_s: float
    start: tuple[float, float]
    bend: tuple[float, float]
    end: tuple[float, float]
    radius: float
    light: float

    def at(self, at_s: float) -> tuple[float, float] | None:
        share = (at_s - self.start_s) / self.length_s
        if not 0 <= share <= 1:
            return None
        weights = np.array([(1 - share) ** 2, 2 * share * (1 - share), share * share])
        x, y = weights @ np.array([self.start, self.bend, self.end])
        wobble = 0.018 * np.sin(at_s * 31)
        return float(x), float(y + wobble)


FLIGHTS = (
    Flight(9.2, 0.75, (-0.1, 0.62), (0.35, 0.2), (1.12, 0.35), 0.05, 1.1),
    Flight(25.5, 1.1, (1.1, 0.2), (0.45, 0.95), (0.12, -0.2), 0.034, 0.9),
    Flight(27.4, 0.6, (0.3, -0.2), (0.5, 0.5), (1.15, 0.8), 0.065, 0.8),
    Flight(47.0, 0.9, (-0.12, 0.25), (0.6, 0.3), (0.7, 1.2), 0.045, 1.2),
)


def _boxes() -> list[Box]:
    rng = np.random.default_rng(44)
    width, end = 2.3, 13.5
    boxes = [*shell(end, width, 2.75, "concrete", "plaster")]
    boxes.append(Box((end + 5.7, 0, 0), (end + 5.9, width, 2.75), "door"))
    for x, side in ((2.6, 0.0), (6.2, 0.0), (9.6, 0.0), (4.4, width), (8.4, width)):
        y = side + (0.01 if side == 0 else -0.01)
        boxes += [block(x, y, 0, (1.08, 0.06, 2.14), "beam"), block(x, y, 0.02, (0.92, 0.1, 2.04), "door")]
        boxes += [block(x + 0.36, y, 1.02, (0.13, 0.2, 0.03), "post"), block(x, y, 1.52, (0.26, 0.11, 0.3), "notice")]
    bars = np.linspace(0.08, width - 0.08, 17)
    boxes += [block(end - 1.5, float(y), 0, (0.028, 0.028, 2.3), "post") for y in bars]
    boxes += [block(end - 1.5, width / 2, z, (0.045, width, 0.05), "post") for z in (0.1, 1.1, 2.28)]
    boxes.append(block(end - 1.55, width / 2 + 0.1, 1.0, (0.08, 0.14, 0.2), "steel"))
    boxes += pallet(10.7, 0.45, (2, 1, 3), rng, yaw=0.04)
    boxes += [block(5.2, width - 0.28, 0.33 * i, (0.5, 0.4, 0.32), f"carton{i}", yaw=0.06 * i) for i in range(2)]
    boxes += [block(4.5, 0.06, 1.2, (0.36, 0.14, 0.5), "steel"), block(7.8, 0.1, 0.45, (0.17, 0.17, 0.52), "red")]
    boxes += [block(x, width / 2, 2.68, (1.2, 0.15, 0.07), "switch") for x in (3.0, 6.8, 10.6)]
    boxes += [block(7.0, width - 0.02, 2.5, (14.0, 0.03, 0.03), "post"), block(6.2, 0.03, 2.24, (0.5, 0.05, 0.18), "notice")]
    return boxes


def _blob(size: Size, flight: Flight, at_s: float) -> tuple[Region, Floats] | None:
    """The insect as a lens set for the room shows it: a bright disc without edges, drawn out along its way."""
    here, before = flight.at(at_s), flight.at(at_s - 0.035)
    if here is None:
        return None
    width, height = size
    radius = flight.radius * width
    reach = int(radius * 3.5)
    x, y = here[0] * width, here[1] * height
    left, right = (int(np.clip(x + i * reach, 0, width)) for i in (-1, 1))
    top, bottom = (int(np.clip(y + i * reach, 0, height)) for i in (-1, 1))
    if right - left < 2 or bottom - top < 2:
        return None
    mask = np.zeros((bottom - top, right - left), np.float32)
    tail = before or here
    ends = [(round(a * width - left), round(b * height - top)) for a, b in (tail, here)]
    cv2.line(mask, ends[0], ends[1], 0.75, max(1, int(radius)))
    cv2.circle(mask, ends[1], max(1, int(radius * 0.62)), 1.0, -1)
    soft = np.asarray(cv2.GaussianBlur(mask, (0, 0), max(0.8, radius * 0.3)), np.float32)
    return (slice(top, bottom), slice(left, right)), np.repeat((soft * flight.light)[..., None], 3, axis=2)


class CorridorInsect:
    """The scene at one picture size."""

    def __init__(self, size: Size) -> None:
        view = look(_boxes(), LENS, (LIGHTING,), size)[0]
        self._stage = Stage(view, Sensor(size, exposure=2.2, infrared=True, vignette=0.6, noise=2.6, seed=44, softness_px=0.7))
        self._size = size

    def __call__(self, index: int, at_s: float) -> Frame:
        blobs = [blob for flight in FLIGHTS if (blob := _blob(self._size, flight, at_s))]
        return self._stage.frame(index, veil=blobs[0] if blobs else None)
