"""All that counts have found to differ from the books, each with what moved since the last count that was accepted."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from storage.database import Database
from storage.ledger.reconciliation import Part, parts_between
from storage.ledger.standing import stands
from storage.people.right import right
from storage.rules.movement import State
from storage.rules.rights import Act
from storage.schema.ledger import stock_event
from storage.schema.stock import count_acceptance, stock_count
from storage.stock.counts import list_counts

# Where no count was ever accepted, what is missing may have gone in this time before it was found.
UNKNOWN_BEFORE = timedelta(days=30)


@dataclass(frozen=True)
class Difference:
    """Sheets of a class and state that two teams counted otherwise than the books said when the counting began.

    accepted: the books have been put right since. sheet_ids: the events in which the teams entered what they found. sources: the events
    that moved the state since the last accepted count of the class began, newest first; all of them if there was none.
    """

    site_id: int
    class_id: int
    state: State
    count_id: int
    began_at: datetime
    books: int
    counted: int
    accepted: bool
    sheet_ids: tuple[int, ...]
    sources: tuple[Part, ...]


@right(Act.SEE_STOCK)
def differences(database: Database, site_id: int) -> list[Difference]:
    """Every difference of every standing count of a site, newest count first.

    None of a count on which no two teams agree yet: its figures stay hidden from whoever counts next.
    """
    found = []
    for count in list_counts(database, site_id):
        if count.reversed or count.counted is None or count.variance is None or not any(count.variance.values()):
            continue
        agreeing = tuple(sheet.event_id for sheet in count.sheets if sheet.counted == count.counted)
        with database.read() as connection:
            position = connection.execute(sa.select(stock_count.c.position).where(stock_count.c.event_id == count.id)).scalar_one()
            before = _accepted_before(connection, site_id, count.class_id, position)
            for state, sheets in count.variance.items():
                if sheets:
                    parts = tuple(parts_between(connection, site_id, count.class_id, state, after=before, until=position))
                    counted = count.counted[state]
                    head = (site_id, count.class_id, state, count.id, count.began_at)
                    found.append(Difference(*head, counted - sheets, counted, count.accepted, agreeing, parts))
    return found


def _accepted_before(connection: sa.Connection, site_id: int, class_id: int, position: int) -> int:
    """The position of the last accepted count of the class before another; 0 if there is none."""
    query = (
        sa.select(sa.func.coalesce(sa.func.max(stock_count.c.position), 0))
        .join(count_acceptance, count_acceptance.c.count_id == stock_count.c.event_id)
        .join(stock_event, stock_event.c.id == stock_count.c.event_id)
        .where(stock_event.c.site_id == site_id, stock_count.c.class_id == class_id, stock_count.c.position < position)
        .where(stands(count_acceptance.c.event_id))
    )
    before: int = connection.execute(query).scalar_one()
    return before


@dataclass(frozen=True)
class Unexplained:
    """When sheets went missing or appeared at a site, nobody knows how: after the last accepted count, before the one that found it."""

    site_id: int
    from_at: datetime
    until_at: datetime


@right(Act.SEE_STOCK)
def unexplained(database: Database) -> list[Unexplained]:
    """A time for each count with a difference that is not accepted: from the last accepted one of the class, or 30 days before, to its own.

    None for a count after which a later one of the same class was accepted: that one has put right what both found.
    """
    counted = sa.select(stock_event.c.site_id).join(stock_count, stock_count.c.event_id == stock_event.c.id).distinct()
    with database.read() as connection:
        site_ids = connection.scalars(counted).all()
    found = [(site_id, count) for site_id in site_ids for count in list_counts(database, site_id) if not count.reversed]
    times = []
    for site_id, count in found:
        accepted = [one.began_at for site, one in found if site == site_id and one.class_id == count.class_id and one.accepted]
        if count.accepted or not any((count.variance or {}).values()) or any(at > count.began_at for at in accepted):
            continue
        before = max(accepted, default=count.began_at - UNKNOWN_BEFORE)
        times.append(Unexplained(site_id, before, count.began_at))
    return times
