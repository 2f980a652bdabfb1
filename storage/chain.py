"""The chain of each site as the database keeps it: who may add to it now, the next numbers, and records of what is no stock."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache

import sqlalchemy as sa

from storage.rules.chain import RECORD_FORM, START, body_text, link_hash, record_text
from storage.schema.ledger import chain_link, stock_event
from storage.schema.places import camera, room, site
from storage.schema.record import record
from storage.told import Key, known_rows, told_rows

# The first of the two numbers of our advisory locks.
LOCK_SPACE, PERSON_SPACE = 7411, 7414
_HEAD = (
    sa.select(chain_link.c.number, chain_link.c.hash)
    .where(chain_link.c.site_id == sa.bindparam("site_id"))
    .order_by(chain_link.c.number.desc())
    .limit(1)
)


def lock_sites(connection: sa.Connection, site_ids: Iterable[int]) -> None:
    """From here to the end of the transaction nobody else adds to the chains of these sites. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        for site_id in sorted(site_ids):
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK_SPACE, site_id)))


def lock_person(connection: sa.Connection, person_id: int) -> None:
    """From here to the end of the transaction nobody else tries a secret of this person."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(PERSON_SPACE, person_id)))


def head(connection: sa.Connection, site_id: int) -> tuple[int, bytes]:
    """Number and hash of the last link of a site."""
    row = connection.execute(_HEAD, {"site_id": site_id}).one_or_none()
    return (0, START) if row is None else (row.number, bytes(row.hash))


def new_ids(connection: sa.Connection, table: sa.Table, count: int) -> list[int]:
    """The next numbers of a table, ascending; to be called in a transaction that writes, after lock_sites.

    Those of stock_event are those of records too: both stand in one chain.
    """
    if count == 0:
        return []
    if connection.dialect.name == "postgresql":
        query = sa.text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
        return list(connection.scalars(query, {"name": table.name, "count": count}))
    last: int = connection.scalar(_last_id(table)) or 0
    return list(range(last + 1, last + 1 + count))


@cache
def _last_id(table: sa.Table) -> sa.Select[tuple[int | None]]:
    return sa.select(sa.func.max(chain_link.c.event_id if table is stock_event else table.c.id))


def put_record(
    connection: sa.Connection,
    site_id: int | None,
    act: str,
    body: Mapping[str, object],
    *,
    at: datetime,
    by: int | None = None,
    second: int | None = None,
    rows: Mapping[str, Collection[Key]] | None = None,
) -> int | None:
    """Adds a record to the chain of a site, in the caller's transaction; its number among events and records.

    site_id: None for what belongs to no site: it stands in the chain of the first warehouse. None is returned where there is none yet.
    act: what was done, a word of this program. body: what it says; instants as aware datetimes. by, second: persons' ids; without by it is
    whom the database is signed in for, and else the program itself. rows: which rows it is about, by table; what they say now goes into
    the record, and the check compares them with it (storage/schema/told.py).
    """
    place = home_site(connection) if site_id is None else site_id
    if place is None:
        return None
    lock_sites(connection, [place])
    if by is None:
        by = connection.get_execution_options().get("signed_in")
    [event_id] = new_ids(connection, stock_event, 1)
    number, before = head(connection, place)
    told = {table: told_rows(connection, table, keys) for table, keys in (rows or {}).items() if keys}
    said = body_text({key: _kept(value) for key, value in body.items()} | ({"rows": told} if told else {}))
    digest = link_hash(before, number + 1, record_text((event_id, place, act, _text(at), by, second, said)), RECORD_FORM)
    values = {"event_id": event_id, "site_id": place, "act": act, "at": at, "person_id": by, "second_id": second, "body": said}
    connection.execute(record.insert().values(values))
    link = {"event_id": event_id, "site_id": place, "number": number + 1, "kind": "record", "hash": digest}
    connection.execute(chain_link.insert().values(link))
    return event_id


def site_of_room(connection: sa.Connection, room_id: int) -> int | None:
    """In whose chain it is told what was done about a room."""
    found: int | None = connection.scalar(sa.select(room.c.site_id).where(room.c.id == room_id))
    return found


def site_of_camera(connection: sa.Connection, camera_id: int | None) -> int | None:
    """The same of a camera; None: about no camera, but the recorder itself."""
    if camera_id is None:
        return None
    query = sa.select(room.c.site_id).join(camera, camera.c.room_id == room.c.id).where(camera.c.id == camera_id)
    found: int | None = connection.scalar(query)
    return found


def home_site(connection: sa.Connection) -> int | None:
    """Where what belongs to no site is recorded: the warehouse that was entered first."""
    found: int | None = connection.scalar(sa.select(sa.func.min(site.c.id)).where(site.c.kind == "warehouse"))
    return found


def tell_known(connection: sa.Connection, at: datetime) -> None:
    """Tells all rows that no record told when they were written: of an earlier version, or from before there was a warehouse."""
    for table, keys in known_rows(connection):
        put_record(connection, None, "rows_known", {}, at=at, rows={table: keys})


def _kept(value: object) -> object:
    if isinstance(value, datetime):
        return _text(value)
    if isinstance(value, Mapping):
        return {str(key): _kept(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_kept(part) for part in value]
    return value


def _text(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError(f"an instant needs a zone: {at}")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
