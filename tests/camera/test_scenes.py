"""The demo's rendered scenes: what is in the picture, and what is in the file."""

from fractions import Fraction
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from camera.scenes import render
from camera.scenes.render import SCENES, Film, Scene, render_scene, render_scenes

SMALL = (160, 90)
BY_NAME = {scene.name: scene for scene in SCENES}
# Mean difference of two frames that differ by noise alone, in grey levels; a person or a light moves far more pixels than a few.
NOISE_LEVELS = 9.0


@cache
def film(scene: Scene) -> Film:
    return scene.set_up(SMALL)


def frame_at(scene: Scene, at_s: float) -> NDArray[np.float32]:
    """One small frame as luma, averaged over three frames so that the noise is less."""
    first = round(at_s * 12)
    shown = [film(scene)(index, index / 12).mean(axis=2) for index in range(first, first + 3)]
    return np.asarray(np.mean(shown, axis=0), np.float32)


def changed_pixels(one: NDArray[np.float32], other: NDArray[np.float32]) -> int:
    return int((np.abs(one - other) > NOISE_LEVELS).sum())


def test_each_scene_has_its_own_name_and_file() -> None:
    assert [scene.file_name for scene in SCENES] == ["sorting_hall.mp4", "store_night.mp4", "store_lights.mp4", "corridor_insect.mp4"]


@pytest.mark.parametrize(("codec", "name"), [("libx264", "h264"), ("libx265", "hevc")])
def test_a_file_has_the_asked_rate_size_and_groups(tmp_path: Path, codec: str, name: str) -> None:
    path = tmp_path / "small.mp4"
    told: list[float] = []
    render_scene(BY_NAME["corridor_insect"], path, seconds=2, fps=10, size=SMALL, gop=5, codec=codec, progress=told.append)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height, stream.average_rate, stream.codec.name) == (*SMALL, Fraction(10), name)
        assert stream.codec_context.pix_fmt == "yuv420p"
        packets = [packet for packet in container.demux(stream) if packet.size]
    assert [index for index, packet in enumerate(packets) if packet.is_keyframe] == [0, 5, 10, 15]
    assert len(packets) == 20
    assert [packet.pts for packet in packets] == [packet.dts for packet in packets]
    assert told == pytest.approx([(number + 1) / 20 for number in range(20)])


def test_lights_going_on_start_no_group_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "lights.mp4"
    render_scene(BY_NAME["store_lights"], path, start_s=23.5, seconds=1, size=SMALL)
    with av.open(str(path)) as container:
        assert sum(packet.is_keyframe for packet in container.demux(video=0) if packet.size) == 1


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_the_end_joins_the_beginning_but_for_noise(scene: Scene) -> None:
    before, after = (film(scene)(index, index / 12).mean(axis=2) for index in (719, 0))
    difference = np.abs(before - after)
    # Hands that sort move on by one twelfth of a second across the join as anywhere else.
    assert float(difference.mean()) < NOISE_LEVELS / 2
    assert int((difference > 4 * NOISE_LEVELS).sum()) < SMALL[0] * SMALL[1] // 500


def test_a_person_is_in_the_store_at_night_only_in_between() -> None:
    scene = BY_NAME["store_night"]
    empty = frame_at(scene, 2)
    assert changed_pixels(empty, frame_at(scene, 5)) < 5
    assert changed_pixels(empty, frame_at(scene, 20)) > 60
    assert changed_pixels(empty, frame_at(scene, 30)) > 20
    assert changed_pixels(empty, frame_at(scene, 36)) < 5


def test_colour_comes_with_the_light_and_goes_with_it() -> None:
    def colourfulness(at_s: float) -> float:
        picture = film(BY_NAME["store_lights"])(round(at_s * 12), at_s).astype(int)
        return float(np.ptp(picture, axis=2).mean())

    assert colourfulness(23) == 0
    assert colourfulness(24 + 2 / 12) > 5
    assert colourfulness(30) > 15
    assert colourfulness(44.5) == 0


def test_an_insect_brightens_a_few_frames_of_the_corridor() -> None:
    scene = BY_NAME["corridor_insect"]
    quiet = frame_at(scene, 5)
    assert changed_pixels(quiet, frame_at(scene, 9.5)) > 100
    assert changed_pixels(quiet, frame_at(scene, 11)) < 5
    assert float((frame_at(scene, 9.5) - quiet).min()) > -3 * NOISE_LEVELS


def test_somebody_always_sorts_in_the_hall() -> None:
    scene = BY_NAME["sorting_hall"]
    assert changed_pixels(frame_at(scene, 1), frame_at(scene, 2)) > 5
    assert changed_pixels(frame_at(scene, 1), frame_at(scene, 15)) > 100


def test_the_same_scene_is_the_same_file_twice(tmp_path: Path) -> None:
    paths = [tmp_path / "one.mp4", tmp_path / "two.mp4"]
    for path in paths:
        render_scene(BY_NAME["store_night"], path, start_s=19, seconds=1, size=SMALL)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_files_that_exist_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    def brief(scene: Scene, path: Path, **_: object) -> None:
        written.append(scene.name)
        path.write_bytes(b"new")

    monkeypatch.setattr(render, "render_scene", brief)
    (tmp_path / "store_night.mp4").write_bytes(b"old")
    told: list[float] = []
    paths = render_scenes(tmp_path, told.append)
    assert written == ["sorting_hall", "store_lights", "corridor_insect"]
    assert [path.read_bytes() for path in paths] == [b"new", b"old", b"new", b"new"]
    assert told[-1] == 1.0
    assert render_scenes(tmp_path, told.append) == paths
    assert len(written) == 3
    assert sorted(tmp_path.iterdir()) == sorted(paths)


def test_no_picture_of_a_quiet_room_comes_again(tmp_path: Path) -> None:
    path = tmp_path / "quiet.mp4"
    render_scene(BY_NAME["corridor_insect"], path, start_s=12, seconds=12, size=SMALL, gop=6)
    with av.open(str(path)) as container:
        keys = [bytes(packet) for packet in container.demux(video=0) if packet.is_keyframe and packet.size]
    assert len(set(keys)) == len(keys) == 24
