"""Segments read as packets, and only from inside the recordings folder."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from camera.fault import Fault
from camera.footage.playback import File, readable
from camera.recording.segment import PART
from camera.streams.stream import Format

# What a segment is made of.
BOXES = {b"ftyp", b"moov", b"moof", b"mdat", b"mfra"}


@dataclass
class Flaws:
    """The files that could not be used, or not to their end; the others were."""

    missing: list[Path] = field(default_factory=list)
    damaged: list[Path] = field(default_factory=list)


class Segment:
    """An open segment. A context manager; leaving it closes the file."""

    def __init__(self, path: Path, started_at: datetime) -> None:
        """Raises OSError or av.error.FFmpegError for what cannot be read."""
        self.path, self.started_at = path, started_at
        self.torn = path.suffix != PART and not _whole_boxes(path)
        # The edit list is for players; here every packet counts, with its own time.
        options = {"protocol_whitelist": "file", "ignore_editlist": "1"}
        self._container: InputContainer = av.open(str(path), format="mp4", options=options)
        video = self._container.streams.video
        context = video[0].codec_context if video else None
        if context is None or not video[0].time_base:
            self._container.close()
            raise OSError("no video")
        self.video: VideoStream = video[0]
        self.time_base: Fraction = video[0].time_base
        self.format = Format(context.name, context.width, context.height, bytes(context.extradata or b""))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self._container.close()

    def packets(self, from_at: datetime) -> Iterator["av.Packet[Any]"]:
        """The whole packets in the order of decoding, from the last key frame whose picture is not after from_at, else from the first on.

        Their pts and dts count in time_base from the segment's beginning. `torn` afterwards if the file does not go on as it should; what
        is cut off at the end of a segment that still grows is only yet to come.
        """
        group: list[av.Packet[Any]] | None = []
        for packet in self._whole():
            if group is None:
                yield packet
                continue
            if packet.is_keyframe and self.at(packet.pts) <= from_at:
                group.clear()
            group.append(packet)
            if self.at(packet.dts) > from_at:
                yield from group
                group = None
        yield from group or ()

    def key_frame(self, at: datetime) -> "av.Packet[Any] | None":
        """The packet of the last key frame at or before an instant, or as B-frames have it a few pictures after; nothing else is read."""
        stamp = max(0, round((at - self.started_at).total_seconds() / self.time_base))
        try:
            self._container.seek(stamp, stream=self.video)
            return next((packet for packet in self._whole() if packet.is_keyframe), None)
        except (av.error.FFmpegError, OSError):
            self.torn = self.torn or self.path.suffix != PART
            return None

    def _whole(self) -> Iterator["av.Packet[Any]"]:
        try:
            for packet in self._container.demux(self.video):
                if packet.size == 0 or packet.dts is None or packet.pts is None:
                    continue
                if packet.is_corrupt:  # libav gives what there is of a packet whose end is cut off
                    raise OSError("cut off")
                yield packet
        except (av.error.FFmpegError, OSError):
            self.torn = self.torn or self.path.suffix != PART

    def at(self, stamp: int | None) -> datetime:
        """The instant of a packet's timestamp in this file."""
        return self.started_at + timedelta(seconds=float((stamp or 0) * self.time_base))


def _whole_boxes(path: Path) -> bool:
    """Whether the file is a chain of MP4 boxes to its very end: libav stops at a broken one and says nothing. Source: ISO 14496-12, 4.2."""
    with path.open("rb") as file:
        size, place = file.seek(0, 2), 0
        while place < size:
            file.seek(place)
            head = file.read(16)
            length = int.from_bytes(head[8:16] if head[:4] == b"\0\0\0\1" else head[:4], "big")
            if length < 8 or head[4:8] not in BOXES:
                return False
            place += length
    return place == size


def opened(recordings: Path, file: File, flaws: Flaws) -> Segment | None:
    """A segment, open; None, and named in flaws, if it cannot be read at all. Raises Fault for a file outside the recordings folder."""
    path = readable(file.path)
    if path is None:
        flaws.missing.append(file.path)
        return None
    check_inside(recordings, [path])
    try:
        return Segment(path, file.started_at)
    except (av.error.FFmpegError, OSError):
        flaws.damaged.append(file.path)
        return None


def check_inside(recordings: Path, paths: Sequence[Path]) -> None:
    """Raises Fault for a path that leads out of the recordings folder, be it by its name or by a link."""
    root = recordings.resolve()
    for path in paths:
        if not path.resolve().is_relative_to(root):
            raise Fault("{file} lies outside the recordings folder; nothing is read from there.", file=path)
