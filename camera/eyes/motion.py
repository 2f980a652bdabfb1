"""Where something moves: regions that differ from the empty scene in more than light, and are alive."""

from collections import deque
from dataclasses import dataclass

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from camera.events import Box
from camera.eyes.background import NEIGHBOURS, Background, Difference, dimmed
from camera.eyes.blocks import BLACK
from camera.eyes.keenness import Keenness
from camera.eyes.watched import least_heights, watched_area
from camera.view import EVERYTHING, View

PLAIN_SHARE = 0.01  # of the picture; smaller things may be insects and have to persist longer
LARGE_SHARE = 0.02  # of the picture; a sharp thing of that size is believed at once
CELLS = (32, 18)  # the motion grid, across and down
CELL_SHARE = 0.04  # of a cell's pixels that belong to something moving
NEW_EDGE = 10.0  # grey levels over two pixels; soft light has no such edges
EDGE_NOISE_FACTOR = 5.0  # mean deviations
EDGE_CONTRAST = 0.3  # share by which light may strengthen or weaken an edge that was there before, beside what it does all around
LIGHT_REACH = 17  # pixels, side of the square in which light is taken to be even
EDGE_REACH = 11  # pixels, side of the square around a pixel in which new edges are counted
EDGE_SHARE = 0.12  # of that square: the rim of a flat coat fills as much of it
BLOB_SHARE = 0.08  # of the picture; no insect looks larger for long
BEAM_SHARE = 0.015  # of the picture; a torch lights as much
DARK = 40.0  # grey levels; where it was as dark, twice the light is a lamp, and no cloud that goes by
LAMP_LEVEL = 18.0  # grey levels by which a lamp brightens at least
DARKER_SHARE = 0.1  # of a region's pixels; people and what they carry are darker than the scene somewhere
GOES_ON_SHARE = 0.3  # of a region, in the look before, or close by
GOES_ON_SPEED = 30.0  # pixels a second by which it may have moved since, on each side
SHARP = 0.14  # edge steepness per grey level; what is nearer than the lens can focus stays below 0.12, people are above 0.16
GAP = np.ones((7, 7), np.uint8)  # parts of one figure may lie so far apart, in pixels
HALO = np.ones((5, 5), np.uint8)  # the blurred rim of a figure is kept out of the background too
STIR_LAG_S = 0.3  # pictures so far apart are compared to see whether a thing stirs
STIR_LEVEL = 7.0  # grey levels
STIR_NOISE_FACTOR = 5.0  # mean deviations; the difference of two pictures is noisier than one against the mean
ALIVE_S = 2.0  # a standing person stirs at least so often; a carton never
ALIVE_SHARE = 0.02  # of a region's pixels that stirred within that time
NOTHING_MOVES: NDArray[np.bool_] = np.zeros(CELLS[::-1], np.bool_)
MOVING_SHARE = 0.004  # of a region's pixels that stir now


@dataclass(frozen=True)
class Region:
    """Something alive in one picture.

    moving: it stirs in this very picture; otherwise it did so not long ago. plain: large and sharp enough to be no insect before the
    lens; large: larger than that. blob: only brighter than the scene, as insects in infrared light are; small:
    less than a torch lights; sharp: not blurred.
    goes_on: much of it was there in the look before; a streak of rain or a passing insect is somewhere else in each.
    """

    box: Box
    moving: bool
    plain: bool
    large: bool
    blob: bool
    small: bool
    sharp: bool
    goes_on: bool


class Motion:
    """Looks for regions in picture after picture of one size, from a first one that is taken for the empty scene.

    regions: what is alive in the newest picture; share_pct: its share of the watched area, 0 to 100.
    free: (height, width) uint8, 1 where nothing alive is, nor close by. cells: (18, 32) bool, where something moves.
    """

    def __init__(self, luma: NDArray[np.uint8], at_s: float, view: View = EVERYTHING) -> None:
        """luma: (height, width), the first picture."""
        picture = _smooth(luma)
        self.regions: list[Region] = []
        self.share_pct = 0.0
        self.free: MatLike = np.ones(luma.shape, np.uint8)
        self.cells = NOTHING_MOVES
        self._in_the_dark = False
        self._held_before: MatLike = np.zeros(luma.shape, np.uint8)
        self._keenness = Keenness(view.sensitivity)
        self._background = Background(picture, self._keenness)
        self._at_s = at_s
        self._earlier: deque[tuple[float, MatLike, float]] = deque([(at_s, picture, 1.0)])
        self._still_s: MatLike = np.full_like(picture, ALIVE_S)  # since each pixel last stirred
        self._watched = watched_area(view, luma.shape[0], luma.shape[1])
        self._least_height = least_heights(view, luma.shape[0], luma.shape[1]) if view.zones else None
        self._area = max(1, cv2.countNonZero(self._watched))

    def look(self, luma: NDArray[np.uint8], at_s: float, *, glance: bool = False) -> list[Region]:
        """What is alive in this picture, seen at at_s seconds of the stream, later than the one before. glance: as `Eyes.look` has it."""
        picture = _smooth(luma)
        difference = self._background.compare(picture)
        # Without light there are no insects to be seen, and a lamp of any size is somebody's.
        self._in_the_dark = bool(cv2.mean(difference.expected)[0] < DARK)
        stirs = self._stir(picture, difference.exposure, at_s)
        held, gone_still = self._find(difference, stirs)
        around = cv2.dilate(held, HALO)
        reach = 1 + 2 * max(1, round(GOES_ON_SPEED * (at_s - self._at_s)))
        self._held_before = cv2.dilate(held, np.ones((reach, reach), np.uint8))
        self.free = 1 - around
        self._background.learn(picture, difference, around, gone_still, at_s - self._at_s, glance=glance)
        self._at_s = at_s
        return self.regions

    def _stir(self, picture: MatLike, exposure: float, at_s: float) -> MatLike:
        """1 where the picture differs from a moment ago; remembers when."""
        while len(self._earlier) > 1 and self._earlier[1][0] <= at_s - STIR_LAG_S:
            self._earlier.popleft()
        _, before, exposure_before = self._earlier[0]
        self._earlier.append((at_s, picture, exposure))
        change = cv2.absdiff(picture, before * np.float32(exposure / exposure_before))
        limit = self._background.noise * np.float32(STIR_NOISE_FACTOR)
        np.maximum(limit, np.float32(STIR_LEVEL), out=limit)
        # Noise stirs single pixels, bodies stir patches: the median drops what stands alone.
        stirs: MatLike = cv2.medianBlur((change > limit).view(np.uint8), 3)
        self._still_s += np.float32(at_s - self._at_s)
        self._still_s[stirs.view(np.bool_)] = 0
        return stirs

    def _find(self, difference: Difference, stirs: MatLike) -> tuple[MatLike, MatLike]:
        """Sort what is unlike the empty scene into regions. Returns where it is alive and where it has gone still, 1 there."""
        held, gone_still = np.zeros_like(stirs), np.zeros_like(stirs)
        self.regions, self.share_pct, self.cells = [], 0.0, NOTHING_MOVES
        unlike = self._unlike(difference)
        if cv2.countNonZero(unlike) == 0:
            return held, gone_still
        part, candidates, edges = self._candidates(unlike, difference)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(candidates)
        moved = np.zeros_like(stirs)
        for label in range(1, count):
            left, top, across, down, area = (int(value) for value in stats[label])
            if area < self._keenness.least_share * stirs.size:
                continue
            here = np.s_[part[0].start + top : part[0].start + top + down, part[1].start + left : part[1].start + left + across]
            inside = labels[top : top + down, left : left + across] == label
            if np.count_nonzero(self._still_s[here][inside] < ALIVE_S) < ALIVE_SHARE * area:
                gone_still[here][inside] = 1
                continue
            held[here][inside] = 1
            if self._too_small(here):
                continue
            self.share_pct = min(100.0, self.share_pct + 100 * area / self._area)
            moving = np.count_nonzero(stirs[here][inside]) > MOVING_SHARE * area
            steepness = _high(edges[top : top + down, left : left + across][inside]) / 2
            self.regions.append(self._region(here, inside, bool(moving), steepness, difference))
            if moving:
                moved[here][inside] = 1
        if self.regions:
            self.cells = cv2.resize(moved.astype(np.float32), CELLS, interpolation=cv2.INTER_AREA) > CELL_SHARE
        return held, gone_still

    def _region(self, here: tuple[slice, slice], inside: MatLike, moving: bool, steepness: float, difference: Difference) -> Region:
        share = float(np.count_nonzero(inside)) / difference.level.size
        level = difference.level[here][inside]
        sharp = bool(steepness >= SHARP * _high(np.abs(level)))
        brighter = bool(np.count_nonzero(level < 0) < DARKER_SHARE * level.size)
        before = bool(np.count_nonzero(self._held_before[here][inside]) >= GOES_ON_SHARE * level.size)
        return Region(
            _box(here, difference.level.shape),
            moving=moving,
            plain=sharp and share >= PLAIN_SHARE,
            large=sharp and share >= LARGE_SHARE,
            blob=brighter and share < BLOB_SHARE and not self._in_the_dark,
            small=share < BEAM_SHARE,
            sharp=sharp,
            goes_on=before,
        )

    def _unlike(self, difference: Difference) -> MatLike:
        return cv2.morphologyEx(cv2.bitwise_and(difference.unlike, self._watched), cv2.MORPH_OPEN, NEIGHBOURS)

    def _too_small(self, here: tuple[slice, slice]) -> bool:
        """Whether a region is less tall than its zone asks for where its foot stands."""
        if self._least_height is None:
            return False
        rows, columns = here
        least = self._least_height[rows.stop - 1, (columns.start + columns.stop) // 2]
        return bool(rows.stop - rows.start < least)

    def _candidates(self, unlike: MatLike, difference: Difference) -> tuple[tuple[slice, slice], MatLike, MatLike]:
        """Where to look, and there: 1 where the level differs and new edges are near, and how steep the difference is.

        A thing has edges of its own, light and shadow have not: they change what is there evenly. A lamp where it was dark counts without.
        """
        # Most looks differ in a small part only; the dear steps are taken there alone.
        part = _around(unlike)
        unlike, level, expected = unlike[part], difference.level[part], difference.expected[part]
        even = (LIGHT_REACH, LIGHT_REACH)
        light = cv2.boxFilter(level, -1, even) / (cv2.boxFilter(expected, -1, even) + np.float32(BLACK))
        edges = _edge_strength(level - light * (expected + np.float32(BLACK)))
        base = np.maximum(self._background.noise[part] * np.float32(EDGE_NOISE_FACTOR), dimmed(expected, NEW_EDGE))
        limit = base * np.float32(self._keenness.level_factor) + _edge_strength(expected) * np.float32(EDGE_CONTRAST)
        new_edges = cv2.boxFilter((edges > limit).astype(np.uint8) * 255, -1, (EDGE_REACH, EDGE_REACH)) > 255 * EDGE_SHARE
        lamp = (expected < DARK) & (level > LAMP_LEVEL) & (level > expected)
        candidates = cv2.bitwise_and(unlike, (new_edges | lamp).astype(np.uint8))
        return part, cv2.morphologyEx(candidates, cv2.MORPH_CLOSE, GAP), _edge_strength(level)


def _around(marked: MatLike) -> tuple[slice, slice]:
    """Rows and columns that hold all that is marked, and as much around it as its edges are searched in."""
    left, top, across, down = cv2.boundingRect(marked)
    return slice(max(0, top - EDGE_REACH), top + down + EDGE_REACH), slice(max(0, left - EDGE_REACH), left + across + EDGE_REACH)


def _box(here: tuple[slice, slice], shape: tuple[int, ...]) -> Box:
    rows, columns = here
    height, width = shape[:2]
    return Box(columns.start / width, rows.start / height, (columns.stop - columns.start) / width, (rows.stop - rows.start) / height)


def _smooth(luma: NDArray[np.uint8]) -> MatLike:
    smooth: MatLike = cv2.GaussianBlur(luma, (3, 3), 0).astype(np.float32)
    return smooth


def _edge_strength(picture: MatLike) -> MatLike:
    """Gradient per pixel, in grey levels over two pixels (Sobel's sum divided by four)."""
    across = cv2.Sobel(picture, cv2.CV_32F, 1, 0, ksize=3, scale=0.25)
    down = cv2.Sobel(picture, cv2.CV_32F, 0, 1, ksize=3, scale=0.25)
    return cv2.add(np.abs(across), np.abs(down))


def _high(values: MatLike) -> float:
    """The value that a tenth of them exceed."""
    place = values.size * 9 // 10
    return float(np.partition(values, place)[place])
