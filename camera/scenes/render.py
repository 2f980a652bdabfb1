"""The four scenes, and how they are written as video files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import cv2
import numpy as np
from av.video.stream import VideoStream

from camera.scenes.corridor_insect import CorridorInsect
from camera.scenes.lens import Size
from camera.scenes.sensor import Frame
from camera.scenes.sorting_hall import SortingHall
from camera.scenes.store_lights import StoreLights
from camera.scenes.store_night import StoreNight

LENGTH_S = 60.0
FPS = 12
SIZE: Size = (960, 540)
GOP = 24

# Makes the frame with this index that is seen at this second, BGR, (height, width, 3).
Film = Callable[[int, float], Frame]

# A scene cut would start a new group of pictures where the lights go on, and the demo should start soon.
ENCODER_OPTIONS = {
    "libx264": {"preset": "ultrafast", "crf": "26", "sc_threshold": "0"},
    "libx265": {"preset": "ultrafast", "crf": "31", "x265-params": "scenecut=0:log-level=none:pools=1:frame-threads=1"},
}


@dataclass(frozen=True)
class Scene:
    """One of the demo's scenes: its name, and what sets it up for a picture size of (width, height) pixels."""

    name: str
    set_up: Callable[[Size], Film]

    @property
    def file_name(self) -> str:
        return f"{self.name}.mp4"


SCENES: tuple[Scene, ...] = (
    Scene("sorting_hall", SortingHall),
    Scene("store_night", StoreNight),
    Scene("store_lights", StoreLights),
    Scene("corridor_insect", CorridorInsect),
)


def frames(scene: Scene, *, start_s: float = 0.0, seconds: float = LENGTH_S, fps: int = FPS, size: Size = SIZE) -> Iterator[Frame]:
    """The scene's frames from start_s on, BGR, (height, width, 3); after 60 s it begins again. The same arguments give the same frames."""
    film = scene.set_up(size)
    first = round(start_s * fps)
    for index in range(first, first + round(seconds * fps)):
        yield film(index, index / fps % LENGTH_S)


def render_scene(
    scene: Scene,
    path: Path,
    *,
    start_s: float = 0.0,
    seconds: float = LENGTH_S,
    fps: int = FPS,
    size: Size = SIZE,
    gop: int = GOP,
    codec: str = "libx264",
    progress: Callable[[float], None] = lambda share: None,
) -> None:
    """Write a part of a scene as an MP4 file, yuv420p, a key frame every gop frames, no B-frames, as cameras send it.

    size: (width, height) in pixels, both even. codec: libx264 or libx265. progress: told the share done, 0 to 1.
    Raises KeyError for another codec, OSError where the file cannot be written.
    """
    options = ENCODER_OPTIONS[codec]
    count = round(seconds * fps)
    with av.open(str(path), "w", format="mp4") as container:
        stream = cast(VideoStream, container.add_stream(codec, rate=Fraction(fps), options=options))
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.gop_size = gop
        stream.max_b_frames = 0
        stream.thread_count = 1
        for number, picture in enumerate(frames(scene, start_s=start_s, seconds=seconds, fps=fps, size=size)):
            planes = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420), np.uint8)
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            container.mux(stream.encode(frame))
            progress((number + 1) / count)
        container.mux(stream.encode())


def render_scenes(folder: Path, progress: Callable[[float], None]) -> list[Path]:
    """The files of all scenes in the folder, in the order of SCENES; those that exist already are left as they are.

    A file is written under a temporary name and renamed when it is whole. progress: told the share done, 0 to 1.
    Raises OSError where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / scene.file_name for scene in SCENES]
    missing = [(scene, path) for scene, path in zip(SCENES, paths, strict=True) if not path.exists()]
    for done, (scene, path) in enumerate(missing):
        unfinished = path.with_suffix(".unfinished")

        def advance(share: float, done: int = done) -> None:
            progress((done + share) / len(missing))

        render_scene(scene, unfinished, progress=advance)
        unfinished.replace(path)
    progress(1.0)
    return paths
