"""How long footage is kept: each room's limits, what there is and how long the disk lasts, and which segments go now."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

import sqlalchemy as sa

from storage.chain import put_record, site_of_room
from storage.database import Database
from storage.people.person import Person, ids
from storage.people.right import program_only, right
from storage.rules.disk_space import Space
from storage.rules.refusal import Refusal
from storage.rules.retention import KeptSegment, Marks, Reason, enough, in_order
from storage.rules.rights import Act
from storage.schema.footage import retention, segment
from storage.schema.places import camera, room
from storage.watch.locks import stock_marks, watch_marks
from storage.watch.segments import not_removed

# What is due is removed in portions: nobody who writes in the books waits long for one.
MOST_AT_ONCE = 1000
# How much is recorded in a day is told from the last ones.
LATELY = timedelta(days=7)
_DAY = timedelta(days=1)
# Less than this was recorded: nothing can be said of a day.
_LEAST = timedelta(minutes=5)
_PAGE = 500


@dataclass(frozen=True)
class Limits:
    """How long the footage of a room is kept; None: no such limit. It goes all the same when the disk is nearly full."""

    days: int | None = None
    bytes: int | None = None


@dataclass(frozen=True)
class Outlook:
    """The footage of a room. a_day: bytes recorded in a day, of late; days_left: until the disk is full with all rooms, None if unknown."""

    room_id: int
    site_id: int
    room: str
    kept_bytes: int
    limits: Limits
    a_day: float
    days_left: float | None


@dataclass(frozen=True)
class Due:
    """A segment that is to go."""

    segment: KeptSegment
    reason: Reason


@right(Act.CHANGE_RETENTION)
def set_retention(database: Database, room_id: int, limits: Limits, *, by: Person, now: datetime, second: Person | None = None) -> None:
    """Gives a room limits from now on; those before stay known. What holds already is not said again.

    Raises Refusal for an unknown room, and for limits that are not above 0.
    """
    if min(limits.days or 1, limits.bytes or 1) < 1 or 0 in (limits.days, limits.bytes):
        raise Refusal("Footage is kept for at least one day and one byte; leave a limit empty for none.")
    own = retention.c
    now_holding = sa.and_(own.room_id == room_id, own.valid_until.is_(None))
    with database.write() as connection:
        if connection.scalar(sa.select(room.c.id).where(room.c.id == room_id)) is None:
            raise Refusal("There is no room with the number {number}.", number=room_id)
        if _limits(connection).get(room_id, Limits()) == limits:
            return
        rows = list(connection.scalars(sa.select(own.id).where(now_holding)))
        connection.execute(retention.update().where(now_holding).values(valid_until=now))
        values = {"room_id": room_id, "days": limits.days, "bytes": limits.bytes, "valid_from": now, "person_id": by.id}
        rows.append(connection.execute(retention.insert().values(values).returning(own.id)).scalar_one())
        said, told = {"room": room_id, "days": limits.days, "bytes": limits.bytes}, {"retention": rows}
        put_record(connection, site_of_room(connection, room_id), "retention_set", said, at=now, **ids(by, second), rows=told)


@right(Act.SEE_WATCH)
def retention_now(database: Database, room_id: int) -> Limits:
    """The limits of a room; none, if nobody has set any."""
    with database.read() as connection:
        return _limits(connection).get(room_id, Limits())


@right(Act.SEE_WATCH)
def outlooks(database: Database, now: datetime, free: int | None) -> list[Outlook]:
    """Every room by site and name, with its footage. free: bytes on the disk; None if unknown here."""
    with database.read() as connection:
        limits, cameras = _limits(connection), _cameras(connection)
        rooms = connection.execute(sa.select(room.c.id, room.c.site_id, room.c.name).order_by(room.c.site_id, room.c.name)).all()
    a_day = {row.id: sum(_a_day(database, camera_id, now) for camera_id in cameras.get(row.id, ())) for row in rooms}
    kept = {row.id: _kept_bytes(database, cameras.get(row.id, [])) for row in rooms}
    together = sum(a_day.values())
    left = free / together if free is not None and together else None
    return [Outlook(row.id, row.site_id, row.name, kept[row.id], limits.get(row.id, Limits()), a_day[row.id], left) for row in rooms]


@program_only
def due(database: Database, recordings: Path, now: datetime, space: Space) -> list[Due]:
    """What is to go now, in order: what its room's days are over for, what is more than the room's bytes, what the disk has no space for.

    Only what lies below this recordings folder: the footage of another recorder is that one's business. At most MOST_AT_ONCE.
    """
    with database.read() as connection:
        limits, cameras = _limits(connection), _cameras(connection)
    old = {room_id: now - limit.days * _DAY for room_id, limit in limits.items() if limit.days}
    more = {room_id: _kept_bytes(database, cameras.get(room_id, [])) - limit.bytes for room_id, limit in limits.items() if limit.bytes}
    any_old = any(_ended(database, cameras.get(room_id, []), before) for room_id, before in old.items())
    if not (any_old or space.wanted or any(excess > 0 for excess in more.values())):
        return []
    stock = stock_marks(database)
    with database.read() as connection:
        marks = Marks([*stock, *watch_marks(connection)])
    found: dict[int, Due] = {}

    def take(of_cameras: list[int], reason: Reason, *, before: datetime | None = None, wanted_bytes: int | None = None) -> None:
        ordered = in_order(_oldest_first(database, of_cameras, before), marks)
        here = (one for one in ordered if one.id not in found and (recordings / one.path).exists())
        wanted = here if wanted_bytes is None else enough(here, wanted_bytes)
        for one in islice(wanted, MOST_AT_ONCE - len(found)):
            found[one.id] = Due(one, reason)

    for room_id, before in old.items():
        take(cameras.get(room_id, []), Reason.DAYS, before=before)
    for room_id, excess in more.items():
        of_room = set(cameras.get(room_id, []))
        going = sum(one.segment.bytes for one in found.values() if one.segment.camera_id in of_room)
        take([*of_room], Reason.BYTES, wanted_bytes=excess - going)
    missing = space.wanted - sum(one.segment.bytes for one in found.values())
    take([camera_id for of_room in cameras.values() for camera_id in of_room], Reason.DISK_LOW, wanted_bytes=missing)
    return list(found.values())


def _limits(connection: sa.Connection) -> dict[int, Limits]:
    own = retention.c
    rows = connection.execute(sa.select(own.room_id, own.days, own.bytes).where(own.valid_until.is_(None)))
    return {row.room_id: Limits(row.days, row.bytes) for row in rows}


def _cameras(connection: sa.Connection) -> dict[int, list[int]]:
    """The cameras of each room that has any."""
    found: dict[int, list[int]] = {}
    for row in connection.execute(sa.select(camera.c.room_id, camera.c.id).order_by(camera.c.id)):
        found.setdefault(row.room_id, []).append(row.id)
    return found


def _kept_bytes(database: Database, cameras: list[int]) -> int:
    total = sa.select(sa.func.coalesce(sa.func.sum(segment.c.bytes), 0)).where(not_removed())
    kept = 0
    for camera_id in cameras:  # one by one: nobody who writes waits for long
        with database.read() as connection:
            kept += int(connection.execute(total.where(segment.c.camera_id == camera_id)).scalar_one())
    return kept


def _a_day(database: Database, camera_id: int, now: datetime) -> float:
    """Bytes in a day, of late; 0 where that little was recorded that nothing can be said."""
    own = segment.c
    columns = sa.select(sa.func.min(own.started_at), sa.func.max(own.ended_at), sa.func.sum(own.bytes))
    with database.read() as connection:
        first_at, last_at, total = connection.execute(columns.where(own.camera_id == camera_id, own.started_at > now - LATELY)).one()
    if first_at is None or last_at - first_at < _LEAST:
        return 0.0
    return float(int(total) * (_DAY / (last_at - first_at)))


def _ended(database: Database, cameras: list[int], before: datetime) -> bool:
    """Whether anything that is kept ended by then."""
    return any(True for _one in _oldest_first(database, cameras, before))


def _oldest_first(database: Database, cameras: list[int], ended_by: datetime | None = None) -> Iterator[KeptSegment]:
    """The segments of these cameras that are kept; ended_by: only those that ended by then. Read page by page as they are asked for."""
    return heapq.merge(*(_pages(database, camera_id, ended_by) for camera_id in cameras), key=lambda one: (one.started_at, one.id))


def _pages(database: Database, camera_id: int, ended_by: datetime | None) -> Iterator[KeptSegment]:
    own = segment.c
    columns = sa.select(own.id, own.camera_id, own.path, own.started_at, own.ended_at, own.bytes)
    kept = columns.where(own.camera_id == camera_id, not_removed()).order_by(own.started_at, own.id).limit(_PAGE)
    if ended_by is not None:
        # By its beginning too: that is what the index knows.
        kept = kept.where(own.started_at <= ended_by, own.ended_at <= ended_by)
    page_of = kept
    while page := _page(database, page_of):
        for row in page:
            yield KeptSegment(*row)
        last = page[-1]
        further = sa.or_(own.started_at > last.started_at, sa.and_(own.started_at == last.started_at, own.id > last.id))
        page_of = kept.where(own.started_at >= last.started_at, further)


def _page(
    database: Database, query: sa.Select[int, int, str, datetime, datetime, int]
) -> Sequence[sa.Row[int, int, str, datetime, datetime, int]]:
    with database.read() as connection:
        return connection.execute(query).all()
