"""Writing segments: whole files in their places, times that only go forward, and nothing left half-done under a final name."""

import errno
import hashlib
import itertools
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

import camera.recording.segment
from camera.journal import Cause, EndReason, WrittenSegment
from camera.recording.segment import SegmentWriter, adopt, camera_folder
from camera.streams.stream import Arrival, Source, Stream, StreamError
from tests.camera.rig import packets_of, write_video

BEGIN = datetime(2026, 11, 22, 14, 3, 20, tzinfo=UTC)


class Played:
    """A clock that runs as fast as it is asked to."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def monotonic(self) -> float:
        return self.now_s

    def pause(self, seconds: float) -> None:
        self.now_s += seconds


@pytest.fixture
def stream(tmp_path: Path) -> Iterator[Stream]:
    write_video(tmp_path / "scene.mp4", seconds=4)
    clock = Played()
    with Stream(Source((tmp_path / "scene.mp4").as_uri()), monotonic=clock.monotonic, pause=clock.pause) as opened:
        yield opened


def writer(folder: Path, *, segment_s: float = 60.0) -> SegmentWriter:
    return SegmentWriter(folder, "31-75/camera-1", lambda s: BEGIN + timedelta(seconds=s), segment_s=segment_s)


def record(stream: Stream, writing: SegmentWriter, packets: int) -> list[WrittenSegment]:
    whole = []
    for number, arrival in enumerate(stream.arrivals()):
        whole.append(writing.write(arrival, stream.video))
        if number == packets - 1:
            break
    return [segment for segment in whole if segment]


def test_a_segment_lies_in_its_place_and_its_row_tells_the_truth(stream: Stream, tmp_path: Path) -> None:
    writing = writer(tmp_path)
    assert record(stream, writing, 30) == []
    growing = writing.writing
    assert growing is not None
    assert growing == ("31-75/camera-1/2026/11/22/2026-11-22T14-03-20Z.mp4.part", BEGIN)
    segment = writing.finish(EndReason.STOPPED)
    assert segment is not None
    file = tmp_path / "31-75/camera-1/2026/11/22/2026-11-22T14-03-20Z.mp4"
    assert segment.path == file.relative_to(tmp_path).as_posix()
    assert (segment.started_at, segment.packets, segment.end_reason) == (BEGIN, 30, "stopped")
    assert segment.ended_at - BEGIN == timedelta(seconds=2.9)
    assert segment.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert not (tmp_path / growing[0]).exists()
    assert packets_of(file) == packets_of(tmp_path / "scene.mp4")[:30]


def test_a_full_segment_is_followed_by_one_that_begins_with_a_key_frame(stream: Stream, tmp_path: Path) -> None:
    writing = writer(tmp_path, segment_s=1.5)
    segments = record(stream, writing, 60)
    writing.finish(EndReason.STOPPED)
    assert [segment.started_at - BEGIN for segment in segments] == [timedelta(0), timedelta(seconds=2)]
    for segment in segments:
        with av.open(str(tmp_path / segment.path)) as container:
            assert next(container.decode(video=0)).key_frame


def test_what_has_reached_the_disk_plays_although_the_segment_is_not_finished(stream: Stream, tmp_path: Path) -> None:
    writing = writer(tmp_path)
    record(stream, writing, 35)
    growing = writing.writing
    assert growing is not None
    with av.open(str(tmp_path / growing[0]), format="mp4") as container:
        assert len(list(container.decode(video=0))) >= 30
    writing.finish(EndReason.STOPPED)


def test_two_segments_of_the_same_second_get_two_names(stream: Stream, tmp_path: Path) -> None:
    names = []
    for _ in range(2):
        writing = writer(tmp_path)
        writing.write(next(stream.arrivals()), stream.video)
        segment = writing.finish(EndReason.CAMERA_LOST)
        assert segment is not None
        names.append(Path(segment.path).name)
        stream._container.seek(0)
    assert names == ["2026-11-22T14-03-20Z.mp4", "2026-11-22T14-03-20Z-2.mp4"]


@pytest.mark.parametrize("jump", [-90_000_000, 90_000 * 86_400 * 365, None], ids=["back", "a year ahead", "missing"])
def test_a_jump_of_the_cameras_clock_becomes_the_time_that_passed(stream: Stream, tmp_path: Path, jump: int | None) -> None:
    writing = writer(tmp_path)
    for number, arrival in enumerate(stream.arrivals()):
        if number >= 15:
            packet = arrival.packet
            packet.dts = packet.pts = None if jump is None or packet.dts is None else packet.dts + jump
        writing.write(arrival, stream.video)
        if number == 29:
            break
    segment = writing.finish(EndReason.STOPPED)
    assert segment is not None
    with av.open(str(tmp_path / segment.path)) as container:
        times = [frame.time for frame in container.decode(video=0)]
    assert times == pytest.approx([number / 10 for number in range(30)], abs=0.011)


def test_a_segment_whose_writer_was_killed_is_adopted_with_what_is_on_the_disk(stream: Stream, tmp_path: Path) -> None:
    writing = writer(tmp_path)
    record(stream, writing, 35)
    growing = writing.writing
    assert growing is not None
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut/a.mp4.part").write_bytes((tmp_path / growing[0]).read_bytes()[:-200])
    writing.finish(EndReason.STOPPED)
    segment = adopt(tmp_path, "cut/a.mp4.part", BEGIN)
    assert segment is not None
    assert (segment.path, segment.end_reason) == ("cut/a.mp4", "cut_short")
    assert segment.packets == len(packets_of(tmp_path / "cut/a.mp4")) >= 20
    assert timedelta(seconds=1.9) <= segment.ended_at - BEGIN <= timedelta(seconds=3.4)
    assert segment.sha256 == hashlib.sha256((tmp_path / "cut/a.mp4").read_bytes()).hexdigest()
    assert adopt(tmp_path, "cut/a.mp4.part", BEGIN) == segment, "told again, it says the same"


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full and /proc/self/fd are Linux's")
@pytest.mark.parametrize("refused", [0, 3])
def test_a_full_disk_leaves_no_open_file_and_no_segment_that_lies(
    stream: Stream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: int
) -> None:
    """refused: from which write on the disk is full."""
    writing, writes = writer(tmp_path), itertools.count()
    write_all = camera.recording.segment._File.write

    def write(file: camera.recording.segment._File, data: bytes) -> int:
        if next(writes) >= refused:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write_all(file, data)

    monkeypatch.setattr(camera.recording.segment._File, "write", write)
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(OSError, match="No space"):
        record(stream, writing, 40)
    monkeypatch.undo()
    segment = writing.finish(EndReason.STOPPED)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    assert not list(tmp_path.rglob("*.part"))
    if refused == 0:
        assert segment is None
        assert len(list(tmp_path.rglob("*.mp4"))) == 1, "the source alone"
    else:
        assert segment is not None
        assert segment.packets == len(packets_of(tmp_path / segment.path))


def test_what_cannot_be_read_after_a_crash_is_never_deleted(tmp_path: Path) -> None:
    torn = tmp_path / "cut" / "a.mp4.part"
    torn.parent.mkdir()
    torn.write_bytes(bytes(100_000))
    with pytest.raises(OSError, match="left as it is"):
        adopt(tmp_path, "cut/a.mp4.part", BEGIN)
    assert torn.stat().st_size == 100_000


def test_a_kind_of_video_that_the_file_cannot_hold_is_named(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "scene.avi"), "w") as video:
        stream = video.add_stream("rawvideo", rate=10)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        frame = av.VideoFrame(32, 32, "yuv420p")
        frame.pts = 0
        video.mux(stream.encode(frame))
    with Stream(Source((tmp_path / "scene.avi").as_uri())) as opened, pytest.raises(StreamError, match="cannot be recorded") as failed:
        writer(tmp_path).write(next(opened.arrivals()), opened.video)
    assert failed.value.cause is Cause.UNREADABLE
    assert not list(tmp_path.rglob("*.part"))


def test_nothing_is_written_before_the_first_key_frame(stream: Stream, tmp_path: Path) -> None:
    writing = writer(tmp_path)
    arrivals = stream.arrivals()
    first = next(arrivals)
    assert writing.write(Arrival(first.packet, first.payload, False, 0.0), stream.video) is None
    assert writing.writing is None
    assert writing.finish(EndReason.STOPPED) is None


@pytest.mark.parametrize("code", ["31.75", "../../etc", "a/b", "", "x;$(id)"])
def test_a_cameras_folder_lies_inside_whatever_the_sites_code(code: str, tmp_path: Path) -> None:
    folder = camera_folder(code, 7)
    assert (tmp_path / folder).resolve().is_relative_to(tmp_path)
    assert folder.endswith("/camera-7")


def write_sounding_video(path: Path) -> None:
    """Four seconds of a still picture with a tone."""
    with av.open(str(path), "w") as video:
        pictures = video.add_stream("libx264", rate=10)
        pictures.width, pictures.height, pictures.pix_fmt = 160, 90, "yuv420p"
        pictures.options = {"g": "10", "tune": "zerolatency"}
        sound = video.add_stream("aac", rate=8000, layout="mono")
        for index in range(40):
            frame = av.VideoFrame.from_ndarray(np.full((135, 160), 100 + index, np.uint8), format="yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, 10)
            video.mux(pictures.encode(frame))
            tone = np.sin(np.arange(800) / 5, dtype=np.float32).reshape(1, -1)
            heard = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
            heard.sample_rate, heard.pts, heard.time_base = 8000, index * 800, Fraction(1, 8000)
            video.mux(sound.encode(heard))
        video.mux(pictures.encode())
        video.mux(sound.encode())


@pytest.mark.parametrize("wanted", [True, False])
def test_sound_is_recorded_as_it_came_where_the_site_wants_it(tmp_path: Path, wanted: bool) -> None:
    write_sounding_video(tmp_path / "scene.mp4")
    clock, writing = Played(), writer(tmp_path)
    sent: dict[bool, list[bytes]] = {True: [], False: []}
    with Stream(Source((tmp_path / "scene.mp4").as_uri()), sound=wanted, monotonic=clock.monotonic, pause=clock.pause) as opened:
        for arrival in opened.arrivals():
            if arrival.played:
                break
            if arrival.sound and writing.writing is None:
                continue  # before the first picture there is no segment
            sent[arrival.sound].append(arrival.payload)
            if arrival.sound:
                writing.write_sound(arrival)
            else:
                writing.write(arrival, opened.video, opened.sound)
    segment = writing.finish(EndReason.STOPPED)
    assert segment is not None
    with av.open(str(tmp_path / segment.path)) as kept:
        assert [stream.type for stream in kept.streams] == (["video", "audio"] if wanted else ["video"])
        found: dict[bool, list[bytes]] = {True: [], False: []}
        for packet in kept.demux():
            if packet.size:
                found[packet.stream.type == "audio"].append(bytes(packet))
    assert found == sent
    assert (len(sent[False]), len(sent[True]) > 20) == (40, wanted)


def test_a_picture_that_would_be_shown_before_it_is_decoded_is_written(stream: Stream, tmp_path: Path) -> None:
    writing = writer(tmp_path)
    for number, arrival in enumerate(stream.arrivals()):
        if number == 5 and arrival.packet.dts is not None:
            arrival.packet.pts = arrival.packet.dts - 100
        writing.write(arrival, stream.video)
        if number == 19:
            break
    segment = writing.finish(EndReason.STOPPED)
    assert segment is not None
    assert segment.packets == len(packets_of(tmp_path / segment.path)) == 20


def test_a_whole_segment_is_told_of_though_the_next_cannot_be_begun(
    stream: Stream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing, arrivals = writer(tmp_path, segment_s=1.0), stream.arrivals()
    with pytest.raises(OSError, match="no space"):
        for arrival in arrivals:
            if writing.writing:
                monkeypatch.setattr(Path, "mkdir", refuse)
            assert writing.write(arrival, stream.video) is None
    whole = writing.whole()
    assert whole is not None
    assert (whole.packets, whole.end_reason, (tmp_path / whole.path).exists()) == (10, EndReason.FULL, True)
    assert writing.whole() is None


def refuse(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "no space")
