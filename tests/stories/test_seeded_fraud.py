"""A carton of 500 ballots is carried out of the store, and for a week an insider works against the books to hide it.

Through the window, with his own name and with that of an accomplice; then past it, in the file: one movement, the balances too, the
whole chain anew, an older copy put back. Each step is found, and each test says by what: the stock card and the balances as they were
known at each hour, the blind count, the check of chain, balances and rules, and the checkpoint that was printed and signed.
"""

import itertools
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from storage.database import Database, open_database
from storage.ledger.as_of import balances
from storage.ledger.card import CardRow, stock_card
from storage.ledger.check import check_books
from storage.ledger.journal import Entry, once
from storage.ledger.reversal import enter_reversal
from storage.people.person import Person, Role, add_person
from storage.places import add_site
from storage.rules.chain import Checkpoint
from storage.rules.movement import EventKind, State
from storage.rules.refusal import Refusal
from storage.stock.classes import BallotType, Purpose, add_class
from storage.stock.counts import enter_acceptance, enter_count, enter_sheet, list_counts
from storage.stock.deliveries import DeliveryLine, enter_delivery
from storage.stock.disposal import enter_adjustment
from storage.stock.entitlements import Need, enter_needs
from storage.stock.sorting import Criterion, enter_inspection, enter_sorting
from tests.storage.tampering import found, printed_checkpoints, rehash, tamper

JAKARTA = ZoneInfo("Asia/Jakarta")
CARTON = 500


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In November 2024; the 4th is a Monday."""
    return datetime(2024, 11, day, hour, minute, tzinfo=JAKARTA)


@dataclass
class Books:
    """The books of one warehouse. dodi carries the carton out and joko signs for him; the others are honest.

    acts: the ids of what was entered, by what the story calls it. friday: a copy of the file before the count. signed: the
    checkpoints that were printed after the count.
    """

    database: Database
    site: int
    ballot: int
    budi: Person
    rina: Person
    agus: Person
    dodi: Person
    joko: Person
    friday: Path
    acts: dict[str, int] = field(default_factory=dict)
    signed: list[Checkpoint] = field(default_factory=list)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def do(
        self,
        now: datetime,
        by: Person,
        act: Callable[..., int],
        *said: object,
        second: Person | None = None,
        reason: str = "",
        happened_at: datetime | None = None,
        **more: object,
    ) -> int:
        """An act of the window in a transaction of its own; the event's id."""
        entry = Entry(by, now, happened_at or now, f"form {next(self.numbers)}", second, reason)
        return once(self.database, entry.key, lambda connection: act(connection, *said, entry=entry, **more))

    def damaged(self, now: datetime, criterion: Criterion, *, happened_at: datetime | None = None, reason: str = "") -> int:
        """Dodi says that a carton of good sheets was found damaged."""
        said = (now, self.dodi, enter_inspection, self.site, self.ballot)
        return self.do(*said, source=State.GOOD, criteria={criterion: CARTON}, happened_at=happened_at, reason=reason)

    def stock(self, as_of: datetime, known_at: datetime | None = None) -> tuple[int, int]:
        """Good and damaged sheets that lay there, by what had been entered at known_at; None: by all that is known."""
        rows = balances(self.database, site_id=self.site, as_of=as_of, known_at=known_at)
        sheets = {row.state: row.sheets for row in rows}
        return sheets.get(State.GOOD, 0), sheets.get(State.DAMAGED, 0)

    def card(self) -> dict[int, CardRow]:
        return {row.event_id: row for row in stock_card(self.database, self.site, self.ballot)}

    def place(self, state: State) -> str:
        """How the check names a balance."""
        return f"{self.site}/{self.ballot}/{state.value}"


@pytest.fixture
def books(database: Database, tmp_path: Path) -> Books:
    """The week, from the delivery on Monday to the count on Saturday."""
    monday = at(4, 8)
    site = add_site(database, "31.74", "Gudang KPU Jakarta Selatan", "Asia/Jakarta", now=monday).id
    ballot = add_class(database, "Pilgub DKI Jakarta 2024", BallotType.GUBERNUR, "DKI JAKARTA", Purpose.REGULAR).id
    officers = [add_person(database, name, Role.OFFICER, now=monday) for name in ("Budi", "Rina", "Dodi")]
    supervisors = [add_person(database, name, Role.SUPERVISOR, now=monday) for name in ("Agus", "Joko")]
    people = (officers[0], officers[1], supervisors[0], officers[2], supervisors[1])
    opened = Books(database, site, ballot, *people, tmp_path / "friday.db")
    work_honestly(opened)
    move_paper_at_night(opened)
    with closing(sqlite3.connect(database.path)) as file, closing(sqlite3.connect(opened.friday)) as copy:
        file.backup(copy)
    count_blind(opened)
    opened.signed = printed_checkpoints(database)
    return opened


def work_honestly(books: Books) -> None:
    # Monday. Twenty cartons of 500 come in; sorting finds 12 damaged sheets.
    books.do(at(4, 9), books.budi, enter_needs, books.site, [Need(books.ballot, 9_988)])
    books.do(at(4, 10), books.budi, enter_delivery, books.site, "SJ/0204", [DeliveryLine(books.ballot, 10_000, 10_000)])
    books.do(at(4, 16), books.rina, enter_sorting, books.site, books.ballot, good=9_988, damaged=12)


def move_paper_at_night(books: Books) -> None:
    # Tuesday night. A carton goes out by the back door, and the shelf of good sheets agrees with the books again.
    books.acts["first inspection"] = books.damaged(at(5, 23, 40), Criterion.STAINED)
    # Wednesday night. Tomorrow the damaged shelf is looked at, where no carton came: all back, as if mistyped.
    undone = books.acts["first inspection"]
    books.acts["reversal"] = books.do(at(6, 23, 55), books.dodi, enter_reversal, undone, "mistyped")
    # Thursday night. Good sheets are to be packed on Friday. Now it is said to have happened by day.
    books.acts["second inspection"] = books.damaged(at(8, 1, 10), Criterion.TORN, happened_at=at(7, 16), reason="rain")
    # Friday night. The other shelf again; an adjustment needs two, and Joko signs.
    back = {State.DAMAGED: -CARTON, State.GOOD: CARTON}
    said = (at(8, 23, 30), books.dodi, enter_adjustment, books.site, books.ballot, back)
    books.acts["adjustment"] = books.do(*said, minutes="BA/77", second=books.joko, reason="carton found")


def count_blind(books: Books) -> None:
    # Saturday. Two teams count what lies there, without the books and without each other. Agus accepts.
    count = books.acts["count"] = books.do(at(9, 8), books.budi, enter_count, books.site, books.ballot)
    there = {State.GOOD: 9_988 - CARTON, State.DAMAGED: 12}
    for team, counter in enumerate((books.budi, books.rina), start=1):
        books.acts[f"sheet {team}"] = books.do(at(9, 11, team), counter, enter_sheet, count, team, there)
    books.acts["acceptance"] = books.do(at(9, 12), books.agus, enter_acceptance, count, "a carton is missing")


def test_the_card_names_him_with_each_night_and_what_undoes_what(books: Books) -> None:
    card, acts = books.card(), books.acts
    nights = [card[acts[act]] for act in ("first inspection", "reversal", "second inspection", "adjustment")]
    assert [(row.kind, row.person, row.second, row.reason) for row in nights] == [
        (EventKind.INSPECTION, "Dodi", None, ""),
        (EventKind.REVERSAL, "Dodi", None, "mistyped"),
        (EventKind.INSPECTION, "Dodi", None, "rain"),
        (EventKind.ADJUSTMENT, "Dodi", "Joko", "carton found"),
    ]
    # When it was entered cannot be chosen; the afternoon that he chose stands beside it.
    assert [row.recorded_at for row in nights] == [at(5, 23, 40), at(6, 23, 55), at(8, 1, 10), at(8, 23, 30)]
    assert nights[2].happened_at == at(7, 16)
    # A carton to and fro, and both halves of the mistyping are in the books and point at each other.
    there, back = {State.GOOD: -CARTON, State.DAMAGED: CARTON}, {State.GOOD: CARTON, State.DAMAGED: -CARTON}
    assert [row.changes for row in nights] == [there, back, there, back]
    assert [row.reversed_by_id for row in nights] == [acts["reversal"], None, None, None]
    assert [row.reverses_id for row in nights] == [None, acts["first inspection"], None, None]
    # Nobody else has entered anything outside the hours of work.
    assert {row.person for row in card.values() if not 7 <= row.recorded_at.astimezone(JAKARTA).hour < 18} == {"Dodi"}


def test_the_balances_of_each_hour_show_the_carton_travel(books: Books) -> None:
    known = [books.stock(hour, hour) for hour in (at(5, 18), at(6, 8), at(7, 8), at(8, 8), at(9, 7), at(9, 18))]
    full, moved = (9_988, 12), (9_488, 512)
    assert known == [full, moved, full, moved, full, (9_488, 12)]
    # By what is known today the first inspection never was: only what was known at the time tells of that night.
    assert books.stock(at(6, 8)) == full
    # The afternoon that he named came into the books at night.
    assert books.stock(at(7, 18), at(7, 18)) == full
    assert books.stock(at(7, 18), at(8, 2)) == moved


def test_the_blind_count_finds_the_carton(books: Books) -> None:
    [count] = list_counts(books.database, books.site)
    assert count.accepted
    assert count.variance is not None
    assert {state: sheets for state, sheets in count.variance.items() if sheets} == {State.GOOD: -CARTON}
    row = books.card()[books.acts["acceptance"]]
    assert (row.person, row.reason, row.changes) == ("Agus", "a carton is missing", {State.GOOD: -CARTON, State.VARIANCE: CARTON})
    # All that he did was an act that the books allow, so the check alone has nothing to say: it is the count that found him.
    assert found(books.database, *books.signed) == set()


def test_after_the_count_the_nights_cannot_be_undone(books: Books) -> None:
    # He would like the sheets of his nights back where they were, in his own name, or the count away.
    for act in ("second inspection", "adjustment"):
        with pytest.raises(Refusal, match="counted"):
            books.do(at(9, 23), books.dodi, enter_reversal, books.acts[act], "mistyped")
    with pytest.raises(Refusal, match="accepted"):
        books.do(at(9, 23), books.dodi, enter_reversal, books.acts["count"], "mistyped")
    with pytest.raises(Refusal, match="counted"):
        books.damaged(at(9, 23), Criterion.HOLED, happened_at=at(9, 7))
    assert found(books.database, *books.signed) == set()


def test_an_acceptance_that_is_taken_back_leaves_the_count_open(books: Books) -> None:
    # Sunday night. The acceptance itself may be reversed, but not by him alone; he has found somebody who signs with him. The good sheets
    # are back in the books, with both names on the card.
    with pytest.raises(Refusal, match="two persons"):
        books.do(at(10, 23), books.dodi, enter_reversal, books.acts["acceptance"], "counted badly")
    taken_back = books.do(at(10, 23), books.dodi, enter_reversal, books.acts["acceptance"], "counted badly", second=books.joko)
    assert books.stock(at(11, 8)) == (9_988, 12)
    accepted, row = books.card()[books.acts["acceptance"]], books.card()[taken_back]
    assert (row.person, row.second, row.reverses_id, row.changes[State.GOOD]) == ("Dodi", "Joko", accepted.event_id, CARTON)
    assert (accepted.person, accepted.reversed_by_id, accepted.changes[State.GOOD]) == ("Agus", taken_back, -CARTON)
    # But both teams' sheets stay, and the count stands open with a carton missing until somebody accepts it.
    [count] = list_counts(books.database, books.site)
    assert not count.accepted
    assert count.variance is not None and count.variance[State.GOOD] == -CARTON
    assert [(sheet.person, sheet.counted[State.GOOD]) for sheet in count.sheets] == [("Budi", 9_488), ("Rina", 9_488)]


def hide_the_variance(books: Books, sheets: int) -> str:
    """The statement that lets the accepted count say that so many sheets were missing."""
    return f"UPDATE movement SET quantity = {sheets} WHERE event_id = {books.acts['acceptance']}"


def hide_in_the_balances(books: Books, sheets: int) -> list[str]:
    """The statements that bring the balances to where a count with so many missing sheets would have brought them."""
    more = CARTON - sheets
    return [
        f"UPDATE balance SET quantity = quantity + {more} WHERE state = 'good'",
        f"UPDATE balance SET quantity = quantity - {more} WHERE state = 'variance'",
    ]


def test_an_edited_movement_is_named_with_the_balances_that_do_not_fit(books: Books) -> None:
    # Sunday night. He has found the file. The database lets nobody edit a movement...
    with closing(sqlite3.connect(books.database.path)) as raw, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute(hide_the_variance(books, 1))
    assert found(books.database) == set()
    # ...so he takes the triggers away first. One missing sheet would not be looked for.
    tamper(books.database, hide_the_variance(books, 1))
    acceptance = str(books.acts["acceptance"])
    assert found(books.database) == {
        ("edited", acceptance),
        ("variance_at_position", acceptance),
        ("balance", books.place(State.GOOD)),
        ("balance", books.place(State.VARIANCE)),
    }
    said = [str(finding.said) for finding in check_books(books.database).findings if finding.kind in ("edited", "balance")]
    assert f"Entry {acceptance} is not what was chained: it, or its place, was changed." in said
    assert f"balance {books.place(State.GOOD)} says 9488; its movements add up to 9987." in said


def test_balances_that_were_edited_too_do_not_hide_it(books: Books) -> None:
    # Monday night. Now the balances say what his movement says; the entry is still not the one that was chained.
    tamper(books.database, hide_the_variance(books, 1), *hide_in_the_balances(books, 1))
    acceptance = str(books.acts["acceptance"])
    assert books.stock(at(11, 8)) == (9_987, 12)
    assert found(books.database) == {("edited", acceptance), ("variance_at_position", acceptance)}


def test_a_chain_made_anew_breaks_a_rule_or_is_told_by_the_checkpoint(books: Books) -> None:
    # Tuesday night. He makes every link anew. The count's sheets still say what was counted: no link is needed to see that.
    tamper(books.database, hide_the_variance(books, 1), *hide_in_the_balances(books, 1))
    rehash(books.database)
    acceptance = str(books.acts["acceptance"])
    assert found(books.database) == {("variance_at_position", acceptance)}

    # He makes both teams' sheets say one fewer than there should be, and the chain anew. The books alone are now silent.
    tamper(books.database, f"UPDATE count_sheet SET good = 9987 WHERE count_id = {books.acts['count']}")
    assert found(books.database) >= {("edited", str(books.acts[f"sheet {team}"])) for team in (1, 2)}
    rehash(books.database)
    assert found(books.database) == set()

    # But on Saturday the head of the chain was printed and signed.
    [head] = books.signed
    assert found(books.database, head) == {("rewritten", f"31.74/{head.number}")}


def test_a_name_taken_out_of_the_books_is_told_by_the_checkpoint(books: Books) -> None:
    # Another way: the nights stay, but they were Rina's.
    named = f"UPDATE stock_event SET person_id = {books.rina.id} WHERE person_id = {books.dodi.id}"
    tamper(books.database, named)
    nights = ("first inspection", "reversal", "second inspection", "adjustment")
    assert found(books.database) == {("edited", str(books.acts[act])) for act in nights}
    rehash(books.database)
    assert found(books.database) == set()
    assert {row.person for row in books.card().values()} == {"Budi", "Rina", "Agus"}
    [head] = books.signed
    assert found(books.database, head) == {("rewritten", f"31.74/{head.number}")}


def test_an_older_copy_put_back_ends_before_the_checkpoint(books: Books) -> None:
    # Wednesday night. He puts Friday's file back: there never was a count. The file is whole, and says nothing of it.
    [head] = books.signed
    books.database.close()
    for trace in ("-wal", "-shm"):
        books.database.path.with_name(books.database.path.name + trace).unlink(missing_ok=True)
    shutil.copyfile(books.friday, books.database.path)
    with closing(open_database(books.database.path.parent)) as older:
        books.database = older
        assert list_counts(older, books.site) == []
        assert books.stock(at(13, 8)) == (9_988, 12)
        assert found(older) == set()
        assert found(older, head) == {("truncated", f"31.74/{head.number}")}

        # He enters as much again as was lost, so that the number on the paper is reached. It is not the same entry.
        with older.read() as connection:
            entries = connection.execute(sa.text("SELECT count(*) FROM stock_event")).scalar_one()
        for number in range(entries, head.number):
            books.do(at(13, 23) + timedelta(minutes=number), books.dodi, enter_needs, books.site, [Need(books.ballot, 9_988)])
        assert found(older) == set()
        assert found(older, head) == {("rewritten", f"31.74/{head.number}")}
