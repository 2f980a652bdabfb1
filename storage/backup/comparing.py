"""How far a restored book lies behind the book in use, and what checkpoints say of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.database import Database
from storage.ledger.against import Compared, compare
from storage.ledger.check import chain_heads
from storage.rules.chain import Checkpoint
from storage.rules.checkpoint import Given
from storage.schema.ledger import chain_link, stock_event
from storage.schema.places import site
from storage.schema.record import record


@dataclass(frozen=True)
class Behind:
    """A warehouse whose chain is not as long as it was. site: its code; has, was: entries now and then; since: when the first that is
    missing was entered.

    other: the chains do not fit: it is not an older state, but another book, or one of them was written anew.
    """

    site: str
    has: int
    was: int
    since: datetime | None = None
    other: bool = False

    @property
    def missing(self) -> int:
        """Entries that were there and are not in the restored book."""
        return max(0, self.was - self.has)


def behind_book(heads: Sequence[Checkpoint], present: Database) -> list[Behind]:
    """Compares the heads of a restored book with the book in use. Raises Refusal where that cannot be read."""
    restored, found = {head.site: head for head in heads}, []
    with present.read() as connection:
        for now in chain_heads(connection):
            mine = restored.get(now.site, Checkpoint(now.site, 0, b""))
            if mine.number and mine.number <= now.number and _hash(connection, now.site, mine.number) != mine.hash:
                found.append(Behind(now.site, mine.number, now.number, other=True))
            elif mine.number < now.number:
                found.append(Behind(now.site, mine.number, now.number, _entered_at(connection, now.site, mine.number + 1)))
    return found


def with_checkpoints(restored: Database, given: Sequence[Given]) -> list[Compared]:
    """What each checkpoint says of a restored book. Raises Refusal where it cannot be read."""
    with restored.read() as connection:
        return compare(connection, given)


def _hash(connection: sa.Connection, code: str, number: int) -> bytes | None:
    query = sa.select(chain_link.c.hash).join(site, site.c.id == chain_link.c.site_id)
    found = connection.scalar(query.where(site.c.code == code, chain_link.c.number == number))
    return None if found is None else bytes(found)


def _entered_at(connection: sa.Connection, code: str, number: int) -> datetime | None:
    query = (
        sa.select(stock_event.c.recorded_at, record.c.at)
        .select_from(chain_link)
        .join(site, site.c.id == chain_link.c.site_id)
        .outerjoin(stock_event, stock_event.c.id == chain_link.c.event_id)
        .outerjoin(record, record.c.event_id == chain_link.c.event_id)
        .where(site.c.code == code, chain_link.c.number == number)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else row.recorded_at or row.at
