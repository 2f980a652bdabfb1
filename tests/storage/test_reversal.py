"""Corrections: an event is reversed once, both stay, and what was built on it must go first."""

import pytest

from storage.rules.refusal import Refusal
from storage.stock.counts import list_counts
from storage.stock.deliveries import list_deliveries
from storage.stock.reprints import list_reprints, reprint_ceiling
from tests.storage.store import Store


def test_a_reversed_delivery_no_longer_counts_but_stays(store: Store) -> None:
    wrong = store.deliver(1_000, 950, note="SJ/1")
    store.reverse(wrong)
    assert store.balances() == {}
    line = store.line()
    assert (line.declared, line.received, line.short, line.over) == (0, 0, 0, 0)
    assert reprint_ceiling(store.database, store.site_id, store.classes[0]) == 0
    [delivery] = list_deliveries(store.database, store.site_id)
    assert delivery.reversed
    store.deliver(100, 95, note="SJ/1")
    assert store.line().short == 5
    store.check_books()


def test_once_only_and_never_a_reversal(store: Store) -> None:
    wrong = store.deliver(100, 100)
    back = store.reverse(wrong)
    with pytest.raises(Refusal, match=f"Entry {wrong} has been reversed already"):
        store.reverse(wrong)
    with pytest.raises(Refusal, match="A reversal cannot be reversed"):
        store.reverse(back)
    assert store.events() == 2


def test_what_moved_on_cannot_be_taken_back(store: Store) -> None:
    delivery = store.deliver(100, 100)
    sorting = store.sort(60, 0)
    with pytest.raises(Refusal, match=r"Only 40 sheets of .* are unsorted; 100 are needed"):
        store.reverse(delivery)
    store.reverse(sorting)
    store.reverse(delivery)
    assert store.balances() == {}


def test_what_a_reprint_was_requested_for_cannot_be_taken_back(store: Store) -> None:
    delivery = store.deliver(100, 90)
    sorting = store.sort(10, 5)
    request = store.request(5, 10)
    store.reverse(store.sort(2, 0))  # nothing was requested for this one
    for event_id in (sorting, delivery):
        with pytest.raises(Refusal, match=r"Reprints of .* have been requested|Only"):
            store.reverse(event_id)
    receipt = store.receive(request, 15)
    with pytest.raises(Refusal, match="Reprinted sheets of this request have been received"):
        store.reverse(request)
    store.reverse(receipt)
    store.reverse(request)
    assert list_reprints(store.database, store.site_id) == []
    store.reverse(sorting)
    store.reverse(delivery)
    assert store.balances() == {}


def test_an_accepted_count_is_taken_back_before_what_it_counted(store: Store) -> None:
    delivery = store.deliver(100, 100)
    count = store.begin()
    sheets = [store.sheet(count, team, (98, 0, 0)) for team in (1, 2)]
    acceptance = store.accept(count, "two missing")
    with pytest.raises(Refusal, match="has been counted since, and the count accepted"):
        store.reverse(delivery)
    for event_id in (count, *sheets):
        with pytest.raises(Refusal, match="This count has been accepted"):
            store.reverse(event_id)
    with pytest.raises(Refusal, match="taken back by two persons"):
        store.reverse(acceptance)
    store.reverse(acceptance, two=True)
    assert not list_counts(store.database, store.site_id)[0].accepted
    store.reverse(count)
    assert list_counts(store.database, store.site_id)[0].reversed
    store.reverse(delivery)
    assert store.balances() == {}
