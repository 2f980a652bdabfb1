"""The database holds the rules by itself: events that the acts would refuse are refused when they are posted past the acts."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.ledger import journal
from storage.ledger.journal import Draft, Facts, at, post
from storage.ledger.stores import Stores
from storage.people.person import Role, add_person
from storage.rules.movement import EventKind, Movement, State
from tests.storage.depot import Depot, open_depot

PAST = datetime(2024, 2, 1, 1, 0, tzinfo=UTC)


@pytest.fixture
def depot(database: Database, monkeypatch: pytest.MonkeyPatch) -> Depot:
    """A depot with good and damaged sheets; from here on nothing in Python refuses."""
    opened = open_depot(database, PAST)
    opened.receive(2_000, damaged=10)
    monkeypatch.setattr(journal, "check_movements", lambda *_args: None)
    monkeypatch.setattr(journal, "_check_entry", lambda *_args: None)
    monkeypatch.setattr(journal, "_check_rights", lambda *_args: None)
    monkeypatch.setattr(journal, "_check_then", lambda *_args: None)
    monkeypatch.setattr(Stores, "move", lambda *_args: None)
    return opened


def move(depot: Depot, sheets: int, source: State, target: State, to_site: int | None = None) -> tuple[Movement, ...]:
    return (Movement(depot.ballot, sheets, at(depot.here, source), at(to_site or depot.here, target)),)


def delivery(declared: int, received: int) -> Callable[[Depot], Facts]:
    return lambda depot: {
        "delivery": [{"note_number": "SJ-X"}],
        "delivery_line": [{"class_id": depot.ballot, "declared": declared, "received": received}],
    }


def nothing(_depot: Depot) -> Facts:
    return {}


Moves = Callable[[Depot], tuple[Movement, ...]]
CASES: list[tuple[str, EventKind, Moves, Callable[[Depot], Facts]]] = [
    ("does not move sheets so", EventKind.SORTING, lambda d: move(d, 5, State.GOOD, State.PACKED), nothing),
    ("does not move sheets so", EventKind.SORTING, lambda d: move(d, 5, State.UNSORTED, State.GOOD, d.other), nothing),
    ("this kind of event moves sheets", EventKind.SORTING, lambda _d: (), nothing),
    ("ck_balance", EventKind.SURPLUS, lambda d: move(d, 1_991, State.GOOD, State.SURPLUS), nothing),
    ("need lacks its facts", EventKind.NEED, lambda _d: (), nothing),
    ("declared is received and short", EventKind.DELIVERY, lambda d: move(d, 5, State.PRINTER, State.UNSORTED), delivery(6, 6)),
    ("declared is received and short", EventKind.DELIVERY, lambda d: move(d, 5, State.PRINTER, State.UNSORTED), delivery(9, 5)),
    (
        "damage criteria add up",
        EventKind.INSPECTION,
        lambda d: move(d, 5, State.GOOD, State.DAMAGED),
        lambda d: {"damage_line": [{"class_id": d.ballot, "criterion": "torn", "sheets": 4}]},
    ),
    ("what is wrong|lacks its facts", EventKind.INSPECTION, lambda d: move(d, 5, State.GOOD, State.DAMAGED), nothing),
    (
        "reprints are requested for what is damaged or short only",
        EventKind.REPRINT_REQUEST,
        lambda _d: (),
        lambda d: {"reprint_request": [{"class_id": d.ballot, "for_damaged": 11, "for_short": 0}]},
    ),
    (
        "reprints are requested for what is damaged or short only",
        EventKind.REPRINT_REQUEST,
        lambda _d: (),
        lambda d: {"reprint_request": [{"class_id": d.ballot, "for_damaged": 0, "for_short": 1}]},
    ),
    ("sealed containers", EventKind.DISPATCH, lambda d: move(d, 5, State.GOOD, State.IN_TRANSIT), lambda d: {
        "consignment": [{"number": "BA-1", "to_site_id": d.other, "from_person": "Budi", "to_person": "Joko"}]
    }),
    ("ck_stock_event_two_persons", EventKind.ADJUSTMENT, lambda d: move(d, 5, State.GOOD, State.VARIANCE), lambda _d: {
        "minutes": [{"number": "BA-2"}]
    }),
    ("belongs to another kind of event", EventKind.SURPLUS, lambda d: move(d, 5, State.GOOD, State.SURPLUS), delivery(5, 5)),
    ("roll of voters says", EventKind.VOTERS, lambda _d: (), lambda _d: {
        "voters_roll": [{"election": "Pemilu 2024", "stations": 1, "voters": 100, "sha256": "0" * 64}]
    }),
    ("ck_need_line_possible", EventKind.NEED, lambda _d: (), lambda d: {
        "need_line": [{"class_id": d.ballot, "sheets": 104, "voters": 100, "stations": 2, "reserve_num": 1, "reserve_den": 50}]
    }),
]  # fmt: skip


@pytest.mark.parametrize(("said", "kind", "moves", "facts"), CASES, ids=[f"{case[1]}: {case[0]}" for case in CASES])
def test_what_breaks_a_rule_is_refused_by_the_database(
    depot: Depot, said: str, kind: EventKind, moves: Moves, facts: Callable[[Depot], Facts]
) -> None:
    before = depot.sheets(State.GOOD)
    with pytest.raises(sa.exc.IntegrityError, match=said), depot.database.write() as connection:
        post(connection, Draft(kind, depot.here, depot.entry(), moves(depot), facts(depot)))
    assert depot.sheets(State.GOOD) == before
    assert depot.faults() == []


def test_late_entries_and_strangers_are_refused_by_the_database(depot: Depot) -> None:
    guard = add_person(depot.database, "Sari", Role.GUARD, now=depot.clock)
    entry = depot.entry()
    moves = move(depot, 5, State.GOOD, State.SURPLUS)
    late = journal.Entry(entry.by, entry.now, entry.now - timedelta(days=1, minutes=1), "late")
    stranger = journal.Entry(guard, entry.now, entry.now, "stranger")
    for told, said in ((late, "needs a reason and a second person"), (stranger, "only officers and supervisors write")):
        with pytest.raises(sa.exc.IntegrityError, match=said), depot.database.write() as connection:
            post(connection, Draft(EventKind.SURPLUS, depot.here, told, moves))
    with depot.database.write() as connection:
        post(connection, Draft(EventKind.SURPLUS, depot.here, journal.Entry(entry.by, entry.now, entry.now, "right"), moves))
    assert depot.sheets(State.SURPLUS) == 5
