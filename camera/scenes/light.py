"""How much light reaches a place in a room: lamps with soft shadows, and the dimmer light of corners."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from camera.scenes.lens import Floats, Point
from camera.scenes.room import Box

CORNER_RAYS = 12
CORNER_REACH_M = 0.8
CELL_M = 2.2


@dataclass(frozen=True)
class Lamp:
    """A source of light: its middle, its power in BGR, the half-extent in metres that softens its shadows.

    shadows: False for the infrared lamp round the lens, whose shadows hide behind what throws them.
    aim: where a lamp with a reflector points; None shines to all sides.
    """

    position: Point
    power: tuple[float, float, float]
    spread: Point = (0.0, 0.0, 0.0)
    shadows: bool = True
    aim: Point | None = None

    def beam(self, course: Floats) -> Floats:
        """Share of the lamp's light that leaves it against each course (3, n) from a place to the lamp."""
        if self.aim is None:
            return np.ones(course.shape[1:], np.float32)
        axis = np.subtract(self.position, self.aim).astype(np.float32)
        along = (course.T @ axis).T / np.maximum(np.linalg.norm(course, axis=0) * np.linalg.norm(axis), 1e-6)
        return np.asarray(np.clip(along, 0.05, 1) ** 1.5, np.float32)


@dataclass(frozen=True)
class Lighting:
    """All light of a room: the lamps, and ambient light in BGR that reaches every open place alike.

    shining: whether the boxes that glow are switched on.
    """

    lamps: tuple[Lamp, ...]
    ambient: tuple[float, float, float]
    shining: bool = False


def as_seen(box: Box, origin: Floats, direction: Floats) -> tuple[Floats, Floats]:
    """Origin and direction (3, ...) of rays as the box sees them: from its middle, turned by its yaw."""
    centre = box.centre
    x, y = box.turn(origin[0] - centre[0], origin[1] - centre[1])
    dx, dy = box.turn(direction[0], direction[1])
    start: Floats = np.stack([x, y, origin[2] - centre[2]])
    return start, np.stack([dx, dy, direction[2]]) if box.yaw else direction


def crossing(box: Box, start: Floats, course: Floats) -> tuple[Floats, Floats]:
    """Where rays `as_seen` by a box enter it, on each axis (3, ...), and where they leave it, in multiples of the course.

    A ray enters at the largest of the three; it misses where that is above the exit.
    """
    half = box.half.reshape((3,) + (1,) * (course.ndim - 1))
    inverse = np.asarray(1 / np.where(np.abs(course) < 1e-7, np.float32(1e-7), course), np.float32)
    middle, reach = -start * inverse, half * np.abs(inverse)
    far: Floats = middle + reach
    leave: Floats = np.minimum(np.minimum(far[0], far[1]), far[2])
    return middle - reach, leave


class Obstacles:
    """All boxes of a room as arrays, to be asked by many rays at once."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._centres = np.array([box.centre for box in boxes], np.float32)
        self._halves = np.array([box.half for box in boxes], np.float32)
        self._radii = np.linalg.norm(self._halves, axis=1)
        yaws = np.array([box.yaw for box in boxes], np.float32)
        self._cos, self._sin = np.cos(yaws)[:, None], np.sin(yaws)[:, None]

    def block(self, points: Floats, course: Floats) -> NDArray[np.bool_]:
        """Which of some neighbouring points (3, n) have a box on their way along course, from the point to just before its end."""
        start, end = points.mean(axis=1), (points + course).mean(axis=1)
        width = max(_radius(points, start), _radius(points + course, end))
        offset, way = self._centres - start, end - start
        along = np.clip(offset @ way / max(float(way @ way), 1e-9), 0, 1)
        near_by = np.flatnonzero(np.linalg.norm(offset - along[:, None] * way, axis=1) < self._radii + width)
        if not near_by.size:
            return np.zeros(points.shape[1], np.bool_)
        centres, halves, c, s = self._centres[near_by], self._halves[near_by], self._cos[near_by], self._sin[near_by]
        x, y, z = (points[i] - centres[:, i : i + 1] for i in range(3))
        entry, leave = np.float32(0), np.float32(0.98)
        for position, step, half in (
            (x * c + y * s, course[0] * c + course[1] * s, halves[:, 0:1]),
            (y * c - x * s, course[1] * c - course[0] * s, halves[:, 1:2]),
            (z, course[2], halves[:, 2:3]),
        ):
            inverse = 1 / np.where(np.abs(step) < 1e-7, np.float32(1e-7), step)
            middle, reach = -position * inverse, half * np.abs(inverse)
            entry, leave = np.maximum(entry, middle - reach), np.minimum(leave, middle + reach)
        return np.asarray((entry < leave).any(axis=0), np.bool_)


def _radius(points: Floats, centre: Floats) -> float:
    return float(np.linalg.norm(points - centre[:, None], axis=0).max())


def _neighbourhoods(points: Floats) -> list[NDArray[np.intp]]:
    """The points' indices in groups that lie in one cell of the room each."""
    cells = np.floor(points / CELL_M).astype(np.int64)
    keys = (cells[0] * 1000 + cells[1]) * 1000 + cells[2]
    order = np.argsort(keys, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(keys[order])) + 1)


def _openness(obstacles: Obstacles, points: Floats, normals: Floats) -> Floats:
    """Share of the half sphere above each point that is free of near boxes, 0 to 1: corners and gaps are darker."""
    rng = np.random.default_rng(5)
    free = np.zeros(points.shape[1], np.float32)
    for _ in range(CORNER_RAYS):
        ball = rng.standard_normal(3).astype(np.float32)
        course = normals + (ball / np.linalg.norm(ball))[:, None] * np.float32(0.97)
        free += ~obstacles.block(points, course * (CORNER_REACH_M / np.linalg.norm(course, axis=0)))
    # What hides the room is lit itself and gives some light back.
    return np.asarray(0.3 + 0.7 * free / CORNER_RAYS, np.float32)


def _light(obstacles: Obstacles, lighting: Lighting, start: Floats, normals: Floats, samples: int) -> Floats:
    openness = _openness(obstacles, start, normals)[:, None]
    light = np.array(lighting.ambient, np.float32) * openness
    rng = np.random.default_rng(6)
    for lamp in lighting.lamps:
        reached = np.zeros(start.shape[1], np.float32)
        rays = samples if lamp.shadows else 1
        for _ in range(rays):
            source = np.array(lamp.position) + rng.uniform(-1, 1, 3) * np.array(lamp.spread)
            course = source.astype(np.float32)[:, None] - start
            square = (course * course).sum(axis=0)
            facing = np.maximum((course * normals).sum(axis=0), 0) / np.maximum(square, 0.2) ** 1.5 * lamp.beam(course)
            if lamp.shadows:
                facing *= ~obstacles.block(start, course)
            reached += facing / rays
        # The infrared lamp throws no shadow of its own, but corners still swallow some of its light.
        soft = 1 if lamp.shadows else 0.45 + 0.55 * openness
        light = light + reached[:, None] * np.array(lamp.power, np.float32) * soft
    return light.astype(np.float32)


def irradiance(boxes: Sequence[Box], lighting: Lighting, points: Floats, normals: Floats, samples: int) -> Floats:
    """Light in BGR that falls on points (3, n) with unit normals (3, n), shape (n, 3); samples are shadow rays per lamp."""
    # Boxes that glow would stand in their own lamp's light.
    obstacles = Obstacles([box for box in boxes if not box.glow])
    start = points + normals * np.float32(0.012)
    light = np.zeros((points.shape[1], 3), np.float32)
    for group in _neighbourhoods(start):
        light[group] = _light(obstacles, lighting, start[:, group], normals[:, group], samples)
    return light
