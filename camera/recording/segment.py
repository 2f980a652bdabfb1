"""Writing packets, as they came, into segments: fragmented MP4 files of about a minute, each beginning with a key frame."""

import errno
import hashlib
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

from camera.journal import Cause, EndReason, WrittenSegment
from camera.streams.stream import Arrival, Format, StreamError

SEGMENT_S = 60.0
# Of the instant at which it begins.
NAME_FORMAT = "%Y-%m-%dT%H-%M-%SZ"
# A step of the camera's timestamps outside this is a fault of its clock, not time that passed.
STEP_MAX_S = 10.0
OPTIONS = {
    # Every fragment stands by itself: a power cut costs at most the last one.
    "movflags": "empty_moov+default_base_moof+frag_keyframe",
    "frag_duration": "2000000",
    "flush_packets": "1",
    # Pictures wait so long, in microseconds, for a sound that belongs before them.
    "max_interleave_delta": "500000",
}
# A fragment of a usual camera is written at once instead of in thirty pieces.
BUFFER_BYTES = 1 << 20
PART = ".part"
# The head of a file before its first fragment is smaller, a fragment with a key frame larger.
HEAD_BYTES = 4096


class SegmentWriter:
    """Writes one camera's packets. `write` returns a segment whenever one has become whole."""

    def __init__(self, recordings: Path, camera_folder: str, utc: Callable[[float], datetime], *, segment_s: float = SEGMENT_S) -> None:
        """camera_folder: site/camera below recordings; utc: maps arrival seconds to an instant."""
        self._recordings = recordings
        self._folder = camera_folder
        self._utc = utc
        self._segment_s = segment_s
        self._open: _OpenSegment | None = None
        self._changed: Format | None = None
        self._whole: WrittenSegment | None = None

    def sync(self) -> None:
        """Makes durable what is written so far, so that a power cut costs no more than the newest fragment. From any thread.

        Raises OSError where the disk refuses.
        """
        growing = self._open
        if growing:
            growing.sync()

    @property
    def writing(self) -> tuple[str, datetime] | None:
        """Path below the recordings folder and beginning of the file that is growing now."""
        return (self._open.part_name, self._open.started_at) if self._open else None

    def write(self, arrival: Arrival, stream: VideoStream, sound: AudioStream | None = None) -> WrittenSegment | None:
        """Adds a packet. Packets before the first key frame are left out: nothing could show them. sound: what is recorded beside.

        Raises OSError where the disk refuses, StreamError for a kind of video that the file cannot hold.
        """
        if self._open and arrival.key and arrival.arrived_s - self._open.first_s >= self._segment_s:
            self._whole = self.finish(EndReason.FULL)
        if self._open is None:
            if not arrival.key:
                return None
            started_at = self._utc(arrival.arrived_s)
            templates = stream, sound
            self._open = _OpenSegment(self._recordings, self._folder, started_at, arrival, templates, changed=self._changed)
        self._open.add(arrival)
        return self.whole()

    def whole(self) -> WrittenSegment | None:
        """The segment that became whole and was not told of, because the next one could not be begun. None, most of the time."""
        whole, self._whole = self._whole, None
        return whole

    def write_sound(self, arrival: Arrival) -> None:
        """Adds a packet of sound to the segment that is being written, if there is one. Raises OSError where the disk refuses."""
        if self._open:
            self._open.add_sound(arrival)

    def change(self, stream_format: Format) -> WrittenSegment | None:
        """The stream is another from the next packet on: a file holds one kind of pictures only."""
        self._changed = stream_format
        return self.finish(EndReason.STREAM_CHANGED)

    def finish(self, reason: EndReason) -> WrittenSegment | None:
        """Ends the segment that is being written, if any, and makes it durable. None also where nothing of it reached the disk."""
        if self._open is None:
            return None
        ended, self._open = self._open, None
        return ended.close(self._utc(ended.last_s), reason)


class _OpenSegment:
    def __init__(
        self,
        recordings: Path,
        folder: str,
        started_at: datetime,
        arrival: Arrival,
        templates: tuple[VideoStream, AudioStream | None],
        *,
        changed: Format | None,
    ) -> None:
        """templates: of the pictures and of the sound; changed: the format, where it is not the one with which the stream was opened."""
        self._recordings = recordings
        self.started_at = started_at
        self._name = _free_name(recordings, folder, started_at)
        self.part_name = self._name + PART
        self.first_s = self.last_s = arrival.arrived_s
        self._packets = 0
        self._part = recordings / self.part_name
        self._part.parent.mkdir(parents=True, exist_ok=True)
        self._file = _File(self._part)
        self._torn = False
        video, sound = templates
        try:
            self._container: OutputContainer = av.open(self._file, "w", format="mp4", options=OPTIONS, buffer_size=BUFFER_BYTES)
            pictures = self._container.add_stream_from_template(video)
            self._pictures = _Track(pictures, video.time_base)
            self._sound = _Track(self._container.add_stream_from_template(sound), sound.time_base) if sound else None
            if changed:
                context = pictures.codec_context
                context.width, context.height, context.extradata = changed.width, changed.height, changed.extradata
        except ValueError:
            self._file.close()
            self._part.unlink()
            raise StreamError(Cause.UNREADABLE, "The camera sends a kind of video that cannot be recorded.") from None
        self._stamps_us: tuple[int, int] | None = None

    def sync(self) -> None:
        self._file.sync()

    def add(self, arrival: Arrival) -> None:
        if arrival.stamp_s is not None:
            stamp_us = round(arrival.stamp_s * 1_000_000)
            self._stamps_us = (self._stamps_us[0] if self._stamps_us else stamp_us, stamp_us)
        self._mux(self._pictures, arrival)
        self._packets += 1
        self.last_s = arrival.arrived_s

    def add_sound(self, arrival: Arrival) -> None:
        if self._sound:
            self._mux(self._sound, arrival)

    def _mux(self, track: "_Track", arrival: Arrival) -> None:
        packet = arrival.packet
        _restamp(packet, *track.stamps(packet, arrival.arrived_s - self.first_s))
        packet.stream = track.stream
        try:
            self._container.mux(packet)
        except OSError:
            self._torn = True
            raise
        except av.error.FFmpegError:
            raise StreamError(Cause.UNREADABLE, "The camera sends a kind of video that cannot be recorded.") from None

    def close(self, ended_at: datetime, reason: EndReason) -> WrittenSegment | None:
        try:
            self._container.close()
        except OSError:
            self._torn = True
        finally:
            self._file.close()
        if self._torn:
            return adopt(self._recordings, self.part_name, self.started_at)
        whole = _whole(self._recordings, self._name, (self.started_at, ended_at), packets=self._packets, reason=reason)
        first_us, last_us = self._stamps_us or (None, None)
        return replace(whole, first_stamp_us=first_us, last_stamp_us=last_us)


class _Track:
    """The timestamps of one kind of packets in a file."""

    def __init__(self, stream: VideoStream | AudioStream, time_base: Fraction | None) -> None:
        self.stream = stream
        self._ticks_per_s = float(1 / (time_base or Fraction(1, 90_000)))
        self._step_max = STEP_MAX_S * self._ticks_per_s
        self._shift: int | None = None
        self._last_dts = 0
        self._last_s = 0.0

    def stamps(self, packet: "av.Packet[Any]", at_s: float) -> tuple[int, int]:
        """The packet's dts and pts, ever rising; a jump of the camera's clock becomes the time that passed. at_s: since the file began."""
        dts = packet.dts if packet.dts is not None else packet.pts
        passed_s, self._last_s = at_s - self._last_s, at_s
        if self._shift is None:
            self._shift = round(at_s * self._ticks_per_s) - (dts or 0)
        elif dts is None or not 0 < dts + self._shift - self._last_dts <= self._step_max:
            follows = self._last_dts + max(1, round(passed_s * self._ticks_per_s))
            self._shift = follows - (dts or 0)
        # Some cameras show a picture before it is decoded, if one believes them; no file holds that.
        ahead = max(0, packet.pts - dts) if packet.pts is not None and dts is not None else 0
        self._last_dts = (dts or 0) + self._shift
        return self._last_dts, self._last_dts + ahead


class _File:
    """The file under libav's muxer. Ours and not libav's own, which is never closed after a full disk has refused the first bytes."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._raw = path.open("xb", buffering=0)
        self._closing = threading.Lock()

    def write(self, data: bytes) -> int:
        """Writes all of it, or raises OSError."""
        left = memoryview(data)
        while left:
            left = left[self._raw.write(left) :]
        return len(data)

    def seek(self, place: int, whence: int = 0) -> int:
        return self._raw.seek(place, whence)

    def tell(self) -> int:
        return self._raw.tell()

    def sync(self) -> None:
        """Raises OSError where the disk refuses. Does nothing once closed: then the whole file is made durable."""
        with self._closing:
            handle = None if self._raw.closed else os.dup(self._raw.fileno())
        if handle is not None:
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def close(self) -> None:
        with self._closing:
            self._raw.close()


def adopt(recordings: Path, part_name: str, started_at: datetime) -> WrittenSegment | None:
    """A segment whose writing was cut short, told by what of it is on the disk. None, and no file, where that is only a file's head.

    Raises OSError where there is no such file, the disk refuses, or more than a head lies there and cannot be read: it stays as it is.
    """
    part, name = recordings / part_name, part_name.removesuffix(PART)
    place = part if part.exists() else recordings / name
    packets, length_s = 0, 0.0
    try:
        with av.open(str(place), format="mp4") as container:
            for packet in container.demux(container.streams.video[0]):
                if packet.size and packet.dts is not None:
                    packets, length_s = packets + 1, float(packet.dts * packet.time_base)
    except OSError:  # says nothing about the file: it must not be taken for an empty one
        raise
    except (av.error.FFmpegError, IndexError):
        pass  # the torn end
    if packets == 0:
        if place.stat().st_size > HEAD_BYTES:
            raise OSError(errno.EIO, "cannot be read, left as it is", str(place))
        place.unlink()
        return None
    return _whole(recordings, name, (started_at, started_at + timedelta(seconds=length_s)), packets=packets, reason=EndReason.CUT_SHORT)


def _whole(recordings: Path, name: str, times: tuple[datetime, datetime], *, packets: int, reason: EndReason) -> WrittenSegment:
    """Makes the file durable under its final name. times: of its first and last packet."""
    part, final = recordings / (name + PART), recordings / name
    digest = hashlib.sha256()
    # Open for writing too: Windows syncs no other.
    with (part if part.exists() else final).open("r+b") as file:
        while block := file.read(1 << 20):
            digest.update(block)
        os.fsync(file.fileno())
        size = file.tell()
    if part.exists():
        part.rename(final)
    sync_folder(final.parent)
    return WrittenSegment(name, times[0], max(times), packets, size, digest.hexdigest(), reason)


def _restamp(packet: "av.Packet[Any]", dts: int, pts: int) -> None:
    packet.dts, packet.pts = dts, pts


def _free_name(recordings: Path, folder: str, at: datetime) -> str:
    """A name for a segment that begins at this instant; two that begin in the same second are told apart by a number."""
    stem = f"{folder}/{at:%Y/%m/%d}/{at.strftime(NAME_FORMAT)}"
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
