"""What a full disk means: when to warn, when to free some of it, when to stop recording and when to begin again."""

from dataclasses import dataclass

# Free space in percent at which somebody is warned; a warning is over when so much more is free.
WARN_PCT = (15.0, 10.0, 5.0)
OVER_PCT = 3.0
# Below LOW_PCT footage goes until ENOUGH_PCT are free. That is less than OVER_PCT above, so that a disk that is kept full by turns of
# recording and removing is one warning and not one each turn.
LOW_PCT, ENOUGH_PCT = 5.0, 7.0
# What recording leaves for the books: 4 percent of a small disk, never more than this many bytes. Recorders look at the disk every few
# seconds; 16 cameras of 8 Mbit/s write 16 MB in one.
STOP_PCT = 4.0
STOP_BYTES = 1 << 30
# It begins again when half as much again is free, so that it does not stop and begin by turns.
AGAIN = 1.5


@dataclass(frozen=True)
class Space:
    """How much of a disk is free, and how much it holds, in bytes."""

    free: int
    total: int

    @property
    def free_pct(self) -> float:
        return 100 * self.free / self.total if self.total else 0.0

    @property
    def used_pct(self) -> float:
        return 100 - self.free_pct

    @property
    def wanted(self) -> int:
        """How many bytes must go now; 0 while there is space."""
        return round(self.total * ENOUGH_PCT / 100) - self.free if self.free_pct < LOW_PCT else 0


def warning(space: Space, before: float | None) -> float | None:
    """Which of WARN_PCT holds now, None if none does. before: which did when one looked last."""
    if before is not None and space.free_pct >= before + OVER_PCT:
        before = None
    reached = min((level for level in WARN_PCT if space.free_pct <= level), default=None)
    if before is None or reached is None:
        return reached if before is None else before
    return min(reached, before)


def may_record(space: Space, *, before: bool) -> bool:
    """Whether there is space to record. before: whether there was when one looked last."""
    stop = min(STOP_BYTES, space.total * STOP_PCT / 100)
    return space.free >= (stop if before else AGAIN * stop)
