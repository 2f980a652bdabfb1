"""What real recorders and workers write leaves no armed minute unexplained: a killed worker, a second recorder, a camera that leaves."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from storage.database import Database
from storage.rules.coverage import Totals, last_night
from storage.watch.coverage import CameraCoverage, room_coverages
from storage.watch.gaps import gaps_between
from storage.watch.recordings_check import Depth, check
from storage.watch.segments import recorded_until
from tests.camera.rig import enter_camera, kill_process, recorder, wait_until, worker_pids, write_video

JAKARTA = ZoneInfo("Asia/Jakarta")


def test_whatever_becomes_of_workers_and_recorders_every_minute_is_explained(database: Database, tmp_path: Path) -> None:
    write_video(tmp_path / "scene.mp4", seconds=12)
    plan = enter_camera(database, (tmp_path / "scene.mp4").as_uri())
    begun = datetime.now(UTC)
    plans, folder = [plan], tmp_path / "recordings"

    def causes() -> list[str]:
        return [gap.cause for gap in gaps_between(database, begun, datetime.now(UTC))]

    def is_seen_again() -> bool:
        return all(gap.ended_at for gap in gaps_between(database, begun, datetime.now(UTC)))

    with recorder(database, folder, plans, segment_s=3.0):
        wait_until(lambda: recorded_until(database, 1) is not None, "footage")
        (pid,) = worker_pids()
        kill_process(pid)
        wait_until(lambda: "worker_lost" in causes() and is_seen_again(), "footage after the worker was killed")
    with recorder(database, folder, plans, segment_s=3.0):
        wait_until(is_seen_again, "footage of the second recorder")
        going_on = of_today(database)
        plans.clear()
        wait_until(lambda: "disabled" in causes(), "the end of the camera")
    ended = of_today(database)
    for one in (going_on, ended):
        totals = one.coverage.totals
        assert totals.armed > 0
        assert (totals.unexplained, one.missing_numbers) == (0, ())
        assert totals == Totals(totals.clear, 0, totals.blind, 0)
    assert causes() == ["starting", "worker_lost", "recorder_stopped", "disabled"]
    assert check(database, folder, Depth.HASH, now=lambda: datetime.now(UTC)).findings == ()


def of_today(database: Database) -> CameraCoverage:
    """The night that goes on."""
    now = datetime.now(UTC)
    local = now.astimezone(JAKARTA)
    night = last_night(now, JAKARTA) if local.hour < 12 else local.date()
    (camera,) = room_coverages(database, now=now, night=night)[0].cameras
    return camera
