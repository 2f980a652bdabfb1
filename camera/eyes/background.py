"""What the scene looks like with nobody in it, and how much each of its pixels varies by itself."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from cv2.typing import MatLike

from camera.eyes.blocks import BLACK, levels, median
from camera.eyes.keenness import Keenness

LEARN_S = 8.0  # time constant in which the scene and its noise are followed; long against a person's pause, short against daylight
GLANCE_LEARN_S = 30.0  # where few pictures of a scene at rest are looked at: what one of them shows by chance is not to become the scene
RESTLESS_S = 15.0  # time constant for counting a pixel's flips: a gust comes again within it, the next visitor seldom does
EXPOSURE_S = 2.0  # time constant in which the camera's exposure is taken over; cameras settle in one to two seconds
LEAST_LEVEL = 9.0  # grey levels; compression alone moves a pixel by less
BRIGHT, DIMMEST = 80.0, 0.4  # grey levels from which on the threshold is whole; the least share of it, in the dark
NOISE_FACTOR = 4.0  # mean deviations, about three standard deviations of normal noise
FIRST_NOISE = 4.0  # grey levels of noise assumed until looks have shown better: the first second is looked at with care
NEIGHBOURS = np.ones((3, 3), np.uint8)


@dataclass(frozen=True)
class Difference:
    """One picture against the background at the picture's exposure.

    exposure: brightness of the picture as a multiple of the background's.
    level: (height, width), grey levels above (or below) what was expected.
    expected: (height, width), the background at the picture's exposure.
    unlike: (height, width), 1 where the level is more than the pixel's own noise and unrest explain, else 0.
    """

    exposure: float
    level: MatLike
    expected: MatLike
    unlike: MatLike


class Background:
    """A running mean per pixel, its mean absolute deviation (noise), and how often it flips (unrest of leaves, screens, water).

    Exposure is divided out first: a camera that dims itself because a white car came in has not seen everything change.
    Source for raising the threshold of pixels that flip: St-Charles, Bilodeau, Bergevin, SuBSENSE, IEEE TIP 2015.
    """

    def __init__(self, picture: MatLike, keenness: Keenness) -> None:
        """picture: (height, width) float32, the first look."""
        self._keenness = keenness
        self._mean = picture.copy()
        self.noise: MatLike = np.full_like(picture, FIRST_NOISE)
        self._flips_per_s: MatLike = np.zeros_like(picture)
        self._unlike: MatLike = np.zeros(picture.shape, np.uint8)
        self._looks = 1

    def compare(self, picture: MatLike) -> Difference:
        """How the picture differs from the background."""
        exposure = self._exposure(picture)
        expected = _exposed(self._mean, exposure)
        # A pixel may look like any of its neighbours: a pole that sways by a pixel moves every edge and is not motion.
        above = cv2.subtract(picture, cv2.dilate(expected, NEIGHBOURS))
        below = cv2.subtract(cv2.erode(expected, NEIGHBOURS), picture)
        least = dimmed(expected, LEAST_LEVEL * self._keenness.level_factor)
        limit = cv2.max(self.noise * np.float32(NOISE_FACTOR * self._keenness.level_factor), least)
        limit = cv2.multiply(limit, self._flips_per_s + np.float32(1), dst=limit)
        unlike = (cv2.max(above, below) > limit).view(np.uint8)
        return Difference(exposure, cv2.subtract(picture, expected), expected, unlike)

    def _exposure(self, picture: MatLike) -> float:
        # The median block: a visitor who covers less than half of the picture does not count.
        return median(levels(picture) / levels(self._mean))

    def learn(self, picture: MatLike, difference: Difference, held: MatLike, gone_still: MatLike, seconds: float, *, glance: bool) -> None:
        """Follow the scene.

        held: 1 where something moves or stands; there the background is left as it is.
        gone_still: 1 where a thing stopped for good (a carton put down or taken away): it belongs to the scene from now on.
        seconds: since the look before. glance: looks like this one are too few, or too poor, to tell its noise.
        """
        self._looks += 1
        plain = _exposed(picture, 1 / difference.exposure)
        free: MatLike = 1 - held
        # The first looks are averaged evenly, later ones fade.
        cv2.accumulateWeighted(plain, self._mean, max(_fade(seconds, GLANCE_LEARN_S if glance else LEARN_S), 1 / self._looks), free)
        cv2.accumulateWeighted(plain, self._mean, 1.0, gone_still)
        if not glance:
            share = max(_fade(seconds, LEARN_S), 1 / (self._looks + 4))
            quiet = cv2.bitwise_and(free, 1 - difference.unlike)
            cv2.accumulateWeighted(cv2.absdiff(picture, difference.expected), self.noise, share, quiet)
        flips = cv2.absdiff(difference.unlike, self._unlike).astype(np.float32)
        flips *= np.float32(1 / seconds)
        cv2.accumulateWeighted(flips, self._flips_per_s, _fade(seconds, RESTLESS_S))
        self._unlike = difference.unlike
        taken_over = 1 + (difference.exposure - 1) * _fade(seconds, EXPOSURE_S)
        self._mean = _exposed(self._mean, taken_over)


def dimmed(expected: MatLike, level: float) -> MatLike:
    """A threshold of level, lower where it is dim: what is dark differs by less from what is behind it, and is encoded finer."""
    dim = expected * np.float32(level / BRIGHT)
    np.maximum(dim, np.float32(level * DIMMEST), out=dim)
    np.minimum(dim, np.float32(level), out=dim)
    return dim


def _exposed(picture: MatLike, exposure: float) -> MatLike:
    """The picture so many times as bright."""
    exposed = picture * np.float32(exposure)
    exposed += np.float32(BLACK * exposure - BLACK)
    return exposed


def _fade(seconds: float, constant_s: float) -> float:
    """Weight of the newest look in a mean that forgets with the time constant, whatever the picture rate."""
    return 1 - math.exp(-seconds / constant_s)
