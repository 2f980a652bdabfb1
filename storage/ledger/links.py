"""Reading the events as they are chained: each with its movements and facts, in the order of their numbers."""

import heapq
import itertools
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa

from storage.rules.chain import FORM, RECORD_FORM, Value, link_hash, record_text, sealed_text, sorted_facts
from storage.schema.chained import EVENT, FACTS, MOVEMENT, RECORD

Row = tuple[Value, ...]
# Number, site and kind of an event, and the text that its link seals; RECORD_KIND where it is a record.
Sealed = tuple[int, int, str, str]
RECORD_KIND = "record"
PAGE_ROWS = 500
_NAMES = itertools.count()


@dataclass(slots=True)
class Chained:
    """An event and all it says. event: its columns as storage/schema/chained.py lists them."""

    event: Row
    movements: list[Row]
    facts: dict[str, list[Row]]

    def hash(self, before: bytes, number: int) -> bytes:
        """What its link must hold, after a link with the hash `before`."""
        return link_hash(before, number, self.text)

    @property
    def text(self) -> str:
        """What is sealed."""
        return sealed_text(self.event, self.movements, {table: sorted_facts(rows) for table, rows in self.facts.items()})


def sealed_hash(before: bytes, number: int, sealed: Sealed) -> bytes:
    """What the link of a sealed event or record must hold, after a link with the hash `before`."""
    return link_hash(before, number, sealed[3], RECORD_FORM if sealed[2] == RECORD_KIND else FORM)


def chained_events(connection: sa.Connection, facts: Collection[str] = FACTS.keys()) -> Iterator[Chained]:
    """Every event of the stock in the order of their numbers. Rows of events that are not there are passed over.

    facts: the tables of facts that there are; an earlier schema has fewer.
    """
    used = _used(connection, facts)
    for ids in pages(connection, "SELECT id FROM stock_event ORDER BY id"):
        yield from _chained(connection, used, ids)


def sealed_events(connection: sa.Connection, first: int = 0) -> Iterator[Sealed]:
    """Every event of the stock and every record from a number on, in the order of their numbers, as texts."""
    return heapq.merge(_sealed_stock(connection, first), _sealed_records(connection, first), key=lambda sealed: sealed[0])


def _sealed_records(connection: sa.Connection, first: int) -> Iterator[Sealed]:
    for row in _rows(connection, f"SELECT {', '.join(RECORD)} FROM record WHERE event_id >= {first} ORDER BY event_id"):  # noqa: S608 - our own names
        yield cast(int, row[0]), cast(int, row[1]), RECORD_KIND, record_text(row)


def _sealed_stock(connection: sa.Connection, first: int) -> Iterator[Sealed]:
    """SQLite makes the texts of its rows itself, three times as fast as they are made here of values."""
    used = _used(connection, FACTS)
    for ids in pages(connection, f"SELECT id FROM stock_event WHERE id >= {first} ORDER BY id"):  # noqa: S608 - our own names
        if connection.dialect.name == "sqlite":
            try:
                yield from _written(connection, used, ids)
                continue
            except sqlite3.OperationalError:
                pass  # somebody has put in what is no text and no number; below it is told apart
        for chained in _chained(connection, used, ids):
            event_id, site_id, kind = cast(tuple[int, int, str], chained.event[:3])
            yield event_id, site_id, kind, chained.text


def _used(connection: sa.Connection, facts: Collection[str]) -> list[str]:
    """Those of the tables of facts that have any, in the order in which they are sealed."""
    return [table for table in sorted(facts) if connection.execute(sa.text(f"SELECT 1 FROM {table} LIMIT 1")).first()]  # noqa: S608 - our own names


def _chained(connection: sa.Connection, used: Sequence[str], ids: Sequence[Row]) -> Iterator[Chained]:
    """The events from the first to the last of these numbers."""
    span = f"BETWEEN {ids[0][0]} AND {ids[-1][0]}"
    movements = _by_event(connection, "movement", ", ".join(MOVEMENT), span)
    said = [(table, _by_event(connection, table, ", ".join(FACTS[table]), span)) for table in used]
    for event in _rows(connection, f"SELECT {', '.join(EVENT)} FROM stock_event WHERE id {span} ORDER BY id"):  # noqa: S608 - our own names
        event_id = cast(int, event[0])
        yield Chained(event, movements.get(event_id, []), {table: rows[event_id] for table, rows in said if event_id in rows})


def _written(connection: sa.Connection, used: Sequence[str], ids: Sequence[Row]) -> list[Sealed]:
    """The same as SQLite's JSON, which writes numbers, texts and empty values as Python's does."""
    span = f"BETWEEN {ids[0][0]} AND {ids[-1][0]}"
    movements = _texts(connection, "movement", MOVEMENT, span)
    said = [(f'"{table}":[', _texts(connection, table, FACTS[table], span)) for table in used]
    found: list[Sealed] = []
    for row in _rows(connection, f"SELECT id, site_id, kind, {_json(EVENT)} FROM stock_event WHERE id {span} ORDER BY id"):  # noqa: S608 - our own names
        event_id, site_id, kind, event = cast(Sealed, row)
        facts = ",".join([f"{table}{rows[event_id]}]" for table, rows in said if event_id in rows])
        found.append((event_id, site_id, kind, f"{event},[{movements.get(event_id, '')}],{{{facts}}}]"))
    return found


def _texts(connection: sa.Connection, table: str, columns: Sequence[str], span: str) -> dict[int, str]:
    """The rows of each event as JSON, one after the other; movements in the order of their own numbers, facts in that of sorted_facts."""
    found: dict[int, str] = {}
    many: dict[int, list[str]] = {}
    by_number = " ORDER BY event_id, id" if table == "movement" else ""
    sql = f"SELECT event_id, {_json(columns)} FROM {table} WHERE event_id"  # noqa: S608 - our own names
    for row in _rows(connection, f"{sql} {span}{by_number}"):
        event_id, text = cast(tuple[int, str], row)
        if event_id in found:
            many.setdefault(event_id, [found[event_id]]).append(text)
        else:
            found[event_id] = text
    by_columns = ", ".join(f"{column} IS NOT NULL, CAST({column} AS TEXT)" for column in columns)
    for event_id, texts in many.items():
        if not by_number:
            texts[:] = [cast(str, row[1]) for row in _rows(connection, f"{sql} = {event_id} ORDER BY {by_columns}")]
        found[event_id] = ",".join(texts)
    return found


def _json(columns: Sequence[str]) -> str:
    return f"json_array({', '.join(columns)})"


def _by_event(connection: sa.Connection, table: str, columns: str, span: str) -> dict[int, list[Row]]:
    """Rows without their event's number, by it; movements in the order of their own numbers."""
    found: dict[int, list[Row]] = {}
    order = "ORDER BY event_id, id" if table == "movement" else ""
    for row in _rows(connection, f"SELECT event_id, {columns} FROM {table} WHERE event_id {span} {order}"):  # noqa: S608 - our own names
        event_id = cast(int, row[0])
        if event_id in found:
            found[event_id].append(row[1:])
        else:
            found[event_id] = [row[1:]]
    return found


def _rows(connection: sa.Connection, sql: str) -> Iterator[Row]:
    return itertools.chain.from_iterable(pages(connection, sql))


def pages(connection: sa.Connection, sql: str) -> Iterator[list[Row]]:
    """Rows as the driver gives them, never all at once: instants as text, in any database."""
    driver: Any = connection.connection.driver_connection
    on_server = {"name": f"pages_{next(_NAMES)}"} if connection.dialect.name == "postgresql" else {}
    with closing(driver.cursor(**on_server)) as cursor:
        cursor.execute(sql)
        while page := cursor.fetchmany(PAGE_ROWS):
            yield page
