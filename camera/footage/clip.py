"""A clip of one camera, cut out of its segments by packet copy: nothing is decoded, nothing encoded anew.

A clip begins at the key frame at or before the asked instant, because no picture can be shown without its key frame. The packets before
that instant have negative times; from them libav's muxer makes an edit list, and a player that follows edit lists begins at the asked
instant (libav does: the test looks; GStreamer does too). For one that does not, the result says the skip in seconds.

Times are those of the recording: a segment's packets keep their steps, and each segment begins at its own instant. Where, by the jitter of
the network, a segment begins before the last one has ended, it is moved behind that. A hole lasts in the clip as long as it lasted.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.video.stream import VideoStream

from camera.fault import Fault
from camera.footage.outgoing import Outgoing, OutgoingFile, OutgoingMp4
from camera.footage.playback import File
from camera.footage.source import Flaws, Segment, check_inside, opened

TICKS_PER_S = 90_000
# No picture for longer than this is a hole.
HOLE = timedelta(seconds=2)
# MP4 keeps a step in 31 bits, 6.6 hours of ticks: a longer hole begins a new file.
LONGEST_STEP = timedelta(hours=6)


@dataclass(frozen=True)
class Hole:
    """No picture between these two instants, which are those of pictures, or the ends of what was asked for."""

    from_at: datetime
    until_at: datetime


@dataclass(frozen=True)
class ClipFile:
    """A finished file. starts_at, ends_at: instants of the first and the last picture in it."""

    path: Path
    starts_at: datetime
    ends_at: datetime
    packets: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Clip:
    """What was cut.

    starts_at: of the first packet; skip_s: from there to asked_at, what a player leaves out; 0 if the footage begins later.
    holes: also those before the first and after the last picture. missing, damaged: segments that were not used, or not to their end.
    """

    asked_at: datetime
    until_at: datetime
    starts_at: datetime
    skip_s: float
    files: tuple[ClipFile, ...]
    holes: tuple[Hole, ...]
    missing: tuple[Path, ...]
    damaged: tuple[Path, ...]


Progress = Callable[[float], None]
Cancelled = Callable[[], bool]


def cut(
    recordings: Path,
    files: Sequence[File],
    asked_at: datetime,
    until_at: datetime,
    target: Path,
    *,
    progress: Progress = lambda _share: None,
    cancelled: Cancelled = lambda: False,
) -> Clip | None:
    """Writes the packets from asked_at to until_at into an MP4, or several where the stream changes between; None if cancelled.

    files: the segments in order, below the recordings folder; the last may still grow.
    progress: told which share of the time is cut, 0 to 1; cancelled: asked at each packet.
    Damage inside a packet's bytes is not noticed: they are copied as they are.

    Raises Fault for a target that may not be written, a segment outside the recordings folder, an end that is not after the beginning, or
    where there is no picture between them; OSError where the disk refuses. In each case nothing is left of the clip.
    """
    if until_at <= asked_at:
        raise Fault("The end must come after the beginning.")
    check_inside(recordings, [file.path for file in files])
    with Outgoing(recordings, target) as outgoing, contextlib.closing(_Cutter(outgoing, asked_at, until_at)) as cutter:
        for file in _from(files, asked_at):
            segment = opened(recordings, file, cutter.flaws)
            if segment is None:
                continue
            with segment:
                for at in cutter.take(segment):
                    if cancelled():
                        return None
                    progress(min(1.0, max(0.0, (at - asked_at) / (until_at - asked_at))))
            if segment.torn:
                cutter.flaws.damaged.append(file.path)
        return cutter.finish()


def _from(files: Sequence[File], at: datetime) -> list[File]:
    """The files from the last one on that has begun by then."""
    begun = sum(file.started_at <= at for file in files)
    return list(files[max(0, begun - 1) :])


class _Cutter:
    """Takes segment after segment and writes what belongs to the clip."""

    def __init__(self, outgoing: Outgoing, asked_at: datetime, until_at: datetime) -> None:
        self.flaws = Flaws()
        self._outgoing = outgoing
        self._asked_at, self._until_at = asked_at, until_at
        self._pieces: list[_Piece] = []
        self._holes: list[Hole] = []

    def take(self, segment: Segment) -> Iterator[datetime]:
        """Copies the segment's packets, as far as they belong to the clip; yields the instant of each."""
        piece = None
        for packet in segment.packets(self._asked_at):
            if segment.at(packet.dts) > self._until_at:
                break
            at = segment.at(packet.pts)
            if not self._pieces:
                self._note_hole(self._asked_at, at)
            elif segment.at(packet.dts) - self._pieces[-1].decoded_at > HOLE:
                self._note_hole(self._pieces[-1].ends_at, at)
            if piece is None:
                piece = self._piece_for(segment, at)
                piece.follow(segment, packet)
            piece.add(segment, packet)
            yield at

    def finish(self) -> Clip:
        if not self._pieces or self._pieces[-1].ends_at < self._asked_at:
            raise Fault("There is no footage of that time that could be read.")
        self._pieces[-1].mp4.finish()
        self._note_hole(self._pieces[-1].ends_at, self._until_at)
        kept = self._outgoing.keep()
        files = (
            ClipFile(file.path, piece.starts_at, piece.ends_at, piece.packets, file.bytes, file.sha256)
            for piece, file in zip(self._pieces, kept, strict=True)
        )
        starts_at = self._pieces[0].starts_at
        skip_s = max(0.0, (self._asked_at - starts_at).total_seconds())
        flaws = (tuple(self.flaws.missing), tuple(self.flaws.damaged))
        return Clip(self._asked_at, self._until_at, starts_at, skip_s, tuple(files), tuple(self._holes), *flaws)

    def close(self) -> None:
        """Lets go of what is still being written."""
        for piece in self._pieces:
            piece.mp4.close()

    def _note_hole(self, from_at: datetime, until_at: datetime) -> None:
        if until_at - from_at > HOLE:
            self._holes.append(Hole(from_at, until_at))

    def _piece_for(self, segment: Segment, at: datetime) -> "_Piece":
        """The file that the segment goes into: the last one as long as the stream is what it was."""
        last = self._pieces[-1] if self._pieces else None
        if last and last.format == segment.format and at - last.ends_at < LONGEST_STEP:
            return last
        if last:
            last.mp4.finish()
        # Of the first file the asked instant is time 0, if it is in it.
        self._pieces.append(_Piece(self._outgoing.new_file(), segment, at, at if last else max(at, self._asked_at)))
        return self._pieces[-1]


class _Piece:
    """One file of the clip. starts_at: instant of its first packet's picture; ends_at: of the last picture; decoded_at: of the last dts."""

    def __init__(self, file: OutgoingFile, segment: Segment, starts_at: datetime, zero_at: datetime) -> None:
        """zero_at: the instant that is time 0; packets before it are there and not shown."""
        self.mp4 = OutgoingMp4(file)
        self.format = segment.format
        self.starts_at = self.ends_at = self.decoded_at = starts_at
        self.packets = 0
        self._zero_at = zero_at
        self._shift, self._step = 0, 1
        self._last_dts = self._last_pts = -(1 << 62)
        self.mp4.container.metadata["creation_time"] = f"{starts_at:%Y-%m-%dT%H:%M:%S.%fZ}"
        self._stream: VideoStream = self.mp4.container.add_stream_from_template(segment.video)
        self._stream.time_base = Fraction(1, TICKS_PER_S)
        if segment.format.codec == "hevc" and segment.format.extradata:
            self._stream.codec_context.codec_tag = "hvc1"  # Apple's players take no other

    def follow(self, segment: Segment, first: "av.Packet[Any]") -> None:
        """The next packets are of this segment, which begins with `first`."""
        begins = round((segment.started_at - self._zero_at).total_seconds() * TICKS_PER_S)
        dts, pts = (_ticks(segment, stamp) for stamp in (first.dts, first.pts))
        self._shift = max(begins, self._last_dts + self._step - dts, self._last_pts + self._step - pts)

    def add(self, segment: Segment, packet: "av.Packet[Any]") -> None:
        self.ends_at = max(self.ends_at, segment.at(packet.pts))
        self.decoded_at = segment.at(packet.dts)
        # Ever rising, whatever a damaged file says.
        dts = max(_ticks(segment, packet.dts) + self._shift, self._last_dts + 1)
        pts = max(_ticks(segment, packet.pts) + self._shift, dts)
        if self.packets:
            self._step = min(dts - self._last_dts, TICKS_PER_S)
        self._last_dts, self._last_pts = dts, max(pts, self._last_pts)
        packet.stream = self._stream
        packet.time_base = Fraction(1, TICKS_PER_S)
        packet.dts, packet.pts, packet.duration = dts, pts, _ticks(segment, packet.duration)
        self.packets += 1
        self.mp4.container.mux(packet)


def _ticks(segment: Segment, stamp: int | None) -> int:
    return round((stamp or 0) * segment.time_base * TICKS_PER_S)
