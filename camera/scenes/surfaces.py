"""What the boxes of a room are made of: pictures of concrete, plaster, carton, steel, drawn once in linear light."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from camera.scenes.lens import Floats

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Surface:
    """Reflectance of a box's sides and of its top, each (height, width, 3), BGR, 0 to 1 in linear light."""

    side: Floats
    top: Floats


def _linear(picture: NDArray[np.generic]) -> Floats:
    return np.asarray(np.square(np.clip(picture.astype(np.float32), 0, 255) / 255), np.float32)


def _grain(rng: np.random.Generator, size: tuple[int, int], coarse: int) -> Floats:
    """Soft random patches with mean 0 and deviation about 1."""
    height, width = size
    small = rng.standard_normal((max(2, height // coarse), max(2, width // coarse))).astype(np.float32)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)


def _plain(colour: Colour, size: tuple[int, int], rng: np.random.Generator, fine: float, patches: float) -> Floats:
    """A flat colour with fine grain and large patches, in display values."""
    tone: Floats = _grain(rng, size, 2) * fine + _grain(rng, size, 40) * patches + _grain(rng, size, 110) * patches
    return np.asarray(np.array(colour, np.float32) + tone[..., None], np.float32)


def _letter(face: Floats, text: str, at: tuple[int, int], *, scale: float, colour: Colour, stroke: int) -> None:
    """Print a text on a face, its lower left corner at a column and row."""
    mask = np.zeros(face.shape[:2], np.uint8)
    cv2.putText(mask, text, at, cv2.FONT_HERSHEY_DUPLEX, scale, 255, stroke, cv2.LINE_AA)
    ink = mask.astype(np.float32)[..., None] / 255
    face += (np.array(colour, np.float32) - face) * ink


def _concrete(rng: np.random.Generator) -> Surface:
    floor = _plain((128, 134, 138), (1024, 1024), rng, 3.0, 5.0)
    for _ in range(60):
        x, y = (int(v) for v in rng.integers(0, 1024, 2))
        length, lean = int(rng.integers(20, 160)), int(rng.integers(-14, 14))
        cv2.line(floor, (x, y), (x + length, y + lean), [float(v) for v in rng.uniform(95, 125) * np.ones(3)], 1, cv2.LINE_AA)
    for joint in range(0, 1024, 256):
        cv2.line(floor, (joint, 0), (joint, 1023), (84, 88, 92), 2)
        cv2.line(floor, (0, joint), (1023, joint), (84, 88, 92), 2)
    return Surface(_linear(floor), _linear(floor))


def _tiles(rng: np.random.Generator) -> Surface:
    floor = _plain((176, 186, 190), (1152, 1152), rng, 2.0, 2.0)
    for row in range(0, 1152, 48):
        for column in range(0, 1152, 48):
            floor[row : row + 48, column : column + 48] += rng.normal(0, 3)
        floor[row : row + 2] *= 0.72
        floor[:, row : row + 2] *= 0.72
    return Surface(_linear(floor), _linear(floor))


def _wall(rng: np.random.Generator, colour: Colour, foot: Colour) -> Surface:
    """Plaster, a darker painted foot as most store rooms have, rain marks from above."""
    wall = _plain(colour, (512, 1024), rng, 2.0, 3.0)
    wall[370:] += np.array(foot, np.float32) - np.array(colour, np.float32)
    streaks = np.abs(_grain(rng, (1, 1024), 12))[0] * np.linspace(1, 0, 512, dtype=np.float32)[:, None] ** 2
    wall -= 7 * streaks[..., None]
    wall[365:370] -= 16
    return Surface(_linear(wall), _linear(wall))


def _carton(rng: np.random.Generator) -> Surface:
    tint = rng.normal(0, 8)
    kraft = (float(104 + tint * 0.7), float(146 + tint), float(182 + tint))
    brown: Colour = (int(kraft[0]), int(kraft[1]), int(kraft[2]))
    side = _plain(brown, (192, 256), rng, 3.0, 3.0)
    side += (np.sin(np.arange(256, dtype=np.float32) * 1.2) * 1.5)[None, :, None]
    cv2.rectangle(side, (106, 0), (150, 54), (142, 176, 200), -1)
    if rng.random() < 0.8:
        left = int(rng.integers(14, 130))
        cv2.rectangle(side, (left, 88), (left + 92, 150), (226, 230, 230), -1)
        for row in range(96, 130, 9):
            cv2.line(side, (left + 8, row), (left + 8 + int(rng.integers(40, 76)), row), (90, 90, 90), 2)
        for bar in range(left + 8, left + 84, 5):
            cv2.line(side, (bar, 134), (bar, 146), (50, 50, 50), int(rng.integers(1, 4)))
    else:
        _letter(side, "SURAT SUARA", (22, 130), scale=0.95, colour=(50, 62, 84), stroke=2)
    side[:3] *= 0.78
    side[-3:] *= 0.72
    top = _plain(brown, (256, 192), rng, 3.0, 3.0)
    cv2.line(top, (96, 0), (96, 255), (70, 100, 130), 2)
    cv2.rectangle(top, (74, 0), (118, 255), (144, 178, 204), -1)
    return Surface(_linear(side), _linear(top))


def _ballot_box(rng: np.random.Generator) -> Surface:
    """The election commission's aluminium box: ribbed sides, a plate with the name, a slot and seals on the lid."""
    side = _plain((196, 196, 190), (192, 256), rng, 3.0, 3.0)
    for row in (26, 34, 164, 172):
        cv2.line(side, (0, row), (255, row), (150, 150, 146), 2)
    cv2.rectangle(side, (0, 0), (255, 16), (170, 170, 166), -1)
    _letter(side, "KPU", (84, 96), scale=1.6, colour=(60, 50, 150), stroke=4)
    _letter(side, "KOTAK SUARA", (40, 136), scale=0.85, colour=(70, 70, 76), stroke=2)
    cv2.rectangle(side, (116, 10), (140, 36), (110, 110, 112), -1)
    side[:, :3] *= 0.7
    side[:, -3:] *= 0.7
    side[-4:] *= 0.6
    top = _plain((206, 206, 200), (256, 192), rng, 3.0, 2.0)
    cv2.rectangle(top, (10, 10), (181, 245), (176, 176, 172), 3)
    cv2.rectangle(top, (50, 122), (142, 134), (40, 40, 42), -1)
    return Surface(_linear(side), _linear(top))


def _paper(rng: np.random.Generator) -> Surface:
    side = _plain((214, 220, 222), (64, 64), rng, 5.0, 1.0)
    top = _plain((228, 232, 234), (128, 96), rng, 2.0, 1.0)
    cv2.rectangle(top, (6, 6), (89, 20), [float(v) for v in rng.choice([[90, 90, 200], [190, 130, 70], [90, 170, 210]])], -1)
    for row in range(30, 122, 16):
        for column in range(8, 88, 28):
            cv2.rectangle(top, (column, row), (column + 20, row + 11), (150, 156, 160), -1)
    return Surface(_linear(side), _linear(top))


def _flat(colour: Colour, fine: float = 2.0, patches: float = 2.0) -> Callable[[np.random.Generator], Surface]:
    def drawn(rng: np.random.Generator) -> Surface:
        face = _linear(_plain(colour, (128, 128), rng, fine, patches))
        return Surface(face, face)

    return drawn


def _ribbed(colour: Colour, ribs: int) -> Callable[[np.random.Generator], Surface]:
    """Sheet steel folded into level ribs, as roller doors are."""

    def drawn(rng: np.random.Generator) -> Surface:
        face = _plain(colour, (512, 512), rng, 2.0, 2.0)
        face += (np.sin(np.linspace(0, 2 * np.pi * ribs, 512, dtype=np.float32)) * 16)[:, None, None]
        return Surface(_linear(face), _linear(face))

    return drawn


def _notice(rng: np.random.Generator) -> Surface:
    face = _plain((222, 226, 226), (160, 120), rng, 1.0, 1.0)
    cv2.rectangle(face, (0, 0), (119, 34), (50, 50, 190), -1)
    for row in range(52, 150, 12):
        cv2.line(face, (14, row), (14 + int(rng.integers(50, 92)), row), (80, 80, 80), 3)
    return Surface(_linear(face), _linear(face))


MAKERS: dict[str, Callable[[np.random.Generator], Surface]] = (
    {
        "concrete": _concrete,
        "tiles": _tiles,
        "plaster": lambda rng: _wall(rng, (196, 206, 208), (150, 160, 150)),
        "green_wall": lambda rng: _wall(rng, (190, 208, 198), (112, 142, 116)),
        "plaster_lintel": _flat((196, 206, 208)),
        "green_wall_lintel": _flat((190, 208, 198)),
        "ceiling": _flat((190, 194, 196), 1.0, 2.0),
        "beam": _flat((150, 108, 62)),
        "post": _flat((158, 158, 156), 3.0, 3.0),
        "steel": _flat((128, 128, 126), 3.0, 4.0),
        "wood": _flat((104, 144, 172), 4.0, 6.0),
        "board": _flat((150, 176, 190), 2.0, 3.0),
        "door": _flat((92, 112, 128), 2.0, 3.0),
        "switch": _flat((225, 228, 228), 1.0, 1.0),
        "red": _flat((40, 40, 190), 2.0, 2.0),
        "yellow": _flat((60, 190, 220), 2.0, 8.0),
        "lamp": _flat((255, 255, 255), 0.0, 0.0),
        "window": _flat((255, 250, 238), 2.0, 6.0),
        "roller": _ribbed((176, 160, 130), 34),
        "notice": _notice,
    }
    | {f"carton{i}": _carton for i in range(4)}
    | {f"ballot_box{i}": _ballot_box for i in range(2)}
    | {f"paper{i}": _paper for i in range(2)}
)


@cache
def surface(name: str) -> Surface:
    """The named surface; always the same picture for the same name. Raises KeyError for a name that is not in MAKERS."""
    return MAKERS[name](np.random.default_rng(sum(name.encode())))
