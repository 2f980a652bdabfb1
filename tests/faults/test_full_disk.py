"""A disk that fills up: warnings, the order in which footage goes, the stop, the books; and one that suddenly may not be written."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.schema.footage import segment
from storage.watch.alarms import list_alarms
from storage.watch.gaps import gaps_between
from storage.watch.states import camera_states
from tests.camera.rig import enter_camera, recorder, wait_until, write_video
from tests.faults.full_disk import OLD_PCT, NoMount, mounted, play

MEGABYTES = 40


def test_a_disk_that_fills_up_warns_frees_in_order_stops_and_leaves_the_books_their_space(tmp_path: Path) -> None:
    try:
        with mounted(MEGABYTES) as disk:
            found = play(disk, tmp_path, print)
    except NoMount as error:
        pytest.skip(f"nothing can be mounted here: {error}")
    first, second, third = found.warnings_pct[:3]
    # Told when it is reached, not when the disk is full: what is written between two looks may lie below.
    assert 15 >= first > 10 >= second > 5 >= third
    assert found.order == ["unflagged", "false_alarm", "flagged"]
    assert found.reasons == ["disk_low"]
    assert found.locked_left == OLD_PCT["locked"]
    assert found.stopped_alarm
    assert found.gap_cause == "disk_full"
    assert found.live_while_stopped
    assert found.grew_while_stopped == 0
    assert found.posted_on_full_disk
    assert found.reserve_given_up
    assert found.faults_in_books == 0
    assert found.began_again
    assert found.alarm_over


def test_a_disk_that_may_not_be_written_is_told_and_nothing_is_called_saved(database: Database, tmp_path: Path) -> None:
    video = tmp_path / "camera.mp4"
    write_video(video, seconds=10)
    began = datetime.now(UTC)
    try:
        with mounted(8) as disk:
            (disk / "recordings").mkdir()
            subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
            with recorder(database, disk / "recordings", [enter_camera(database, video.as_uri())], segment_s=2):
                wait_until(lambda: any(state.reason == "storage_failed" for state in camera_states(database)), "the word of the fault")
                (gap,) = (one for one in gaps_between(database, began, began + timedelta(days=1)) if one.ended_at is None)
                assert gap.cause == "storage_failed"
                wait_until(lambda: any(alarm.kind == "signal_lost" for alarm in list_alarms(database)), "the alarm")
                with database.read() as connection:
                    assert connection.scalars(sa.select(segment.c.id)).all() == []
                subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
                wait_until(lambda: any(state.state == "live" for state in camera_states(database)), "footage again")
    except NoMount as error:
        pytest.skip(f"nothing can be mounted here: {error}")
