"""Entries of the log, newest first, a window at a time."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from storage.audit.facts import stock_facts
from storage.database import Database
from storage.people.right import right, sites_of
from storage.rules.rights import Act
from storage.schema.base import Instant
from storage.schema.ledger import chain_link, stock_event
from storage.schema.places import camera, person, room, site
from storage.schema.record import record
from storage.schema.watch import alarm
from storage.stock.classes import list_all_classes

WINDOW = 200
# In a filter: any person, not the program itself.
ANYBODY = 0


@dataclass(frozen=True)
class Filter:
    """What is wanted of the log. since, until: when it was written, until itself left out; who: a person's id, as first or
    as second, or ANYBODY.

    act: a kind of record or of stock event, as LogEntry has it.
    """

    since: datetime | None = None
    until: datetime | None = None
    who: int | None = None
    act: str | None = None


@dataclass(frozen=True)
class LogEntry:
    """One entry. id: its number among all entries; number: its place in the chain of its site; hash: of its link.

    at: when it was written; happened_at: when it was done, where that is told apart (stock). person: empty for the program itself.
    about: the names of rooms, cameras, persons and ballot classes. said: all it says, instants as texts in UTC.
    """

    id: int
    site_code: str
    site: str
    number: int
    hash: bytes
    act: str
    at: datetime
    happened_at: datetime | None
    person: str
    second: str
    about: tuple[str, ...]
    said: Mapping[str, Any]

    @property
    def facts(self) -> dict[str, Any]:
        """As JSON has it: instants in UTC, the hash in hexadecimal."""
        return {
            "id": self.id,
            "site": self.site_code,
            "number": self.number,
            "hash": self.hash.hex(),
            "act": self.act,
            "at": _text(self.at),
            "happened_at": _text(self.happened_at) if self.happened_at else None,
            "person": self.person or None,
            "second": self.second or None,
            "about": list(self.about),
            "said": dict(self.said),
        }


@right(Act.SEE_LOG)
def log_entries(
    database: Database, site_id: int | None = None, filters: Filter | None = None, *, before: int | None = None, limit: int = WINDOW
) -> list[LogEntry]:
    """The newest entries of a site, or of every site whose log the person may see.

    before: an entry's id, to go on where the last window ended; new entries in the meantime change nothing in what follows.
    """
    with database.read() as connection:
        sites = {site_id} if site_id is not None else sites_of(connection, Act.SEE_LOG)
        rows = connection.execute(_newest(_Asked(sites, filters or Filter(), before, limit))).all()
        stock = stock_facts(connection, [row.id for row in rows if row.body is None])
        said = {row.id: json.loads(row.body) if row.body is not None else stock[row.id] for row in rows}
        names = _Names(connection, said.values())
        return [
            LogEntry(
                *(row.id, row.code, row.name, row.number, bytes(row.hash), row.act, row.at, row.happened_at),
                *(names.people.get(row.person_id, ""), names.people.get(row.second_id, ""), names.about(said[row.id]), said[row.id]),
            )
            for row in rows
        ]  # fmt: skip


def all_entries(database: Database, site_id: int | None = None, filters: Filter | None = None) -> Iterator[LogEntry]:
    """Every entry that is wanted, newest first, read as they are asked for. Raises as log_entries does."""
    before: int | None = None
    while entries := log_entries(database, site_id, filters, before=before):
        yield from entries
        before = entries[-1].id


@right(Act.SEE_LOG)
def count_entries(database: Database, site_id: int | None = None, filters: Filter | None = None) -> int:
    """How many are wanted."""
    with database.read() as connection:
        sites = {site_id} if site_id is not None else sites_of(connection, Act.SEE_LOG)
        query = _newest(_Asked(sites, filters or Filter())).order_by(None).subquery()
        return connection.scalar(sa.select(sa.func.count()).select_from(query)) or 0


@dataclass(frozen=True)
class _Asked:
    """What a query is for. sites: None where it is every one."""

    sites: set[int] | None
    wanted: Filter
    before: int | None = None
    limit: int | None = None


def _newest(asked: _Asked) -> sa.Select[Any]:
    """Of records and stock events each the newest, then the newest of both: either half is read along its own key."""
    halves = [half.subquery() for half in (_records(asked), _events(asked))]
    own = (both := sa.union_all(*(sa.select(half) for half in halves)).subquery()).c
    columns = sa.select(*own, chain_link.c.number, chain_link.c.hash, site.c.code, site.c.name)
    joined = columns.select_from(both).join(chain_link, chain_link.c.event_id == own.id).join(site, site.c.id == own.site_id)
    return joined.order_by(own.id.desc()).limit(asked.limit)


def _records(asked: _Asked) -> sa.Select[Any]:
    own = record.c
    columns = sa.select(
        *(own.event_id.label("id"), own.site_id, own.act, own.at, sa.cast(sa.null(), Instant).label("happened_at")),
        *(own.person_id, own.second_id, own.body),
    )
    return _fitting(columns, _Columns(own.event_id, own.act, own.at, record), asked)


def _events(asked: _Asked) -> sa.Select[Any]:
    own = stock_event.c
    columns = sa.select(
        *(own.id, own.site_id, own.kind.label("act"), own.recorded_at.label("at"), own.happened_at),
        *(own.person_id, own.second_id, sa.cast(sa.null(), sa.Text).label("body")),
    )
    return _fitting(columns, _Columns(own.id, own.kind, own.recorded_at, stock_event), asked)


@dataclass(frozen=True)
class _Columns:
    """How one table calls what both have."""

    id: sa.Column[int]
    act: sa.Column[str]
    at: sa.Column[datetime]
    table: sa.Table


def _fitting(query: sa.Select[Any], own: _Columns, asked: _Asked) -> sa.Select[Any]:
    wanted = asked.wanted
    if asked.sites is not None:
        # Not by the index of sites, which has no order of entries: all of a site would be sorted for each window.
        query = query.where((own.table.c.site_id + 0).in_(asked.sites))
    if wanted.since is not None:
        query = query.where(own.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(own.at < wanted.until)
    if wanted.act is not None:
        query = query.where(own.act == wanted.act)
    if wanted.who == ANYBODY:
        query = query.where(own.table.c.person_id.is_not(None))
    elif wanted.who is not None:
        query = query.where(sa.or_(own.table.c.person_id == wanted.who, own.table.c.second_id == wanted.who))
    if asked.before is not None:
        query = query.where(own.id < asked.before)
    return query.order_by(own.id.desc()).limit(asked.limit)


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class _Names:
    """What is called how, of all that a window's entries speak of."""

    def __init__(self, connection: sa.Connection, said: Iterable[Mapping[str, Any]]) -> None:
        self.people = {row.id: row.name for row in connection.execute(sa.select(person.c.id, person.c.name))}
        alarms = {one["alarm"] for one in said if isinstance(one.get("alarm"), int)}
        own = alarm.c
        of_alarms = connection.execute(sa.select(own.id, own.camera_id).where(own.id.in_(alarms)))
        self._alarms = {row.id: row.camera_id for row in of_alarms}
        self._rooms = {row.id: row.name for row in connection.execute(sa.select(room.c.id, room.c.name))}
        rows = connection.execute(sa.select(camera.c.id, camera.c.name, camera.c.room_id))
        self._cameras = {row.id: (row.name, row.room_id) for row in rows}

        self._classes = {one.id: one.name for one in list_all_classes(connection)}

    def about(self, said: Mapping[str, Any]) -> tuple[str, ...]:
        camera_id = said.get("camera") or self._alarms.get(said.get("alarm", 0))
        camera_name, room_id = self._cameras.get(camera_id, ("", said.get("room")))
        classes = dict.fromkeys(self._classes[row["class_id"]] for row in said.get("movement", ()))
        return (*filter(None, (self._rooms.get(room_id), camera_name, self.people.get(said.get("person")))), *classes)
