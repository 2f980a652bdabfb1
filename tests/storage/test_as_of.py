"""Balances of the past: by when it happened, and by when it was known."""

from datetime import datetime, timedelta

import pytest

from storage.ledger.as_of import balances
from storage.ledger.journal import Entry, once
from storage.rules.movement import State
from storage.rules.refusal import Refusal
from storage.stock.deliveries import DeliveryLine, receive_delivery
from storage.stock.sorting import enter_sorting
from tests.storage.store import Store


def at(store: Store, as_of: datetime | None = None, known_at: datetime | None = None) -> dict[State, int]:
    rows = balances(store.database, site_id=store.site_id, as_of=as_of, known_at=known_at)
    return {row.state: row.sheets for row in rows if row.class_id == store.classes[0] and row.state.physical}


def test_what_lay_there_and_what_was_known(store: Store) -> None:
    store.deliver(100, 100)
    delivered = store.clock
    slip = store.sort(60, 0)
    slipped = store.clock
    store.reverse(slip)
    put_right = store.clock
    assert at(store) == {State.UNSORTED: 100}
    # The slip never held, as is known now; then it was believed.
    assert at(store, as_of=slipped) == {State.UNSORTED: 100}
    assert at(store, as_of=slipped, known_at=slipped) == {State.UNSORTED: 40, State.GOOD: 60}
    assert at(store, known_at=slipped) == {State.UNSORTED: 40, State.GOOD: 60}
    assert at(store, known_at=put_right) == {State.UNSORTED: 100}
    assert at(store, as_of=delivered - timedelta(seconds=1)) == {}


def test_what_was_entered_late_was_there_before_it_was_known(store: Store) -> None:
    store.deliver(10, 10)
    happened = store.tick()
    store.tick()
    before = store.clock
    lines = [DeliveryLine(store.classes[0], 60, 60)]
    receive_delivery(store.database, store.site_id, "late", lines, by=store.officer, now=store.tick(), happened_at=happened, key="late")
    assert at(store, as_of=happened) == {State.UNSORTED: 70}
    assert at(store, as_of=happened, known_at=before) == {State.UNSORTED: 10}


def test_an_accepted_count_holds_from_when_it_began(store: Store) -> None:
    store.deliver(100, 100)
    count = store.begin()
    began = store.clock
    store.count(count, (98, 0, 0))
    store.accept(count)
    assert at(store, as_of=began) == {State.UNSORTED: 98}
    assert at(store, as_of=began, known_at=began) == {State.UNSORTED: 100}
    assert at(store, as_of=began - timedelta(seconds=1)) == {State.UNSORTED: 100}


def test_a_clock_that_was_set_back_is_put_right_by_two_persons(store: Store) -> None:
    store.deliver(100, 100)
    store.clock -= timedelta(days=5)
    with pytest.raises(Refusal, match="more than a day later"):
        store.sort(10, 0)
    now, ballot = store.tick(), store.classes[0]
    entry = Entry(store.officer, now, now, store.key(), store.supervisor, "the clock was five days ahead")
    once(store.database, entry.key, lambda c: enter_sorting(c, store.site_id, ballot, good=10, damaged=0, entry=entry))
    store.sort(20, 0)  # by now the last entry is of the right day
    assert store.line().good == 30


def test_what_is_entered_late_must_have_been_possible_then(store: Store) -> None:
    store.deliver(100, 100)
    before = store.clock - timedelta(minutes=30)
    ballot = store.classes[0]

    def sort_at(happened: datetime, *, two: bool = False) -> None:
        said = (store.supervisor, "found on a paper") if two else (None, "")
        entry = Entry(store.officer, store.tick(), happened, store.key(), *said)
        once(store.database, entry.key, lambda c: enter_sorting(c, store.site_id, ballot, good=60, damaged=0, entry=entry))

    with pytest.raises(Refusal, match=r"only 0 sheets of .* were unsorted; 60 are needed"):
        sort_at(before)
    arrived = store.clock
    store.tick()
    store.sort(50, 0)
    with pytest.raises(Refusal, match="Only 50 sheets"):  # as the books stand now, whatever lay there then
        sort_at(arrived)
    store.deliver(80, 80)
    with pytest.raises(Refusal, match=r"only 50 sheets of .* were unsorted"):  # 100 lay there then, of which 50 were sorted since
        sort_at(arrived)
    sort_at(before, two=True)
    assert at(store, as_of=before)[State.GOOD] == 60


def test_a_reversal_takes_hold_when_the_reversed_thing_happened(store: Store) -> None:
    slip = store.deliver(100, 100)
    store.sort(60, 0)
    store.deliver(80, 80)
    with pytest.raises(Refusal, match=r"only 40 sheets of .* were unsorted; 100 are needed"):
        store.reverse(slip)  # the books hold 120 now, but the 60 that were sorted came from it
    assert store.line().unsorted == 120
