"""Time-lapses: a picture every few seconds, and holes as long as they were."""

import errno
import itertools
from pathlib import Path
from zoneinfo import ZoneInfo

import av
import numpy as np
import pytest
from numpy.typing import NDArray

import camera.footage.outgoing
import camera.footage.time_lapse
from camera.fault import Fault
from camera.footage.clip import Hole
from camera.footage.playback import File
from camera.footage.time_lapse import HATCH_GREY, TimeLapse, Words, make_time_lapse
from camera.journal import WrittenSegment
from tests.camera.footage import after, encode, number_of, record, recording

WORDS = Words(ZoneInfo("Asia/Jakarta"), "not recorded")


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    return tmp_path / "recordings"


def files_with_ends(recordings: Path, segments: list[WrittenSegment]) -> list[File]:
    return [File(recordings / segment.path, segment.started_at, segment.ended_at) for segment in segments]


def made(recordings: Path, files: list[File], until_s: float, target: Path, every_s: float = 1.0) -> TimeLapse:
    film = make_time_lapse(recordings, files, (after(0), after(until_s)), target, every_s=every_s, words=WORDS)
    assert film is not None
    return film


def pictures(path: Path) -> list[NDArray[np.uint8]]:
    """The grey pictures of a film, (height, width)."""
    with av.open(str(path)) as container:
        return [np.asarray(frame.to_ndarray(format="gray"), np.uint8) for frame in container.decode(video=0)]


@pytest.mark.parametrize(("codec", "b_frames"), [("libx264", 0), ("libx264", 2), ("libx265", 0), ("mjpeg", 0)])
def test_a_picture_every_second(codec: str, b_frames: int, tmp_path: Path, recordings: Path) -> None:
    files = files_with_ends(recordings, record(recordings, encode(tmp_path / "a.mp4", codec, 6, b_frames=b_frames), segment_s=3.0))
    film = made(recordings, files, 6, tmp_path / "film.mp4")
    assert (film.pictures, film.hatched, film.holes) == (6, 0, ())
    numbers = [number_of(picture) for picture in pictures(tmp_path / "film.mp4")]
    assert numbers == [0, 10, 20, 30, 40, 50]
    content = (tmp_path / "film.mp4").read_bytes()
    assert content.find(b"moov") < content.find(b"mdat")


def test_a_hole_is_hatched_and_as_long_as_it_was(tmp_path: Path, recordings: Path) -> None:
    first = record(recordings, encode(tmp_path / "a.mp4", "libx264", 3))
    then = record(recordings, encode(tmp_path / "b.mp4", "libx264", 3, first=1000), after(20))
    film = made(recordings, files_with_ends(recordings, first + then), 23, tmp_path / "film.mp4")
    shown = pictures(tmp_path / "film.mp4")
    assert len(shown) == 23
    assert [number_of(picture) for picture in shown[20:]] == [1000, 1010, 1020]
    assert film.holes == (Hole(after(5), after(20)),)
    assert (film.pictures, film.hatched) == (8, 15)
    for picture in shown[5:20]:
        top = picture[:150]
        assert top.mean() < 40, "black"
        assert 0.02 < (top > HATCH_GREY // 2).mean() < 0.2, "with lines"
        assert picture[150:].max() > 180, "and words"


def test_the_clock_of_the_site_is_drawn(tmp_path: Path, recordings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []
    monkeypatch.setattr(camera.footage.time_lapse, "_write", lambda _canvas, text: texts.append(text))
    files = files_with_ends(recordings, record(recordings, encode(tmp_path / "a.mp4", "libx264", 2)))
    made(recordings, files, 8, tmp_path / "film.mp4", every_s=4.0)
    assert texts == ["2026-11-22 21:03:20 WIB", "2026-11-22 21:03:24 WIB  not recorded"]


def test_a_key_frame_is_drawn_with_its_own_instant(tmp_path: Path, recordings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []
    monkeypatch.setattr(camera.footage.time_lapse, "_write", lambda _canvas, text: texts.append(text))
    files = files_with_ends(recordings, record(recordings, encode(tmp_path / "a.mp4", "libx264", 6)))
    made(recordings, files, 5, tmp_path / "film.mp4", every_s=1.6)
    assert [text[17:19] for text in texts] == ["20", "21", "23", "24"]


def test_a_stream_that_changes_its_size_stays_in_the_film(tmp_path: Path, recordings: Path) -> None:
    wide = record(recordings, encode(tmp_path / "a.mp4", "libx264", 2, size=(1920, 1080)))
    tall = record(recordings, encode(tmp_path / "b.mp4", "libx265", 2, size=(480, 480)), after(2))
    film = made(recordings, files_with_ends(recordings, wide + tall), 4, tmp_path / "film.mp4")
    shown = pictures(tmp_path / "film.mp4")
    assert film.pictures == 4
    assert {picture.shape for picture in shown} == {(720, 1280)}
    assert shown[3][100:600, :250].max() < 40 < shown[3][100:600, 300:900].mean()


def test_the_growing_segment_and_a_damaged_one(tmp_path: Path, recordings: Path) -> None:
    whole: list[WrittenSegment] = []
    with recording(recordings, encode(tmp_path / "a.mp4", "libx264", 9), segment_s=3.0, whole=whole) as writer:
        assert writer.writing is not None
        path, started_at = writer.writing
        files = [*files_with_ends(recordings, whole), File(recordings / path, started_at, after(8.9))]
        files[0].path.unlink()
        files[1].path.write_bytes(bytes(1000))
        film = made(recordings, files, 8, tmp_path / "film.mp4")
    assert (film.missing, film.damaged) == ((files[0].path,), (files[1].path,))
    assert film.holes == (Hole(after(0), after(6)),)
    assert film.pictures == 2


def test_without_x264_the_film_is_motion_jpeg(tmp_path: Path, recordings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera.footage.time_lapse, "_is_there", lambda encoder: encoder == "mjpeg")
    files = files_with_ends(recordings, record(recordings, encode(tmp_path / "a.mp4", "libx264", 3)))
    made(recordings, files, 3, tmp_path / "film.mp4")
    assert [number_of(picture) for picture in pictures(tmp_path / "film.mp4")] == [0, 10, 20]
    with av.open(str(tmp_path / "film.mp4")) as container:
        assert container.streams.video[0].codec_context.name == "mjpeg"


def test_cancelled_or_refused_it_leaves_nothing(tmp_path: Path, recordings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = files_with_ends(recordings, record(recordings, encode(tmp_path / "a.mp4", "libx264", 3)))
    out, told, asked = tmp_path / "out", list[float](), itertools.count(1)
    out.mkdir()
    between = (after(0), after(100))
    film = make_time_lapse(
        recordings, files, between, out / "a.mp4", every_s=1.0, words=WORDS, progress=told.append, cancelled=lambda: next(asked) > 30
    )  # fmt: skip
    assert film is None
    assert told == [number / 100 for number in range(30)]
    with pytest.raises(Fault, match="no footage"):
        made(recordings, [], 100, out / "a.mp4")
    with pytest.raises(Fault, match="recordings folder"):
        made(recordings, files, 100, recordings / "a.mp4")
    with pytest.raises(Fault, match="outside the recordings"):
        made(recordings, [File(tmp_path / "a.mp4", after(0))], 100, out / "a.mp4")

    def write(_file: camera.footage.outgoing.OutgoingFile, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(camera.footage.outgoing.OutgoingFile, "write", write)
    with pytest.raises(OSError, match="No space"):
        made(recordings, files, 20, out / "a.mp4")
    assert list(out.iterdir()) == []
