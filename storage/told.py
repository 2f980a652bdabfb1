"""What rows say as a record of the chain tells it: read back from the database, so that it is what the database keeps."""

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence

import sqlalchemy as sa

from storage.schema.told import TOLD, TOLD_BY_NAME, Told

# Rows in one query, and in one record where many are told at once.
AT_ONCE = 500
_LOGIN = re.compile(r"pass|pwd|user|login|auth|token|@", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{\w+\}")

Key = int | str
Row = list[object]


def told_rows(connection: sa.Connection, table: str, keys: Collection[Key]) -> list[Row]:
    """The key and the told columns of each of these rows, in the order of the keys; instants as text."""
    told, found, wanted = TOLD_BY_NAME[table], [], sorted(keys)
    for start in range(0, len(wanted), AT_ONCE):
        sql = f"SELECT {columns_of(told)} FROM {table} WHERE {told.key} IN :keys ORDER BY {told.key}"  # noqa: S608 - our own names
        rows = connection.execute(sa.text(sql).bindparams(sa.bindparam("keys", expanding=True)), {"keys": wanted[start : start + AT_ONCE]})
        found += [as_told(told, row) for row in rows]
    return found


def known_rows(connection: sa.Connection) -> Iterator[tuple[str, list[Key]]]:
    """Every row that a record must tell, so many at once: the table and the keys."""
    for told in TOLD:
        untold = f" WHERE NOT ({told.untold})" if told.untold else ""
        keys = list(connection.scalars(sa.text(f"SELECT {told.key} FROM {told.table}{untold} ORDER BY {told.key}")))  # noqa: S608 - our own names
        for start in range(0, len(keys), AT_ONCE):
            yield told.table, keys[start : start + AT_ONCE]


def columns_of(told: Told) -> str:
    """The key and the columns, for a query."""
    return ", ".join((told.key, *told.columns))


def as_told(told: Told, row: Sequence[object]) -> Row:
    """A row of columns_of as a record holds it."""
    if not told.digested and not told.places:
        return list(row)
    return [row[0], *(_said(told, column, value) for column, value in zip(told.columns, row[1:], strict=True))]


def address_place(address: str) -> str:
    """Of a camera's address what stands before its path, where some cameras want a password."""
    scheme, mark, rest = address.partition("://")
    return f"{scheme}{mark}{re.split('[/?#]', rest, maxsplit=1)[0]}"


def _said(told: Told, column: str, value: object) -> object:
    if column in told.digested:
        return _digest(str(value))
    if column in told.places and value:
        # An address that still holds a login, as earlier versions kept them, could be guessed from its digest by who reads the log.
        place, rest = address_place(str(value)), _PLACEHOLDER.sub("", str(value))
        return place if _LOGIN.search(rest) else f"{place} {_digest(str(value))}"
    return value


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]
