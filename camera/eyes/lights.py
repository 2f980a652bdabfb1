"""A room's lights going on or off."""

import math
from collections import deque

import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from camera.eyes.blocks import levels, median

WITHIN_S = 0.3  # a switch changes the room at once, in one to three looks; exposure and clouds take longer
SLOW_S = 1.1  # a camera of one picture a second is compared with the one before; after a longer pause nothing can be said
STEP = 1.5  # brightness after by brightness before, or before by after; the fastest exposure swings stay below it in that time
LEAST_LEVEL = 8.0  # grey levels
MOST = 0.6  # of the blocks, all in one direction; a person close to the lens covers less
STEADY = 1.06  # factor by which the level may still differ from the moment before when it counts as settled
STEADY_S = 0.4  # so long after the last unsteady picture
LONGEST_S = 0.9  # a level that does not settle (a flickering tube, an exposure that follows) does not keep the eyes from looking for motion
SAME_S = 2.0  # what flickers again within that time is the same change
GREY, COLOURED = 1.5, 3.0  # mean chroma below, above which a picture has no colour, has some
DARKENED, BRIGHTENED = 0.8, 1.25  # factor of the level beyond which a lamp, and not only the camera's filter, must have changed it


class Lights:
    """Watches the level of the whole picture, and whether it has colour.

    unsteady_s: stream time of the last picture whose level still changed. changed_pct: share of the picture, at the switch.
    infrared: what changes is the camera, going over to its infrared lamp or back, and not the room's light.
    """

    def __init__(self) -> None:
        self._earlier: deque[tuple[float, MatLike]] = deque()
        self._changing = False
        self._since_s = 0.0
        self._coloured: bool | None = None
        self._coloured_level: MatLike | None = None
        self.unsteady_s = -math.inf
        self.changed_pct = 0.0
        self.infrared = False

    def look(self, luma: NDArray[np.uint8], at_s: float, colour: float | None) -> bool:
        """Whether the lights are changing: from the switch until the level has settled."""
        blocks = levels(luma)
        while len(self._earlier) > 1 and self._earlier[1][0] <= at_s - WITHIN_S:
            self._earlier.popleft()
        if self._earlier and self._earlier[0][0] < at_s - SLOW_S:
            self._earlier.clear()
        filter_moved = self._filter_moved(blocks, colour)
        if not self._changing:
            if filter_moved or (self._earlier and self._switched(blocks, self._earlier[0][1])):
                self.infrared = filter_moved
                self._changing = True
                self._since_s = self.unsteady_s = at_s
                self._earlier.clear()
        else:
            self._settle(blocks, at_s)
        self._earlier.append((at_s, blocks))
        return self._changing

    def over(self, at_s: float) -> bool:
        """Whether nothing has changed for long enough that the next change is another one."""
        return at_s - self.unsteady_s > SAME_S

    def _filter_moved(self, now: MatLike, colour: float | None) -> bool:
        """Whether the picture has just lost or got its colour without a lamp to explain it."""
        if colour is None or GREY <= colour <= COLOURED:
            return False
        coloured = colour > COLOURED
        was, before = self._coloured, self._coloured_level
        self._coloured, self._coloured_level = coloured, now
        if was is None or before is None or was == coloured:
            return False
        factor = median(now / before)
        return factor < BRIGHTENED if coloured else factor > DARKENED

    def _switched(self, now: MatLike, before: MatLike) -> bool:
        brighter = np.count_nonzero((now > before * STEP) & (now > before + LEAST_LEVEL))
        darker = np.count_nonzero((before > now * STEP) & (before > now + LEAST_LEVEL))
        share = max(brighter, darker) / now.size
        self.changed_pct = 100 * share
        return bool(share >= MOST)

    def _settle(self, now: MatLike, at_s: float) -> None:
        if self._earlier:
            factor = median(now / self._earlier[0][1])
            if max(factor, 1 / factor) > STEADY:
                self.unsteady_s = at_s
        if at_s - self.unsteady_s >= STEADY_S or at_s - self._since_s >= LONGEST_S:
            self._changing = False
            self._earlier.clear()
