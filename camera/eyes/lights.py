"""A room's lights going on or off."""

from collections import deque

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

BLOCKS = (32, 18)  # the level is measured on so many blocks across and down
BLACK = 4.0  # grey levels added before brightnesses are divided, so that black does not blow up the quotient
WITHIN_S = 0.3  # a switch changes the room at once, in one to three looks; exposure and clouds take longer
STEP = 1.5  # brightness after by brightness before, or before by after; the fastest exposure swings stay below it in that time
LEAST_LEVEL = 8.0  # grey levels
MOST = 0.6  # of the blocks, all in one direction; a person close to the lens covers less
STEADY = 1.06  # factor by which the level may still differ from the moment before when it counts as settled
STEADY_S = 0.4  # so long after the last unsteady picture
LONGEST_S = 3.0  # a level that never settles (a flickering tube) does not keep the eyes from looking for motion


class Lights:
    """Watches the level of the whole picture."""

    def __init__(self) -> None:
        self._earlier: deque[tuple[float, MatLike]] = deque()
        self._changing = False
        self._since_s = 0.0
        self.unsteady_s = 0.0
        self.changed_pct = 0.0

    def look(self, luma: NDArray[np.uint8], at_s: float) -> bool:
        """Whether the lights are changing: from the switch until the level has settled.

        unsteady_s: stream time of the last picture whose level still changed; changed_pct: share of the picture, at the switch.
        """
        blocks = cv2.resize(luma, BLOCKS, interpolation=cv2.INTER_AREA).astype(np.float32) + np.float32(BLACK)
        while self._earlier and self._earlier[0][0] < at_s - WITHIN_S:
            self._earlier.popleft()
        if not self._changing:
            if self._earlier and self._switched(blocks, self._earlier[0][1]):
                self._changing = True
                self._since_s = self.unsteady_s = at_s
                self._earlier.clear()
        else:
            self._settle(blocks, at_s)
        self._earlier.append((at_s, blocks))
        return self._changing

    def _switched(self, now: MatLike, before: MatLike) -> bool:
        brighter = np.count_nonzero((now > before * STEP) & (now > before + LEAST_LEVEL))
        darker = np.count_nonzero((before > now * STEP) & (before > now + LEAST_LEVEL))
        share = max(brighter, darker) / now.size
        self.changed_pct = 100 * share
        return bool(share >= MOST)

    def _settle(self, now: MatLike, at_s: float) -> None:
        if self._earlier:
            factor = float(np.median(now / self._earlier[0][1]))
            if max(factor, 1 / factor) > STEADY:
                self.unsteady_s = at_s
        if at_s - self.unsteady_s >= STEADY_S or at_s - self._since_s >= LONGEST_S:
            self._changing = False
            self._earlier.clear()
