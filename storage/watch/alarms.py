"""Alarms: flagged events on their way from new to judged. Every step is a row; nothing is changed or deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from storage.chain import put_record, site_of_camera
from storage.database import Database
from storage.people.person import Person, ids
from storage.people.right import right
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.rules.suspending import SUSPENDABLE
from storage.schema.base import Instant
from storage.schema.places import camera, person, room
from storage.schema.suspending import alarm_suspension, room_disarm
from storage.schema.watch import alarm, alarm_step, watch_event
from storage.watch.haste import HASTY, answered_by, check_not_own, look_for_haste
from storage.watch.suspending import suspended_until


class Verdict(StrEnum):
    """What the guard found."""

    REAL_INCIDENT = "real_incident"
    AUTHORISED = "authorised"
    FALSE_ALARM = "false_alarm"
    TEST = "test"


@dataclass(frozen=True)
class Alarm:
    """An alarm, what one visit showed, and how far the alarm has come.

    event_id: the visit's first event; started_at of the first, ended_at of the last, None while one goes on; peak_pct over all.
    person_pct: how sure a person detector was at best that somebody is in one of them, 0 to 100; None where none was asked.
    verdict: the newest given; note: that verdict's. camera_id and room_id are None, and their names empty, where it is about the recorder.
    suspended_until: where its alarms were suspended, or its room disarmed, when it was raised: until when that lasted.
    about: who answered other alarms in haste, where it is about that; else empty.
    """

    id: int
    event_id: int
    camera_id: int | None
    camera: str
    room_id: int | None
    room: str
    kind: str
    started_at: datetime
    ended_at: datetime | None
    peak_pct: float
    person_pct: float | None
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    verdict: Verdict | None
    verdict_by: str | None
    note: str
    suspended_until: datetime | None = None
    about: str = ""

    def quiet(self, now: datetime) -> bool:
        """Whether nobody is called because of it: all of the visit so far lies within a suspension. It is kept and can be answered."""
        return self.suspended_until is not None and (self.ended_at or now) <= self.suspended_until


@dataclass(frozen=True)
class Step:
    """Who did what with an alarm, and when."""

    at: datetime
    person: str
    step: str
    verdict: Verdict | None
    note: str


@right(Act.SEE_WATCH)
def list_alarms(database: Database, *, limit: int = 200) -> list[Alarm]:
    """The unacknowledged ones first, each part newest first; but quiet ones never crowd out any that call somebody."""
    query = _alarms()
    own = query.selected_columns
    quiet = sa.and_(own.suspended_until.is_not(None), own.ended_at <= own.suspended_until)
    rank = sa.case((own.acknowledged_at.is_not(None), 2), (quiet, 1), else_=0)
    order = rank, alarm.c.id.desc()
    with database.read() as connection:
        rows = connection.execute(query.order_by(*order).limit(limit)).all()
        about = answered_by(connection, [row.id for row in rows if row.kind == HASTY])
    return [_alarm(row, about) for row in rows]


@right(Act.SEE_WATCH)
def get_alarm(database: Database, alarm_id: int) -> Alarm:
    """One alarm. Raises Refusal if there is none with this id."""
    with database.read() as connection:
        row = connection.execute(_alarms().where(alarm.c.id == alarm_id)).one_or_none()
        if row is None:
            raise Refusal("There is no such alarm.")
        about = answered_by(connection, [row.id] if row.kind == HASTY else [])
    return _alarm(row, about)


@right(Act.SEE_WATCH)
def alarm_log(database: Database, alarm_id: int) -> list[Step]:
    """What was done with an alarm, oldest first."""
    columns = sa.select(alarm_step.c.at, person.c.name, alarm_step.c.step, alarm_step.c.verdict, alarm_step.c.note)
    query = columns.join(person, person.c.id == alarm_step.c.person_id).where(alarm_step.c.alarm_id == alarm_id).order_by(alarm_step.c.id)
    with database.read() as connection:
        return [
            Step(row.at, row.name, row.step, Verdict(row.verdict) if row.verdict else None, row.note) for row in connection.execute(query)
        ]


@right(Act.ANSWER_ALARM)
def acknowledge(database: Database, alarm_id: int, *, by: Person, now: datetime) -> None:
    """The guard has taken notice. Acknowledging again changes nothing: the first who did stays."""
    with database.write() as connection:
        _acknowledge(connection, alarm_id, by, now)


@right(Act.ANSWER_ALARM)
def give_verdict(database: Database, alarm_id: int, verdict: Verdict, note: str, *, by: Person, now: datetime) -> None:
    """Keeps a verdict; a later one stands beside the earlier. An alarm that nobody acknowledged is acknowledged with it.

    Raises Refusal for a real incident without a note, for a note of more than 400 characters, and for one's own haste.
    """
    note = note.strip()
    if verdict is Verdict.REAL_INCIDENT and not note:
        raise Refusal("Write in the note what happened before you call it a real incident.")
    if len(note) > 400:
        raise Refusal("The note has {length} characters; at most 400 are kept.", length=len(note))
    with database.write() as connection:
        check_not_own(connection, alarm_id, by.id)
        _acknowledge(connection, alarm_id, by, now)
        values = {"alarm_id": alarm_id, "at": now, "person_id": by.id, "step": "verdict", "verdict": verdict.value, "note": note}
        rows = {"alarm_step": [connection.execute(alarm_step.insert().values(values).returning(alarm_step.c.id)).scalar_one()]}
        said = {"alarm": alarm_id, "verdict": verdict.value, "note": note}
        put_record(connection, _site(connection, alarm_id), "verdict_given", said, at=now, **ids(by), rows=rows)
        look_for_haste(connection, by.id, "verdict", now)


def _site(connection: sa.Connection, alarm_id: int) -> int | None:
    return site_of_camera(connection, connection.scalar(sa.select(alarm.c.camera_id).where(alarm.c.id == alarm_id)))


def _acknowledge(connection: sa.Connection, alarm_id: int, by: Person, now: datetime) -> None:
    done = sa.select(alarm_step.c.id).where(alarm_step.c.alarm_id == alarm_id, alarm_step.c.step == "acknowledged")
    if connection.scalar(done) is None:
        values = {"alarm_id": alarm_id, "at": now, "person_id": by.id, "step": "acknowledged"}
        rows = {"alarm_step": [connection.execute(alarm_step.insert().values(values).returning(alarm_step.c.id)).scalar_one()]}
        put_record(connection, _site(connection, alarm_id), "alarm_acknowledged", {"alarm": alarm_id}, at=now, **ids(by), rows=rows)
        look_for_haste(connection, by.id, "acknowledged", now)


def _alarms() -> sa.Select[Any]:
    own = watch_event.c
    running = sa.func.max(sa.case((own.ended_at.is_(None), 1), else_=0))
    visit = (
        sa.select(
            *(own.alarm_id, sa.func.min(own.id).label("event_id"), sa.func.min(own.started_at).label("started_at")),
            sa.case((running == 1, None), else_=sa.func.max(own.ended_at)).label("ended_at"),
            *(sa.func.max(own.peak_pct).label("peak_pct"), sa.func.max(own.person_pct).label("person_pct")),
        )
        .group_by(own.alarm_id)
        .subquery()
    )
    newest = sa.select(sa.func.max(alarm_step.c.id)).where(alarm_step.c.alarm_id == alarm.c.id, alarm_step.c.step == "verdict")
    seen, judged = alarm_step.alias("seen"), alarm_step.alias("judged")
    seen_by, judged_by = person.alias("seen_by"), person.alias("judged_by")
    return (
        sa.select(
            *(alarm.c.id, visit.c.event_id, alarm.c.camera_id, camera.c.name.label("camera"), camera.c.room_id, room.c.name.label("room")),
            *(alarm.c.kind, visit.c.started_at, sa.type_coerce(visit.c.ended_at, Instant).label("ended_at"), visit.c.peak_pct),
            *(visit.c.person_pct, alarm.c.raised_at, seen.c.at.label("acknowledged_at"), seen_by.c.name.label("acknowledged_by")),
            *(judged.c.verdict, judged_by.c.name.label("verdict_by"), judged.c.note, _suspended(visit.c.started_at)),
        )
        .join(visit, visit.c.alarm_id == alarm.c.id)
        .outerjoin(camera, camera.c.id == alarm.c.camera_id)
        .outerjoin(room, room.c.id == camera.c.room_id)
        .outerjoin(seen, sa.and_(seen.c.alarm_id == alarm.c.id, seen.c.step == "acknowledged"))
        .outerjoin(seen_by, seen_by.c.id == seen.c.person_id)
        .outerjoin(judged, judged.c.id == newest.scalar_subquery())
        .outerjoin(judged_by, judged_by.c.id == judged.c.person_id)
    )


def _suspended(started_at: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Until when the suspension of its camera or the disarming of its room lasted, whichever is later; empty for what always rings."""
    when = {"started_at": started_at, "raised_at": alarm.c.raised_at}
    of_camera = suspended_until(alarm_suspension, alarm_suspension.c.camera_id == alarm.c.camera_id, **when)
    of_room = suspended_until(room_disarm, room_disarm.c.room_id == camera.c.room_id, **when)
    later = sa.case((of_camera > sa.func.coalesce(of_room, ""), of_camera), else_=of_room)
    return sa.type_coerce(sa.case((alarm.c.kind.in_(SUSPENDABLE), later), else_=None), Instant).label("suspended_until")


def _alarm(row: sa.Row[Any], about: Mapping[int, str]) -> Alarm:
    values = dict(row._mapping)
    verdict = values["verdict"]
    return Alarm(
        **{
            **values,
            "verdict": Verdict(verdict) if verdict else None,
            "note": values["note"] or "",
            "camera": values["camera"] or "",
            "room": values["room"] or "",
            "about": about.get(row.id, ""),
        }
    )
