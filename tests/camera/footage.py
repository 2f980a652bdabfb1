"""Small recordings as the recorder leaves them: numbered pictures, encoded and written to segments by the recorder's own writer."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from camera.footage.playback import File
from camera.journal import EndReason, WrittenSegment
from camera.recording.segment import SegmentWriter
from camera.streams.stream import Arrival

BEGIN = datetime(2026, 11, 22, 14, 3, 20, tzinfo=UTC)
FPS = 10
GROUP = 10  # pictures from key frame to key frame: a second
OPTIONS = {
    "libx264": {"g": str(GROUP), "keyint_min": str(GROUP), "sc_threshold": "0", "preset": "veryfast"},
    "libx265": {"x265-params": f"keyint={GROUP}:min-keyint={GROUP}:scenecut=0:log-level=none:pools=1:frame-threads=1"},
    "mjpeg": {},
}  # fmt: skip


def after(seconds: float) -> datetime:
    """So long after BEGIN."""
    return BEGIN + timedelta(seconds=seconds)


def picture(number: int, size: tuple[int, int] = (320, 180)) -> NDArray[np.uint8]:
    """A grey picture, (height * 3 / 2, width) of yuv420p, that tells its number: 12 squares in its upper half are its bits."""
    planes = np.full((size[1] * 3 // 2, size[0]), 128, np.uint8)
    for bit in range(12):
        planes[8:24, 8 + 24 * bit : 24 + 24 * bit] = 220 if number >> bit & 1 else 30
    return planes


def number_of(luma: NDArray[np.uint8]) -> int:
    """The number that a decoded picture tells. luma: (height, width)."""
    return sum(int(luma[12:20, 12 + 24 * bit : 20 + 24 * bit].mean() > 125) << bit for bit in range(12))


def encode(path: Path, codec: str, seconds: float, *, b_frames: int = 0, size: tuple[int, int] = (320, 180), first: int = 0) -> Path:
    """A file with numbered pictures, FPS a second, the first with the number `first`."""
    options = dict(OPTIONS[codec])
    if codec == "libx264":
        options["bf"] = str(b_frames)
    elif codec == "libx265":
        options["x265-params"] += f":bframes={b_frames}:open-gop=0"
    layout = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream(codec, rate=FPS, options=options)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = *size, layout
        for index in range(round(seconds * FPS)):
            frame = av.VideoFrame.from_ndarray(picture(first + index, size), format=layout)
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


@contextmanager
def recording(
    recordings: Path, source: Path, begins_at: datetime = BEGIN, *, segment_s: float = 60.0, whole: list[WrittenSegment]
) -> Iterator[SegmentWriter]:
    """Writes a file as a camera's footage; what has become whole is added to `whole`. Within the block the last segment still grows."""
    writer = SegmentWriter(recordings, "31-75/camera-1", lambda s: begins_at + timedelta(seconds=s), segment_s=segment_s)
    with av.open(str(source)) as container:
        stream = container.streams.video[0]
        first_dts = None
        for packet in container.demux(stream):
            if packet.size and packet.dts is not None:
                first_dts = packet.dts if first_dts is None else first_dts
                arrived_s = float((packet.dts - first_dts) * packet.time_base)
                segment = writer.write(Arrival(packet, bytes(packet), packet.is_keyframe, arrived_s), stream)
                whole += [segment] if segment else []
        yield writer
        segment = writer.finish(EndReason.STOPPED)
        whole += [segment] if segment else []


def record(recordings: Path, source: Path, begins_at: datetime = BEGIN, *, segment_s: float = 60.0) -> list[WrittenSegment]:
    """As `recording`, to the end."""
    whole: list[WrittenSegment] = []
    with recording(recordings, source, begins_at, segment_s=segment_s, whole=whole):
        pass
    return whole


def files_of(recordings: Path, segments: list[WrittenSegment]) -> list[File]:
    """The segments as footage is asked for."""
    return [File(recordings / segment.path, segment.started_at) for segment in segments]


def payloads(path: Path) -> list[bytes]:
    """The bytes of each packet of a file, also of those that its edit list hides."""
    with av.open(str(path), format="mp4", options={"ignore_editlist": "1"}) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


def shown(path: Path) -> list[tuple[float, int]]:
    """What a player shows that follows the edit list: time in seconds and number of each picture."""
    with av.open(str(path)) as container:
        return [(round(frame.time or 0.0, 3), number_of(luma_of(frame))) for frame in container.decode(video=0)]


def luma_of(frame: av.VideoFrame) -> NDArray[np.uint8]:
    """(height, width) of a picture in one of the layouts whose first plane it is."""
    plane = frame.planes[0]
    rows: NDArray[np.uint8] = np.frombuffer(bytes(plane), np.uint8).reshape(plane.height, plane.line_size)
    return rows[:, : plane.width]
