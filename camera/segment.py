"""Writing packets, as they came, into segments: fragmented MP4 files of about a minute, each beginning with a key frame."""

import hashlib
import os
from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import OutputContainer
from av.video.stream import VideoStream

from camera.journal import EndReason, WrittenSegment
from camera.stream import Arrival

SEGMENT_S = 60.0
# A step of the camera's timestamps outside this is a fault of its clock, not time that passed.
STEP_MAX_S = 10.0
OPTIONS = {
    # Every fragment stands by itself: a power cut costs at most the last one.
    "movflags": "empty_moov+default_base_moof+frag_keyframe",
    "frag_duration": "2000000",
    "flush_packets": "1",
}
PART = ".part"


class SegmentWriter:
    """Writes one camera's packets. `write` returns a segment whenever one has become whole."""

    def __init__(self, recordings: Path, camera_folder: str, utc: Callable[[float], datetime], *, segment_s: float = SEGMENT_S) -> None:
        """camera_folder: site/camera below recordings; utc: maps arrival seconds to an instant."""
        self._recordings = recordings
        self._folder = camera_folder
        self._utc = utc
        self._segment_s = segment_s
        self._open: _OpenSegment | None = None

    @property
    def writing(self) -> tuple[str, datetime] | None:
        """Path below the recordings folder and beginning of the file that is growing now."""
        return (self._open.part_name, self._open.started_at) if self._open else None

    def write(self, arrival: Arrival, stream: VideoStream) -> WrittenSegment | None:
        """Adds a packet. Packets before the first key frame are left out: nothing could show them.

        Raises OSError where the disk refuses.
        """
        whole = None
        if self._open and arrival.key and arrival.arrived_s - self._open.first_s >= self._segment_s:
            whole = self.finish(EndReason.FULL)
        if self._open is None:
            if not arrival.key:
                return None
            self._open = _OpenSegment(self._recordings, self._folder, self._utc(arrival.arrived_s), arrival, stream)
        self._open.add(arrival)
        return whole

    def finish(self, reason: EndReason) -> WrittenSegment | None:
        """Ends the segment that is being written, if any, and makes it durable."""
        if self._open is None:
            return None
        ended, self._open = self._open, None
        return ended.close(self._utc(ended.last_s), reason)


class _OpenSegment:
    def __init__(self, recordings: Path, folder: str, started_at: datetime, arrival: Arrival, stream: VideoStream) -> None:
        self._recordings = recordings
        self.started_at = started_at
        self._name = _free_name(recordings, folder, started_at)
        self.part_name = self._name + PART
        self.first_s = self.last_s = arrival.arrived_s
        self._packets = 0
        self._part = recordings / self.part_name
        self._part.parent.mkdir(parents=True, exist_ok=True)
        self._container: OutputContainer = av.open(str(self._part), "w", format="mp4", options=OPTIONS)
        self._stream = self._container.add_stream_from_template(stream)
        self._tick = Fraction(stream.time_base or Fraction(1, 90_000))
        self._shift: int | None = None
        self._last_dts = 0

    def add(self, arrival: Arrival) -> None:
        packet = arrival.packet
        _restamp(packet, *self._stamps(packet, arrival.arrived_s - self.last_s))
        packet.stream = self._stream
        self._container.mux(packet)
        self._packets += 1
        self.last_s = arrival.arrived_s

    def _stamps(self, packet: "av.Packet[Any]", passed_s: float) -> tuple[int, int]:
        """The packet's dts and pts in this file, from 0 and ever rising; a jump of the camera's clock becomes the time that passed."""
        dts = packet.dts if packet.dts is not None else packet.pts
        if self._shift is None:
            self._shift = -(dts or 0)
        elif dts is None or not 0 < (dts + self._shift - self._last_dts) * self._tick <= STEP_MAX_S:
            follows = self._last_dts + max(1, round(Fraction(passed_s) / self._tick))
            self._shift = follows - (dts or 0)
        ahead = packet.pts - dts if packet.pts is not None and dts is not None else 0
        self._last_dts = (dts or 0) + self._shift
        return self._last_dts, self._last_dts + ahead

    def close(self, ended_at: datetime, reason: EndReason) -> WrittenSegment:
        self._container.close()
        final = self._recordings / self._name
        digest = hashlib.sha256()
        with self._part.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
            os.fsync(file.fileno())
            size = file.tell()
        self._part.rename(final)
        sync_folder(final.parent)
        return WrittenSegment(self._name, self.started_at, max(ended_at, self.started_at), self._packets, size, digest.hexdigest(), reason)


def _restamp(packet: "av.Packet[Any]", dts: int, pts: int) -> None:
    packet.dts, packet.pts = dts, pts


def _free_name(recordings: Path, folder: str, at: datetime) -> str:
    """A name for a segment that begins at this instant; two that begin in the same second are told apart by a number."""
    stem = f"{folder}/{at:%Y/%m/%d}/{at:%Y-%m-%dT%H-%M-%SZ}"
    names = (f"{stem}{suffix}.mp4" for suffix in ("", *(f"-{number}" for number in range(2, 1000))))
    return next(name for name in names if not (recordings / name).exists() and not (recordings / (name + PART)).exists())


def sync_folder(folder: Path) -> None:
    """Makes a rename in the folder durable. Windows keeps no handle on folders and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def camera_folder(site_code: str, camera_id: int) -> str:
    """Where a camera's segments go, below the recordings folder. Whatever a person typed as the site's code, it names nothing outside."""
    site = "".join(character if character.isalnum() else "-" for character in site_code)
    return f"{site or '-'}/camera-{camera_id}"
