"""Whether a camera's own clock has jumped: its timestamps against the arrival of its packets."""

# A timestamp may run ahead of the arrival by so much. More, and the camera's clock was set.
AHEAD_S = 2.0
# Pictures are sent in the order of decoding; theirs may run back by less.
BACK_S = 1.0
# Packets held up on their way arrive together afterwards, and their timestamps then run ahead of the arrivals by as much as they were late.
LATE_S = 10.0
# One report a minute says it; a camera whose clock jumps all the time would fill the books.
QUIET_S = 60.0


class ClockJumps:
    """Follows the timestamps of one camera. Arrival times are used for everything; a jump is only told."""

    def __init__(self) -> None:
        self._stamp_s: float | None = None
        self._arrived_s = self._late_s = 0.0
        self._told_s: float | None = None

    def begin(self) -> None:
        """A new connection: its timestamps have nothing to do with those before."""
        self._stamp_s = None
        self._late_s = 0.0

    def jumped(self, stamp_s: float | None, arrived_s: float) -> bool:
        """Whether a jump is to be told now. stamp_s: the packet's timestamp, in seconds of the camera's clock; None where it has none."""
        if stamp_s is None:
            return False
        before, self._stamp_s = self._stamp_s, stamp_s
        passed_s, self._arrived_s = arrived_s - self._arrived_s, arrived_s
        if before is None:
            return False
        step_s = stamp_s - before
        if step_s > -BACK_S and step_s - passed_s < AHEAD_S + self._late_s:
            self._late_s = min(max(0.0, self._late_s + passed_s - step_s), LATE_S)
            return False
        self._late_s = 0.0
        if self._told_s is not None and arrived_s - self._told_s < QUIET_S:
            return False
        self._told_s = arrived_s
        return True
