"""Reading the events as they are chained: each with its movements and facts, in the order of their numbers."""

import itertools
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, cast

import sqlalchemy as sa

from storage.rules.chain import Value, link_hash, sorted_facts
from storage.schema.chained import EVENT, FACTS, MOVEMENT

Row = tuple[Value, ...]
PAGE_ROWS = 5_000
_NAMES = itertools.count()


@dataclass(slots=True)
class Chained:
    """An event and all it says. event: its columns as storage/schema/chained.py lists them."""

    event: Row
    movements: list[Row] = field(default_factory=list)
    facts: dict[str, list[Row]] = field(default_factory=dict)

    def hash(self, before: bytes, number: int) -> bytes:
        """What its link must hold, after a link with the hash `before`."""
        facts = {table: sorted_facts(rows) for table, rows in self.facts.items()}
        return link_hash(before, number, self.event, self.movements, facts)


def chained_events(connection: sa.Connection) -> Iterator[Chained]:
    """Every event in the order of their numbers. Rows of events that are not there are passed over."""
    streams = [_Stream(connection, "movement", MOVEMENT, "event_id, id")]
    streams += [_Stream(connection, table, columns, "event_id") for table, columns in FACTS.items()]
    streams = [rows for rows in streams if rows.event_id < _NONE_LEFT]
    for event in stream(connection, f"SELECT {', '.join(EVENT)} FROM stock_event ORDER BY id"):  # noqa: S608 - our own names
        chained = Chained(event)
        event_id = cast(int, event[0])
        for rows in streams:
            if rows.event_id <= event_id:
                found = rows.take(event_id)
                if rows.table == "movement":
                    chained.movements = found
                elif found:
                    chained.facts[rows.table] = found
        yield chained


def stream(connection: sa.Connection, sql: str) -> Iterator[Row]:
    """Rows as the driver gives them, never all at once: instants as text, in any database."""
    driver: Any = connection.connection.driver_connection
    on_server = {"name": f"stream_{next(_NAMES)}"} if connection.dialect.name == "postgresql" else {}
    with closing(driver.cursor(**on_server)) as cursor:
        cursor.execute(sql)
        while page := cursor.fetchmany(PAGE_ROWS):
            yield from page


_NONE_LEFT = 1 << 62


class _Stream:
    """The rows of a table in the order of their events; event_id: of the next one."""

    def __init__(self, connection: sa.Connection, table: str, columns: tuple[str, ...], order: str) -> None:
        self.table = table
        sql = f"SELECT event_id, {', '.join(columns)} FROM {table} ORDER BY {order}"  # noqa: S608 - our own names
        self._rows = stream(connection, sql)
        self._next: Row | None = next(self._rows, None)
        self.event_id = self._number()

    def take(self, event_id: int) -> list[Row]:
        """The rows of this event; those of events that are not there are passed over."""
        found = []
        while self._next is not None and self.event_id <= event_id:
            if self.event_id == event_id:
                found.append(self._next[1:])
            self._next = next(self._rows, None)
            self.event_id = self._number()
        return found

    def _number(self) -> int:
        return _NONE_LEFT if self._next is None else cast(int, self._next[0])
