"""How the recorder and its cameras are doing now."""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from storage.database import Database
from storage.schema.watch import camera_state, recorder
from storage.watch.shapes import ReportLike


@dataclass(frozen=True)
class CameraState:
    """One camera. state: connecting, live or lost, since since_at; reason: a gap's cause while it is not live.

    watched_how: which of its pictures are looked at; empty while none are.
    """

    camera_id: int
    state: str
    since_at: datetime
    last_packet_at: datetime | None
    last_motion_at: datetime | None
    frames_per_s: float
    reason: str
    watched_how: str = ""


@dataclass(frozen=True)
class RecorderState:
    """The newest recorder. stopped_at: None while it runs, or if it was killed: then beat_at is old."""

    pid: int
    started_at: datetime
    beat_at: datetime
    stopped_at: datetime | None
    address: str
    public_key: str
    window_secret_key: str = field(repr=False)


def camera_states(database: Database) -> list[CameraState]:
    """Every camera that a recorder has ever reported."""
    state = camera_state.c
    columns = sa.select(
        *(state.camera_id, state.state, state.since_at, state.last_packet_at, state.last_motion_at),
        *(state.frames_per_s, state.reason, state.watched_how),
    )
    with database.read() as connection:
        return [CameraState(*row) for row in connection.execute(columns.order_by(state.camera_id))]


def recorder_state(database: Database) -> RecorderState | None:
    """The newest recorder, running or not; None if there never was one."""
    own = recorder.c
    columns = sa.select(own.pid, own.started_at, own.beat_at, own.stopped_at, own.address, own.public_key, own.window_secret_key)
    with database.read() as connection:
        row = connection.execute(columns.order_by(own.id.desc()).limit(1)).one_or_none()
    return RecorderState(*row) if row else None


def set_all_states(connection: sa.Connection, state: str, reason: str, at: datetime) -> None:
    """Puts every camera into one state: the recorder begins or ends."""
    nothing = {"writing_path": "", "writing_since_at": None, "watched_how": ""}
    connection.execute(camera_state.update().values(nothing | {"state": state, "reason": reason, "since_at": at}))


def put_state(connection: sa.Connection, report: ReportLike) -> None:
    """Keeps one camera's state over the one before."""
    values = {
        "state": str(report.state),
        "since_at": report.since_at,
        "last_packet_at": report.last_packet_at,
        "last_motion_at": report.last_motion_at,
        "frames_per_s": report.frames_per_s,
        "reason": report.reason,
        "writing_path": report.writing_path,
        "writing_since_at": report.writing_since_at,
        "watched_how": str(report.watched_how or ""),
    }
    changed = connection.execute(camera_state.update().where(camera_state.c.camera_id == report.camera_id).values(values))
    if changed.rowcount == 0:
        connection.execute(camera_state.insert().values(values | {"camera_id": report.camera_id}))
