"""The recorder against a real RTSP server that dies in mid-stream and comes back."""

import hashlib
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.schema.footage import segment
from storage.watch.alarms import list_alarms
from storage.watch.events import WatchEvent, events_between
from storage.watch.gaps import Gap, gaps_between
from storage.watch.states import camera_states
from tests.camera.rig import enter_camera, free_port, packets_of, recorder, rtsp_server, wait_until, write_video

OUTAGE_S = 5.0


def motions(database: Database) -> list[WatchEvent]:
    now = datetime.now(UTC)
    return [event for event in events_between(database, now - timedelta(hours=1), now) if event.kind == "motion"]


def gaps(database: Database, cause: str) -> list[Gap]:
    now = datetime.now(UTC)
    return [gap for gap in gaps_between(database, now - timedelta(hours=1), now) if gap.cause == cause]


def test_an_outage_in_mid_stream_leaves_events_on_both_sides_and_a_gap(database: Database, tmp_path: Path) -> None:
    video, recordings = tmp_path / "camera.mp4", tmp_path / "recordings"
    write_video(video, seconds=40, walks=((6, 9), (16, 19)))
    with rtsp_server(video) as server, recorder(database, recordings, [enter_camera(database, server.address)]):
        wait_until(lambda: len(motions(database)) == 1 and motions(database)[0].ended_at is not None, "the first visit")
        server.kill()
        killed_at = datetime.now(UTC)
        threading.Event().wait(OUTAGE_S)  # the outage itself, not a wait for something
        server.start()
        back_at = datetime.now(UTC)
        wait_until(lambda: motions(database)[-1].started_at > back_at and motions(database)[-1].ended_at is not None, "the next visit")
    (lost,) = gaps(database, "camera_lost")
    assert abs(lost.started_at - killed_at) < timedelta(seconds=2)
    assert lost.ended_at is not None
    assert lost.ended_at >= back_at
    assert {event.verdict for event in motions(database)} == {"after_hours"}
    assert list_alarms(database)[-1].started_at < killed_at
    _check_segments(database, recordings, video, lost)


def _check_segments(database: Database, recordings: Path, video: Path, lost: Gap) -> None:
    with database.read() as connection:
        rows = connection.execute(sa.select(segment).order_by(segment.c.started_at)).all()
    assert any(row.ended_at <= lost.started_at for row in rows)
    assert any(row.started_at > lost.started_at for row in rows)
    assert not list(recordings.rglob("*.part"))
    source = packets_of(video)
    for row in rows:
        path = recordings / row.path
        assert hashlib.sha256(path.read_bytes()).hexdigest() == row.sha256
        assert path.stat().st_size == row.bytes
        recorded = packets_of(path)
        assert len(recorded) == row.packets
        begin = source.index(recorded[0])
        assert recorded == source[begin : begin + len(recorded)]
        with av.open(str(path)) as container:
            frames = list(container.decode(video=0))
        assert len(frames) == len(recorded)
        assert frames[0].key_frame
        assert frames[0].time == 0


def test_a_refused_login_is_named_and_the_password_stays_secret(
    database: Database, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    video = tmp_path / "camera.mp4"
    write_video(video, seconds=5)
    with rtsp_server(video, "sari", "benar") as server:
        plan = enter_camera(database, server.address, "sari", "kenari-salah")
        with recorder(database, tmp_path / "recordings", [plan]):
            wait_until(lambda: any(state.reason == "login_refused" for state in camera_states(database)), "the refusal")
            processes = b"".join(path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists())
    assert b"camera.recording.worker" in processes
    assert b"kenari-salah" not in processes
    assert "kenari-salah" not in "".join(capfd.readouterr())
    assert b"kenari-salah" not in database.path.read_bytes()
    assert [gap.cause for gap in gaps(database, "login_refused")] == ["login_refused"]


def test_a_camera_that_is_not_there_is_blind_and_an_alarm(database: Database, tmp_path: Path) -> None:
    plan = enter_camera(database, f"rtsp://127.0.0.1:{free_port()}/camera")
    with recorder(database, tmp_path / "recordings", [plan]):
        wait_until(lambda: [alarm.kind for alarm in list_alarms(database)] == ["signal_lost"], "the alarm")
    assert [gap.cause for gap in gaps(database, "not_answering")] == ["not_answering"]
