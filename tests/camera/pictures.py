"""Rendered luma pictures for the eyes: a store room with shelves, sensor noise, a textured figure, and what they make of them."""

from collections.abc import Callable, Iterator
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from camera.events import Kind, Phase, Sight
from camera.eyes.eyes import Eyes

Picture = NDArray[np.float32]
Scene = Callable[[float], Picture]
HEIGHT, WIDTH = 180, 320


def room() -> Picture:
    """Shelves and cartons on a wall, grey levels 40 to 120."""
    return _room().copy()


@cache
def _room() -> Picture:
    random = np.random.default_rng(3)
    picture = np.full((HEIGHT, WIDTH), 90, np.float32)
    for _ in range(25):
        left, top = int(random.integers(0, WIDTH - 30)), int(random.integers(0, HEIGHT - 20))
        picture[top : top + int(random.integers(10, 45)), left : left + int(random.integers(15, 60))] = random.uniform(40, 120)
    return picture


def with_figure(picture: Picture, left: float) -> Picture:
    """A copy with a person of half the picture's height whose left side is there, in pixels; may be outside."""
    picture = picture.copy()
    cloth = _cloth()
    first, last = max(0, round(left)), min(WIDTH, round(left) + 30)
    if first < last:
        picture[80:170, first:last] = cloth[:, first - round(left) : last - round(left)]
    return picture


@cache
def _cloth() -> Picture:
    return cv2.GaussianBlur(np.random.default_rng(5).normal(60, 60, (90, 30)), (0, 0), 2).astype(np.float32)


def pictures(scene: Scene, length_s: float, *, fps: float = 10, noise: float = 2) -> Iterator[tuple[NDArray[np.uint8], float]]:
    """The scene as a camera with sensor noise (grey levels) sees it, with stream times in seconds."""
    random = np.random.default_rng(1)
    for number in range(int(length_s * fps)):
        at_s = number / fps
        seen = scene(at_s) + noise * random.standard_normal((HEIGHT, WIDTH), np.float32)
        yield np.clip(seen, 0, 255).astype(np.uint8), at_s


def watched(scene: Scene, length_s: float, *, fps: float = 10, noise: float = 2, eyes: Eyes | None = None) -> list[tuple[float, Sight]]:
    """Every report of the eyes on the scene, each with the stream time at which it was made."""
    eyes = eyes or Eyes()
    reports = [(at_s, sight) for luma, at_s in pictures(scene, length_s, fps=fps, noise=noise) for sight in eyes.look(luma, at_s)]
    return reports + [(length_s, sight) for sight in eyes.finish(length_s)]


def opened(reports: list[tuple[float, Sight]], kind: Kind) -> list[tuple[float, Sight]]:
    """The beginnings of the events of one kind."""
    return [(at_s, sight) for at_s, sight in reports if sight.kind is kind and sight.phase is Phase.OPENED]


def closed(reports: list[tuple[float, Sight]], kind: Kind) -> list[Sight]:
    """The events of one kind, as they ended."""
    return [sight for _, sight in reports if sight.kind is kind and sight.phase is Phase.CLOSED]
