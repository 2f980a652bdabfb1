"""Old pictures sent anew: key frames whose very bytes came before. The noise of a living sensor never repeats.

One picture that comes again and again is `frozen`: a camera that hangs, a card that says "no signal". A row of different pictures that
comes again in the same order is `replayed`: somebody plays a recording. A single key frame that came before is neither.

Left out: packets of a nearly flat picture, which a lens cap or a dark room makes equal by themselves (the eyes call that dark or covered);
what stands before the picture in the packet; and everything from before a played file began anew, since a file is known to be a loop.
A loop of one or two key frames is called frozen: encoders number neighbouring key frames in turns, so that a frozen picture alternates.
A recording that was encoded anew has other bytes and is not found.
"""

import hashlib

from camera.events import Kind, Phase, Sight
from camera.streams.parameter_sets import head_of
from camera.streams.stream import Arrival, Format

# Key frames that are remembered: five hours at one a second. About 100 bytes each.
REMEMBERED = 20_000
# Bytes of a key frame for each block of 16 x 16 pixels, below which it shows nearly nothing.
FLAT_BYTES = 0.5
NEIGHBOURS = 2  # a key frame that equals one of the two before it stands still
STILL_S = 5.0  # for so long, and at least this many times
STILL_TIMES = 3
# So many in the order in which they came before. Chance does not do that, and one lost packet in the middle does not hide it for long.
IN_ORDER = 3


class Replays:
    """Follows the key frames of one camera over its connections. Each sight's number counts from 1."""

    def __init__(self) -> None:
        self._number = 0
        self._open: Sight | None = None
        self._played = 0
        self._forget()

    def _forget(self) -> None:
        self._count = 0
        self._seen: dict[bytes, int] = {}
        self._back = 0  # how many key frames ago the newest one came before
        self._in_order = self._still = 0
        self._since_s = 0.0

    def take(self, arrival: Arrival, stream_format: Format) -> list[Sight]:
        """The next key frame."""
        if arrival.played != self._played:
            self._played = arrival.played
            self._forget()
            return self.finish()
        picture = memoryview(arrival.payload)[head_of(stream_format.codec, arrival.payload).picture_at :]
        if len(picture) < FLAT_BYTES * stream_format.width * stream_format.height / 256:
            return self.finish()
        kind = self._kind(hashlib.blake2b(picture, digest_size=12).digest(), arrival.arrived_s)
        return self._tell(kind, arrival.arrived_s)

    def finish(self) -> list[Sight]:
        """Closes what is open."""
        if self._open is None:
            return []
        closed, self._open = self._open, None
        return [_phase(closed, Phase.CLOSED, closed.end_s)]

    def _kind(self, print_: bytes, at_s: float) -> Kind | None:
        before = self._seen.pop(print_, None)
        self._seen[print_] = self._count
        if len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]
        back = self._count - before if before is not None else 0
        self._count += 1
        same_way = 0 < back == self._back or 0 < back <= NEIGHBOURS >= self._back > 0
        self._back = back
        if not same_way:
            self._in_order = self._still = 0
            self._since_s = at_s
        if back == 0:
            return None
        if back <= NEIGHBOURS:
            self._still += 1
            return Kind.FROZEN if self._still >= STILL_TIMES and at_s - self._since_s >= STILL_S else None
        self._in_order += 1
        return Kind.REPLAYED if self._in_order >= IN_ORDER else None

    def _tell(self, kind: Kind | None, at_s: float) -> list[Sight]:
        if self._open and self._open.kind is kind:
            self._open = _phase(self._open, Phase.EXTENDED, at_s)
            return [self._open]
        if self._open and self._open.kind is Kind.REPLAYED and self._back > NEIGHBOURS:
            return []  # a loop's seam: known pictures in another order
        sights = self.finish()
        if kind:
            self._number += 1
            self._open = Sight(self._number, kind, Phase.OPENED, self._since_s, at_s, 0.0, ())
            sights.append(self._open)
        return sights


def _phase(sight: Sight, phase: Phase, end_s: float) -> Sight:
    return Sight(sight.number, sight.kind, phase, sight.start_s, end_s, 0.0, ())
