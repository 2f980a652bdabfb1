"""What happens to loose sheets on a day of a warehouse, as rules of a state machine; test_days.py adds containers, counts and mishaps."""

import atexit
import itertools
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from storage.database import open_database
from storage.ledger.journal import Entry, once
from storage.ledger.reconciliation import Figure, parts_of, reconcile
from storage.people.person import Person, Role, add_person
from storage.rules.delivery import DeliveryLine
from storage.rules.movement import COUNTED, State
from storage.rules.refusal import Refusal
from storage.stock.deliveries import enter_delivery
from storage.stock.disposal import enter_adjustment, enter_destruction, enter_surplus
from storage.stock.reprints import enter_receipt, enter_request
from storage.stock.sorting import Criterion, enter_inspection, enter_sorting
from tests.storage.days import Act, Days, Move, Spot
from tests.storage.depot import BAWASLU, POLRI, Depot, open_depot

START = datetime(2024, 2, 1, 1, 0, tzinfo=UTC)
Some = TypeVar("Some")
Write = Callable[[sa.Connection, Entry], int]
sheets = st.integers(0, 700)
few = st.integers(0, 30)
# Tenths of what there is; more than ten are more than there is.
tenths = st.integers(0, 11)
pick = st.integers(0, 99)


@cache
def template() -> tuple[Depot, Person]:
    """An empty depot and a third person, closed; each play begins with a copy."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    depot = open_depot(open_database(folder), START)
    third = add_person(depot.database, "Sari", Role.SUPERVISOR, now=START)
    depot.database.close()
    return depot, third


class SheetDays(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        made, self.third = template()
        self.folder = Path(tempfile.mkdtemp()) / "data"
        shutil.copytree(made.database.path.parent, self.folder)
        self.databases = [open_database(self.folder), open_database(self.folder)]  # two windows
        self.depot = replace(made, database=self.databases[0], numbers=itertools.count(100))  # later than those of the template
        self.days = Days(made.here)
        self.last: tuple[Entry, Write, int] | None = None
        self.deliver(2_000, 1_990)
        self.sort(9, 12)

    def teardown(self) -> None:
        if not hasattr(self, "depot"):
            return
        assert self.depot.faults() == []
        for line in reconcile(self.depot.database):
            assert line.unexplained == 0, line
            for figure in Figure:
                parts = parts_of(self.depot.database, line.site_id, line.class_id, figure)
                assert sum(part.sheets for part in parts) == line.sheets[figure], figure
        for database in self.databases:
            database.close()
        shutil.rmtree(self.folder.parent)

    def act(self, allowed: bool, write: Write, entry: Entry | None = None) -> int | None:
        """Does what the model says is allowed, and is refused what it says is not; the event's id."""
        entry = entry or self.depot.entry()
        number = taken(lambda: once(self.databases[entry.now.minute % 2], entry.key, lambda connection: write(connection, entry)))
        assert (number is not None) == allowed
        if number is not None:
            self.last = (entry, write, number)
        return number

    def say(self, kind: str, number: int | None, moves: Sequence[Move] = (), *, about: int = 0, figures: tuple[int, ...] = ()) -> None:
        if number is not None:
            kept = tuple(move for move in moves if move[0])
            site = self.depot.here if kind != "arrival" else kept[0][2][0]
            self.days.say(Act(number, kind, site, kept, about=about, figures=figures))

    def spot(self, state: State, box: int | None = None) -> Spot:
        return (self.depot.here, state, box)

    # --- sheets

    @rule(declared=sheets, received=sheets)
    def deliver(self, declared: int, received: int) -> None:
        line, depot = DeliveryLine(self.depot.ballot, declared, received), self.depot
        number = self.act(declared + received > 0, lambda c, told: enter_delivery(c, depot.here, f"SJ-{told.key}", [line], told))
        short = max(0, declared - received)
        moves = [(received, self.spot(State.PRINTER), self.spot(State.UNSORTED))]
        moves.append((short, self.spot(State.PRINTER), self.spot(State.SHORT_CLAIM)))
        self.say("delivery", number, moves, figures=(declared, received))

    @rule(share=tenths, damaged=few)
    def sort(self, share: int, damaged: int) -> None:
        depot, unsorted = self.depot, self.days.loose(State.UNSORTED)
        good = unsorted * share // 10
        allowed = 0 < good + damaged <= unsorted
        number = self.act(allowed, lambda c, told: enter_sorting(c, depot.here, depot.ballot, good=good, damaged=damaged, entry=told))
        source = self.spot(State.UNSORTED)
        self.say("sorting", number, [(good, source, self.spot(State.GOOD)), (damaged, source, self.spot(State.DAMAGED))])

    @rule(found=few)
    def inspect(self, found: int) -> None:
        depot, criteria = self.depot, {Criterion.TORN: found}
        number = self.act(
            0 < found <= self.days.loose(State.GOOD),
            lambda c, told: enter_inspection(c, depot.here, depot.ballot, source=State.GOOD, criteria=criteria, entry=told),
        )
        self.say("inspection", number, [(found, self.spot(State.GOOD), self.spot(State.DAMAGED))])

    @rule(shares=st.tuples(tenths, tenths), more=st.integers(0, 1))
    def ask_for_reprints(self, shares: tuple[int, int], more: int) -> None:
        (damaged, short), depot = self.days.claims(), self.depot
        for_damaged, for_short = max(0, damaged) * shares[0] // 10 + more, max(0, short) * shares[1] // 10
        number = self.act(
            for_damaged + for_short > 0 and (not for_damaged or for_damaged <= damaged) and (not for_short or for_short <= short),
            lambda c, told: enter_request(c, depot.here, depot.ballot, for_damaged=for_damaged, for_short=for_short, entry=told),
        )
        self.say("reprint_request", number, figures=(for_damaged, for_short))

    @precondition(lambda self: self.days.standing("reprint_request"))
    @rule(which=pick, share=tenths)
    def receive_reprints(self, which: int, share: int) -> None:
        request = one(self.days.standing("reprint_request"), which)
        came = self.days.still_to_come(request.number) * share // 10
        claimed = request.figures[1] - sum(act.figures[1] for act in self.days.standing("reprint_receipt", about=request.number))
        number = self.act(0 < came <= self.days.still_to_come(request.number), lambda c, told: enter_receipt(c, request.number, came, told))
        settled = min(came, claimed)
        target = self.spot(State.UNSORTED)
        moves = [(settled, self.spot(State.SHORT_CLAIM), target), (came - settled, self.spot(State.PRINTER), target)]
        self.say("reprint_receipt", number, moves, about=request.number, figures=(came, settled))

    @rule(apart=few, back=st.booleans())
    def set_apart(self, apart: int, back: bool) -> None:
        ends = (State.SURPLUS, State.GOOD) if back else (State.GOOD, State.SURPLUS)
        depot, allowed = self.depot, 0 < apart <= self.days.loose(ends[0])
        number = self.act(allowed, lambda c, told: enter_surplus(c, depot.here, depot.ballot, apart, entry=told, back=back))
        self.say("surplus", number, [(apart, self.spot(ends[0]), self.spot(ends[1]))])

    @rule(state=st.sampled_from([State.DAMAGED, State.SURPLUS]), share=tenths)
    def destroy(self, state: State, share: int) -> None:
        gone = self.days.loose(state) * share // 10
        depot, what = self.depot, {(self.depot.ballot, state): gone}
        number = self.act(
            0 < gone <= self.days.loose(state),
            lambda c, told: enter_destruction(c, depot.here, what, minutes="BA-9", witnesses=(POLRI, BAWASLU), entry=told),
            self.depot.entry("by minutes", two=True),
        )
        self.say("destruction", number, [(gone, self.spot(state), self.spot(State.DESTROYED))])

    @rule(state=st.sampled_from(COUNTED), change=st.integers(-30, 30), two=st.booleans())
    def adjust(self, state: State, change: int, two: bool) -> None:
        depot, changes = self.depot, {state: change}
        number = self.act(
            two and change != 0 and self.days.loose(state) + change >= 0 and self.days.claims_allow(state, change),
            lambda c, told: enter_adjustment(c, depot.here, depot.ballot, changes, minutes="BA-8", entry=told),
            self.depot.entry("found behind the shelf", two=two),
        )
        self.say("adjustment", number, [self.varied(state, change)])

    def varied(self, state: State, change: int) -> Move:
        ends = (self.spot(State.VARIANCE), self.spot(state))
        return (change, *ends) if change > 0 else (-change, ends[1], ends[0])


def one(those: Sequence[Some], which: int) -> Some:
    """One of them."""
    return those[which % len(those)]


def taken(act: Callable[[], int]) -> int | None:
    """The event's id, or None if it was refused with a sentence."""
    try:
        return act()
    except Refusal as refusal:
        assert str(refusal).endswith("."), refusal
        return None
