"""What the tables of the books and their triggers are by now, as SQL of one dialect: `python -m storage.migrations.draft sqlite`.

With a revision after the dialect: what came or changed with it.

A migration keeps its own copy of what this said when it was released; a test compares what the migrations build with it.
"""

import sys
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect

from storage.rules.movement import LEGAL
from storage.schema import goods, ledger, people, places, record, stock, suspending
from storage.schema.all_guards import GUARDS
from storage.schema.base import metadata
from storage.schema.guards import POSTGRESQL, SQLITE
from storage.schema.triggers import LATER, triggers

# Of these the watch of an earlier schema takes care.
KEPT = {places.site.name, places.room.name, places.camera.name, places.person.name}
# Between the tables and what holds the rules: here the rows of an earlier schema are put in their places.
TRIGGERS = "-- triggers"
DIALECTS: dict[str, Dialect] = {SQLITE: sqlite.dialect(), POSTGRESQL: postgresql.dialect()}  # type: ignore[no-untyped-call]


def book_tables() -> list[sa.Table]:
    """Every table of places and books that this schema makes, those that others refer to first."""
    named = {
        table.name
        for module in (places, ledger, stock, goods, people, record, suspending)
        for table in vars(module).values()
        if isinstance(table, sa.Table)
    }
    return [table for table in metadata.sorted_tables if table.name in named - KEPT]


def tables(dialect: str) -> list[str]:
    """The tables, their indexes, and what each kind of event may move."""
    found = []
    for table in book_tables():
        found.append(_text(sa.schema.CreateTable(table), dialect))
        found += [_text(sa.schema.CreateIndex(index), dialect) for index in sorted(table.indexes, key=lambda index: str(index.name))]
    legal = ", ".join(f"('{kind}', '{source}', '{target}')" for kind, moves in LEGAL.items() for source, target in moves)
    found.append(f"INSERT INTO legal_move (kind, from_state, to_state) VALUES {legal}")
    return found


def _text(element: sa.schema.DDLElement, dialect: str) -> str:
    lines = str(element.compile(dialect=DIALECTS[dialect])).replace("\t", "    ").splitlines()
    return "\n".join(line.rstrip() for line in lines if line.strip())


# Tables, and indexes of earlier tables, by the schema that they came with.
LATER_TABLES = {"0006": (*LATER, "role_grant", "confirmation")}
INDEXES = {"0003": ("ix_stock_count_class_id_began_at",), "0006": ("ix_chain_link_stock",)}


def changes(dialect: str, since: str) -> list[str]:
    """The tables and indexes that came with a schema, and the triggers and rights that came or changed with it."""
    found, new = [], LATER_TABLES.get(since, ())
    for table in book_tables():
        found += [_text(sa.schema.CreateTable(table), dialect)] if table.name in new else []
        wanted = [index for index in table.indexes if table.name in new or index.name in INDEXES.get(since, ())]
        found += [_text(sa.schema.CreateIndex(index), dialect) for index in sorted(wanted, key=lambda index: str(index.name))]
    found += [text for guard in GUARDS if guard.since == since for text in guard.statements(dialect)]
    return found + [text for text in triggers(dialect) if new and _is_right(text, new)]


def _is_right(text: str, new: Sequence[str]) -> bool:
    """Whether it keeps new tables append-only, or says what writers may do with them."""
    first, second = new[0], new[-1]
    granted = (
        f"GRANT SELECT, INSERT ON {first},",
        f"GRANT SELECT, INSERT, UPDATE ON role_grant, {second} ",
        "GRANT USAGE, SELECT ON SEQUENCE",
    )
    return text.startswith((*granted, *(f"CREATE TRIGGER {table}_no_" for table in new)))


if __name__ == "__main__":
    dialect, *since = sys.argv[1:]
    print("\n-- next\n".join(changes(dialect, since[0]) if since else [*tables(dialect), TRIGGERS, *triggers(dialect)]))
