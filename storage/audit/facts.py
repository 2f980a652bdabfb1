"""What a stock event says besides its head: its movements and its facts, by the names of their columns."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from storage.schema import goods, ledger, stock
from storage.schema.chained import EVENT, FACTS, MOVEMENT
from storage.schema.ledger import stock_event

_TABLES = {table.name: table for module in (goods, ledger, stock) for table in vars(module).values() if isinstance(table, sa.Table)}

# What a LogEntry has a place of its own for.
_ELSEWHERE = {"id", "site_id", "kind", "happened_at", "recorded_at", "person_id", "second_id"}


def stock_facts(connection: sa.Connection, event_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Of these events: the reason and the like, `movement`, and each table of facts that has rows of theirs."""
    if not event_ids:
        return {}
    heads = sa.select(stock_event).where(stock_event.c.id.in_(event_ids))
    found: dict[int, dict[str, Any]] = {
        row["id"]: {name: row[name] for name in EVENT if name not in _ELSEWHERE and row[name]}
        for row in connection.execute(heads).mappings()
    }
    for name, columns in (("movement", MOVEMENT), *FACTS.items()):
        table = _TABLES[name]
        rows = connection.execute(sa.select(table).where(table.c.event_id.in_(event_ids)).order_by(*table.primary_key)).mappings()
        for row in rows:
            kept = {column: _plain(row[column]) for column in columns if row[column] is not None}
            found[row["event_id"]].setdefault(name, []).append(kept)
    return found


def _plain(value: object) -> object:
    return value if isinstance(value, int | str) else str(value)
