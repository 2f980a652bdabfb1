"""Alarms that one person answered in haste: an alarm of its own, which somebody else must judge, and a record of which they were."""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from storage.chain import put_record, site_of_camera
from storage.rules.haste import JUDGED, MOST_SEEN, judged_in_haste, seen_in_haste
from storage.rules.refusal import Refusal
from storage.schema.places import person
from storage.schema.watch import alarm, alarm_step, watch_event
from storage.watch.recorders import recorder_event

HASTY = "hasty_answers"
# A clip begins before what it shows, and ends after it.
AROUND = timedelta(seconds=20)


def look_for_haste(connection: sa.Connection, person_id: int, step: str, now: datetime) -> None:
    """After a person's step with an alarm: raises the alarm where it is the one with which it became haste."""
    own = alarm_step.c
    newest = sa.select(own.alarm_id, own.at).where(own.person_id == person_id, own.step == step).order_by(own.id.desc())
    rows = connection.execute(newest.limit(max(MOST_SEEN, JUDGED) + 2)).all()
    if step == "acknowledged":
        hasty, rows = seen_in_haste([row.at for row in rows]), rows[: MOST_SEEN + 1]
    else:
        rows = rows[: JUDGED + 1]
        clips = _clips(connection, {row.alarm_id for row in rows})
        hasty, rows = judged_in_haste([(row.at, clips.get(row.alarm_id, timedelta())) for row in rows]), rows[:JUDGED]
    if not hasty:
        return
    _event_id, alarm_id = recorder_event(connection, HASTY, now, now, ended_at=now)
    said = {"alarm": alarm_id, "step": step, "alarms": [row.alarm_id for row in rows], "seconds": (now - rows[-1].at).total_seconds()}
    site_id = site_of_camera(connection, connection.scalar(sa.select(alarm.c.camera_id).where(alarm.c.id == rows[0].alarm_id)))
    put_record(connection, site_id, "answered_in_haste", said, at=now, by=person_id)


def check_not_own(connection: sa.Connection, alarm_id: int, person_id: int) -> None:
    """Raises Refusal for who would judge their own haste."""
    if person_id in {found for found, _name in _answerers(connection, [alarm_id]).values()}:
        raise Refusal("These alarms were answered by yourself: somebody else must judge how.")


def answered_by(connection: sa.Connection, alarm_ids: Collection[int]) -> dict[int, str]:
    """Of alarms about haste: whose it was."""
    return {alarm_id: name for alarm_id, (_person_id, name) in _answerers(connection, alarm_ids).items()}


def _answerers(connection: sa.Connection, alarm_ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """Who took the step with which the alarm was raised."""
    own = alarm.c
    columns = sa.select(own.id, person.c.id.label("person_id"), person.c.name)
    joined = columns.join(alarm_step, alarm_step.c.at == own.raised_at).join(person, person.c.id == alarm_step.c.person_id)
    rows = connection.execute(joined.where(own.kind == HASTY, own.id.in_(alarm_ids)).order_by(alarm_step.c.id.desc()))
    return {row.id: (row.person_id, row.name) for row in rows}


def _clips(connection: sa.Connection, alarm_ids: Collection[int]) -> dict[int, timedelta]:
    """How long the clips of these alarms last; those about the recorder itself have none."""
    own = watch_event.c
    columns = sa.select(own.alarm_id, own.started_at, own.ended_at, own.arrived_at)
    times: dict[int, list[datetime]] = {}
    for row in connection.execute(columns.where(own.alarm_id.in_(alarm_ids), own.camera_id.is_not(None))):
        times.setdefault(row.alarm_id, []).extend([row.started_at, row.ended_at or row.arrived_at])
    return {alarm_id: max(found) - min(found) + AROUND for alarm_id, found in times.items()}
