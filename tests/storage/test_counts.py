"""Counts: by two blind teams, against where the books stood when the counting began, accepted by somebody else, put right once."""

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.rules.movement import COUNTED, State
from storage.rules.refusal import Refusal
from storage.stock.counts import Count, list_counts
from storage.stock.deliveries import DeliveryLine, receive_delivery
from tests.storage.store import Store


def newest(store: Store) -> Count:
    return list_counts(store.database, store.site_id)[0]


def differing(count: Count) -> dict[State, int]:
    """The variance, states that agree left out."""
    assert count.variance is not None
    return {state: sheets for state, sheets in count.variance.items() if sheets}


def test_a_count_against_the_books_where_it_began(store: Store) -> None:
    store.deliver(100, 100)
    begun = store.begin()
    store.sort(30, 2)  # while somebody is counting
    counted = store.count(begun, (99, 0, 0))
    listed = newest(store)
    assert differing(listed) == {State.UNSORTED: -1}
    assert ([sheet.person for sheet in listed.sheets], listed.accepted) == (["Budi", "Rina"], False)
    assert store.line().unsorted == 68  # a count alone moves nothing
    store.accept(counted)
    assert store.balances() == {State.PRINTER: -100, State.UNSORTED: 67, State.GOOD: 30, State.DAMAGED: 2, State.VARIANCE: 1}
    listed = newest(store)
    assert listed.accepted
    assert differing(listed) == {State.UNSORTED: -1}
    store.check_books()


def test_one_team_says_nothing_and_two_that_differ_need_a_third(store: Store) -> None:
    store.deliver(100, 100)
    begun = store.begin()
    assert newest(store).next_team == 1
    store.sheet(begun, 1, (99, 0, 0))
    assert (newest(store).next_team, newest(store).counted) == (2, None)
    with pytest.raises(Refusal, match="No two teams have found the same"):
        store.accept(begun)
    with pytest.raises(Refusal, match="A third team counts only where two have found different"):
        store.sheet(begun, 3, (99, 0, 0))
    store.sheet(begun, 2, (98, 0, 0))
    assert (newest(store).next_team, newest(store).counted, newest(store).variance) == (3, None, None)
    with pytest.raises(Refusal, match="No two teams have found the same"):
        store.accept(begun, by=store.supervisor)
    third = store.sheet(begun, 3, (98, 0, 0))
    assert newest(store).next_team is None
    assert differing(newest(store)) == {State.UNSORTED: -2}
    with pytest.raises(Refusal, match="accepted by somebody else than Agus"):
        store.accept(begun)
    store.reverse(third)
    assert newest(store).next_team == 3


def test_each_team_and_each_person_counts_once(store: Store) -> None:
    store.deliver(100, 100)
    begun = store.begin()
    store.sheet(begun, 1, (100, 0, 0))
    with pytest.raises(Refusal, match="Team 1 has counted already"):
        store.sheet(begun, 1, (100, 0, 0), by=store.second)
    with pytest.raises(Refusal, match="Budi has counted already"):
        store.sheet(begun, 2, (100, 0, 0), by=store.officer)
    store.sheet(begun, 2, (100, 0, 0))
    with pytest.raises(Refusal, match="A third team counts only"):
        store.sheet(begun, 3, (100, 0, 0))
    store.accept(begun, "")
    with pytest.raises(Refusal, match="accepted already"):
        store.sheet(begun, 3, (100, 0, 0))


def test_who_accepts_and_why(store: Store) -> None:
    store.deliver(100, 100)
    counted = store.count(store.begin(), (99, 0, 0))
    for counter, name in ((store.officer, "Budi"), (store.second, "Rina")):
        with pytest.raises(Refusal, match=f"accepted by somebody else than {name}"):
            store.accept(counted, by=counter)
    with pytest.raises(Refusal, match="Give the reason for the variance"):
        store.accept(counted, " ")
    with pytest.raises(Refusal, match="There is no count with the number 99"):
        store.accept(99)
    store.accept(counted)
    with pytest.raises(Refusal, match="has been accepted already"):
        store.accept(counted)
    assert store.line().unsorted == 99


def test_a_count_that_agrees_needs_no_reason_and_moves_nothing(store: Store) -> None:
    store.deliver(100, 100)
    before = store.balances()
    store.accept(store.count(store.begin(), (100, 0, 0)), "")
    assert store.balances() == before
    assert newest(store).accepted


def test_a_slip_found_by_reversal_and_by_count_is_put_right_once(store: Store) -> None:
    store.deliver(100, 100)
    slip = store.sort(50, 0)
    counted = store.count(store.begin(), (100, 0, 0))
    assert differing(newest(store))[State.GOOD] == -50
    store.reverse(slip)
    store.accept(counted, "")
    assert store.balances() == {State.PRINTER: -100, State.UNSORTED: 100}


def test_two_counts_of_one_loss_put_it_right_once(store: Store) -> None:
    store.deliver(100, 100)
    early = store.begin()
    first = store.begin()
    second = store.count(store.begin(), (99, 0, 0))
    store.accept(store.count(first, (99, 0, 0)))
    assert differing(newest(store)) == {}
    store.accept(second, "")
    assert store.line().unsorted == 99
    store.count(early, (90, 0, 0))
    with pytest.raises(Refusal, match="A later count of the same ballots"):
        store.accept(early)


def test_a_variance_that_no_longer_fits_is_refused(store: Store) -> None:
    store.deliver(10, 10)
    counted = store.count(store.begin(), (4, 0, 0))
    store.sort(10, 0)
    with pytest.raises(Refusal, match=r"Only 0 sheets of .* are unsorted; 6 are needed"):
        store.accept(counted)


def test_bad_counts_change_nothing(store: Store) -> None:
    store.deliver(10, 10)
    begun = store.begin()
    for figures in ((-1, 0, 0), (0, 10_000_000_001, 0), (0, 0, True)):
        with pytest.raises(Refusal, match="sheets"):
            store.sheet(begun, 1, figures)
    for team in (0, 4):
        with pytest.raises(Refusal, match="Team"):
            store.sheet(begun, team, (10, 0, 0), by=store.officer)
    assert newest(store).sheets == ()


def late_note(store: Store, happened_at: datetime) -> int:
    """A delivery of 60 sheets that is entered now and happened then."""
    lines = [DeliveryLine(store.classes[0], 60, 60)]
    key = store.key()
    return receive_delivery(store.database, store.site_id, key, lines, by=store.officer, now=store.tick(), happened_at=happened_at, key=key)


def test_what_arrived_before_the_count_and_was_entered_during_it_is_no_variance(store: Store) -> None:
    store.deliver(100, 100)
    arrived_at = store.tick()
    begun = store.begin()
    late_note(store, arrived_at)
    store.count(begun, (160, 0, 0))
    assert differing(newest(store)) == {}
    store.accept(begun)
    assert store.line().unsorted == 160


def test_what_arrived_before_an_accepted_count_is_not_booked_a_second_time(store: Store) -> None:
    store.deliver(100, 100)
    arrived_at = store.tick()
    acceptance = store.accept(store.count(store.begin(), (160, 0, 0)), "a note is missing")
    with pytest.raises(Refusal, match="has been counted since"):
        late_note(store, arrived_at)
    assert store.line().unsorted == 160
    store.reverse(acceptance, two=True)
    late_note(store, arrived_at)
    assert store.line().unsorted == 160


def test_a_mistake_of_before_the_count_reversed_during_it_is_no_variance(store: Store) -> None:
    store.deliver(100, 100)
    arrived_at = store.tick()
    begun = store.begin()
    store.reverse(late_note(store, arrived_at))
    store.count(begun, (100, 0, 0))
    assert differing(newest(store)) == {}


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
    begun = store.begin()
    line = store.line()
    if sum(during):
        store.sort(*during)
    store.accept(store.count(begun, (line.unsorted - lost, line.good, line.damaged)))
    line = store.line()
    assert line.unsorted == start.unsorted + 60 - sum(before) - sum(during) - lost
    assert line.good == start.good + before[0] + during[0]
    found = newest(store).counted
    assert found is not None and set(found) == set(COUNTED)
    store.check_books()
