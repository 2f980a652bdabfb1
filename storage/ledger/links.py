"""Reading the events as they are chained: each with its movements and facts, in the order of their numbers."""

import itertools
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa

from storage.rules.chain import Value, link_hash, sorted_facts
from storage.schema.chained import EVENT, FACTS, MOVEMENT

Row = tuple[Value, ...]
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
        facts = {table: sorted_facts(rows) for table, rows in self.facts.items()}
        return link_hash(before, number, self.event, self.movements, facts)


def chained_events(connection: sa.Connection) -> Iterator[Chained]:
    """Every event in the order of their numbers. Rows of events that are not there are passed over."""
    used = [table for table in FACTS if connection.execute(sa.text(f"SELECT 1 FROM {table} LIMIT 1")).first()]  # noqa: S608 - our own names
    for events in pages(connection, f"SELECT {', '.join(EVENT)} FROM stock_event ORDER BY id"):  # noqa: S608 - our own names
        span = f"event_id BETWEEN {events[0][0]} AND {events[-1][0]}"
        movements = _by_event(connection, "movement", MOVEMENT, f"{span} ORDER BY event_id, id")
        said = [(table, _by_event(connection, table, FACTS[table], span)) for table in used]
        for event in events:
            event_id = cast(int, event[0])
            facts = {table: rows[event_id] for table, rows in said if event_id in rows}
            yield Chained(event, movements.get(event_id, []), facts)


def _by_event(connection: sa.Connection, table: str, columns: tuple[str, ...], where: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    sql = f"SELECT event_id, {', '.join(columns)} FROM {table} WHERE {where}"  # noqa: S608 - our own names
    for rows in pages(connection, sql):
        for row in rows:
            event_id = cast(int, row[0])
            if event_id in found:
                found[event_id].append(row[1:])
            else:
                found[event_id] = [row[1:]]
    return found


def pages(connection: sa.Connection, sql: str) -> Iterator[list[Row]]:
    """Rows as the driver gives them, never all at once: instants as text, in any database."""
    driver: Any = connection.connection.driver_connection
    on_server = {"name": f"pages_{next(_NAMES)}"} if connection.dialect.name == "postgresql" else {}
    with closing(driver.cursor(**on_server)) as cursor:
        cursor.execute(sql)
        while page := cursor.fetchmany(PAGE_ROWS):
            yield page
