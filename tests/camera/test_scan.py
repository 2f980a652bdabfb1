"""Scanning real files: small ones made here, broken ones, and the labelled footage where it is there."""

import csv
from pathlib import Path
from typing import Literal

import av
import numpy as np
import pytest

from camera.events import Kind, Phase
from camera.looking.picture import small_luma
from camera.looking.scan import Unreadable, scan
from tests.camera.pictures import Picture, pictures, room, with_figure
from tests.conftest import SHARED

FOOTAGE = SHARED / "footage"


def _visit(at_s: float) -> Picture:
    return with_figure(room(), -30 + (at_s - 2) * 60) if at_s >= 2 else room()


def _film(path: Path, codec: Literal["libx264", "mjpeg"], pixels: str) -> None:
    """Ten seconds of a room at 20 pictures a second; somebody walks through from second 2 to 7.8."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=20)
        stream.width, stream.height, stream.pix_fmt = 320, 180, pixels
        for luma, _ in pictures(_visit, 10, fps=20):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(luma, format="gray").reformat(format=pixels)))
        container.mux(stream.encode(None))


@pytest.mark.parametrize(("name", "codec", "pixels"), [("a.mp4", "libx264", "yuv420p"), ("a.avi", "mjpeg", "yuvj420p")])
def test_a_file_is_scanned(tmp_path: Path, name: str, codec: Literal["libx264", "mjpeg"], pixels: str) -> None:
    _film(tmp_path / name, codec, pixels)
    shares: list[float] = []
    [event] = scan(tmp_path / name, progress=shares.append)
    assert (event.kind, event.phase) == (Kind.MOTION, Phase.CLOSED)
    assert 2 <= event.start_s <= 2.8
    assert 6.5 <= event.end_s <= 8.2
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_a_file_that_breaks_off_is_scanned_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "cut.mkv"
    _film(path, "libx264", "yuv420p")
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    [event] = scan(path)
    assert 2 <= event.start_s <= 2.8


def _sound_only(path: Path) -> None:
    with av.open(str(path), "w", format="wav") as container:
        stream = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.int16), format="s16", layout="mono")
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "There is no file film.mp4."),
        (b"", "film.mp4 cannot be read as video."),
        (b"surat suara " * 400, "film.mp4 cannot be read as video."),
        ("sound", "film.mp4 holds no video."),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path, content: bytes | str | None, sentence: str) -> None:
    path = tmp_path / "film.mp4"
    if content == "sound":
        _sound_only(path)
    elif isinstance(content, bytes):
        path.write_bytes(content)
    with pytest.raises(Unreadable) as refusal:
        list(scan(path))
    assert str(refusal.value) == sentence
    assert refusal.value.values == {"file": "film.mp4"}


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        list(scan(tmp_path))


@pytest.mark.parametrize("pixels", ["yuv420p", "yuvj420p", "yuv422p", "yuv444p", "nv12", "gray", "bgr24"])
@pytest.mark.parametrize(("width", "height", "shape"), [(1926, 1080, (179, 320)), (640, 480, (180, 240)), (162, 122, (122, 162))])
def test_luma_is_read_past_the_padding_and_shrunk_to_fit(pixels: str, width: int, height: int, shape: tuple[int, int]) -> None:
    picture = np.full((height, width), 60, np.uint8)
    picture[:, width // 2 :] = 180
    luma = small_luma(av.VideoFrame.from_ndarray(picture, format="gray").reformat(format=pixels))
    assert luma.shape == shape
    assert luma.dtype == np.uint8
    # Limited range keeps 60 at 67 and 180 at 170.
    left, right = luma[:, : shape[1] // 2 - 1], luma[:, shape[1] // 2 + 1 :]
    assert left.max() - left.min() <= 2
    assert right.max() - right.min() <= 2
    assert 58 <= left.mean() <= 70
    assert 168 <= right.mean() <= 182


@pytest.mark.skipif(not FOOTAGE.is_dir(), reason="the labelled footage (../shared/footage) is not on this machine")
@pytest.mark.parametrize(
    "name",
    [
        "bgslibrary_video.avi",
        "dvrscan_issue53_brightness_change.avi",
        "dvrscan_traffic_camera.mp4",
        "intel_bottle-detection.mp4",
        "intel_car-detection.mp4",
        "intel_one-by-one-person-detection.mp4",
        "wallflower_WavingTrees_ffv1.mkv",
    ],
)
def test_every_labelled_presence_is_hit_promptly_and_nothing_else(name: str) -> None:
    with (FOOTAGE / "LABELS.csv").open(newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["file"] == name]
    motion = [(sight.start_s, sight.end_s) for sight in scan(FOOTAGE / name) if sight.kind is Kind.MOTION]
    movers = [
        (float(row["start_s"]), float(row["end_s"]))
        for row in rows
        if row["class"] in {"person", "vehicle", "object_added", "object_removed"}
    ]
    presences: list[tuple[float, float]] = []
    for start_s, end_s in movers:
        if presences and start_s - presences[-1][1] < 1:
            presences[-1] = (presences[-1][0], end_s)
        else:
            presences.append((start_s, end_s))
    for start_s, end_s in presences:
        assert any(begun_s < end_s and over_s > start_s for begun_s, over_s in motion)
        assert start_s < 1 or any(start_s - 1 <= begun_s <= start_s + 1.5 for begun_s, _ in motion)
    for begun_s, over_s in motion:
        assert any(begun_s < end_s + 1 and over_s > start_s - 1 for start_s, end_s in movers)
