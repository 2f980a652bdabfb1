"""The motion grid: which cells of the picture moved in each second, gathered into minutes."""

from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

ROWS, COLUMNS = 18, 32
SECONDS = 60


class MotionMinutes:
    """Gathers looks into minutes. A minute in which nothing moved is never given out; one that is given out twice adds up."""

    def __init__(self) -> None:
        self._minute_at: datetime | None = None
        self._moved = np.zeros((SECONDS, ROWS, COLUMNS), np.bool_)

    def add(self, at: datetime, cells: NDArray[np.bool_]) -> list[tuple[datetime, bytes]]:
        """A look. at: aware; cells: (18, 32), True where something moved. Returns the minute that has become whole, if any.

        Each minute is 4320 bytes: for each of its 60 seconds 18 rows of 32 bits, the most significant first (numpy.packbits).
        """
        at = at.astimezone(UTC)
        minute_at = at.replace(second=0, microsecond=0)
        whole = self.finish() if minute_at != self._minute_at else []
        self._minute_at = minute_at
        self._moved[at.second] |= cells
        return whole

    def over(self, at: datetime) -> list[tuple[datetime, bytes]]:
        """The minute that is being gathered, if it is over by now and anything moved in it."""
        return self.finish() if self._minute_at is not None and at.astimezone(UTC) >= self._minute_at + timedelta(minutes=1) else []

    def finish(self) -> list[tuple[datetime, bytes]]:
        """The minute that is being gathered, if anything moved in it."""
        minute_at, self._minute_at = self._minute_at, None
        if minute_at is None or not self._moved.any():
            return []
        packed = np.packbits(self._moved).tobytes()
        self._moved[:] = False
        return [(minute_at, packed)]
