"""The reconciliation report says what should be, what is and what has left; each figure is the sum of the events behind it."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.ledger.journal import Entry
from storage.ledger.reconciliation import Figure, Reconciliation, parts_of, reconcile
from storage.ledger.reversal import enter_reversal
from storage.people.person import Person, Role, add_person
from storage.rules.delivery import DeliveryLine
from storage.rules.movement import State
from storage.schema.goods import packing
from storage.stock.consignments import enter_arrival, enter_loss
from storage.stock.counts import enter_acceptance, enter_count, enter_sheet
from storage.stock.deliveries import enter_delivery
from storage.stock.differences import differences
from storage.stock.disposal import enter_destruction
from storage.stock.entitlements import Need, enter_needs
from storage.stock.orders import enter_order
from storage.stock.reprints import enter_receipt, enter_request
from storage.stock.sorting import enter_sorting
from tests.storage.depot import BAWASLU, POLRI, Depot, open_depot


@pytest.fixture
def depot(database: Database) -> Depot:
    """A delivery that is short, damaged sheets, a partial reprint, boxes sent and lost, a carton to the other warehouse, a destruction."""
    opened = open_depot(database, datetime(2024, 2, 1, 1, 0, tzinfo=UTC))
    here, ballot = opened.here, opened.ballot
    for sheets in (1_000, 914):  # the newest holds
        opened.do(lambda c, sheets=sheets: enter_needs(c, here, [Need(ballot, sheets)], opened.entry()))  # type: ignore[misc]
    opened.do(lambda c: enter_order(c, here, opened.printer, "PO-1", {ballot: 1_700}, entry=opened.entry()))
    mistyped = opened.do(lambda c: enter_delivery(c, here, "SJ-A", [DeliveryLine(ballot, 99, 99)], opened.entry()))
    opened.do(lambda c: enter_reversal(c, mistyped, "another paper", opened.entry()))
    opened.do(lambda c: enter_delivery(c, here, "SJ-B", [DeliveryLine(ballot, 1_700, 1_650)], opened.entry()))
    opened.do(lambda c: enter_sorting(c, here, ballot, good=1_600, damaged=40, entry=opened.entry()))
    request = opened.do(lambda c: enter_request(c, here, ballot, for_damaged=40, for_short=50, entry=opened.entry()))
    opened.do(lambda c: enter_receipt(c, request, 60, opened.entry()))
    opened.do(
        lambda c: enter_destruction(
            c, here, {(ballot, State.DAMAGED): 30}, minutes="BA-1", witnesses=(POLRI, BAWASLU), entry=opened.entry("torn", two=True)
        )
    )
    carton = opened.carton("K-1", 500)
    opened.seal(carton)
    transfer = opened.send([carton], opened.other)
    opened.do(lambda c: enter_arrival(c, transfer, opened.entry()))
    packings = [opened.pack(place) for place in range(3)]
    with database.read() as connection:
        query = sa.select(packing.c.container_id).where(packing.c.event_id.in_(packings)).order_by(packing.c.event_id)
        boxes = list(connection.scalars(query))
    trips = [opened.send([box], opened.stations[place]) for place, box in enumerate(boxes[:2])]
    opened.do(lambda c: enter_arrival(c, trips[0], opened.entry()))
    opened.do(lambda c: enter_loss(c, trips[1], "BA-2", opened.entry()))
    return opened


def line(depot: Depot, site_id: int) -> Reconciliation:
    return next(found for found in reconcile(depot.database) if found.site_id == site_id)


def test_every_column_of_the_report(depot: Depot) -> None:
    found = line(depot, depot.here)
    assert {figure.value: sheets for figure, sheets in found.sheets.items() if sheets} == {
        "need": 914, "ordered": 1_700, "declared": 1_700, "received": 1_650, "short": 50, "reprinted": 60,
        "unsorted": 70, "good": 288, "damaged": 10, "packed": 306, "lost": 260, "destroyed": 30, "sent": 246, "transferred": 500,
    }  # fmt: skip
    assert found.unexplained == 0
    there = line(depot, depot.other)
    assert {figure.value: sheets for figure, sheets in there.sheets.items() if sheets} == {"arrived": 500, "good": 500}
    assert {found.site_id for found in reconcile(depot.database)} == {depot.here, depot.other}
    [station] = reconcile(depot.database, depot.stations[0])
    assert (station.sheets[Figure.ARRIVED], station.sheets[Figure.DELIVERED], station.unexplained) == (246, 246, 0)


@pytest.mark.parametrize("figure", list(Figure))
def test_each_figure_is_the_sum_of_its_events(depot: Depot, figure: Figure) -> None:
    for site_id in (depot.here, depot.other):
        parts = parts_of(depot.database, site_id, depot.ballot, figure)
        assert sum(part.sheets for part in parts) == line(depot, site_id).sheets[figure]
        assert [part.event_id for part in parts] == sorted((part.event_id for part in parts), reverse=True)
        assert all(part.person == "Budi" and part.sheets for part in parts)


def test_the_events_behind_a_figure_say_what_they_did(depot: Depot) -> None:
    good = parts_of(depot.database, depot.here, depot.ballot, Figure.GOOD)
    assert Counter(part.kind for part in good) == {"sorting": 1, "packing": 3, "dispatch": 1}  # filling a carton leaves them good
    assert [part.sheets for part in good] == [-306, -260, -246, -500, 1_600]
    unsorted = parts_of(depot.database, depot.here, depot.ballot, Figure.UNSORTED)
    assert {part.kind: part.sheets for part in unsorted}["reversal"] == -99
    assert [part.sheets for part in parts_of(depot.database, depot.here, depot.ballot, Figure.NEED)] == [914]
    assert len(parts_of(depot.database, depot.here, depot.ballot, Figure.GOOD, limit=2)) == 2


def test_all_differences_come_at_once_with_their_sources(depot: Depot) -> None:
    third = add_person(depot.database, "Sari", Role.SUPERVISOR, now=depot.clock)

    def told(by: Person) -> Entry:
        return replace(depot.entry(), by=by)

    def count(found: dict[State, int], *, accept: bool) -> int:
        number = depot.do(lambda c: enter_count(c, depot.here, depot.ballot, depot.entry()))
        depot.do(lambda c: enter_sheet(c, number, 1, found, told(depot.officer)))
        depot.do(lambda c: enter_sheet(c, number, 2, found, told(depot.second)))
        if accept:
            depot.do(lambda c: enter_acceptance(c, number, "counted again", told(third)))
        return number

    books = {State.UNSORTED: 70, State.GOOD: 288, State.DAMAGED: 10, State.PACKED: 306}
    first = count(books | {State.GOOD: 286, State.DAMAGED: 12}, accept=True)
    depot.do(lambda c: enter_sorting(c, depot.here, depot.ballot, good=30, damaged=0, entry=depot.entry()))
    second = count({State.UNSORTED: 40, State.GOOD: 311, State.DAMAGED: 12, State.PACKED: 306}, accept=False)
    depot.do(lambda c: enter_count(c, depot.here, depot.ballot, depot.entry()))  # nobody has counted yet

    found = differences(depot.database, depot.here)
    said = [(this.count_id, this.state, this.books, this.counted, this.accepted) for this in found]
    assert said == [
        (second, State.GOOD, 316, 311, False),
        (first, State.GOOD, 288, 286, True),
        (first, State.DAMAGED, 10, 12, True),
    ]
    # The acceptance holds from where its count began, so what moved since is the sorting alone, and the variance that was posted.
    assert [(part.kind, part.sheets) for part in found[0].sources] == [("sorting", 30), ("count_acceptance", -2)]
    assert sum(part.sheets for part in found[1].sources) == 288
    assert len(found[1].sheet_ids) == 2
    assert line(depot, depot.here).sheets[Figure.VARIANCE] == 0
    assert line(depot, depot.here).unexplained == 0
    assert differences(depot.database, depot.other) == []
