"""Boxes and journeys: packed with exactly what is due, sealed, sent, and every sheet of it accounted for."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.ledger.reversal import enter_reversal
from storage.rules.entitlement import station_sheets
from storage.rules.movement import State
from storage.rules.refusal import Refusal
from storage.schema.goods import packing
from storage.stock.consignments import Outcome, enter_arrival, enter_loss, enter_return, outcome
from storage.stock.containers import ContainerKind, contents, enter_containers, enter_placement
from storage.stock.packing import enter_unpacking, packed_boxes
from tests.storage.depot import BAWASLU, POLRI, VOTERS, Depot, open_depot


@pytest.fixture
def depot(database: Database) -> Iterator[Depot]:
    opened = open_depot(database, datetime(2024, 2, 1, 1, 0, tzinfo=UTC))
    opened.receive(2_000)
    yield opened
    assert opened.faults() == []


def box_of(depot: Depot, packing_id: int) -> int:
    with depot.database.read() as connection:
        container_id: int = connection.execute(sa.select(packing.c.container_id).where(packing.c.event_id == packing_id)).scalar_one()
        return container_id


def test_a_box_holds_exactly_what_its_station_is_entitled_to(depot: Depot) -> None:
    cartons = [depot.carton(f"K-{number}") for number in range(2)]
    for place in range(3):
        depot.pack(place, cartons=cartons)
    due = sum(station_sheets(voters) for voters in VOTERS[:3])
    assert (depot.sheets(State.PACKED), depot.sheets(State.GOOD)) == (due, 2_000 - due)
    with depot.database.read() as connection:
        packed = packed_boxes(connection, depot.here)
        left = [(inside.container_id, inside.sheets) for inside in contents(connection, cartons)]
    assert [box.sheets for box in packed] == [station_sheets(voters) for voters in VOTERS[:3]]
    assert left == [(cartons[1], 1_000 - due)]


def test_another_figure_than_the_entitlement_needs_two_names(depot: Depot) -> None:
    with pytest.raises(Refusal, match=r"entitled to 246 sheets, not 245; another figure needs a reason and two persons"):
        depot.pack(0, sheets=245)
    with pytest.raises(Refusal, match="two persons"):
        depot.pack(0, sheets=245, entry=depot.entry("one sheet was torn"))
    depot.pack(0, sheets=245, entry=depot.entry("one sheet was torn", two=True))
    assert depot.sheets(State.PACKED) == 245


def test_a_station_gets_one_box_of_each_class(depot: Depot) -> None:
    first = depot.pack(0, seal=False)
    with pytest.raises(Refusal, match="has been packed for the station"):
        depot.pack(0)
    depot.do(lambda connection: enter_reversal(connection, first, "wrong box", depot.entry()))
    second = depot.pack(0)
    with pytest.raises(Refusal, match=r"has been sealed\. Open it before witnesses"):
        depot.do(lambda connection: enter_reversal(connection, second, "wrong box", depot.entry()))
    with pytest.raises(Refusal, match=r"is sealed\. Open it before two witnesses"):
        depot.do(lambda connection: enter_unpacking(connection, second, depot.entry()))
    depot.open(box_of(depot, second))
    depot.do(lambda connection: enter_unpacking(connection, second, depot.entry()))
    assert (depot.sheets(State.PACKED), depot.sheets(State.GOOD)) == (0, 2_000)
    depot.pack(0)


def test_a_sealed_carton_neither_gives_nor_takes(depot: Depot) -> None:
    carton = depot.carton("K-1")
    depot.seal(carton)
    for out in (False, True):
        with pytest.raises(Refusal, match=r"Container K-1 is sealed"):
            depot.fill(carton, 1, out=out)
    with pytest.raises(Refusal, match="is sealed"):
        depot.pack(0, cartons=[carton])
    with pytest.raises(Refusal, match=r"Only 1500 sheets of PPWP are good outside containers, 500 inside; 1501 are needed"):
        depot.pack(3, sheets=1_501, entry=depot.entry("all of them", two=True))


def test_a_seal_is_broken_before_two_witnesses_who_do_not_act(depot: Depot) -> None:
    carton = depot.carton("K-1")
    with pytest.raises(Refusal, match="is not sealed"):
        depot.open(carton)
    depot.seal(carton)
    for witnesses, said in (([POLRI], "before two witnesses"), ([POLRI, type(POLRI)("budi", BAWASLU.institution)], "cannot be a witness")):
        with pytest.raises(Refusal, match=said):
            depot.open(carton, witnesses)
    depot.open(carton)
    depot.pack(0, cartons=[carton])


def test_cartons_stand_on_pallets_and_travel_with_them(depot: Depot) -> None:
    carton = depot.carton("K-1")
    with depot.database.write() as connection:
        pallets = enter_containers(connection, depot.here, ContainerKind.PALLET, ["P-1"], depot.entry())
    with pytest.raises(Refusal, match="does not fit into K-1"):
        depot.do(lambda c: enter_placement(c, depot.here, pallets, depot.entry(), parent_id=carton))
    depot.do(lambda c: enter_placement(c, depot.here, [carton], depot.entry(), parent_id=pallets[0]))
    with pytest.raises(Refusal, match="Container P-1 is not sealed"):
        depot.send(pallets, depot.other)
    depot.seal(pallets[0])
    with pytest.raises(Refusal, match="Container P-1 is sealed"):
        depot.do(lambda c: enter_placement(c, depot.here, [carton], depot.entry()))
    sent = depot.send(pallets, depot.other)
    depot.do(lambda c: enter_arrival(c, sent, depot.entry()))
    assert depot.sheets(State.GOOD, depot.other) == 500
    assert depot.sheets(State.GOOD) == 1_500


def test_dispatched_is_delivered_returned_lost_or_under_way(depot: Depot) -> None:
    boxes = [box_of(depot, depot.pack(place)) for place in range(3)]
    with pytest.raises(Refusal, match="packed for another polling station"):
        depot.send(boxes, depot.stations[0])
    sent = depot.send(boxes, depot.other)
    total = sum(station_sheets(voters) for voters in VOTERS[:3])
    assert depot.sheets(State.IN_TRANSIT) == total
    depot.do(lambda c: enter_arrival(c, sent, depot.entry(), container_ids=[boxes[0]]))
    depot.do(lambda c: enter_return(c, sent, depot.entry(), container_ids=[boxes[1]]))
    with pytest.raises(Refusal, match="number of the minutes"):
        depot.do(lambda c: enter_loss(c, sent, " ", depot.entry()))
    with depot.database.read() as connection:
        assert outcome(connection, sent).under_way == station_sheets(VOTERS[2])
    depot.do(lambda c: enter_loss(c, sent, "BA-77", depot.entry(), witnesses=[POLRI]))
    with depot.database.read() as connection:
        assert outcome(connection, sent) == Outcome(total, *(station_sheets(voters) for voters in VOTERS[:3]))
    with pytest.raises(Refusal, match="Nothing of this consignment"):
        depot.do(lambda c: enter_arrival(c, sent, depot.entry()))
    with pytest.raises(Refusal, match="arrived, come back or been lost"):
        depot.do(lambda connection: enter_reversal(connection, sent, "wrong", depot.entry()))
    assert (depot.sheets(State.IN_TRANSIT), depot.sheets(State.PACKED, depot.other)) == (0, station_sheets(VOTERS[0]))
