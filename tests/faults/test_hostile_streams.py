"""FAULTS rows 1 to 13 as far as a stream can commit them: hostile cameras of our own, real workers, the real recorder and database.

All are recorded at once beside one that behaves, once for the whole file; each test reads what was kept of one of them. Deadlines are
taken from the rows' own instants and from when a camera was called, never from how long a test took.
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import av
import pytest
import sqlalchemy as sa

from camera.recording.worker_process import CameraPlan
from storage.database import Database, open_database
from storage.places import add_camera, add_room, add_site
from storage.schema.footage import gap, segment
from storage.schema.watch import watch_event
from storage.watch.states import camera_states
from tests.camera.rig import recorder, wait_until, worker_pids, write_video
from tests.conftest import NOW
from tests.faults.hostile_rtsp import (
    AUDIO_ONLY,
    FPS,
    OK,
    TICKS_PER_S,
    Conduct,
    HostileCamera,
    Picture,
    ResetLine,
    described,
    dribble,
    endless,
    film,
    sent,
    truncated,
)

# No process hangs longer than this, whatever its camera does.
# The promises are 10 s for a camera that is blind and 15 s for anything that hangs. Here two dozen workers start at the same moment, beside
# other tests, so three and two times as long is waited: what is shown is that it comes, and from which instant on.
BLIND = timedelta(seconds=30)
HANGS = timedelta(seconds=30)
# Rows that follow each other closely on a computer that has time.
CLOSE = timedelta(seconds=10)
# A worker at rest has had 0.1 GiB; what a camera sends must not add much to that.
WORKER_KIB = 256 * 1024
# Pictures that come before a camera goes wrong: three seconds.
GOOD = 3 * FPS
LENGTH = b"Content-Length: %d\r\n\r\n"
YEAR_S = 365 * 86_400


Row = sa.Row[Any]


@dataclass(frozen=True)
class Films:
    """room: 75 s, somebody crosses it after 14 s; quiet: the first 14 s of it; larger and hevc: the same in another size and codec."""

    room: list[Picture]
    quiet: list[Picture]
    larger: list[Picture]
    hevc: list[Picture]


def jumping(by_s: int) -> Iterable[int]:
    """Timestamps of a camera whose clock is set after GOOD pictures, 1000 s after it began."""
    return (
        1000 * TICKS_PER_S + number * TICKS_PER_S // FPS + (by_s * TICKS_PER_S if number >= GOOD else 0) for number in itertools.count()
    )


def with_clock(pictures: list[Picture], by_s: int) -> Iterator[bytes]:
    stamps = list(itertools.islice(jumping(by_s), len(pictures)))
    return sent(pictures, stamps=lambda number: stamps[number])


def after_good(pictures: list[Picture], pieces: Iterable[bytes]) -> Iterator[bytes]:
    yield from sent(pictures[:GOOD])
    yield from pieces


def reset_in_mid_packet(pictures: list[Picture]) -> Iterator[bytes]:
    yield from sent(pictures)
    yield b"$\0\x05\0half of it"
    raise ResetLine


def conducts(films: Films) -> dict[str, Conduct]:
    """Every camera by its name."""
    room, quiet = films.room, films.quiet
    more = b"X-More: " + b"a" * 1000 + b"\r\n"
    ok = OK.encode()
    again = [*quiet[:GOOD], *itertools.repeat(quiet[GOOD], 900)]
    return {
        "good": Conduct(lambda _: sent(room)),
        "falls still": Conduct(lambda call: sent(quiet[:GOOD] if call == 0 else [])),
        "dribbles": Conduct(lambda call: after_good(quiet, dribble(b"".join(sent(quiet[GOOD:])))) if call == 0 else ()),
        "chatters": Conduct(lambda call: after_good(quiet, itertools.repeat(b"$\x09\0\x04talk")) if call == 0 else ()),
        "reset": Conduct(lambda call: reset_in_mid_packet(quiet[:GOOD]) if call == 0 else sent(room[GOOD:])),
        "silent": Conduct(answer=("*", lambda: ())),
        "slow loris": Conduct(answer=("*", lambda: dribble(ok * 9)), pace_s=1.0),
        "endless header": Conduct(answer=("*", lambda: endless(ok, more)), pace_s=0.005),
        "endless line": Conduct(answer=("*", lambda: endless(ok, b"a" * 1000)), pace_s=0.005),
        "endless SDP": Conduct(answer=("DESCRIBE", lambda: endless(ok + LENGTH % 10**9, b"a=x:" + more)), pace_s=0.005),
        "boundless SDP": Conduct(answer=("DESCRIBE", lambda: endless(ok + LENGTH % (2**31 - 1), b"a=x:" + more)), pace_s=0.005),
        "giant packets": Conduct(lambda _: itertools.repeat(b"$\0\xff\xff" + bytes(65535), 900)),
        "no SDP": Conduct(sdp=lambda _: ""),
        "garbage SDP": Conduct(sdp=lambda _: "\x00m=\xff\r\n" * 40),
        "junk behind SDP": Conduct(answer=("DESCRIBE", lambda: [ok + LENGTH % 240 + b"\0m=\xc3\xbf\r\n" * 40])),
        "audio only": Conduct(sdp=lambda _: AUDIO_ONLY),
        "torn pictures": Conduct(lambda _: sent([*room[:GOOD], *truncated(room[GOOD:], lambda _: 3)])),
        "halved pictures": Conduct(lambda _: sent([*room[:GOOD], *truncated(room[GOOD:], lambda unit: len(unit) // 2)])),
        "other size": Conduct(lambda _: sent([*room[:GOOD], *films.larger[GOOD:]])),
        "other codec": Conduct(
            lambda call: reset_in_mid_packet(quiet[:GOOD]) if call == 0 else sent(films.hevc, codec="H265"),
            sdp=lambda call: described("H264" if call == 0 else "H265"),
        ),
        "clock back": Conduct(lambda _: with_clock(room, -60)),
        "clock a year on": Conduct(lambda _: with_clock(room, YEAR_S)),
        "frozen": Conduct(lambda _: sent(again)),
        "looped": Conduct(lambda _: sent(itertools.cycle(quiet[: 10 * FPS]))),
    }


@dataclass(frozen=True)
class Kept:
    """What is kept of all cameras when the recorder has ended. workers: process ids before and after; peak_kib: the most one has had."""

    database: Database
    recordings: Path
    cameras: dict[str, HostileCamera]
    ids: dict[str, int]
    reasons: dict[str, str]
    workers: tuple[list[int], list[int]]
    peak_kib: int

    def events(self, name: str, kind: str | None = None) -> list[Row]:
        """But for what began before the camera was called: a computer at which many workers start at once is blind at first."""
        rows = _rows(self.database, watch_event, self.ids[name])
        return [row for row in rows if kind in (None, row.kind) and row.started_at >= self.called_at(name)]

    def kinds(self, name: str) -> set[str]:
        return {row.kind for row in self.events(name)}

    def blind(self, name: str) -> Row:
        """The first time that the camera was called blind."""
        return next(row for row in _rows(self.database, watch_event, self.ids[name]) if row.kind == "signal_lost")

    def called_at(self, name: str) -> datetime:
        return self.cameras[name].called_at[0]

    def gaps(self, name: str) -> list[Row]:
        """But for the one from the recorder's beginning to the first packet, and the one after its end."""
        return [row for row in _rows(self.database, gap, self.ids[name]) if row.cause not in ("starting", "recorder_stopped")]

    def segments(self, name: str) -> list[Row]:
        return _rows(self.database, segment, self.ids[name])


def _rows(database: Database, table: sa.Table, camera_id: int) -> list[Row]:
    with database.read() as connection:
        return list(connection.execute(table.select().where(table.c.camera_id == camera_id).order_by(table.c.started_at, table.c.id)))


# What must have been kept before the recorder may end: kinds of events, and causes of gaps.
AWAITED = {
    "good": {"motion"},
    "falls still": {"signal_lost", "camera_lost"},
    "dribbles": {"signal_lost", "camera_lost"},
    "chatters": {"signal_lost", "camera_lost"},
    "reset": {"camera_lost"},
    "silent": {"signal_lost", "not_answering"},
    "slow loris": {"signal_lost", "not_answering"},
    "endless header": {"signal_lost"},
    "endless line": {"signal_lost"},
    "endless SDP": {"signal_lost"},
    "boundless SDP": {"signal_lost"},
    "giant packets": {"signal_lost"},
    "no SDP": {"signal_lost", "unreadable"},
    "garbage SDP": {"signal_lost", "unreadable"},
    "junk behind SDP": {"signal_lost", "unreadable"},
    "audio only": {"signal_lost", "unreadable"},
    "torn pictures": {"signal_lost", "unreadable"},
    "other size": {"stream_changed"},
    "other codec": {"stream_changed", "camera_lost"},
    "clock back": {"clock_jump"},
    "clock a year on": {"clock_jump"},
    "frozen": {"frozen"},
    "looped": {"replayed"},
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("hostile")
    write_video(folder / "room.mp4", seconds=75, walks=((14, 18),))
    room = film(folder / "room.mp4")
    films = Films(
        room, room[: 14 * FPS], film(folder / "room.mp4", size=(480, 272)), film(folder / "room.mp4", encoder="libx265")[: 60 * FPS]
    )
    database = open_database(folder / "data")
    with ExitStack() as stack:
        cameras = {name: stack.enter_context(HostileCamera(conduct)) for name, conduct in conducts(films).items()}
        yield _record(database, folder / "recordings", cameras)
    database.close()


def _record(database: Database, recordings: Path, cameras: dict[str, HostileCamera]) -> Kept:
    site = add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=NOW)
    room = add_room(database, site.id, "Gudang kotak", now=NOW)
    ids = {name: add_camera(database, room.id, name, camera.address, "", now=NOW).id for name, camera in cameras.items()}
    plans = [CameraPlan(ids[name], f"31-75/camera-{ids[name]}", camera.address) for name, camera in cameras.items()]

    def missing() -> dict[str, set[str]]:
        found = {name: _words(database, ids[name]) for name in AWAITED}
        return {name: awaited - found[name] for name, awaited in AWAITED.items() if not awaited <= found[name]}

    with recorder(database, recordings, plans):
        wait_until(lambda: all(camera.called_at for camera in cameras.values()), "a call to every camera")
        before = worker_pids()
        wait_until(lambda: not set(missing()) - {"good"}, "what each fault leads to")
        wait_until(lambda: not missing(), "the visit before the camera that behaves")
        reasons = {name: state.reason for state in camera_states(database) for name, id_ in ids.items() if id_ == state.camera_id}
        workers = before, worker_pids()
        peak_kib = max(_peak_kib(pid) for pid in workers[1])
    return Kept(database, recordings, cameras, ids, reasons, workers, peak_kib)


def _words(database: Database, camera_id: int) -> set[str]:
    return {row.kind for row in _rows(database, watch_event, camera_id)} | {row.cause for row in _rows(database, gap, camera_id)}


def _peak_kib(pid: int) -> int:
    peak = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    assert peak
    return int(peak[1])


def pictures_of(kept: Kept, row: Row) -> set[tuple[str, int, int]]:
    """Codec and sizes of a segment's pictures. Every packet in it makes one."""
    with av.open(str(kept.recordings / row.path)) as file:
        frames = list(file.decode(video=0))
        codec = file.streams.video[0].codec_context.name
    assert len(frames) == row.packets
    return {(codec, frame.width, frame.height) for frame in frames}


def check_order(rows: list[Row]) -> None:
    """The segments tell of the time that passed: one after the other, and none longer than it can be."""
    assert rows
    for row, later in itertools.pairwise(rows):
        assert row.started_at <= row.ended_at <= later.started_at
    assert rows[-1].ended_at - rows[0].started_at < timedelta(minutes=3)


def test_the_camera_that_behaves_is_recorded_and_watched_as_if_it_were_alone(kept: Kept) -> None:
    assert kept.gaps("good") == []
    # A computer that is short of time may see one visit as two; nothing else happens to this camera.
    assert {row.kind for row in kept.events("good")} == {"motion"}
    rows = kept.segments("good")
    check_order(rows)
    assert {row.end_reason for row in rows} <= {"full", "stopped"}
    assert all(later.started_at - row.ended_at < CLOSE for row, later in itertools.pairwise(rows))


def test_no_worker_died_and_none_took_much_memory(kept: Kept) -> None:
    before, after = kept.workers
    assert len(before) == len(kept.cameras)
    assert after == before
    assert kept.peak_kib < WORKER_KIB


def test_row_01_a_line_that_is_reset_in_mid_packet_is_a_gap_and_the_camera_comes_back(kept: Kept) -> None:
    (lost,) = kept.gaps("reset")
    first, again = kept.cameras["reset"].called_at[:2]
    assert lost.cause == "camera_lost"
    assert first < lost.started_at < again < lost.ended_at
    assert lost.ended_at - lost.started_at < HANGS
    rows = kept.segments("reset")
    check_order(rows)
    assert rows[0].end_reason == "camera_lost"
    assert {picture for row in rows for picture in pictures_of(kept, row)} == {("h264", 320, 180)}


@pytest.mark.parametrize("name", ["falls still", "dribbles", "chatters"])
def test_row_02_an_open_line_without_pictures_is_blind_within_10_s_of_the_last_one(kept: Kept, name: str) -> None:
    """Whether nothing comes, a byte now and then, or packets that are no pictures."""
    last_at = kept.called_at(name) + timedelta(seconds=GOOD / FPS)
    (blind, *_) = kept.events(name, "signal_lost")
    (lost, *_) = kept.gaps(name)
    assert blind.started_at == lost.started_at
    assert blind.arrived_at - lost.started_at < BLIND
    assert lost.cause == "camera_lost"
    assert abs(lost.started_at - last_at) < CLOSE, "not when the time was up, but when the pictures ended"


@pytest.mark.parametrize("name", ["silent", "slow loris", "endless header", "endless line"])
def test_rows_03_04_a_camera_that_never_ends_its_answer_does_not_answer(kept: Kept, name: str) -> None:
    (lost,) = kept.gaps(name)
    assert lost.cause == "not_answering"
    assert lost.started_at - kept.called_at(name) < BLIND
    assert kept.blind(name).arrived_at - kept.called_at(name) < BLIND
    assert kept.reasons[name] == "not_answering"


@pytest.mark.parametrize("name", ["endless SDP", "boundless SDP", "giant packets"])
def test_row_04_a_flood_is_cut_and_named(kept: Kept, name: str) -> None:
    (lost,) = kept.gaps(name)
    assert lost.cause in ("not_answering", "unreadable", "camera_lost")
    assert lost.started_at - kept.called_at(name) < HANGS
    assert kept.blind(name).arrived_at - kept.called_at(name) < BLIND
    assert kept.segments(name) == []


@pytest.mark.parametrize("name", ["no SDP", "garbage SDP", "junk behind SDP", "audio only"])
def test_row_05_a_missing_or_wrong_description_is_named_and_tries_back_off(kept: Kept, name: str) -> None:
    (lost,) = kept.gaps(name)
    assert lost.cause == kept.reasons[name] == "unreadable"
    assert lost.started_at - kept.called_at(name) < BLIND
    waits = [later - call for call, later in itertools.pairwise(kept.cameras[name].called_at)]
    assert len(waits) >= 2
    assert waits == sorted(waits)
    assert waits[-1] > waits[0] * 1.5


def test_row_06_torn_pictures_are_kept_and_the_camera_is_called_blind(kept: Kept) -> None:
    (blind, *_) = kept.events("torn pictures", "signal_lost")
    assert blind.arrived_at - blind.started_at < BLIND
    assert [lost.cause for lost in kept.gaps("torn pictures")] == ["unreadable"]
    rows = kept.segments("torn pictures")
    check_order(rows)
    assert sum(row.packets for row in rows) > 4 * GOOD, "what came is kept, readable or not"


def test_row_06_halved_pictures_are_still_watched(kept: Kept) -> None:
    assert kept.gaps("halved pictures") == []
    assert "signal_lost" not in kept.kinds("halved pictures")
    assert sum(row.packets for row in kept.segments("halved pictures")) > 4 * GOOD


def test_row_07_another_size_is_told_and_both_clips_can_be_played(kept: Kept) -> None:
    (changed,) = kept.events("other size", "stream_changed")
    assert changed.ended_at == changed.started_at
    assert kept.gaps("other size") == []
    rows = kept.segments("other size")
    check_order(rows)
    assert rows[0].end_reason == "stream_changed"
    assert rows[0].packets == GOOD
    assert pictures_of(kept, rows[0]) == {("h264", 320, 180)}
    assert all(pictures_of(kept, row) == {("h264", 480, 272)} for row in rows[1:])


def test_rows_08_13_another_codec_after_a_reset_is_told_and_both_clips_can_be_played(kept: Kept) -> None:
    """The same as another camera at the address: nothing else gives it away."""
    (changed,) = kept.events("other codec", "stream_changed")
    assert changed.started_at >= kept.cameras["other codec"].called_at[1]
    rows = kept.segments("other codec")
    check_order(rows)
    assert pictures_of(kept, rows[0]) == {("h264", 320, 180)}
    assert all(pictures_of(kept, row) == {("hevc", 320, 180)} for row in rows[1:])
    assert len(rows) > 1


@pytest.mark.parametrize("name", ["clock back", "clock a year on"])
def test_rows_09_10_a_clock_that_jumps_is_told_once_and_arrival_counts(kept: Kept, name: str) -> None:
    (jump,) = kept.events(name, "clock_jump")
    assert jump.ended_at == jump.started_at
    assert abs(jump.started_at - kept.called_at(name)) < HANGS, "its instant is ours, not the camera's"
    assert kept.gaps(name) == []
    assert kept.kinds(name) == {"clock_jump", "motion"}
    rows = kept.segments(name)
    check_order(rows)
    assert all(pictures_of(kept, row) == {("h264", 320, 180)} for row in rows), "none is purged, all can be played"


def test_row_11_a_still_is_told_within_15_s(kept: Kept) -> None:
    (frozen, *_) = kept.events("frozen", "frozen")
    assert frozen.arrived_at - frozen.started_at < HANGS
    assert kept.kinds("frozen") == {"frozen"}
    assert kept.gaps("frozen") == []


def test_row_12_a_loop_is_told_within_60_s_and_both_showings_are_kept(kept: Kept) -> None:
    (replayed,) = kept.events("looped", "replayed")
    assert replayed.arrived_at - replayed.started_at < timedelta(seconds=60)
    assert kept.kinds("looped") == {"replayed"}
    rows = kept.segments("looped")
    assert rows[0].started_at < replayed.started_at - timedelta(seconds=5)
    assert rows[-1].ended_at > replayed.started_at
