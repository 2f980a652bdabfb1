"""One form, one posting: double clicks, retries, and two windows at once."""

import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from storage.database import Database, open_database
from storage.ledger import journal
from storage.ledger.journal import Draft, Entry, at, moved, once, post
from storage.people.person import Person
from storage.rules.movement import EventKind, State
from storage.rules.refusal import Refusal
from storage.stock.sorting import sort_ballots
from tests.storage.past import unchecked
from tests.storage.store import Store


def test_the_same_key_again_returns_the_first_and_posts_nothing(store: Store) -> None:
    delivery = store.deliver(100, 90, key="delivery")
    sorting = store.sort(80, 10, key="sorting")
    request = store.request(10, 10, key="request")
    receipt = store.receive(request, 20, key="receipt")
    back = store.reverse(receipt, key="back")
    before = (store.events(), store.balances())
    # Each would be refused by now if it were looked at as a new one.
    assert store.deliver(100, 90, key="delivery") == delivery
    assert store.sort(80, 10, key="sorting") == sorting
    assert store.request(10, 10, key="request") == request
    assert store.receive(request, 20, key="receipt") == receipt
    assert store.reverse(receipt, key="back") == back
    assert (store.events(), store.balances()) == before


def test_a_refused_act_leaves_its_key_free(store: Store) -> None:
    with pytest.raises(Refusal):
        store.sort(5, 0, key="sorting")
    store.deliver(5, 5)
    store.sort(5, 0, key="sorting")
    assert store.line().good == 5


def test_an_event_without_a_key_is_a_bug(store: Store) -> None:
    with pytest.raises(ValueError, match="idempotency key"):
        sort_ballots(
            store.database, store.site_id, store.classes[0], good=1, damaged=0,
            by=store.officer, now=store.clock, happened_at=store.clock, key="",
        )  # fmt: skip


def test_another_process_wrote_the_key_between_look_and_write(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.deliver(100, 100)
    first = store.sort(10, 0, key="sorting")
    look = journal._event_with_key
    seen: list[int | None] = []

    def late_look(connection: sa.Connection, key: str) -> int | None:
        seen.append(None if not seen else look(connection, key))
        return seen[-1]

    monkeypatch.setattr(journal, "_event_with_key", late_look)
    assert store.sort(10, 0, key="sorting") == first
    assert seen == [None, first]
    assert store.line().good == 10
    store.check_books()


def test_other_broken_constraints_are_not_taken_for_a_repeated_key(store: Store) -> None:
    store.deliver(100, 100)
    stranger = Person(99, "nobody", store.officer.grants)
    moves = moved(store.classes[0], 1, at(store.site_id, State.UNSORTED), at(store.site_id, State.GOOD))
    draft = Draft(EventKind.SORTING, store.site_id, Entry(stranger, store.clock, store.clock, "new"), moves)
    with pytest.raises(sa.exc.IntegrityError), unchecked():
        once(store.database, "new", lambda connection: post(connection, draft))
    assert store.line().good == 0


def _at_once(store: Store, act: Callable[[Database, int], int], threads: int) -> list[int | Refusal]:
    """What came of the same act, done at once over as many connections of their own."""
    barrier = threading.Barrier(threads)
    results: list[int | Refusal] = []

    def run(number: int) -> None:
        database = open_database(store.database.path.parent, url=store.url)
        barrier.wait()
        try:
            results.append(act(database, number))
        except Refusal as refusal:
            results.append(refusal)
        finally:
            database.close()

    workers = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return results


def _sort(store: Store, good: int, key: str) -> Callable[[Database, int], int]:
    return lambda database, number: sort_ballots(
        database, store.site_id, store.classes[0], good=good, damaged=0,
        by=store.officer, now=store.clock, happened_at=store.clock, key=key.format(number=number),
    )  # fmt: skip


def test_two_windows_take_the_last_sheets_at_once_and_one_gets_them(store: Store) -> None:
    store.deliver(100, 100)
    results = _at_once(store, _sort(store, 60, "window-{number}"), 2)
    assert sorted(isinstance(result, Refusal) for result in results) == [False, True]
    assert (store.line().good, store.line().unsorted) == (60, 40)
    store.check_books()


def test_many_windows_at_once_lose_nothing(store: Store) -> None:
    store.deliver(100, 100)
    results = _at_once(store, _sort(store, 7, "window-{number}"), 6)
    assert len({result for result in results if isinstance(result, int)}) == 6
    assert (store.line().good, store.line().unsorted) == (42, 58)
    store.check_books()


def test_many_windows_with_one_form_post_once(store: Store) -> None:
    store.deliver(100, 100)
    results = _at_once(store, _sort(store, 7, "one form"), 6)
    assert len(set(results)) == 1
    assert store.line().good == 7
