"""How the recorder and its cameras are doing now."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from storage.database import Database
from storage.people.right import right
from storage.rules.rights import Act
from storage.schema.base import Instant
from storage.schema.watch import camera_state, recorder
from storage.watch.shapes import ReportLike

# A recorder that has not beaten for so long is taken for dead.
DEAD = timedelta(seconds=10)


@dataclass(frozen=True)
class CameraState:
    """One camera. state: connecting, live or lost, since since_at; reason: a gap's cause while it is not live.

    watched_how: which of its pictures are looked at; empty while none are. recorder_id: which recorder has it.
    """

    camera_id: int
    state: str
    since_at: datetime
    last_packet_at: datetime | None
    last_motion_at: datetime | None
    frames_per_s: float
    reason: str
    watched_how: str = ""
    recorder_id: int | None = None


@dataclass(frozen=True)
class RecorderState:
    """A recorder. stopped_at: None while it runs, or if it was killed: then beaten_at is old.

    beat_at: its last sign of life by its own clock; beaten_at: by the computer's, which somebody may have set.
    """

    id: int
    host: str
    pid: int
    started_at: datetime
    beat_at: datetime
    beaten_at: datetime
    stopped_at: datetime | None
    address: str
    public_key: str
    window_secret_key: str = field(repr=False)

    def lives(self, now: datetime) -> bool:
        """Whether it was heard of lately. now: by the computer's clock; those of two computers are never quite the same."""
        return self.stopped_at is None and abs(now - self.beaten_at) <= DEAD


@right(Act.SEE_WATCH)
def camera_states(database: Database) -> list[CameraState]:
    """Every camera that a recorder has ever reported."""
    state = camera_state.c
    columns = sa.select(
        *(state.camera_id, state.state, state.since_at, state.last_packet_at, state.last_motion_at),
        *(state.frames_per_s, state.reason, state.watched_how, state.recorder_id),
    )
    with database.read() as connection:
        return [CameraState(*row) for row in connection.execute(columns.order_by(state.camera_id))]


@right(Act.SEE_WATCH)
def recorder_states(database: Database) -> list[RecorderState]:
    """The recorders that have not ended, or died unnoticed, and the newest one; newest first. None, if there never was one."""
    own = recorder.c
    beaten_at = sa.type_coerce(sa.func.coalesce(own.computer_at, own.beat_at), Instant)
    head = own.id, own.host, own.pid, own.started_at, own.beat_at, beaten_at, own.stopped_at
    columns = sa.select(*head, own.address, own.public_key, own.window_secret_key)
    which = sa.or_(own.stopped_at.is_(None), own.id == sa.select(sa.func.max(own.id)).scalar_subquery())
    with database.read() as connection:
        return [RecorderState(*row) for row in connection.execute(columns.where(which).order_by(own.id.desc()))]


def set_all_states(
    connection: sa.Connection, recorder_id: int, state: str, reason: str, at: datetime, *, camera_id: int | None = None
) -> None:
    """Puts every camera of a recorder into one state: the recorder ends. camera_id: only this one."""
    nothing = {"writing_path": "", "writing_since_at": None, "watched_how": ""}
    whose = camera_state.c.recorder_id == recorder_id
    which = whose if camera_id is None else sa.and_(whose, camera_state.c.camera_id == camera_id)
    connection.execute(camera_state.update().where(which).values(nothing | {"state": state, "reason": reason, "since_at": at}))


def put_state(connection: sa.Connection, report: ReportLike, recorder_id: int) -> None:
    """Keeps one camera's state over the one before, unless another recorder has taken the camera."""
    values = {
        "recorder_id": recorder_id or None,
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
    own = camera_state.c
    here = own.camera_id == report.camera_id
    free = sa.or_(own.recorder_id.is_(None), own.recorder_id == recorder_id)
    changed = connection.execute(camera_state.update().where(here, free).values(values))
    if changed.rowcount == 0 and connection.scalar(sa.select(own.camera_id).where(here)) is None:
        connection.execute(camera_state.insert().values(values | {"camera_id": report.camera_id}))
