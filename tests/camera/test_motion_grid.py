"""Where something moved is kept for every second, through the worker, the recorder and the database, and asked for without any picture."""

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from camera.events import Box
from storage.database import Database
from storage.schema.watch import motion_grid
from storage.watch.grid import touched
from tests.camera.rig import enter_camera, recorder, wait_until, write_video


def test_who_crossed_the_room_is_in_the_rows_of_that_minute(database: Database, tmp_path: Path) -> None:
    video = tmp_path / "room.mp4"
    write_video(video, seconds=12, walks=((4.0, 8.0),))
    plan = enter_camera(database, video.as_uri())
    with recorder(database, tmp_path / "recordings", [plan]):
        wait_until(lambda: _events(database) >= 1, "the visit")
    with database.read() as connection:
        minutes = sa.select(sa.func.min(motion_grid.c.minute_at), sa.func.max(motion_grid.c.minute_at))
        first, last = connection.execute(minutes).one()
    walk, ceiling = Box(0.0, 0.4, 1.0, 0.3), Box(0.0, 0.0, 1.0, 0.15)
    assert touched(database, plan.camera_id, walk, first, last + timedelta(minutes=1))
    assert touched(database, plan.camera_id, ceiling, first, last + timedelta(minutes=1)) == []


def _events(database: Database) -> int:
    with database.read() as connection:
        return connection.scalar(sa.text("SELECT count(*) FROM watch_event WHERE kind = 'motion' AND ended_at IS NOT NULL")) or 0
