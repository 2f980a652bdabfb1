"""Triggers that keep a table append-only in SQLite."""

from collections.abc import Sequence

from alembic import op


def append_only(table: str, *keys: Sequence[str]) -> tuple[str, ...]:
    """The statements that make a table refuse UPDATE, DELETE, and an INSERT that would replace a row by one of its unique keys.

    None on PostgreSQL, where rights hold the same and there is no such INSERT.

    The insert is refused by a look-up of our own, because INSERT OR REPLACE fires the delete trigger only where the connection has
    set PRAGMA recursive_triggers, which somebody else's connection need not do.
    """
    if op.get_bind().dialect.name != "sqlite":
        return ()
    taken = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE {' AND '.join(f'{column} = NEW.{column}' for column in key)})" for key in keys
    )
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    return (
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} {refuse}",
    )
