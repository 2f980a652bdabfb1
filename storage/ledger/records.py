"""Checking the rows of people, places, watch and footage against the records of the chain: what was done to them beside this program."""

import itertools
import json
from collections.abc import Iterator
from typing import cast

import sqlalchemy as sa

from storage.ledger.finding import Finding
from storage.ledger.links import pages
from storage.rules.refusal import Refusal
from storage.schema.told import CHANGES, TOLD, TOLD_BY_NAME, Told
from storage.told import as_told, columns_of

# What a row said in its newest record: that record's number, then the columns.
Known = tuple[object, ...]
_MOST_SIGNS = 60
SEGMENT = ("camera_id", "number", "path", "started_at", "ended_at", "bytes", "sha256")


def check_rows(connection: sa.Connection) -> Iterator[Finding]:
    """Every row that is not what its newest record says, that no record tells of, or that is gone.

    Where there is no record yet, because there is no warehouse, there is nothing to compare with.
    """
    if connection.execute(sa.text("SELECT 1 FROM record LIMIT 1")).first() is None:
        return
    known: dict[str, dict[object, Known]] = {told.table: {} for told in TOLD}
    yield from _follow(connection, known)
    for told in TOLD:
        yield from _compare(connection, told, known.pop(told.table))
    yield from _segments(connection)


def _follow(connection: sa.Connection, known: dict[str, dict[object, Known]]) -> Iterator[Finding]:
    """Reads all records once. What a later one says of a row may differ from an earlier one only in what its act changes."""
    for number, act, body in _rows(connection, "SELECT event_id, act, body FROM record ORDER BY event_id"):
        for table, rows in _told_by(cast(str, body)).items():
            told, kept = TOLD_BY_NAME.get(table), known.get(table)
            if told is None or kept is None or not isinstance(rows, list):
                continue
            for key, *values in (row for row in rows if isinstance(row, list) and row):
                before = kept.get(_hashable(key))
                kept[_hashable(key)] = (number, *values)
                if before is None:
                    continue
                for column, was, now in zip(told.columns, before[1:], values, strict=False):
                    if was != now and column not in CHANGES.get(cast(str, act), ()):
                        yield _differs(told, key, (column, was, now), cast(int, before[0]))


def _compare(connection: sa.Connection, told: Told, known: dict[object, Known]) -> Iterator[Finding]:
    untold = told.untold or "1 = 0"
    sql = f"SELECT {columns_of(told)}, CASE WHEN {untold} THEN 1 ELSE 0 END FROM {told.table}"  # noqa: S608 - our own names
    for *row, may_lack in _rows(connection, sql):
        key, *values = as_told(told, row)
        said = known.pop(key, None)
        if said is not None:
            number, *before = said
            for column, was, now in zip(told.columns, before, values, strict=False):
                if was != now:
                    yield _differs(told, key, (column, was, now), cast(int, number))
        elif not may_lack:
            sentence = Refusal("{table} {row} is in no record: it was put in beside this program.", table=told.table, row=key)
            yield Finding("untold", told.table, str(key), sentence)
    for key, said in known.items():
        yield _vanished(told.table, key, said[0])


def _differs(told: Told, key: object, change: tuple[str, object, object], number: int) -> Finding:
    column, was, now = change
    values = {"table": told.table, "row": key, "column": column, "number": number}
    if column in told.digested | told.places:
        said = Refusal("{table} {row}: {column} is not what record {number} says; it was changed beside this program.", **values)
    else:
        shown = {"was": _shown(was), "now": _shown(now)}
        said = Refusal(
            "{table} {row}: {column} is {now}, but {was} in record {number}: it was changed beside this program.", **values, **shown
        )
    return Finding("changed", told.table, str(key), said)


def _vanished(table: str, key: object, number: object) -> Finding:
    said = Refusal("{table} {row} was removed beside this program; record {number} tells of it.", table=table, row=key, number=number)
    return Finding("vanished", table, str(key), said)


def _segments(connection: sa.Connection) -> Iterator[Finding]:
    """The segments are told a minute's worth at a time. Both are read in the order of the records, so that neither is ever held whole."""
    columns = ", ".join(SEGMENT)
    sql = f"SELECT record_id, id, {columns} FROM segment WHERE record_id IS NOT NULL ORDER BY record_id, id"  # noqa: S608 - our own names
    by_record = itertools.groupby(_rows(connection, sql), key=lambda row: cast(int, row[0]))
    group = next(by_record, None)
    for number, body in _rows(connection, "SELECT event_id, body FROM record WHERE act = 'segments_kept' ORDER BY event_id"):
        while group is not None and group[0] < cast(int, number):
            yield from _strangers(group[1])
            group = next(by_record, None)
        here = list(group[1]) if group is not None and group[0] == number else []
        if here:
            group = next(by_record, None)
        yield from _compare_segments(cast(int, number), _said_segments(cast(str, body)), here)
    while group is not None:
        yield from _strangers(group[1])
        group = next(by_record, None)


def _compare_segments(number: int, said: dict[object, list[object]], rows: list[Known]) -> Iterator[Finding]:
    told = Told("segment", SEGMENT)
    for _record, key, *values in rows:
        before = said.pop((values[0], values[1]), None)
        if before is None:
            yield from _strangers(iter([(number, key)]))
            continue
        for column, was, now in zip(SEGMENT, before, values, strict=False):
            if was != now:
                yield _differs(told, key, (column, was, now), number)
    for camera_id, place in cast("dict[tuple[object, object], object]", said):
        yield _vanished("segment", f"{camera_id}/{place}", number)


def _strangers(rows: Iterator[Known]) -> Iterator[Finding]:
    for _record, key, *_values in rows:
        sentence = Refusal("{table} {row} is in no record: it was put in beside this program.", table="segment", row=key)
        yield Finding("untold", "segment", str(key), sentence)


def _said_segments(body: str) -> dict[object, list[object]]:
    segments = _object(body).get("segments")
    rows = segments if isinstance(segments, list) else []
    return {(_hashable(row[0]), _hashable(row[1])): row for row in rows if isinstance(row, list) and len(row) >= len(SEGMENT)}


def _told_by(body: str) -> dict[str, object]:
    if '"rows":' not in body:
        return {}
    rows = _object(body).get("rows")
    return rows if isinstance(rows, dict) else {}


def _object(body: str) -> dict[str, object]:
    """A record's body; empty where somebody has made it something else, which its link tells."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _hashable(key: object) -> object:
    return key if isinstance(key, int | str) else repr(key)


def _shown(value: object) -> str:
    text = "-" if value is None else str(value)
    return text if len(text) <= _MOST_SIGNS else f"{text[:_MOST_SIGNS]}…"


def _rows(connection: sa.Connection, sql: str) -> Iterator[Known]:
    return itertools.chain.from_iterable(pages(connection, sql))
