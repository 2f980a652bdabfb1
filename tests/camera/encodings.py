"""Footage and rendered scenes, played again as a 1080p25 camera with sensor noise would have sent them."""

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import av
import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from camera.scenes.lens import Size
from camera.scenes.render import SCENES, frames
from tests.conftest import SHARED

FPS = 25
FOOTAGE = SHARED / "footage"
SHIFT = 64  # pixels; a noise field is shown shifted by as many at most, so that no encoder finds it again
# Standard deviation of the sensor's noise in grey levels, and how bright the picture is: at night half as bright, in infrared.
DAY_NOISE, NIGHT_NOISE, NIGHT_LIGHT = 1.5, 6.0, 0.5

Planes = NDArray[np.uint8]
Codec = Literal["libx264", "libx265"]
Rate = Literal["quality", "variable", "constant"]


@dataclass(frozen=True)
class Encoding:
    """How a camera encodes.

    group: pictures from key frame to key frame. rate: one quality whatever it takes; a bit rate kept on average, up to twice as much for a
    while; a bit rate kept within half a second. bits_per_pixel: of the two bit rates.
    """

    codec: Codec
    group: int
    rate: Rate
    night: bool
    size: Size = (1920, 1080)
    bits_per_pixel: float = 0.06  # 3 Mbit/s of 1080p25

    def __str__(self) -> str:
        return f"{self.codec} {self.size[1]}p group {self.group} {self.rate} {'night' if self.night else 'day'}"

    def options(self) -> dict[str, str]:
        """For libav's encoder. Cameras look neither ahead nor back: no B-frames, no scene cuts."""
        bits = round(self.bits_per_pixel * self.size[0] * self.size[1] * FPS)
        x265 = [
            "scenecut=0",
            "log-level=none",
            "pools=1",
            "frame-threads=1",
            "bframes=0",
            f"keyint={self.group}",
            f"min-keyint={self.group}",
        ]
        # The quickest presets that still filter block edges, as cameras do.
        own = {"preset": "superfast" if self.codec == "libx264" else "ultrafast", "tune": "zerolatency"}
        if self.codec == "libx264":
            own |= {"sc_threshold": "0", "bf": "0"}
        if self.rate == "quality":
            own["crf"] = "26"
        elif self.rate == "variable":
            own |= {"b": str(bits), "maxrate": str(2 * bits), "bufsize": str(4 * bits)}
        else:
            own |= {"b": str(bits), "minrate": str(bits), "maxrate": str(bits), "bufsize": str(bits // 2)}
            if self.codec == "libx264":
                own["nal-hrd"] = "cbr"
            else:
                x265.append("strict-cbr=1")
        return own | ({"x265-params": ":".join(x265)} if self.codec == "libx265" else {})


@dataclass(frozen=True)
class Piece:
    """A part of a clip, or of a rendered scene, which begins with nobody in it. That first picture is held for run_in_s before."""

    name: str
    start_s: float
    end_s: float
    run_in_s: float = 45.0

    def __str__(self) -> str:
        return f"{self.name} {self.start_s:g}-{self.end_s:g} s"

    def pictures(self, size: Size) -> Iterator[Planes]:
        """Planes of yuv420p, (height * 3 / 2, width), FPS a second."""
        scenes = {scene.name: scene for scene in SCENES}
        if self.name in scenes:
            shown = frames(scenes[self.name], start_s=self.start_s, seconds=self.end_s - self.start_s, fps=FPS, size=(960, 540))
            films: Iterator[Planes] = (
                cv2.cvtColor(cv2.resize(picture, size), cv2.COLOR_BGR2YUV_I420).astype(np.uint8, copy=False) for picture in shown
            )
        else:
            films = _clip(FOOTAGE / self.name, self.start_s, self.end_s, size)
        first = next(films)
        for _ in range(round(self.run_in_s * FPS)):
            yield first
        yield first
        yield from films


def _clip(path: Path, start_s: float, end_s: float, size: Size) -> Iterator[Planes]:
    """Each picture is held until the next one is due."""
    number = 0
    with av.open(str(path)) as container:
        last: Any = None
        for frame in container.decode(video=0):
            at_s = float(frame.pts * frame.time_base) if frame.pts is not None and frame.time_base else 0.0
            if at_s >= end_s:
                break
            while last is not None and start_s + number / FPS < at_s:
                yield last
                number += 1
            if at_s >= start_s - 0.5:
                last = frame.reformat(width=size[0], height=size[1], format="yuv420p").to_ndarray()


def encoded(piece: Piece, encoding: Encoding, folder: Path | None = None) -> Path:
    """The file, made where it is missing. folder: where such files are kept; one below the system's temporary folder by default."""
    folder = folder or Path(tempfile.gettempdir()) / "jaga-gudang-encodings"
    folder.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(f"{piece} {piece.run_in_s} {encoding} {encoding.options()}".encode()).hexdigest()[:24]
    path = folder / f"{name}.mp4"
    if not path.exists():
        unfinished = path.with_suffix(".unfinished")
        _encode(piece, encoding, unfinished)
        unfinished.replace(path)
    return path


def _encode(piece: Piece, encoding: Encoding, path: Path) -> None:
    width, height = encoding.size
    fields = _noise_fields(encoding.size, NIGHT_NOISE if encoding.night else DAY_NOISE)
    random = np.random.default_rng(2)
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream(encoding.codec, rate=FPS, options=encoding.options())
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.gop_size = encoding.group
        stream.thread_count = 1
        for number, planes in enumerate(piece.pictures(encoding.size)):
            seen = planes.copy()
            if encoding.night:
                seen[:height] = cv2.convertScaleAbs(seen[:height], alpha=NIGHT_LIGHT, beta=8)
                seen[height:] = 128
            down, across = random.integers(0, SHIFT, 2)
            field = fields[number % len(fields)][down : down + height, across : across + width]
            cv2.add(seen[:height], field, dst=seen[:height], dtype=cv2.CV_8U)
            frame = av.VideoFrame.from_ndarray(seen, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def _noise_fields(size: Size, deviation: float) -> list[MatLike]:
    """A few pictures of noise, (height + SHIFT, width + SHIFT) int16; neighbours are a little alike, as after a camera's own denoising."""
    random = np.random.default_rng(1)
    fields = []
    for _ in range(4):
        grain = cv2.GaussianBlur(random.standard_normal((size[1] + SHIFT, size[0] + SHIFT), np.float32), (0, 0), 0.55)
        fields.append(np.rint(grain * (deviation / float(grain.std()))).astype(np.int16))
    return fields
