"""Deliveries, sortings and reprints: what is booked, what is listed, and what is refused without changing anything."""

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction

import pytest

from storage.ledger.card import stock_card
from storage.ledger.journal import Draft, Entry, post
from storage.ledger.position import stock_lines, totals
from storage.rules.movement import EventKind, Movement, Place, State
from storage.rules.refusal import Refusal
from storage.stock.classes import BallotClass, BallotType, Purpose, add_class, list_classes
from storage.stock.deliveries import DeliveryLine, list_deliveries, receive_delivery
from storage.stock.entitlements import Electorate
from storage.stock.reprints import list_reprints, open_claims, reprint_ceiling
from storage.stock.sorting import list_sortings
from tests.storage.store import Store


def test_classes_are_named_as_on_the_cartons(store: Store) -> None:
    president = add_class(store.database, "Pemilu 2024", BallotType.PPWP, "", Purpose.RE_VOTE)
    assert president.name == "PPWP (PSU)"
    assert BallotClass(1, "Pemilu 2024", BallotType.DPR, "DKI JAKARTA II", Purpose.REGULAR).name == "DPR DKI JAKARTA II"
    assert list_classes(store.database)[-1] == president
    with pytest.raises(Refusal, match=r"There is a ballot class PPWP \(PSU\) already"):
        add_class(store.database, "Pemilu 2024", BallotType.PPWP, "", Purpose.RE_VOTE)


def test_a_delivery_with_a_short_and_an_over_line(store: Store) -> None:
    first, second, third = store.classes
    event_id = store.deliver_lines(
        [DeliveryLine(first, 1_000, 990), DeliveryLine(second, 500, 525), DeliveryLine(third, 0, 40)], note="SJ/1"
    )
    assert store.balances(first) == {State.PRINTER: -1_000, State.UNSORTED: 990, State.SHORT_CLAIM: 10}
    assert store.balances(second) == {State.PRINTER: -525, State.UNSORTED: 525}
    assert store.balances(third) == {State.PRINTER: -40, State.UNSORTED: 40}
    [delivery] = list_deliveries(store.database, store.site_id)
    assert (delivery.event_id, delivery.note_number, delivery.person, delivery.reversed) == (event_id, "SJ/1", "Budi", False)
    assert [(line.short, line.over) for line in delivery.lines] == [(10, 0), (0, 25), (0, 40)]
    line = store.line(second)
    assert (line.declared, line.received, line.short, line.over) == (500, 525, 0, 25)


def test_shorts_of_one_note_are_not_made_up_by_overs_of_another(store: Store) -> None:
    store.deliver(100, 90)
    store.deliver(100, 110)
    line = store.line()
    assert (line.declared, line.received, line.short, line.over) == (200, 200, 10, 10)
    assert reprint_ceiling(store.database, store.site_id, store.classes[0]) == 10


@pytest.mark.parametrize("wrong", [-1, 10_000_000_001, True, 1.5])
def test_figures_that_are_no_sheets_change_nothing(store: Store, wrong: int) -> None:
    store.deliver(100, 90)
    request = store.request(0, 5)
    before = (store.events(), store.balances())
    acts: list[Callable[[], object]] = [
        lambda: store.deliver(wrong, 10),
        lambda: store.deliver(10, wrong),
        lambda: store.sort(wrong, 0),
        lambda: store.sort(1, wrong),
        lambda: store.request(0, wrong),
        lambda: store.receive(request, wrong),
        lambda: store.need(store.classes[0], wrong),
    ]
    for act in acts:
        with pytest.raises(Refusal, match="sheets"):
            act()
    assert (store.events(), store.balances()) == before


def test_refusals_say_what_to_do_and_change_nothing(store: Store) -> None:
    store.deliver(100, 90, note="SJ/1")
    before = (store.events(), store.balances())
    first = store.classes[0]
    refused_acts: list[tuple[Callable[[], object], str]] = [
        (lambda: store.sort(91, 0), "Only 90 sheets of DPRD Provinsi DKI JAKARTA 4 are unsorted; 91 are needed."),
        (lambda: store.sort(0, 0), "Enter how many sheets were good or damaged."),
        (lambda: store.sort(1, 0, class_id=99), "There is no ballot class with the number 99."),
        (lambda: store.deliver(10, 10, class_id=99), "There is no ballot class with the number 99."),
        (lambda: store.deliver(0, 0), "Enter how many sheets of DPRD Provinsi DKI JAKARTA 4 were declared or received."),
        (lambda: store.deliver(5, 5, note=" "), "Enter the number of the delivery note."),
        (lambda: store.deliver(5, 5, note="SJ/1"), "Delivery note SJ/1 has been entered already. Reverse it first if it was wrong."),
        (lambda: store.deliver_lines([]), "Enter at least one line of the delivery note."),
        (
            lambda: store.deliver_lines([DeliveryLine(first, 1, 1), DeliveryLine(first, 2, 2)]),
            "Each ballot class may stand only once on a delivery note; add its lines together.",
        ),
        (lambda: store.request(0, 0), "Enter how many sheets are to be reprinted."),
        (
            lambda: store.request(0, 11),
            "Reprints for at most 10 short sheets of DPRD Provinsi DKI JAKARTA 4 can still be requested, not 11.",
        ),
        (
            lambda: store.request(1, 0),
            "Reprints for at most 0 damaged sheets of DPRD Provinsi DKI JAKARTA 4 can still be requested, not 1.",
        ),
        (lambda: store.receive(99, 1), "There is no open reprint request with the number 99."),
        (lambda: store.reverse(99), "There is no entry with the number 99."),
        (lambda: store.reverse(1, "  "), "Give the reason for the reversal."),
    ]
    for act, said in refused_acts:
        with pytest.raises(Refusal) as refused:
            act()
        assert str(refused.value) == said
    assert (store.events(), store.balances()) == before


def test_an_unknown_warehouse_and_the_future_are_refused(store: Store) -> None:
    at, lines = store.clock, [DeliveryLine(store.classes[0], 1, 1)]
    with pytest.raises(Refusal, match="There is no warehouse with the number 7"):
        receive_delivery(store.database, 7, "SJ/1", lines, by=store.officer, now=at, happened_at=at, key="a")
    later = at + timedelta(seconds=1)
    with pytest.raises(Refusal, match="in the future"):
        receive_delivery(store.database, store.site_id, "SJ/1", lines, by=store.officer, now=at, happened_at=later, key="b")
    assert store.events() == 0


def test_reprints_settle_the_short_claim_first(store: Store) -> None:
    store.deliver(100, 90)
    store.sort(84, 6)
    request = store.request(6, 10)
    assert open_claims(store.database, store.site_id, store.classes[0]).damaged == 0
    store.receive(request, 12)
    assert store.balances() == {State.PRINTER: -102, State.UNSORTED: 12, State.GOOD: 84, State.DAMAGED: 6}
    [reprint] = list_reprints(store.database, store.site_id)
    assert (reprint.for_damaged, reprint.for_short, reprint.received, reprint.open) == (6, 10, 12, 4)
    with pytest.raises(Refusal, match="Only 4 sheets of this request are still to come, not 5"):
        store.receive(request, 5)
    store.receive(request, 4)
    assert store.line().reprint_open == 0
    store.check_books()


def test_a_reprint_that_is_damaged_again_may_be_reprinted_again(store: Store) -> None:
    store.deliver(10, 10)
    store.sort(9, 1)
    store.receive(store.request(1, 0), 1)
    store.sort(0, 1)
    store.receive(store.request(1, 0), 1)
    store.sort(1, 0)
    assert (store.line().good, store.line().damaged) == (10, 2)


def test_lines_and_totals(store: Store) -> None:
    first, second, _ = store.classes
    store.need(first, 102, Electorate(100, 2))
    store.need(first, 103, Electorate(100, 2, Fraction(2, 100)))
    with pytest.raises(Refusal, match="104 sheets are impossible for 100 voters in 2 polling stations"):
        store.need(first, 104, Electorate(100, 2))
    store.deliver(103, 100, class_id=first)
    store.sort(90, 4, class_id=first)
    store.receive(store.request(4, 3, class_id=first), 5)
    store.deliver(50, 50, class_id=second)
    store.sort(50, 0, class_id=second)
    one, two = stock_lines(store.database, store.site_id)
    assert (one.need, one.good, one.missing, one.unsorted, one.reprinted, one.reprint_open) == (103, 90, 13, 11, 5, 2)
    assert (two.need, two.good, two.missing) == (0, 50, 0)
    sums = totals(store.database)
    # 50 sheets too many of one class help nobody who votes on the other.
    assert (sums.received, sums.missing, sums.good) == (155, 13, 140)
    assert stock_lines(store.database, store.site_id + 1) == []


def test_the_stock_card_shows_each_balance_as_it_was(store: Store) -> None:
    store.deliver(100, 90)
    wrong = store.sort(8, 1)
    store.deliver(5, 5, class_id=store.classes[1])
    back = store.reverse(wrong, "counted twice")
    store.sort(80, 1)
    card = stock_card(store.database, store.site_id, store.classes[0])
    assert [row.kind for row in card] == [EventKind.SORTING, EventKind.REVERSAL, EventKind.SORTING, EventKind.DELIVERY]
    assert [row.balance_after[State.UNSORTED] for row in card] == [9, 90, 81, 90]
    assert card[1].changes == {State.UNSORTED: 9, State.GOOD: -8, State.DAMAGED: -1}
    assert (card[1].reverses_id, card[2].reversed_by_id, card[1].reason) == (wrong, back, "counted twice")
    whole = [row.event_id for row in card]
    newest = stock_card(store.database, store.site_id, store.classes[0], limit=2)
    rest = stock_card(store.database, store.site_id, store.classes[0], limit=2, before=newest[-1].event_id)
    assert newest + rest == card
    assert whole == sorted(whole, reverse=True)


def test_sortings_are_listed_newest_first(store: Store) -> None:
    store.deliver(100, 100)
    first, second = store.sort(10, 0), store.sort(0, 3)
    store.reverse(first)
    listed = list_sortings(store.database, store.site_id)
    assert [(row.event_id, row.good, row.damaged, row.reversed) for row in listed] == [(second, 0, 3, False), (first, 10, 0, True)]
    assert len(list_sortings(store.database, store.site_id, limit=1)) == 1


def test_a_draft_that_its_kind_cannot_move_is_never_written(store: Store) -> None:
    entry = Entry(store.officer, store.clock, store.clock, "odd")
    good, packed = (Place(store.site_id, state) for state in (State.GOOD, State.PACKED))
    draft = Draft(EventKind.SORTING, store.site_id, entry, (Movement(store.classes[0], 5, good, packed),))
    with pytest.raises(ValueError, match="does not move from good to packed"), store.database.write() as connection:
        post(connection, draft)
    assert (store.events(), store.balances()) == (0, {})
