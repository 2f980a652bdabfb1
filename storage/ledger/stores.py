"""What lies where while events are being drafted, so that a lack is one clear sentence before the database has to refuse."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from storage.ledger.standing import stands
from storage.rules.movement import Movement, Place
from storage.rules.refusal import Refusal
from storage.schema.goods import container
from storage.schema.ledger import balance, chain_link, content, stock_event
from storage.schema.stock import count_acceptance, stock_close, stock_count
from storage.stock.classes import class_of

# How many containers are looked into with one query.
PAGE_CONTAINERS = 500


class Stores:
    """The stores of some sites as they stand and as the events drafted so far leave them."""

    def __init__(self, connection: sa.Connection, site_ids: set[int]) -> None:
        self._connection = connection
        # (site, class, state): loose sheets. (container, class, site, state): sheets in it; filled as containers are asked for.
        self._loose: dict[tuple[int, int, str], int] = {}
        self._inside: dict[tuple[int, int, int, str], int] = {}
        self._known: set[int] = set()
        # By site: when the newest accepted count of each class began.
        self._counted: dict[int, dict[int, datetime]] = {}
        self._closed: dict[int, datetime | None] = {}
        self._recorded: dict[int, datetime | None] = {}
        for row in connection.execute(_BALANCES, {"site_ids": sorted(site_ids)}):
            self._loose[row.site_id, row.class_id, row.state] = row.quantity - row.contained

    def move(self, movements: Sequence[Movement]) -> None:
        """Raises Refusal, naming what is lacking, where they take more than there is: all of them together, not one after the other."""
        if len(movements) == 1:
            [one] = movements
            self._add(one.source, one.class_id, -one.quantity)
            self._add(one.target, one.class_id, one.quantity)
            return
        changes: dict[tuple[Place, int], int] = {}
        for movement in movements:
            for place, sheets in ((movement.source, -movement.quantity), (movement.target, movement.quantity)):
                key = (place, movement.class_id)
                changes[key] = changes.get(key, 0) + sheets
        for (place, class_id), change in changes.items():
            self._add(place, class_id, change)

    def know_empty(self, container_ids: set[int]) -> None:
        """These containers are new and need not be looked into."""
        self._known |= container_ids

    def _add(self, place: Place, class_id: int, quantity: int) -> None:
        if place.container_id is None:
            key = (place.site_id, class_id, place.state.value)
            have = self._loose.get(key, 0)
            if place.state.physical and have + quantity < 0:
                self._refuse_loose(place, class_id, have, -quantity)
            self._loose[key] = have + quantity
            return
        if place.container_id not in self._known:
            self.look_into({place.container_id})
        inside = (place.container_id, class_id, place.site_id, place.state.value)
        have = self._inside.get(inside, 0)
        if have + quantity < 0:
            raise Refusal(
                "Container {code} holds {have} {state} sheets of {ballot} here; {wanted} are needed.",
                code=self._connection.scalar(sa.select(container.c.code).where(container.c.id == place.container_id)) or place.container_id,
                have=have,
                state=place.state.value,
                ballot=class_of(self._connection, class_id).name,
                wanted=-quantity,
            )
        self._inside[inside] = have + quantity

    def _refuse_loose(self, place: Place, class_id: int, have: int, wanted: int) -> None:
        ballot = class_of(self._connection, class_id).name
        key = (balance.c.site_id == place.site_id, balance.c.class_id == class_id, balance.c.state == place.state.value)
        contained = self._connection.scalar(sa.select(balance.c.contained).where(*key)) or 0
        if contained:
            raise Refusal(
                "Only {have} sheets of {ballot} are {state} outside containers, {contained} inside; {wanted} are needed.",
                have=have,
                ballot=ballot,
                state=place.state.value,
                contained=contained,
                wanted=wanted,
            )
        raise Refusal(
            "Only {have} sheets of {ballot} are {state}; {wanted} are needed.",
            have=have,
            ballot=ballot,
            state=place.state.value,
            wanted=wanted,
        )

    def look_into(self, container_ids: set[int]) -> None:
        """Reads what lies in these containers, many at a time."""
        unknown = sorted(container_ids - self._known)
        self._known |= container_ids
        for first in range(0, len(unknown), PAGE_CONTAINERS):
            page = unknown[first : first + PAGE_CONTAINERS]
            for row in self._connection.execute(sa.select(content).where(content.c.container_id.in_(page))):
                self._inside[row.container_id, row.class_id, row.site_id, row.state] = row.quantity

    def check_open(self, site_id: int, happened_at: datetime) -> None:
        """Raises Refusal if the books of the site are closed for that time."""
        closed = self.closed_until(site_id)
        if closed is not None and happened_at < closed:
            raise Refusal("The books are closed until {until}; what happened before can no longer be entered.", until=closed)

    def closed_until(self, site_id: int) -> datetime | None:
        """Up to when the books of the site are closed."""
        if site_id not in self._closed:
            self._closed[site_id] = self._connection.scalar(_CLOSED, {"site_id": site_id})
        return self._closed[site_id]

    def last_recorded(self, site_id: int) -> datetime | None:
        """When the newest entry of the site was made, by the clock of then."""
        if site_id not in self._recorded:
            self._recorded[site_id] = self._connection.scalar(_RECORDED, {"site_id": site_id})
        return self._recorded[site_id]

    def check_not_counted_since(self, site_id: int, movements: Sequence[Movement], happened_at: datetime) -> None:
        """An accepted count has already put right what was wrong before it began; what comes late would put it right twice.

        Raises Refusal, naming the ballots.
        """
        if site_id not in self._counted:
            newest: dict[int, datetime] = {}
            for row in self._connection.execute(_COUNTED, {"site_id": site_id}):
                newest[row.class_id] = max(row.began_at, newest.get(row.class_id, row.began_at))
            self._counted[site_id] = newest
        counted = self._counted[site_id]
        for movement in movements:
            if movement.class_id in counted and counted[movement.class_id] > happened_at:
                refuse_counted(self._connection, movement.class_id)


def accepted_counts() -> sa.Select[tuple[int, datetime]]:
    """class_id and began_at of the counts of the site :site_id whose acceptance stands; more conditions may be put to them."""
    return (
        sa.select(stock_count.c.class_id, stock_count.c.began_at)
        .join(count_acceptance, count_acceptance.c.count_id == stock_count.c.event_id)
        .join(stock_event, stock_event.c.id == stock_count.c.event_id)
        .where(stock_event.c.site_id == sa.bindparam("site_id"), stands(count_acceptance.c.event_id))
    )


# Made once: every event asks for them.
_BALANCES = sa.select(balance).where(balance.c.site_id.in_(sa.bindparam("site_ids", expanding=True)))
_COUNTED = accepted_counts()
_RECORDED = (
    sa.select(stock_event.c.recorded_at)
    .join(chain_link, chain_link.c.event_id == stock_event.c.id)
    .where(chain_link.c.site_id == sa.bindparam("site_id"))
    .order_by(chain_link.c.number.desc())
    .limit(1)
)
_CLOSED = (
    sa.select(stock_close.c.closed_until)
    .join(stock_event, stock_event.c.id == stock_close.c.event_id)
    .where(stock_event.c.site_id == sa.bindparam("site_id"), stock_event.c.kind == "close")
    .order_by(stock_event.c.id.desc())
    .limit(1)
)


def refuse_counted(connection: sa.Connection, class_id: int) -> None:
    """Says that this class has been counted since."""
    raise Refusal(
        "{ballot} has been counted since, and the count accepted. Reverse the acceptance first, or count again.",
        ballot=class_of(connection, class_id).name,
    )
