"""A picture that no longer lives: a camera's noise never repeats, so a picture without any is a still."""

import math
from collections import deque

import cv2
import numpy as np
from cv2.typing import MatLike

from camera.eyes.blocks import BLOCKS, median

SPAN_S = 2.0  # the liveliest moment of each span is remembered
SPANS = 6  # so many spans without life are a still: longer than any group of pictures, in which an encoder may repeat itself
USUAL_S = 120.0  # time constant in which the usual liveliness is followed
STILL = 0.12  # of the usual liveliness; encoding a still anew stirs it a little
LEAST = 0.08  # grey levels; a camera that stirs less than that by itself cannot be told from a still


class Frozen:
    """Watches how much the picture stirs by itself. since_s: stream time since when it has been a still, None while it lives."""

    def __init__(self) -> None:
        self.since_s: float | None = None
        self._before: MatLike | None = None
        self._spans: deque[float] = deque(maxlen=SPANS)
        self._span_from_s = 0.0
        self._liveliest = 0.0
        self._usual: float | None = None

    def look(self, picture: MatLike, at_s: float) -> None:
        """picture: (height, width) uint8."""
        if self._before is None:
            self._before, self._span_from_s = picture, at_s
            return
        stirred = cv2.resize(cv2.absdiff(picture, self._before).astype(np.float32), BLOCKS, interpolation=cv2.INTER_AREA)
        # The median block: neither a clock in the corner nor a visitor makes a still alive.
        self._liveliest = max(self._liveliest, median(stirred))
        self._before = picture
        if at_s - self._span_from_s >= SPAN_S:
            self._end_span(at_s)

    def forget(self) -> None:
        """The light has changed, and with it how much the picture stirs by itself."""
        self.since_s = self._before = self._usual = None
        self._spans.clear()

    def _end_span(self, at_s: float) -> None:
        self._spans.append(self._liveliest)
        self._liveliest, passed_s = 0.0, at_s - self._span_from_s
        self._span_from_s = at_s
        if len(self._spans) < SPANS:
            return
        if self._usual is None:
            self._usual = float(np.median(self._spans))
        if self._usual >= LEAST and max(self._spans) < STILL * self._usual:
            self.since_s = at_s - SPANS * SPAN_S if self.since_s is None else self.since_s
            return
        self.since_s = None
        # A visitor or a gust stirs much more than usual and is not to become the measure.
        newest = min(self._spans[-1], 2 * self._usual + LEAST)
        self._usual += (1 - math.exp(-passed_s / USUAL_S)) * (newest - self._usual)
