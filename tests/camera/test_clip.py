"""Clips: packets as they were recorded, times as they were, and nothing left of a clip that did not come to its end."""

import errno
import hashlib
import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import av
import pytest

import camera.footage.outgoing
from camera.fault import Fault
from camera.footage.clip import Clip, Hole, cut
from camera.footage.playback import File
from camera.journal import WrittenSegment
from tests.camera.footage import after, encode, files_of, payloads, record, recording, shown

CODECS = [("libx264", 0), ("libx264", 2), ("libx265", 0), ("libx265", 2), ("mjpeg", 0)]


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    return tmp_path / "recordings"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out" / "clip.mp4"


def clip_of(recordings: Path, files: list[File], from_s: float, until_s: float, out: Path) -> Clip:
    clip = cut(recordings, files, after(from_s), after(until_s), out)
    assert clip is not None
    return clip


def left(out: Path) -> list[str]:
    return sorted(path.name for path in out.parent.iterdir())


@pytest.mark.parametrize(("codec", "b_frames"), CODECS)
def test_a_clip_over_segments_holds_the_packets_as_they_were_recorded(
    codec: str, b_frames: int, tmp_path: Path, recordings: Path, out: Path
) -> None:
    segments = record(recordings, encode(tmp_path / "a.mp4", codec, 9, b_frames=b_frames), segment_s=3.0)
    files = files_of(recordings, segments)
    assert len(files) >= 3
    clip = clip_of(recordings, files, 1.5, 7.05, out)
    recorded = [packet for file in files for packet in payloads(file.path)]
    copied = payloads(out)
    begin = recorded.index(copied[0])
    assert recorded[begin : begin + len(copied)] == copied
    delay_s = (clip.starts_at - after(0)).total_seconds() % 1 if b_frames else 0.0
    assert begin == (15 if codec == "mjpeg" else 10)
    if not b_frames:
        assert begin + len(copied) == 71
    assert clip.starts_at == after((1.5 if codec == "mjpeg" else 1.0) + delay_s)
    assert clip.skip_s == pytest.approx(0.0 if codec == "mjpeg" else 0.5 - delay_s)
    assert (clip.asked_at, clip.holes, clip.missing, clip.damaged) == (after(1.5), (), (), ())
    (file,) = clip.files
    assert (file.path, file.packets, file.bytes) == (out, len(copied), out.stat().st_size)
    assert file.sha256 == hashlib.sha256(out.read_bytes()).hexdigest()
    assert left(out) == ["clip.mp4"]


@pytest.mark.parametrize(("codec", "b_frames"), CODECS)
def test_a_player_begins_at_the_asked_instant_and_shows_every_picture_at_its_time(
    codec: str, b_frames: int, tmp_path: Path, recordings: Path, out: Path
) -> None:
    files = files_of(recordings, record(recordings, encode(tmp_path / "a.mp4", codec, 9, b_frames=b_frames), segment_s=3.0))
    clip_of(recordings, files, 1.5, 7.05, out)
    times, numbers = zip(*shown(out), strict=True)
    delay = {0: 0, 2: 2}[b_frames]  # by how many pictures a segment's pictures come later than they are sent
    assert numbers[0] == 15 - delay
    assert list(numbers) == list(range(numbers[0], numbers[-1] + 1))
    assert numbers[-1] >= 70 - delay
    assert list(times) == pytest.approx([number / 10 for number in range(len(numbers))], abs=0.002)


@pytest.mark.parametrize(("codec", "b_frames"), CODECS)
def test_libav_reads_a_clip_without_a_warning(codec: str, b_frames: int, tmp_path: Path, recordings: Path, out: Path) -> None:
    files = files_of(recordings, record(recordings, encode(tmp_path / "a.mp4", codec, 9, b_frames=b_frames), segment_s=3.0))
    clip_of(recordings, files, 1.5, 7.05, out)
    assert out.read_bytes().find(b"moov") < out.read_bytes().find(b"mdat"), "the index comes first"
    level = av.logging.get_level()
    av.logging.set_level(av.logging.WARNING)
    try:
        with av.logging.Capture() as logs:
            shown(out)
    finally:
        av.logging.set_level(level)
    assert logs == []


def said_by_ffmpeg(video: Path) -> set[str]:
    command = ["ffmpeg", "-v", "warning", "-i", str(video), "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    return {line.partition("] ")[2] or line for line in said.splitlines()}


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not on this machine; libav's own reader is asked above")
@pytest.mark.parametrize(("codec", "b_frames"), CODECS)
def test_ffmpeg_reads_a_clip_without_a_warning(codec: str, b_frames: int, tmp_path: Path, recordings: Path, out: Path) -> None:
    source = encode(tmp_path / "a.mp4", codec, 9, b_frames=b_frames)
    files = files_of(recordings, record(recordings, source, segment_s=3.0))
    clip_of(recordings, files, 1.5, 7.05, out)
    # What it finds fault with in the packets as they were sent is not ours: some versions miss an end in the JPEG of others.
    assert said_by_ffmpeg(out) <= said_by_ffmpeg(source)
    assert codec == "mjpeg" or not said_by_ffmpeg(out)


def test_a_hole_is_listed_and_lasts_as_long_as_it_lasted(tmp_path: Path, recordings: Path, out: Path) -> None:
    first = record(recordings, encode(tmp_path / "a.mp4", "libx264", 3))
    then = record(recordings, encode(tmp_path / "b.mp4", "libx264", 3, first=1000), after(63))
    clip = clip_of(recordings, files_of(recordings, first + then), 1.0, 80.0, out)
    assert clip.holes == (Hole(after(2.9), after(63)), Hole(after(65.9), after(80)))
    pictures = shown(out)
    assert pictures[19:21] == [(1.9, 29), (62.0, 1000)]


def test_a_clip_that_begins_before_the_footage_says_so(tmp_path: Path, recordings: Path, out: Path) -> None:
    files = files_of(recordings, record(recordings, encode(tmp_path / "a.mp4", "libx264", 3)))
    clip = clip_of(recordings, files, -60.0, 2.0, out)
    assert (clip.starts_at, clip.skip_s, clip.holes) == (after(0), 0.0, (Hole(after(-60), after(0)),))
    assert shown(out)[0] == (0.0, 0)


def test_a_hole_of_a_night_begins_a_new_file(tmp_path: Path, recordings: Path, out: Path) -> None:
    first = record(recordings, encode(tmp_path / "a.mp4", "libx264", 3))
    then = record(recordings, encode(tmp_path / "b.mp4", "libx264", 3), after(9 * 3600))
    clip = clip_of(recordings, files_of(recordings, first + then), 0.0, 10 * 3600.0, out)
    assert [file.starts_at for file in clip.files] == [after(0), after(9 * 3600)]


def test_a_stream_that_changes_makes_several_files(tmp_path: Path, recordings: Path, out: Path) -> None:
    first = record(recordings, encode(tmp_path / "a.mp4", "libx264", 3))
    larger = record(recordings, encode(tmp_path / "b.mp4", "libx264", 3, size=(480, 270), first=100), after(3))
    other = record(recordings, encode(tmp_path / "c.mp4", "libx265", 3, first=200), after(6))
    clip = clip_of(recordings, files_of(recordings, first + larger + other), 1.5, 20.0, out)
    assert left(out) == ["clip-1.mp4", "clip-2.mp4", "clip-3.mp4"]
    assert [(file.path.name, file.starts_at) for file in clip.files] == [
        ("clip-1.mp4", after(1)),
        ("clip-2.mp4", after(3)),
        ("clip-3.mp4", after(6)),
    ]
    assert clip.holes == (Hole(after(8.9), after(20)),)
    for file, begins in zip(clip.files, (15, 100, 200), strict=True):
        assert shown(file.path)[0] == (0.0, begins)
        assert file.sha256 == hashlib.sha256(file.path.read_bytes()).hexdigest()


def test_other_parameter_sets_of_the_same_size_make_another_file(tmp_path: Path, recordings: Path, out: Path) -> None:
    first = record(recordings, encode(tmp_path / "a.mp4", "libx264", 3))
    then = record(recordings, encode(tmp_path / "b.mp4", "libx264", 3, b_frames=2), after(3))
    again = record(recordings, encode(tmp_path / "c.mp4", "libx264", 3, b_frames=2), after(6))
    clip = clip_of(recordings, files_of(recordings, first + then + again), 0.0, 8.9, out)
    assert [file.packets for file in clip.files] == [30, 60]
    assert clip.holes == ()


@pytest.mark.parametrize("torn_bytes", [0, 200])
def test_the_segment_that_still_grows_is_used_as_far_as_it_is_there(torn_bytes: int, tmp_path: Path, recordings: Path, out: Path) -> None:
    """torn_bytes: so much of the fragment that is being written is not there yet."""
    whole: list[WrittenSegment] = []
    with recording(recordings, encode(tmp_path / "a.mp4", "libx264", 9), segment_s=3.0, whole=whole) as writer:
        assert writer.writing is not None
        path, started_at = writer.writing
        os.truncate(recordings / path, (recordings / path).stat().st_size - torn_bytes)
        clip = clip_of(recordings, [*files_of(recordings, whole), File(recordings / path, started_at)], 1.5, 60.0, out)
    assert clip.damaged == clip.missing == ()
    numbers = [number for _time, number in shown(out)]
    assert numbers == list(range(15, len(numbers) + 15)) and len(numbers) > 50
    assert clip.holes == (Hole(clip.files[0].ends_at, after(60)),)


def test_a_segment_that_begins_before_the_last_one_has_ended_is_moved_behind_it(tmp_path: Path, recordings: Path, out: Path) -> None:
    first = record(recordings, encode(tmp_path / "a.mp4", "libx264", 3))
    then = record(recordings, encode(tmp_path / "b.mp4", "libx264", 3, first=30), after(2.7))
    clip_of(recordings, files_of(recordings, first + then), 0.0, 20.0, out)
    assert shown(out) == [(number / 10, number) for number in range(60)]


@pytest.mark.parametrize("harm", ["gone", "nonsense", "cut off", "middle"])
def test_missing_and_damaged_segments_are_named_and_the_others_used(harm: str, tmp_path: Path, recordings: Path, out: Path) -> None:
    files = files_of(recordings, record(recordings, encode(tmp_path / "a.mp4", "libx264", 9), segment_s=3.0))
    harmed = files[1].path
    content = bytearray(harmed.read_bytes())
    if harm == "gone":
        harmed.unlink()
    elif harm == "nonsense":
        harmed.write_bytes(bytes(len(content)))
    elif harm == "cut off":
        harmed.write_bytes(content[: len(content) * 2 // 3])
    else:
        place = content.find(b"moof", content.find(b"moof") + 4)
        content[place - 4 : place + 60] = bytes(64)
        harmed.write_bytes(content)
    clip = clip_of(recordings, files, 0.0, 8.9, out)
    assert (clip.missing, clip.damaged) == (((harmed,), ()) if harm == "gone" else ((), (harmed,)))
    numbers = [number for _time, number in shown(out)]
    assert numbers == sorted(numbers)
    assert {*range(30), *range(60, 90)} <= {*numbers}
    if harm in ("gone", "nonsense"):
        assert clip.holes == (Hole(after(2.9), after(6)),)
        assert not {*range(30, 60)} & {*numbers}


def test_where_nothing_is_recorded_there_is_no_clip(tmp_path: Path, recordings: Path, out: Path) -> None:
    files = files_of(recordings, record(recordings, encode(tmp_path / "a.mp4", "libx264", 3)))
    for asked in ([], files):
        with pytest.raises(Fault, match="no footage"):
            cut(recordings, asked, after(600), after(660), out)
    assert left(out) == []


def test_a_cancelled_clip_leaves_nothing(tmp_path: Path, recordings: Path, out: Path) -> None:
    files = files_of(recordings, record(recordings, encode(tmp_path / "a.mp4", "libx264", 9), segment_s=3.0))
    asked, told = itertools.count(1), list[float]()
    assert cut(recordings, files, after(0), after(8), out, progress=told.append, cancelled=lambda: next(asked) > 40) is None
    assert left(out) == []
    assert told == sorted(told) and len(told) == 40


def test_an_interrupted_clip_leaves_nothing(tmp_path: Path, recordings: Path, out: Path) -> None:
    files = files_of(recordings, record(recordings, encode(tmp_path / "a.mp4", "libx264", 9), segment_s=3.0))

    def interrupt(share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cut(recordings, files, after(0), after(8), out, progress=interrupt)
    assert left(out) == []


@pytest.mark.skipif(sys.platform != "linux", reason="/proc/self/fd is Linux's")
@pytest.mark.parametrize("refused", ["first", "later", "end", "sync"])
def test_a_full_disk_leaves_nothing(refused: str, tmp_path: Path, recordings: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = files_of(recordings, record(recordings, encode(tmp_path / "a.mp4", "mjpeg", 9), segment_s=3.0))
    writes = itertools.count()
    write_all, sync = camera.footage.outgoing.OutgoingFile.write, os.fsync
    cut(recordings, files, after(0), after(8), out)
    out.unlink()

    def counted(file: camera.footage.outgoing.OutgoingFile, data: bytes) -> int:
        next(writes)
        return write_all(file, data)

    monkeypatch.setattr("camera.footage.outgoing.BUFFER_BYTES", 4096)
    monkeypatch.setattr(camera.footage.outgoing.OutgoingFile, "write", counted)
    cut(recordings, files, after(0), after(8), out)
    out.unlink()
    most = next(writes)
    full_at = {"first": 0, "later": most // 3, "end": most - 1, "sync": most + 1}[refused]
    writes = itertools.count()

    def write(file: camera.footage.outgoing.OutgoingFile, data: bytes) -> int:
        if next(writes) >= full_at:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write_all(file, data)

    def full(handle: int) -> None:
        if refused == "sync":
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(handle)

    monkeypatch.setattr(camera.footage.outgoing.OutgoingFile, "write", write)
    monkeypatch.setattr(os, "fsync", full)
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(OSError, match="No space"):
        cut(recordings, files, after(0), after(8), out)
    assert left(out) == []
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_footage_goes_out_only_from_inside_the_recordings(tmp_path: Path, recordings: Path, out: Path) -> None:
    elsewhere = files_of(tmp_path / "elsewhere", record(tmp_path / "elsewhere", encode(tmp_path / "a.mp4", "libx264", 3)))
    recordings.mkdir()
    link = recordings / "link.mp4"
    link.symlink_to(elsewhere[0].path)
    climbing = recordings / ".." / elsewhere[0].path.relative_to(tmp_path)
    for path in (elsewhere[0].path, link, climbing):
        with pytest.raises(Fault, match="outside the recordings"):
            cut(recordings, [File(path, after(0))], after(0), after(2), out)
    assert left(out) == []


def test_nothing_is_written_into_the_recordings_or_over_another_file(tmp_path: Path, recordings: Path, out: Path) -> None:
    files = files_of(recordings, record(recordings, encode(tmp_path / "a.mp4", "libx264", 3)))
    (tmp_path / "way").symlink_to(recordings)
    for target in (recordings / "clip.mp4", recordings / "31-75" / "x.mp4", tmp_path / "way" / "clip.mp4"):
        with pytest.raises(Fault, match="recordings folder"):
            cut(recordings, files, after(0), after(2), target)
    with pytest.raises(Fault, match="no folder"):
        cut(recordings, files, after(0), after(2), tmp_path / "nowhere" / "clip.mp4")
    out.write_text("mine")
    with pytest.raises(Fault, match="already"):
        cut(recordings, files, after(0), after(2), out)
    assert out.read_text() == "mine"


def test_a_file_that_came_meanwhile_stays(tmp_path: Path, recordings: Path, out: Path) -> None:
    first = record(recordings, encode(tmp_path / "a.mp4", "libx264", 2))
    larger = record(recordings, encode(tmp_path / "b.mp4", "libx264", 2, size=(480, 270)), after(2))
    files = files_of(recordings, first + larger)
    taken = out.with_name("clip-2.mp4")

    def come(_share: float) -> None:
        taken.write_text("mine")

    with pytest.raises(Fault, match="already"):
        cut(recordings, files, after(0), after(4), out, progress=come)
    assert left(out) == ["clip-2.mp4"]
