"""The recorder while the database is away: what was seen meanwhile is kept afterwards, in order, and a fault of ours holds up nothing."""

import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from camera.live.relay import Relay
from camera.recording.recorder import Recorder
from storage.database import open_database
from storage.rules.refusal import Refusal
from storage.watch.events import events_between
from storage.watch.gaps import gaps_between
from storage.watch.journal import WatchJournal
from storage.watch.segments import footage_between
from tests.camera.rig import enter_camera, recorder, wait_until, write_video


def test_what_is_seen_while_the_database_is_locked_is_kept_afterwards(tmp_path: Path) -> None:
    write_video(tmp_path / "scene.mp4", seconds=12, walks=((4, 7),))
    database = open_database(tmp_path / "data", busy_s=0.2)
    plan = enter_camera(database, (tmp_path / "scene.mp4").as_uri())
    begun = datetime.now(UTC)
    with recorder(database, tmp_path / "recordings", [plan], segment_s=3.0):
        wait_until(lambda: bool(list((tmp_path / "recordings").rglob("*.part"))), "the first packets")
        raw = sqlite3.connect(database.path, isolation_level=None)
        raw.execute("BEGIN EXCLUSIVE")
        wait_until(lambda: len(list((tmp_path / "recordings").rglob("*.mp4"))) >= 3, "segments while the database is locked")
        raw.rollback()
        raw.close()
        reader = open_database(tmp_path / "data")  # patient, unlike the recorder's: it writes all that it has kept at once
        wait_until(lambda: len(footage_between(reader, 1, begun, datetime.now(UTC))) >= 3, "their rows")
        wait_until(lambda: any(event.ended_at for event in events_between(reader, begun, datetime.now(UTC))), "the visit")
    rows = footage_between(reader, 1, begun, datetime.now(UTC))
    assert {file.path for file in rows} == {
        path.relative_to(tmp_path / "recordings").as_posix() for path in (tmp_path / "recordings").rglob("*.mp4")
    }
    visit = next(event for event in events_between(reader, begun, datetime.now(UTC)) if event.kind == "motion")
    assert visit.ended_at is not None
    assert timedelta(seconds=1) < visit.ended_at - visit.started_at < timedelta(seconds=5)
    assert [gap.cause for gap in gaps_between(reader, begun - timedelta(hours=1), datetime.now(UTC))] == ["starting", "recorder_stopped"]
    reader.close()
    database.close()


class FailingOnce(WatchJournal):
    """A journal with a fault of ours in it: the first segment is refused for no reason that will go away."""

    segments = 0

    def segment_written(self, camera_id: int, segment: object) -> None:
        self.segments += 1
        if self.segments == 1:
            raise ValueError("a fault")
        super().segment_written(camera_id, segment)  # type: ignore[arg-type]


def test_a_report_that_can_never_be_kept_holds_up_nothing(tmp_path: Path) -> None:
    write_video(tmp_path / "scene.mp4", seconds=4)
    database = open_database(tmp_path / "data")
    plan = enter_camera(database, (tmp_path / "scene.mp4").as_uri())
    stop, begun, relay = threading.Event(), datetime.now(UTC), Relay()
    watching = Recorder(
        lambda _now: [plan], FailingOnce(database, relay.notice), tmp_path / "recordings", relay, outage=Refusal, segment_s=1.5
    )
    thread = threading.Thread(target=watching.run, args=(stop,))
    thread.start()
    wait_until(lambda: len(footage_between(database, 1, begun, datetime.now(UTC))) >= 2, "the segments after it")
    stop.set()
    thread.join()
    relay.close()
    database.close()
