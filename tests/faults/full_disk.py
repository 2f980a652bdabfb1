"""Fills a real disk with footage and looks at what happens: `python -m tests.faults.full_disk [--mb 200]`. Needs the right to mount.

Books, footage and a real recorder share a disk of that many megabytes in memory. It holds old footage: some of it unflagged, some reviewed
as false alarm, some flagged, some locked; what the camera sends now is locked too. So the disk warns at 15, 10 and 5 %, lets the old
footage go in that order, and when nothing may go any more recording stops with an alarm. Then something else fills the disk to the last
byte, and a delivery is posted all the same. At last the lock is released, footage goes, and recording begins again.

What goes on is told on standard error; the last line on standard output is one JSON object with all that was found.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import sqlalchemy as sa

from camera.live.relay import Relay
from camera.recording.recorder import Recorder
from camera.recording.worker_process import CameraPlan
from storage.database import Database
from storage.ledger.check import check_books
from storage.places import add_camera, add_room
from storage.reserve import FILE_NAME, keep_reserve
from storage.rules.refusal import Refusal
from storage.schema.footage import footage_removal, segment
from storage.schema.watch import watch_event
from storage.watch.alarms import Verdict
from storage.watch.disk import DiskWatch, space_of
from storage.watch.gaps import gaps_between
from storage.watch.journal import WatchJournal
from storage.watch.locks import lock_footage, release
from storage.watch.states import camera_states
from tests.storage.footage import Archive
from tests.storage.store import Store, open_store

PATIENCE_S = 240.0
FPS = 10
# Old footage: how many percent of the disk each of these kinds takes.
OLD_PCT = {"unflagged": 5, "false_alarm": 3, "flagged": 3, "locked": 5}
# How much is free when the camera begins to send, and how long the stream takes for one percent of the disk.
FREE_PCT, PERCENT_S = 17, 1.5
# What the encoder makes of one pixel of noise.
BYTES_A_PIXEL = 1.65


class NoMount(Exception):
    """This computer or this user mounts nothing."""


@dataclass
class Found:
    """What was seen. order: the kinds of old footage in the order in which they went; each of the rest is named by the test."""

    warnings_pct: list[float] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    stopped_alarm: bool = False
    stopped_with_free_pct: float = 0.0
    grew_while_stopped: int = -1
    live_while_stopped: bool = False
    gap_cause: str = ""
    locked_left: int = 0
    posted_on_full_disk: bool = False
    reserve_given_up: bool = False
    faults_in_books: int = -1
    began_again: bool = False
    alarm_over: bool = False


@contextmanager
def mounted(megabytes: int) -> Iterator[Path]:
    """A disk of this size, in memory. Raises NoMount where that is refused."""
    folder = Path(tempfile.mkdtemp(prefix="jaga-disk-"))
    try:
        run = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], capture_output=True, text=True, check=False
        )
        if run.returncode:
            raise NoMount(run.stderr.strip())
        try:
            yield folder
        finally:
            subprocess.run(["umount", str(folder)], check=True)
    except FileNotFoundError as error:
        raise NoMount("there is no mount here") from error
    finally:
        folder.rmdir()


def play(disk: Path, work: Path, say: Callable[[str], None]) -> Found:
    """The whole story on the disk at this place; work: a folder elsewhere."""
    found = Found()
    total = space_of(disk).total
    write_noise(work / "camera.mp4", bytes_per_s=total / 100 / PERCENT_S)
    began = datetime.now(UTC)
    store = open_store(disk / "data", began - timedelta(hours=1))
    with closing(store.database):
        store.deliver(1000, 1000)
        archive, kinds = _furnish(store, disk / "recordings", began)
        keep_reserve(disk / "data")
        _fill_with_old(archive, kinds, total)
        new = lock_footage(archive.database, 2, began, began + timedelta(days=1), "is kept", by=store.supervisor, now=began)
        ballast = _ballast(disk, total)
        say(f"{space_of(disk).free_pct:.1f} % free")
        with _recording(archive, work / "camera.mp4") as watch:
            _until_stopped(archive, watch, found, say)
            _while_full(store, disk, found, say)
            release(archive.database, new, by=store.supervisor, now=datetime.now(UTC))
            ballast.unlink()
            _until_it_goes_on(archive, watch, found, say)
        _look_back(archive, kinds, found)
        found.faults_in_books = len(check_books(store.database).findings)
    return found


def write_noise(path: Path, *, bytes_per_s: float) -> None:
    """Ten seconds of pictures that cannot be made smaller, so that a small one fills a disk."""
    pixels = bytes_per_s / FPS / BYTES_A_PIXEL
    height = 2 * round(np.sqrt(pixels * 9 / 16) / 2)
    width = 2 * round(pixels / height / 2)
    noise = np.random.default_rng(1)
    with av.open(str(path), "w") as video:
        stream = video.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"g": str(FPS), "preset": "ultrafast", "tune": "zerolatency", "qp": "1"}
        for index in range(10 * FPS):
            luma = noise.integers(16, 235, (height, width), dtype=np.uint8)
            grey = np.concatenate([luma, np.full((height // 2, width), 128, np.uint8)])
            frame = av.VideoFrame.from_ndarray(grey, format="yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            video.mux(stream.encode(frame))
        video.mux(stream.encode())


def _furnish(store: Store, recordings: Path, began: datetime) -> tuple[Archive, dict[int, str]]:
    """Two rooms with a camera each: the old footage is of the first, the second sends now."""
    rooms = [add_room(store.database, store.site_id, name, now=store.clock).id for name in "AB"]
    for room_id in rooms:
        add_camera(store.database, room_id, "Kamera", "rtsp://127.0.0.1/1", "", now=store.clock)
    recordings.mkdir()
    # The oldest is of yesterday, and what is dearer is older: its age alone would take it first.
    archive = Archive(store.database, recordings, began - timedelta(days=1), store.supervisor, store.supervisor, (rooms[0], rooms[1]))
    return archive, {}


def _fill_with_old(archive: Archive, kinds: dict[int, str], total: int) -> None:
    size = max(1 << 16, total // 100)
    minute = 0
    for kind in reversed(OLD_PCT):
        for _number in range(OLD_PCT[kind] * total // 100 // size):
            kinds[archive.record(1, minute, bytes_=size)] = kind
            if kind == "locked":
                at = archive.after(minute)
                until = at + timedelta(seconds=60)
                lock_footage(archive.database, 1, at, until, "asked for by Bawaslu", by=archive.supervisor, now=archive.begun)
            elif kind != "unflagged":
                archive.event(1, minute, Verdict.FALSE_ALARM if kind == "false_alarm" else None)
            minute += 5


def _ballast(disk: Path, total: int) -> Path:
    """Takes what is free but for FREE_PCT, as something else on the disk would."""
    file = disk / "ballast"
    file.write_bytes(bytes(max(0, space_of(disk).free - total * FREE_PCT // 100)))
    return file


@contextmanager
def _recording(archive: Archive, video: Path) -> Iterator[DiskWatch]:
    """The recorder and the disk watch, joined as main.py joins them."""
    stop, relay = threading.Event(), Relay()
    watch = DiskWatch(archive.database, archive.recordings, lambda: datetime.now(UTC))
    plan = CameraPlan(2, "31-75/camera-2", video.as_uri())
    journal = WatchJournal(archive.database, lambda _table, _row: None)
    recorder = Recorder(
        lambda _now: [replace(plan, write=watch.may_record)], journal, archive.recordings, relay, outage=Refusal, segment_s=2.0
    )  # fmt: skip
    thread = threading.Thread(target=recorder.run, args=(stop,))
    with watch.running():
        thread.start()
        try:
            yield watch
        finally:
            stop.set()
            thread.join()
            journal.close()
            relay.close()


def _until_stopped(archive: Archive, watch: DiskWatch, found: Found, say: Callable[[str], None]) -> None:
    def full() -> bool:
        states = {state.camera_id: state for state in camera_states(archive.database)}
        return not watch.may_record and 2 in states and states[2].reason == "disk_full"

    _wait(full, "recording to stop", lambda: say(f"{space_of(archive.recordings).free_pct:.1f} % free"))
    found.stopped_with_free_pct = space_of(archive.recordings).free_pct
    say(f"recording has stopped with {found.stopped_with_free_pct:.1f} % free")
    _wait(lambda: bool(_events(archive.database, "recorder_stopped")), "the alarm")
    found.stopped_alarm = True
    found.gap_cause = next(
        (gap.cause for gap in gaps_between(archive.database, *_ever()) if gap.camera_id == 2 and gap.ended_at is None), ""
    )
    state = next(state for state in camera_states(archive.database) if state.camera_id == 2)
    _wait(lambda: _last_packet(archive.database) != state.last_packet_at, "a packet that is not written")
    found.live_while_stopped = state.state == "live"


def _while_full(store: Store, disk: Path, found: Found, say: Callable[[str], None]) -> None:
    before = _footage_bytes(disk)
    with (disk / "filler").open("wb", buffering=0) as filler:
        try:
            while True:
                filler.write(bytes(1 << 16))
        except OSError:
            pass
    say(f"{space_of(disk).free} bytes free; posting a delivery")
    events = store.events()
    store.deliver(500, 499)
    found.posted_on_full_disk = store.events() == events + 1
    found.reserve_given_up = not (disk / "data" / FILE_NAME).exists()
    found.grew_while_stopped = _footage_bytes(disk) - before
    (disk / "filler").unlink()


def _until_it_goes_on(archive: Archive, watch: DiskWatch, found: Found, say: Callable[[str], None]) -> None:
    def goes_on() -> bool:
        return watch.may_record and all(gap.ended_at or gap.camera_id != 2 for gap in gaps_between(archive.database, *_ever()))

    _wait(goes_on, "recording to begin again")
    say("records again")
    found.began_again = True
    _wait(lambda: all(ended for _pct, ended in _events(archive.database, "recorder_stopped")), "the alarm's end")
    found.alarm_over = True


def _look_back(archive: Archive, kinds: dict[int, str], found: Found) -> None:
    found.warnings_pct = [round(100 - used, 1) for used, _ended in _events(archive.database, "disk_low")]
    with archive.database.read() as connection:
        gone = connection.execute(sa.select(footage_removal).order_by(footage_removal.c.at)).all()
        paths = {row.id: row.path for row in connection.execute(sa.select(segment.c.id, segment.c.path))}
    ranks = {kind: rank for rank, kind in enumerate(OLD_PCT)}
    # What went in one portion bears one instant.
    for row in sorted(gone, key=lambda row: (row.at, ranks.get(kinds.get(row.segment_id, ""), 0), row.segment_id)):
        kind = kinds.get(row.segment_id)
        if kind and (not found.order or found.order[-1] != kind):
            found.order.append(kind)
    found.reasons = sorted({row.reason for row in gone})
    found.locked_left = sum((archive.recordings / paths[row]).exists() for row, kind in kinds.items() if kind == "locked")


def _events(database: Database, kind: str) -> list[tuple[float, bool]]:
    """Percent used, and whether it is over."""
    own = watch_event.c
    with database.read() as connection:
        rows = connection.execute(sa.select(own.peak_pct, own.ended_at).where(own.kind == kind).order_by(own.id))
        return [(row.peak_pct, row.ended_at is not None) for row in rows]


def _last_packet(database: Database) -> datetime | None:
    return next(state.last_packet_at for state in camera_states(database) if state.camera_id == 2)


def _footage_bytes(disk: Path) -> int:
    return sum(file.stat().st_size for file in (disk / "recordings" / "31-75" / "camera-2").rglob("*.mp4*"))


def _ever() -> tuple[datetime, datetime]:
    now = datetime.now(UTC)
    return now - timedelta(days=2), now + timedelta(days=1)


def _wait(done: Callable[[], bool], what: str, meanwhile: Callable[[], None] = lambda: None) -> None:
    end_s = time.monotonic() + PATIENCE_S
    while not done():
        if time.monotonic() > end_s:
            raise AssertionError(f"waited in vain for {what}")
        threading.Event().wait(0.2)
        meanwhile()


def main(arguments: list[str]) -> int:
    """Plays the story and prints what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--mb", type=int, default=200, help="size of the disk in megabytes")
    options = parser.parse_args(arguments)
    try:
        with mounted(options.mb) as disk, tempfile.TemporaryDirectory() as work:
            found = play(disk, Path(work), lambda said: print(said, file=sys.stderr, flush=True))
    except NoMount as error:
        print(f"nothing can be mounted here: {error}", file=sys.stderr)
        return 1
    print(json.dumps(vars(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
