"""Quiet scenes to lay tampers over: stretches of labelled footage in which nobody moves, and rendered rooms.

Source for laying made tampers over real pictures: Mantini and Shah, UHCTD: a comprehensive dataset for camera tampering detection, AVSS
2019.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from camera.looking import picture as small
from camera.scenes.render import SCENES, frames

FOOTAGE = Path(__file__).parents[3] / "shared" / "footage"
FPS = 10
WORK = (640, 360)  # tampers are laid over pictures that fit into this
SMALL = (small.WIDTH, small.HEIGHT)
WINDOW = 0.6  # of the width and height: the part of a picture that a camera which is to be moved sees first
STRETCHES = {  # seconds in which nobody is to be seen, as labelled
    "intel_one-by-one-person-detection.mp4": (0.0, 5.5),
    "intel_bottle-detection.mp4": (0.0, 4.5),
    "intel_car-detection.mp4": (0.0, 4.0),
    "wallflower_WavingTrees_ffv1.mkv": (0.0, 50.0),
    "dvrscan_issue53_brightness_change.avi": (0.0, 2.5),
    "vas_Occlusion.mp4": (0.0, 1.8),
    "vas_Displacement.mp4": (0.0, 2.5),
    "vas_Defocusing.mp4": (0.0, 0.8),
}
RENDERED = {"store_night": 2.0, "store_lights": 36.0, "corridor_insect": 0.0}  # seconds at which a second begins in which nobody is there
DAY_NOISE, NIGHT_NOISE = 1.2, 2.5  # deviation in grey levels of the shrunk picture

Luma = NDArray[np.uint8]
Picture = NDArray[np.float32]


@dataclass(frozen=True)
class Base:
    """A quiet scene. lumas: as the camera sent them, FPS a second. colour: mean chroma as `camera.looking.picture.colour` gives it.

    noise: deviation of the sensor noise that is added to the shrunk picture.
    """

    name: str
    lumas: tuple[Luma, ...]
    colour: float | None
    noise: float

    def luma(self, number: int) -> Luma:
        """The picture with that number: there and back again, so that it never jumps."""
        place = number % max(1, 2 * len(self.lumas) - 2)
        return self.lumas[min(place, 2 * len(self.lumas) - 2 - place)]

    def size(self, most: tuple[int, int]) -> tuple[int, int]:
        """Width and height of the pictures when they are made to fit, never enlarged."""
        height, width = self.lumas[0].shape
        scale = min(1.0, most[0] / width, most[1] / height)
        return round(width * scale), round(height * scale)

    def seen(self, number: int, glance: tuple[float, float, float] | None = None) -> Picture:
        """The picture in working size, float32.

        glance: where a camera looks that sees WINDOW of the picture: left and upper edge as a share of the picture, roll in degrees.
        """
        luma, (width, height) = self.luma(number), self.size(WORK)
        if glance is None:
            return cv2.resize(luma, (width, height), interpolation=cv2.INTER_AREA).astype(np.float32)
        across, down, roll = glance
        high, wide = luma.shape
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), roll, WINDOW * wide / width)
        turn[:, 2] += (across + WINDOW / 2) * wide - width / 2, (down + WINDOW / 2) * high - height / 2
        seen = cv2.warpAffine(luma, turn, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT)
        return seen.astype(np.float32)


class Noise:
    """Fresh sensor noise for pictures of one size: fields made once, shifted at random."""

    def __init__(self, size: tuple[int, int], seed: int) -> None:
        self._random = np.random.default_rng(seed)
        width, height = size
        self._fields = self._random.standard_normal((8, 2 * height, 2 * width), np.float32)
        self._size = size

    def field(self) -> Picture:
        """(height, width), deviation 1."""
        width, height = self._size
        which, top, left = self._random.integers(0, (len(self._fields), height, width))
        field: Picture = self._fields[which, top : top + height, left : left + width]
        return field


@cache
def real_base(file_name: str) -> Base:
    """The quiet stretch of that clip. Raises FileNotFoundError where there is no footage."""
    start_s, end_s = STRETCHES[file_name]
    lumas, colours, due_s = [], [], start_s
    with av.open(str(FOOTAGE / file_name)) as container:
        for frame in container.decode(video=0):
            at_s = float(frame.time or 0.0)
            if at_s > end_s:
                break
            while due_s <= at_s + 1e-3:
                luma = frame.reformat(format="gray").to_ndarray().astype(np.uint8)
                lumas.append(np.ascontiguousarray(luma))
                colours.append(small.colour(frame))
                due_s += 1 / FPS
    known = [colour for colour in colours if colour is not None]
    return Base(Path(file_name).stem, tuple(lumas), float(np.mean(known)) if known else None, DAY_NOISE)


@cache
def rendered_base(name: str) -> Base:
    """A second of the rendered scene in which nobody is there."""
    [scene] = [scene for scene in SCENES if scene.name == name]
    lumas = tuple(
        cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY).astype(np.uint8)
        for frame in frames(scene, start_s=RENDERED[name], seconds=1, size=(960, 540))
    )
    night = name != "store_lights"
    return Base(name, lumas, 0.4 if night else 6.0, NIGHT_NOISE if night else DAY_NOISE)


def bases() -> Iterator[Base]:
    """All of them; only the rendered ones where there is no footage."""
    if FOOTAGE.is_dir():
        yield from map(real_base, STRETCHES)
    yield from map(rendered_base, RENDERED)
