"""Stills: exactly the picture that was to be seen at an instant."""

import errno
import hashlib
from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

import camera.footage.outgoing
from camera.fault import Fault
from camera.footage.playback import File
from camera.footage.still import keep_still
from camera.journal import WrittenSegment
from tests.camera.footage import after, encode, files_of, number_of, record, recording


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    return tmp_path / "recordings"


def number_in(path: Path) -> int:
    picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    return number_of(np.asarray(picture, np.uint8))


@pytest.mark.parametrize(("codec", "b_frames"), [("libx264", 0), ("libx264", 2), ("libx265", 2), ("mjpeg", 0)])
@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_a_still_is_the_last_picture_at_or_before_the_instant(
    codec: str, b_frames: int, suffix: str, tmp_path: Path, recordings: Path
) -> None:
    files = files_of(recordings, record(recordings, encode(tmp_path / "a.mp4", codec, 6, b_frames=b_frames), segment_s=3.0))
    delay = 2 if b_frames else 0  # by how many pictures a segment's pictures come later than they are sent
    for at_s, number in ((4.65, 46), (2.9, 29), (5.4, 54)):
        target = tmp_path / f"{number}.{suffix}"
        still = keep_still(recordings, files, after(at_s), target)
        assert number_in(target) == number - delay
        assert still.taken_at == after(number / 10)
        assert (still.asked_at, still.size, still.missing, still.damaged) == (after(at_s), (320, 180), (), ())
        assert (still.file.path, still.file.sha256) == (target, hashlib.sha256(target.read_bytes()).hexdigest())


def test_in_a_hole_it_is_the_last_picture_before(tmp_path: Path, recordings: Path) -> None:
    files = files_of(recordings, record(recordings, encode(tmp_path / "a.mp4", "libx264", 2)))
    still = keep_still(recordings, files, after(40), tmp_path / "a.png")
    assert (still.taken_at, number_in(tmp_path / "a.png")) == (after(1.9), 19)


def test_the_segment_that_still_grows_is_read_too(tmp_path: Path, recordings: Path) -> None:
    whole: list[WrittenSegment] = []
    with recording(recordings, encode(tmp_path / "a.mp4", "libx264", 6), whole=whole) as writer:
        assert writer.writing is not None
        path, started_at = writer.writing
        still = keep_still(recordings, [File(recordings / path, started_at)], after(2.35), tmp_path / "a.png")
    assert (still.taken_at, number_in(tmp_path / "a.png")) == (after(2.3), 23)


def test_a_damaged_segment_is_named_and_the_one_before_it_used(tmp_path: Path, recordings: Path) -> None:
    files = files_of(recordings, record(recordings, encode(tmp_path / "a.mp4", "libx264", 6), segment_s=3.0))
    files[1].path.write_bytes(bytes(10_000))
    still = keep_still(recordings, files, after(4), tmp_path / "a.png")
    assert (still.taken_at, still.damaged, still.missing) == (after(2.9), (files[1].path,), ())


def test_refusals_leave_nothing(tmp_path: Path, recordings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = files_of(recordings, record(recordings, encode(tmp_path / "a.mp4", "libx264", 2)))
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(Fault, match="no footage"):
        keep_still(recordings, files, after(0) - timedelta(seconds=1), out / "a.png")
    with pytest.raises(Fault, match=r"\.png or \.jpg"):
        keep_still(recordings, files, after(1), out / "a.gif")
    with pytest.raises(Fault, match="recordings folder"):
        keep_still(recordings, files, after(1), recordings / "a.png")
    with pytest.raises(Fault, match="outside the recordings"):
        keep_still(recordings, [File(tmp_path / "a.mp4", after(0))], after(1), out / "a.png")

    def write(_file: camera.footage.outgoing.OutgoingFile, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(camera.footage.outgoing.OutgoingFile, "write", write)
    with pytest.raises(OSError, match="No space"):
        keep_still(recordings, files, after(1), out / "a.png")
    assert list(out.iterdir()) == []
