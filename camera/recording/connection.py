"""What is done with every packet of one connection to a camera: recorded, looked at, sent to windows, and judged for itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from camera.events import Kind, OnSight
from camera.journal import Cause, EndReason
from camera.live.group import LiveGroup
from camera.looking.replay import Replays
from camera.looking.watching import Watching
from camera.recording.reports import Reports
from camera.recording.segment import SegmentWriter
from camera.streams.clock_jump import ClockJumps
from camera.streams.opening import AnyStream
from camera.streams.stream import Arrival, StreamError
from camera.streams.stream_format import FormatWatch, KnownFormat

# Packets come, and for so long no picture could be made of them: the connection is begun anew, the camera may have changed its codec.
UNREADABLE_S = 15.0


@dataclass(frozen=True)
class Kept:
    """What outlasts a connection. told_replay: takes the sights of `replays`."""

    reports: Reports
    watching: Watching
    live: LiveGroup
    replays: Replays
    told_replay: OnSight
    jumps: ClockJumps
    known: KnownFormat


class Connection:
    """Takes the packets of one connection, in the thread that reads them."""

    def __init__(self, stream: AnyStream, writer: SegmentWriter, kept: Kept, utc: Callable[[float], datetime]) -> None:
        """utc: maps arrival seconds to an instant."""
        self._video, self._sound = stream.video, stream.sound
        self._writer = writer
        self._kept = kept
        self._utc = utc
        self._formats = FormatWatch(stream.format)
        self._known = False
        self._first_s = 0.0
        kept.jumps.begin()
        kept.watching.begin(stream.format)

    @property
    def begun(self) -> bool:
        """Whether a key frame has come, from which pictures can be made."""
        return self._known

    def take(self, arrival: Arrival, *, write: bool = True) -> None:
        """The next packet. write: False where there is no space for it; then it is looked at and shown only.

        Raises StreamError where no pictures can be made of the packets, OSError where the disk refuses.
        """
        if arrival.sound:
            self._writer.write_sound(arrival)
            return
        kept = self._kept
        if arrival.key:
            self._key(arrival)
        kept.watching.add(arrival)
        kept.live.add(arrival, self._formats.format, self._utc)
        # Before the packet is written, which gives it timestamps of the file. A played file begins anew with its first ones.
        if arrival.played == 0 and kept.jumps.jumped(arrival.stamp_s, arrival.arrived_s):
            kept.reports.moment(Kind.CLOCK_JUMP, self._utc(arrival.arrived_s))
        segment = self._writer.write(arrival, self._video, self._sound) if write else self._writer.finish(EndReason.STOPPED)
        kept.reports.segment(segment)
        self._first_s = self._first_s or arrival.arrived_s
        blind_s = kept.watching.blind_s
        if blind_s is not None and arrival.arrived_s - max(blind_s, self._first_s) > UNREADABLE_S:
            raise StreamError(Cause.UNREADABLE, "What the camera sends cannot be read as video.")

    def end_segment(self, reason: EndReason) -> None:
        """Ends the segment; the next packet, a key frame, begins another. Raises OSError where the disk refuses."""
        self._kept.reports.segment(self._writer.finish(reason))

    def end(self, reason: EndReason) -> None:
        """After the last packet. Raises OSError where the disk refuses the end of the segment."""
        kept = self._kept
        kept.watching.end()
        for sight in kept.replays.finish():
            kept.told_replay(sight)
        kept.reports.segment(self._writer.whole())
        kept.reports.segment(self._writer.finish(reason))

    def _key(self, arrival: Arrival) -> None:
        """What only key frames tell: whether the stream is still the same, and whether it was seen before."""
        kept, formats = self._kept, self._formats
        changed = formats.changed(arrival)
        if changed:
            kept.reports.segment(self._writer.change(formats.format))
            kept.watching.begin(formats.format)
        if changed or not self._known:
            self._known = True
            if kept.known.differs(formats.identity):
                kept.reports.moment(Kind.STREAM_CHANGED, self._utc(arrival.arrived_s))
        for sight in kept.replays.take(arrival, formats.format):
            kept.told_replay(sight)
