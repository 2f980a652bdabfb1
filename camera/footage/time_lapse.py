"""A night in minutes: one picture every few seconds, from key frames alone, with its instant drawn into it.

Only key frames are read and decoded. Where nothing was recorded a hatched black picture stands for each that is not there, so that the time
in the film runs as evenly as that on the clock, and a hole is as long as it was.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

from camera.fault import Fault
from camera.footage.clip import Hole
from camera.footage.outgoing import Kept, Outgoing, OutgoingMp4
from camera.footage.playback import File
from camera.footage.source import Flaws, Segment, check_inside, opened
from camera.streams.decoding import decode, decoder_for, drain

FPS = 25
WIDTH = 1280
# The first that libav was built with. The last is always there, and large.
ENCODERS = {
    "libx264": {"preset": "veryfast", "crf": "26"},
    "mjpeg": {"qmin": "4", "qmax": "6"},
}
# A key frame is shown for so long at most: cameras send one every 10 s or more often, the most sparing every 20 s.
HELD = timedelta(seconds=20)
# A segment's last picture is shown for so long after it.
LAG = timedelta(seconds=2)
HATCH_PX = 48
HATCH_GREY, WORDS_GREY = 90, 235

Bgr = NDArray[np.uint8]


@dataclass(frozen=True)
class TimeLapse:
    """A film that was kept. pictures: how many the camera took; hatched: how many stand for none; holes: their times, in whole steps."""

    from_at: datetime
    until_at: datetime
    every_s: float
    pictures: int
    hatched: int
    holes: tuple[Hole, ...]
    file: Kept
    missing: tuple[Path, ...]
    damaged: tuple[Path, ...]


@dataclass(frozen=True)
class Words:
    """What is drawn. zone: of the clock in the picture; nothing: said where nothing was recorded, in letters that cv2 can draw (ASCII)."""

    zone: tzinfo
    nothing: str


def make_time_lapse(
    recordings: Path,
    files: Sequence[File],
    between: tuple[datetime, datetime],
    target: Path,
    *,
    every_s: float,
    words: Words,
    progress: Callable[[float], None] = lambda _share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> TimeLapse | None:
    """Writes a film of a time, a picture every every_s seconds, FPS of them a second, at most WIDTH wide; None if cancelled.

    files: the segments in order with their ends, below the recordings folder.
    progress: told which share is done, 0 to 1; cancelled: asked at each picture.

    Raises Fault for a target that may not be written, a segment outside the recordings folder, or where there is no footage at all;
    OSError where the disk refuses. In each case nothing is left of the film.
    """
    check_inside(recordings, [file.path for file in files])
    from_at, until_at = between
    flaws, holes, counts = Flaws(), list[Hole](), {True: 0, False: 0}
    step = timedelta(seconds=every_s)
    with Outgoing(recordings, target) as outgoing:
        with contextlib.closing(_Reader(recordings, files, flaws)) as reader, contextlib.ExitStack() as closing:
            film = _Film(outgoing, reader.size())
            closing.callback(film.mp4.close)
            for at in _instants(from_at, until_at, step):
                if cancelled():
                    return None
                found = reader.picture(at)
                counts[found is not None] += 1
                if found:
                    film.add(found.bgr, found.taken_at, words)
                else:
                    _note(holes, at, at + step)
                    film.add(None, at, words)
                progress((at - from_at) / (until_at - from_at))
            film.finish()
        (kept,) = outgoing.keep()
    flawed = (tuple(flaws.missing), tuple(flaws.damaged))
    return TimeLapse(from_at, until_at, every_s, counts[True], counts[False], tuple(holes), kept, *flawed)


def _instants(from_at: datetime, until_at: datetime, step: timedelta) -> Iterator[datetime]:
    while from_at < until_at:
        yield from_at
        from_at += step


def _note(holes: list[Hole], from_at: datetime, until_at: datetime) -> None:
    """Adds a hole, or makes the last one longer where they touch."""
    if holes and holes[-1].until_at == from_at:
        from_at = holes.pop().from_at
    holes.append(Hole(from_at, until_at))


class _Reader:
    """The newest key frame at one instant after the other; the instants are asked for in order."""

    def __init__(self, recordings: Path, files: Sequence[File], flaws: Flaws) -> None:
        self._recordings, self._files, self._flaws = recordings, list(files), flaws
        self._file: File | None = None
        self._segment: Segment | None = None
        self._last: tuple[int | None, _Picture] | None = None

    def size(self) -> tuple[int, int]:
        """Width and height of the film: those of the first segment that can be read, shrunk to WIDTH. Raises Fault if there is none."""
        for file in self._files:
            segment = opened(self._recordings, file, Flaws())
            if segment:
                with segment:
                    width, height = segment.format.width, segment.format.height
                scale = min(1.0, WIDTH / width)
                return round(width * scale / 2) * 2, round(height * scale / 2) * 2  # encoders take even sizes only
        raise Fault("There is no footage of that time that could be read.")

    def picture(self, at: datetime) -> "_Picture | None":
        """None where nothing was recorded, or what was cannot be read."""
        while self._files and self._files[0].started_at <= at:
            self._go_on(self._files.pop(0))
        if self._segment is None or self._file is None or (self._file.ended_at and at > self._file.ended_at + LAG):
            return None
        packet = self._segment.key_frame(at)
        if packet is None:
            return None
        taken_at = self._segment.at(packet.pts)
        if at - taken_at > HELD:
            return None
        if self._last is None or self._last[0] != packet.pts:
            decoder = decoder_for(self._segment.format)
            frames = decode(decoder, bytes(packet), 0.0) + drain(decoder)
            self._last = (packet.pts, _Picture(_bgr(frames[0]), taken_at)) if frames else None
        return self._last[1] if self._last else None

    def close(self) -> None:
        """Closes the segment that is open."""
        if self._segment and self._file:
            self._segment.close()
            if self._segment.torn:
                self._flaws.damaged.append(self._file.path)
        self._segment = self._last = None

    def _go_on(self, file: File) -> None:
        self.close()
        self._file, self._segment = file, opened(self._recordings, file, self._flaws)


@dataclass(frozen=True)
class _Picture:
    bgr: Bgr
    taken_at: datetime


def _bgr(frame: av.VideoFrame) -> Bgr:
    scale = min(1.0, WIDTH / frame.width)
    return np.asarray(frame.to_ndarray(format="bgr24", width=round(frame.width * scale), height=round(frame.height * scale)), np.uint8)


class _Film:
    """The film that is being encoded."""

    def __init__(self, outgoing: Outgoing, size: tuple[int, int]) -> None:
        self.mp4 = OutgoingMp4(outgoing.new_file())
        self._size = size
        self._number = 0
        encoder = next(name for name in ENCODERS if _is_there(name))
        stream = self.mp4.container.add_stream(encoder, rate=FPS, options=ENCODERS[encoder])
        assert isinstance(stream, VideoStream)  # noqa: S101  what an encoder of video gives
        self._stream = stream
        stream.width, stream.height = size
        stream.pix_fmt = "yuvj420p" if encoder == "mjpeg" else "yuv420p"

    def add(self, picture: Bgr | None, at: datetime, words: Words) -> None:
        """One picture with its instant; None: a hatched one."""
        clock = f"{at.astimezone(words.zone):%Y-%m-%d %H:%M:%S %Z}"
        canvas = _hatched(self._size) if picture is None else _fitted(picture, self._size)
        _write(canvas, clock if picture is not None else f"{clock}  {words.nothing}")
        frame = av.VideoFrame.from_ndarray(canvas, format="bgr24")
        frame.pts, frame.time_base = self._number, Fraction(1, FPS)
        self._number += 1
        self.mp4.container.mux(self._stream.encode(frame))

    def finish(self) -> None:
        """Writes what the encoder still holds, and the end."""
        self.mp4.container.mux(self._stream.encode())
        self.mp4.finish()


def _is_there(encoder: str) -> bool:
    try:
        av.Codec(encoder, "w")
    except av.codec.codec.UnknownCodecError:
        return False
    return True


def _fitted(picture: Bgr, size: tuple[int, int]) -> Bgr:
    """The picture as large as fits, on black: in the middle of a night a camera may send another size."""
    scale = min(size[0] / picture.shape[1], size[1] / picture.shape[0])
    width, height = min(size[0], round(picture.shape[1] * scale)), min(size[1], round(picture.shape[0] * scale))
    canvas = np.zeros((size[1], size[0], 3), np.uint8)
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    canvas[top : top + height, left : left + width] = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    return canvas


def _hatched(size: tuple[int, int]) -> Bgr:
    canvas = np.zeros((size[1], size[0], 3), np.uint8)
    for left in range(-size[1], size[0], HATCH_PX):
        cv2.line(canvas, (left, size[1]), (left + size[1], 0), (HATCH_GREY,) * 3, 2)
    return canvas


def _write(canvas: Bgr, text: str) -> None:
    """Light letters on a dark strip at the lower edge, readable over any picture."""
    scale = max(0.4, canvas.shape[1] / WIDTH)
    canvas[-round(44 * scale) :] //= 4
    place = (round(12 * scale), canvas.shape[0] - round(14 * scale))
    cv2.putText(canvas, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, (WORDS_GREY,) * 3, 1, cv2.LINE_AA)
