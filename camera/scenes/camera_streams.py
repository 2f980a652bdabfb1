"""Files that are what a camera would have sent: its size, its rate, its way of spending bits, the noise of its sensor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import cv2
import numpy as np
from av.video.stream import VideoStream

from camera.scenes.lens import Size
from camera.scenes.store_day import StoreDay

GROUP_S = 2.0


@dataclass(frozen=True)
class CameraStream:
    """How a camera sends. bits_per_s: on average, with twice as many for a while; constant: kept within a quarter of a second instead."""

    name: str
    size: Size
    fps: int
    bits_per_s: int
    codec: str = "libx264"
    constant: bool = False

    @property
    def group(self) -> int:
        """Pictures from key frame to key frame."""
        return round(GROUP_S * self.fps)

    def options(self) -> dict[str, str]:
        """For libav's encoder. Cameras look neither ahead nor back: no B-frames, no scene cuts."""
        most = self.bits_per_s if self.constant else 2 * self.bits_per_s
        rate = {"b": str(self.bits_per_s), "maxrate": str(most), "bufsize": str(self.bits_per_s // 4 if self.constant else 2 * most)}
        if self.codec == "libx265":
            own = f"scenecut=0:log-level=none:pools=1:frame-threads=1:bframes=0:keyint={self.group}:min-keyint={self.group}"
            return rate | {"preset": "superfast", "tune": "zerolatency", "x265-params": own + (":strict-cbr=1" if self.constant else "")}
        return rate | {"preset": "veryfast", "tune": "zerolatency", "sc_threshold": "0"} | ({"nal-hrd": "cbr"} if self.constant else {})


FULL_HD, SMALL = (1920, 1080), (640, 360)
VARIABLE = CameraStream("1080p25 H.264 VBR", FULL_HD, 25, 4_000_000)
CONSTANT = CameraStream("1080p25 H.264 CBR", FULL_HD, 25, 4_000_000, constant=True)
H265 = CameraStream("1080p25 H.265 VBR", FULL_HD, 25, 2_500_000, codec="libx265")
LARGE = CameraStream("1440p25 H.264 VBR", (2560, 1440), 25, 7_000_000)
SUB = CameraStream("360p10 H.264 VBR", SMALL, 10, 400_000)
STREAMS = (VARIABLE, CONSTANT, H265, LARGE, SUB)


def write_stream(
    stream: CameraStream,
    path: Path,
    *,
    seconds: float,
    visits_s: Sequence[float] = (),
    progress: Callable[[float], None] = lambda share: None,
) -> None:
    """Writes so much of a store room by day as an MP4 file, yuv420p. visits_s: as of StoreDay. progress: told the share done, 0 to 1.

    The file has its name only when it is whole. Raises OSError where it cannot be written.
    """
    film = StoreDay(stream.size, visits_s)
    unfinished = path.with_suffix(".unfinished")
    count = round(seconds * stream.fps)
    with av.open(str(unfinished), "w", format="mp4") as container:
        video = cast(VideoStream, container.add_stream(stream.codec, rate=stream.fps, options=stream.options()))
        video.width, video.height = stream.size
        video.pix_fmt = "yuv420p"
        video.gop_size = stream.group
        video.max_b_frames = 0
        video.thread_count = 1  # a tune without delay would cut each picture into slices for more threads
        for number in range(count):
            planes = np.asarray(cv2.cvtColor(film(number, number / stream.fps), cv2.COLOR_BGR2YUV_I420), np.uint8)
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, stream.fps)
            container.mux(video.encode(frame))
            progress((number + 1) / count)
        container.mux(video.encode())
    unfinished.replace(path)


def kept_stream(
    stream: CameraStream,
    folder: Path,
    *,
    seconds: float,
    visits_s: Sequence[float] = (),
    progress: Callable[[float], None] = lambda share: None,
) -> Path:
    """The file of that stream in the folder, written where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    visits = "".join(f"-{visit_s:g}" for visit_s in visits_s)
    path = folder / f"{stream.name} {stream.bits_per_s} {seconds:g}s{visits}.mp4".replace(" ", "_")
    if not path.exists():
        write_stream(stream, path, seconds=seconds, visits_s=visits_s, progress=progress)
    progress(1.0)
    return path
