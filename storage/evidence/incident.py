"""What is known of an incident: the alarm, what was done about it, the room, its cameras' recordings, and the stock's movements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from storage.database import Database
from storage.evidence.package import Cancelled as Cancelled  # noqa: PLC0414 - whoever makes a package's files needs both
from storage.people.right import right
from storage.places import Camera, Site, find_site, list_cameras
from storage.rules.movement import EventKind
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.footage import footage_removal, segment
from storage.schema.ledger import movement, stock_event
from storage.schema.places import person
from storage.schema.stock import ballot_class
from storage.schema.watch import camera_state
from storage.stock.classes import BallotClass, BallotType, Purpose
from storage.watch.alarms import Alarm, alarm_log, get_alarm
from storage.watch.events import events_between
from storage.watch.gaps import Gap, gaps_between
from storage.watch.hours import hours_of
from storage.watch.locks import alarm_time, locks_between

# No picture for longer than this is a gap.
HOLE = timedelta(seconds=2)
# A segment lasts about a minute; one that has been growing for longer than this was left by a recorder that was killed.
GROWS_FOR = timedelta(minutes=3)


@dataclass(frozen=True)
class Original:
    """A recording as it was made. path: below the recordings folder; record_id: of the record that tells of it."""

    camera_id: int
    number: int
    path: str
    started_at: datetime
    ended_at: datetime
    bytes: int
    sha256: str
    record_id: int | None
    removed: bool


@dataclass(frozen=True)
class Incident:
    """An alarm and the time around it. cameras: the alarm's own first, then the others of its room."""

    alarm: Alarm
    site: Site
    from_at: datetime
    until_at: datetime
    cameras: tuple[Camera, ...]

    def camera(self, camera_id: int) -> Camera:
        return next(camera for camera in self.cameras if camera.id == camera_id)


@right(Act.SEE_FOOTAGE)
def incident_of(database: Database, alarm_id: int, now: datetime) -> Incident:
    """What the alarm is about. Raises Refusal for one without a camera, and one that is still being recorded."""
    alarm = get_alarm(database, alarm_id)
    if alarm.camera_id is None:
        raise Refusal("This alarm is about the recorder itself: there is no footage of it.")
    from_at, until_at = alarm_time(alarm, now)
    cameras = [camera for camera in list_cameras(database) if camera.room_id == alarm.room_id]
    cameras.sort(key=lambda camera: (camera.id != alarm.camera_id, camera.id))
    if alarm.ended_at is None or until_at > now or _grows(database, cameras, until_at, now):
        raise Refusal("This is still being recorded. Export it when the alarm has been over for two minutes.")
    return Incident(alarm, find_site(database, cameras[0].site_code), from_at, until_at, tuple(cameras))


def _grows(database: Database, cameras: Iterable[Camera], until_at: datetime, now: datetime) -> bool:
    own = camera_state.c
    wanted = sa.and_(own.camera_id.in_([camera.id for camera in cameras]), own.writing_path != "", own.writing_since_at < until_at)
    with database.read() as connection:
        return connection.scalar(sa.select(own.camera_id).where(wanted, own.writing_since_at > now - GROWS_FOR).limit(1)) is not None


def originals_of(database: Database, incident: Incident) -> list[Original]:
    """The recordings that show any of it, those that were removed too, by camera and number."""
    own = segment.c
    removed = sa.exists().where(footage_removal.c.segment_id == own.id)
    columns = sa.select(
        *(own.camera_id, own.number, own.path, own.started_at, own.ended_at, own.bytes, own.sha256, own.record_id, removed.label("removed"))
    )
    touches = sa.and_(own.started_at < incident.until_at, own.ended_at > incident.from_at)
    here = own.camera_id.in_([camera.id for camera in incident.cameras])
    with database.read() as connection:
        rows = connection.execute(columns.where(here, touches).order_by(own.camera_id, own.number)).all()
    return [Original(*row) for row in rows]


def gaps_of(database: Database, incident: Incident, kept: Sequence[Original], lost: Sequence[tuple[Original, str]]) -> list[Gap]:
    """When there is nothing in the package of a camera, and why; instants within the incident's time.

    kept: the recordings that are in it; lost: those that are not, with the cause. A time of which nobody knows why is unexplained.
    """
    found: list[Gap] = []
    told = gaps_between(database, incident.from_at, incident.until_at)
    for camera in incident.cameras:
        own = [
            _within(incident, gap.camera_id, gap.started_at, gap.ended_at, gap.cause, note=gap.note)
            for gap in told
            if gap.camera_id == camera.id
        ]
        for original, cause in lost:
            gap = _within(incident, camera.id, original.started_at, original.ended_at, cause)
            if original.camera_id == camera.id and not any(_covers(other, gap) for other in own):
                own.append(gap)
        shown = [(one.started_at, one.ended_at) for one in kept if one.camera_id == camera.id]
        own += _unexplained(incident, camera.id, shown + [(gap.started_at, gap.ended_at or incident.until_at) for gap in own])
        found += sorted(own, key=lambda gap: gap.started_at)
    return found


def _within(incident: Incident, camera_id: int, from_at: datetime, until_at: datetime | None, cause: str, *, note: str = "") -> Gap:
    return Gap(0, camera_id, max(from_at, incident.from_at), min(until_at or incident.until_at, incident.until_at), cause, note)


def _covers(one: Gap, other: Gap) -> bool:
    return one.started_at <= other.started_at and (one.ended_at or other.started_at) >= (other.ended_at or other.started_at)


def _unexplained(incident: Incident, camera_id: int, spans: list[tuple[datetime, datetime]]) -> list[Gap]:
    found, at = [], incident.from_at
    for from_at, until_at in [*sorted(spans), (incident.until_at, incident.until_at)]:
        if from_at - at > HOLE:
            found.append(Gap(0, camera_id, at, from_at, "unexplained"))
        at = max(at, until_at)
    return found


def facts_of(database: Database, incident: Incident) -> dict[str, object]:
    """All that is known of it, as incident.json holds it: instants in UTC."""
    alarm, span = incident.alarm, (incident.from_at, incident.until_at)
    ids = {camera.id for camera in incident.cameras}
    week = hours_of(database, alarm.room_id or 0, alarm.started_at)
    steps = [
        {"at": text(step.at), "person": step.person, "step": step.step, "verdict": step.verdict and step.verdict.value, "note": step.note}
        for step in alarm_log(database, alarm.id)
    ]
    events = [
        {"event": event.id, "camera": event.camera_id, "kind": event.kind, "from": text(event.started_at)}
        | {
            "until": event.ended_at and text(event.ended_at),
            "verdict": event.verdict,
            "peak_pct": event.peak_pct,
            "person_pct": event.person_pct,
        }
        for event in events_between(database, *span)
        if event.camera_id in ids
    ]
    locks = [
        {"camera": lock.camera_id, "from": text(lock.from_at), "until": text(lock.until_at), "reason": lock.reason, "by": lock.locked_by}
        for camera_id in sorted(ids)
        for lock in locks_between(database, camera_id, *span)
    ]
    return {
        "incident": alarm.id,
        "kind": alarm.kind,
        "site": {"code": incident.site.code, "name": incident.site.name, "zone": incident.site.zone},
        "room": alarm.room,
        "camera": alarm.camera_id,
        "cameras": {str(camera.id): camera.name for camera in incident.cameras},
        "from": text(alarm.started_at),
        "until": alarm.ended_at and text(alarm.ended_at),
        "raised": text(alarm.raised_at),
        "peak_pct": alarm.peak_pct,
        "person_pct": alarm.person_pct,
        "seen_by": alarm.acknowledged_by,
        "seen": alarm.acknowledged_at and text(alarm.acknowledged_at),
        "steps": steps,
        "events": events,
        # Weekday (0 is Monday), opening and closing in minutes after midnight, by the site's clock, as they held then.
        "hours": [[opening.weekday, opening.opens_min, opening.closes_min] for opening in week.openings],
        "room_was_open": week.is_open(alarm.started_at, incident.site.tz),
        "kept": locks,
        "stock": stock_of(database, incident),
    }


def stock_of(database: Database, incident: Incident) -> list[dict[str, object]]:
    """What the books say was done with sheets at the site in this time."""
    event, moved, second = stock_event.c, movement.c, person.alias()
    heads = (
        sa.select(stock_event, person.c.name, second.c.name.label("second"))
        .join(person, person.c.id == event.person_id)
        .outerjoin(second, second.c.id == event.second_id)
        .where(event.site_id == incident.site.id, event.happened_at.between(incident.from_at, incident.until_at))
        .where(event.kind != EventKind.SCHEMA.value)
        .order_by(event.id)
    )
    moves = sa.select(movement, ballot_class).join(ballot_class, ballot_class.c.id == moved.class_id)
    found = []
    with database.read() as connection:
        for row in connection.execute(heads).all():
            sheets = [
                {"ballot": _class_name(move), "sheets": move.quantity, "from": move.from_state, "to": move.to_state}
                for move in connection.execute(moves.where(moved.event_id == row.id).order_by(moved.id))
            ]
            said = {"event": row.id, "kind": row.kind, "happened": text(row.happened_at), "recorded": text(row.recorded_at)}
            found.append(said | {"by": row.name, "second": row.second, "reason": row.reason, "moved": sheets})
    return found


def _class_name(row: sa.Row[tuple[object, ...]]) -> str:
    return f"{row.election} {BallotClass(row.class_id, row.election, BallotType(row.type), row.district, Purpose(row.purpose)).name}"


def text(at: datetime) -> str:
    """As the log has it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
