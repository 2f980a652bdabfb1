"""What the tests of backups share: one that is made of the small warehouse, and what is read of a book."""

import dataclasses
import json
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from storage.backup.making import Made, back_up
from storage.database import Database
from storage.ledger.check import check_books
from storage.rules.chain import Checkpoint
from storage.schema.record import record
from storage.settings import load_settings
from tests.storage.store import Store

AT = datetime(2026, 11, 26, 13, 0, tzinfo=UTC)


def make(store: Store, place: Path, at: datetime = AT, **how: object) -> Made:
    settings = dataclasses.replace(load_settings(store.database.path.parent), database=store.url)
    return back_up(store.database, place, settings, now=at, **how)  # type: ignore[arg-type]


def head(database: Database) -> Checkpoint:
    """Of the only site."""
    (found,) = check_books(database).heads
    return found


def records(database: Database, act: str) -> list[dict[str, object]]:
    """What those of one act say, oldest first."""
    query = sa.select(record.c.body).where(record.c.act == act).order_by(record.c.event_id)
    with database.read() as connection:
        return [json.loads(body) for body in connection.scalars(query)]
