"""Counts: against where the books stood when the counting began, accepted by somebody else, never put right twice."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.people import Person
from storage.rules.posting import State
from storage.rules.refusal import Refusal
from storage.stock.counts import Beginning, accept_count, begin_count, list_counts, record_count
from storage.stock.deliveries import DeliveryLine, receive_delivery
from tests.storage.store import Store


def count(store: Store, beginning: Beginning, unsorted: int, good: int, damaged: int) -> int:
    return record_count(
        store.database, store.site_id, store.classes[0], beginning=beginning, unsorted=unsorted, good=good, damaged=damaged,
        by=store.officer, now=store.tick(), key=store.key(),
    )  # fmt: skip


def accept(store: Store, count_id: int, reason: str = "counted again", *, by: Person | None = None) -> int:
    return accept_count(store.database, count_id, reason, by=by or store.supervisor, now=store.tick(), key=store.key())


def test_a_count_against_the_books_where_it_began(store: Store) -> None:
    store.deliver(100, 100)
    beginning = begin_count(store.database, now=store.tick())
    store.sort(30, 2)  # while somebody is counting
    counted = count(store, beginning, 99, 0, 0)
    [listed] = list_counts(store.database, store.site_id)
    assert listed.variance == {State.UNSORTED: -1, State.GOOD: 0, State.DAMAGED: 0}
    assert (listed.person, listed.accepted) == ("Budi", False)
    assert store.line().unsorted == 68  # a count alone moves nothing
    accept(store, counted)
    assert store.balances() == {State.PRINTER: -100, State.UNSORTED: 67, State.GOOD: 30, State.DAMAGED: 2, State.VARIANCE: 1}
    [listed] = list_counts(store.database, store.site_id)
    assert listed.accepted
    assert listed.variance == {State.UNSORTED: -1, State.GOOD: 0, State.DAMAGED: 0}
    store.check_books()


def test_who_accepts_and_why(store: Store) -> None:
    store.deliver(100, 100)
    counted = count(store, begin_count(store.database, now=store.tick()), 99, 0, 0)
    with pytest.raises(Refusal, match="accepted by somebody else than Budi"):
        accept(store, counted, by=store.officer)
    with pytest.raises(Refusal, match="Give the reason for the variance"):
        accept(store, counted, " ")
    with pytest.raises(Refusal, match="There is no count with the number 99"):
        accept(store, 99)
    accept(store, counted)
    with pytest.raises(Refusal, match="has been accepted already"):
        accept(store, counted)
    assert store.line().unsorted == 99


def test_a_count_that_agrees_needs_no_reason_and_moves_nothing(store: Store) -> None:
    store.deliver(100, 100)
    before = store.balances()
    accept(store, count(store, begin_count(store.database, now=store.tick()), 100, 0, 0), "")
    assert store.balances() == before
    assert list_counts(store.database, store.site_id)[0].accepted


def test_a_slip_found_by_reversal_and_by_count_is_put_right_once(store: Store) -> None:
    store.deliver(100, 100)
    slip = store.sort(50, 0)
    counted = count(store, begin_count(store.database, now=store.tick()), 100, 0, 0)
    assert list_counts(store.database, store.site_id)[0].variance[State.GOOD] == -50
    store.reverse(slip)
    accept(store, counted, "")
    assert store.balances() == {State.PRINTER: -100, State.UNSORTED: 100}


def test_two_counts_of_one_loss_put_it_right_once(store: Store) -> None:
    store.deliver(100, 100)
    first_beginning = begin_count(store.database, now=store.tick())
    first = count(store, first_beginning, 99, 0, 0)
    second = count(store, begin_count(store.database, now=store.tick()), 99, 0, 0)
    accept(store, first)
    assert list_counts(store.database, store.site_id)[0].variance[State.UNSORTED] == 0
    accept(store, second, "")
    assert store.line().unsorted == 99
    late = count(store, first_beginning, 90, 0, 0)
    with pytest.raises(Refusal, match="A later count of the same ballots"):
        accept(store, late)


def test_a_variance_that_no_longer_fits_is_refused(store: Store) -> None:
    store.deliver(10, 10)
    counted = count(store, begin_count(store.database, now=store.tick()), 4, 0, 0)
    store.sort(10, 0)
    with pytest.raises(Refusal, match=r"Only 0 sheets of .* are unsorted; 6 are needed"):
        accept(store, counted)


def test_bad_counts_change_nothing(store: Store) -> None:
    store.deliver(10, 10)
    for figures in ((-1, 0, 0), (0, 10_000_000_001, 0), (0, 0, True)):
        with pytest.raises(Refusal, match="sheets"):
            count(store, begin_count(store.database, now=store.tick()), *figures)
    for position, ahead in ((-1, 0), (2, 0), (1, 60)):
        with pytest.raises(ValueError, match="begun"):
            count(store, Beginning(position, store.tick() + timedelta(minutes=ahead)), 1, 1, 1)
    assert store.events() == 1


def late_note(store: Store, happened_at: datetime) -> int:
    """A delivery of 60 sheets that is entered now and happened then."""
    lines = [DeliveryLine(store.classes[0], 60, 60)]
    key = store.key()
    return receive_delivery(store.database, store.site_id, key, lines, by=store.officer, now=store.tick(), happened_at=happened_at, key=key)


def test_what_arrived_before_the_count_and_was_entered_during_it_is_no_variance(store: Store) -> None:
    store.deliver(100, 100)
    arrived_at = store.tick()
    beginning = begin_count(store.database, now=store.tick())
    late_note(store, arrived_at)
    counted = count(store, beginning, 160, 0, 0)
    assert list_counts(store.database, store.site_id)[0].variance[State.UNSORTED] == 0
    accept(store, counted)
    assert store.line().unsorted == 160


def test_what_arrived_before_an_accepted_count_is_not_booked_a_second_time(store: Store) -> None:
    store.deliver(100, 100)
    arrived_at = store.tick()
    acceptance = accept(store, count(store, begin_count(store.database, now=store.tick()), 160, 0, 0), "a note is missing")
    with pytest.raises(Refusal, match="has been counted since"):
        late_note(store, arrived_at)
    assert store.line().unsorted == 160
    store.reverse(acceptance)
    late_note(store, arrived_at)
    assert store.line().unsorted == 160


def test_a_mistake_of_before_the_count_reversed_during_it_is_no_variance(store: Store) -> None:
    store.deliver(100, 100)
    arrived_at = store.tick()
    beginning = begin_count(store.database, now=store.tick())
    store.reverse(late_note(store, arrived_at))
    count(store, beginning, 100, 0, 0)
    assert list_counts(store.database, store.site_id)[0].variance[State.UNSORTED] == 0


@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.tuples(st.integers(0, 20), st.integers(0, 5)),
    during=st.tuples(st.integers(0, 20), st.integers(0, 5)),
    lost=st.integers(-5, 5),
)
def test_after_acceptance_the_books_say_what_was_counted_and_what_moved_since(
    store: Store, before: tuple[int, int], during: tuple[int, int], lost: int
) -> None:
    start = store.line()
    store.deliver(60, 60)
    if sum(before):
        store.sort(*before)
    beginning = begin_count(store.database, now=store.tick())
    begun = store.line()
    if sum(during):
        store.sort(*during)
    counted = count(store, beginning, begun.unsorted - lost, begun.good, begun.damaged)
    accept(store, counted)
    line = store.line()
    assert line.unsorted == start.unsorted + 60 - sum(before) - sum(during) - lost
    assert line.good == start.good + before[0] + during[0]
    store.check_books()
