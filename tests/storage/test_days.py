"""Hypothesis plays whole days of a warehouse: what the books take and refuse, and every figure, is what a plain model says."""

import contextlib
import threading
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from storage.ledger.journal import Entry, once
from storage.ledger.reversal import enter_reversal
from storage.rules.entitlement import station_sheets
from storage.rules.movement import COUNTED, FINAL, EventKind, State
from storage.rules.refusal import Refusal
from storage.schema.ledger import balance, content, stock_event
from storage.stock.consignments import Consignment, enter_arrival, enter_dispatch, enter_loss, enter_return
from storage.stock.containers import ContainerKind, enter_containers, enter_filling, enter_opening, enter_sealing
from storage.stock.counts import enter_acceptance, enter_count, enter_sheet
from storage.stock.packing import Box as NewBox
from storage.stock.packing import enter_packing, enter_unpacking
from storage.stock.sorting import enter_sorting
from storage.stock.witnesses import Witness
from tests.storage.days import Box, Move
from tests.storage.depot import BAWASLU, POLRI, VOTERS
from tests.storage.sheet_days import SheetDays, Write, few, one, pick, taken, tenths

RESERVE = Fraction(2, 100)
SENT = (State.GOOD, State.SURPLUS, State.PACKED)


class Crash(Exception):
    """The program dies between two statements."""


class GoodsDays(SheetDays):
    # --- containers

    def boxes(self, *, packed: bool | None = None) -> list[Box]:
        return [box for box in self.days.boxes.values() if packed is None or bool(box.packed) == packed]

    @rule(share=tenths)
    def new_carton(self, share: int) -> None:
        """Two events in one transaction."""
        depot, ids, full = self.depot, [0], self.days.loose(State.GOOD) * share // 10

        def write(connection: sa.Connection, told: Entry) -> int:
            ids[:] = enter_containers(connection, depot.here, ContainerKind.CARTON, [f"K-{told.key}"], told)
            filled, good = Entry(told.by, told.now, told.now, f"{told.key}/filled"), State.GOOD
            return enter_filling(connection, depot.here, ids[0], class_id=depot.ballot, state=good, sheets=full, entry=filled)

        number = self.act(0 < full <= self.days.loose(State.GOOD), write)
        if number is not None:
            self.days.boxes[ids[0]] = Box(ids[0])
        self.say("repack", number, [(full, self.spot(State.GOOD), self.spot(State.GOOD, ids[0]))])
        self.last = None  # the key is that of the first of two events

    @precondition(lambda self: self.boxes())
    @rule(which=pick, few=few, out=st.booleans())
    def fill(self, which: int, few: int, out: bool) -> None:
        box, depot = one(self.boxes(), which), self.depot
        ends = (self.spot(State.GOOD, box.number), self.spot(State.GOOD))
        source, target = ends if out else ends[::-1]
        number = self.act(
            0 < few <= self.days.spots().get(source, 0) and not box.seals and self.days.holds_here(box.number, (State.GOOD,)),
            lambda c, told: enter_filling(
                c, depot.here, box.number, class_id=depot.ballot, state=State.GOOD, sheets=few, entry=told, out=out
            ),
        )
        self.say("repack", number, [(few, source, target)])

    @precondition(lambda self: self.boxes())
    @rule(which=pick)
    def seal(self, which: int) -> None:
        box, depot = one(self.boxes(), which), self.depot
        allowed = self.days.holds_here(box.number, COUNTED)
        number = self.act(allowed, lambda c, told: enter_sealing(c, depot.here, [(box.number, f"S-{told.key}")], told))
        box.seals += allowed
        self.say("sealing", number)

    @precondition(lambda self: self.boxes())
    @rule(which=pick, witnesses=st.sampled_from([(), (POLRI,), (POLRI, BAWASLU), (POLRI, BAWASLU)]))
    def break_seals(self, which: int, witnesses: Sequence[Witness]) -> None:
        box, depot = one(self.boxes(), which), self.depot
        at_hand = all(site == depot.here for site, _state in self.days.inside(box.number))
        allowed = box.seals > 0 and len(witnesses) == 2 and at_hand
        number = self.act(allowed, lambda c, told: enter_opening(c, depot.here, box.number, witnesses, told))
        box.seals *= not allowed
        self.say("opening", number)

    # --- polling stations

    @rule(station=st.integers(0, len(VOTERS) - 1), other=st.sampled_from([0, 0, 0, 3]), seal=st.booleans(), two=st.booleans())
    def pack(self, station: int, other: int, seal: bool, two: bool) -> None:
        depot, due = self.depot, station_sheets(VOTERS[station], RESERVE)
        entry = depot.entry("a sheet was torn", two=two)
        code, figure = f"B-{entry.key}", due + other
        new = NewBox(depot.stations[station], depot.ballot, code, (f"S-{code}",) if seal else (), figure)
        write: Write = lambda c, told: enter_packing(c, depot.here, new, told)  # noqa: E731
        allowed = not self.days.is_packed(station) and (two or not other) and figure <= self.days.loose(State.GOOD)
        number = self.act(allowed, write, entry)
        if number is None:
            return
        with depot.database.read() as connection:
            box = connection.execute(sa.text("SELECT container_id FROM packing WHERE event_id = :number"), {"number": number}).scalar_one()
        self.days.boxes[box] = Box(box, number, station, int(seal))
        self.say("packing", number, [(figure, self.spot(State.GOOD), self.spot(State.PACKED, box))], figures=(station, box))

    @precondition(lambda self: self.boxes(packed=True))
    @rule(which=pick)
    def unpack(self, which: int) -> None:
        box = one(self.boxes(packed=True), which)
        packing = self.days.acts[box.packed]
        undone = packing.undone or bool(self.days.standing("unpacking", about=packing.number))
        allowed = not undone and not box.seals and set(self.days.inside(box.number)) == {(self.depot.here, State.PACKED)}
        number = self.act(allowed, lambda c, told: enter_unpacking(c, packing.number, told))
        moves = [(count, target, self.spot(State.GOOD)) for count, _source, target in packing.moves]
        self.say("unpacking", number, moves, about=packing.number)

    # --- journeys

    @precondition(lambda self: self.boxes())
    @rule(which=st.lists(pick, min_size=1, max_size=3), place=st.integers(-1, len(VOTERS) - 1))
    def send(self, which: list[int], place: int) -> None:
        depot = self.depot
        boxes = list(
            {self.boxes()[number % len(self.boxes())].number: self.boxes()[number % len(self.boxes())] for number in which}.values()
        )
        to_site = depot.other if place < 0 else depot.stations[place]
        moves: list[Move] = []
        for box in boxes:
            for (site, state), inside in self.days.inside(box.number).items():
                moves.append((inside, (site, state, box.number), self.spot(State.IN_TRANSIT, box.number)))
        right = place < 0 or all(
            box.station in (-1, place) or (depot.here, State.PACKED) not in self.days.inside(box.number) for box in boxes
        )
        sealed = right and all(box.seals and self.days.holds_here(box.number, SENT) for box in boxes)
        numbers = [box.number for box in boxes]
        number = self.act(
            sealed and bool(moves),
            lambda c, told: enter_dispatch(c, depot.here, Consignment(f"BA-{told.key}", to_site, "Budi", "Joko"), numbers, told),
        )
        self.say("dispatch", number, moves, figures=(to_site,))

    @precondition(lambda self: self.days.standing("dispatch"))
    @rule(which=pick, end=st.sampled_from(["arrival", "arrival", "return", "loss"]))
    def end_journey(self, which: int, end: str) -> None:
        trip = one(self.days.standing("dispatch"), which)
        left = self.days.travelling(trip.number)
        acts: dict[str, Write] = {
            "arrival": lambda c, told: enter_arrival(c, trip.number, told),
            "return": lambda c, told: enter_return(c, trip.number, told),
            "loss": lambda c, told: enter_loss(c, trip.number, "BA-7", told),
        }
        number = self.act(bool(left), acts[end])
        moves = []
        for count, source, way in left:
            site, state = trip.figures[0], source[1]
            packed = State.PACKED if site == self.depot.other else State.DELIVERED
            state = packed if state is State.PACKED else State.GOOD
            ends = {"arrival": (site, state, source[2]), "return": source, "loss": self.spot(State.LOST, source[2])}
            moves.append((count, way, ends[end]))
        self.say(end, number, moves, about=trip.number)

    # --- counts

    @precondition(lambda self: len(self.days.standing("count")) < 2 + len(self.days.standing("count_acceptance")))
    @rule()
    def begin_count(self) -> None:
        depot = self.depot
        number = self.act(True, lambda c, told: enter_count(c, depot.here, depot.ballot, told))
        position = max((act.number for act in self.days.acts.values() if act.site == depot.here), default=1)  # the roll of voters
        self.say("count", number, figures=(position,))

    @precondition(lambda self: self.days.standing("count"))
    @rule(which=pick, off=st.dictionaries(st.sampled_from(COUNTED), st.integers(-20, 20), max_size=2))
    def finish_count(self, which: int, off: dict[State, int]) -> None:
        """Two teams find the same: what the books say was there, or otherwise; a third person accepts."""
        depot, count = self.depot, one(self.days.standing("count"), which)
        expected = self.days.counted(count.figures[0])
        found = {state: max(0, held + off.get(state, 0)) for state, held in expected.items()}
        teams = {act.figures[0] for act in self.days.standing("count_sheet", about=count.number)}
        accepted = bool(self.days.standing("count_acceptance", about=count.number))
        for team, by in enumerate((depot.officer, depot.second), start=1):
            told = replace(depot.entry(), by=by)
            number = self.act(
                team not in teams and not accepted,
                partial(self.enter_sheet, count.number, team, found),
                told,
            )
            self.say("count_sheet", number, about=count.number, figures=(team, *found.values()))
        sheets = {act.figures[1:] for act in self.days.standing("count_sheet", about=count.number)}
        found = dict(zip(COUNTED, sheets.pop(), strict=True)) if len(sheets) == 1 else {}
        later = any(self.days.acts[act.about].figures[0] > count.figures[0] for act in self.days.standing("count_acceptance"))
        variance = {state: found[state] - expected[state] for state in found}
        fits = all(self.days.loose(state) + change >= 0 for state, change in variance.items())
        number = self.act(
            bool(found) and not accepted and not later and fits,
            lambda c, told: enter_acceptance(c, count.number, "counted again", told),
            replace(depot.entry(), by=self.third),
        )
        moves = [self.varied(state, change) for state, change in variance.items()]
        self.say("count_acceptance", number, moves, about=count.number)
        if number is not None:
            self.days.acts[number].holds = count.figures[0]

    def enter_sheet(self, count: int, team: int, found: dict[State, int], connection: sa.Connection, told: Entry) -> int:
        return enter_sheet(connection, count, team, found, told)

    # --- what goes wrong

    @precondition(lambda self: self.days.acts)
    @rule(which=pick, two=st.booleans())
    def reverse(self, which: int, two: bool) -> None:
        """Whether something was built on an entry the model does not foresee; what can never be reversed, it does."""
        act = list(self.days.acts.values())[which % len(self.days.acts)]
        entry = self.depot.entry(two=two)
        number = taken(lambda: once(self.depot.database, entry.key, lambda c: enter_reversal(c, act.number, "mistyped", entry)))
        if number is not None:
            assert two or act.kind not in ("count_acceptance", "adjustment")
            assert not act.undone and EventKind(act.kind) not in FINAL
            self.days.undo(act.number, number)

    @precondition(lambda self: self.last is not None)
    @rule()
    def say_it_again(self) -> None:
        """A double click, and the other window with the same form."""
        assert self.last is not None
        entry, write, number = self.last
        for database in self.databases:
            assert once(database, entry.key, lambda connection: write(connection, entry)) == number

    @rule(after=st.integers(1, 9), full=st.integers(1, 50))
    def crash(self, after: int, full: int) -> None:
        """In the middle of one transaction with two events, after so many rows written."""
        depot, entry = self.depot, self.depot.entry()
        written = 0

        def dies(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            nonlocal written
            written += statement.startswith("INSERT")
            if written > after:
                raise Crash

        def write(connection: sa.Connection) -> int:
            sa.event.listen(connection, "before_cursor_execute", dies)
            [box] = enter_containers(connection, depot.here, ContainerKind.CARTON, [f"K-{entry.key}"], entry)
            filled, good = replace(entry, key=f"{entry.key}/filled"), State.GOOD
            enter_filling(connection, depot.here, box, class_id=depot.ballot, state=good, sheets=full, entry=filled)
            raise Crash

        before = self.events()
        with contextlib.suppress(Crash, Refusal):
            depot.database.run(write)
        assert self.events() == before

    @rule(shares=st.tuples(few, few))
    def two_at_once(self, shares: tuple[int, int]) -> None:
        """Two windows sort from the same heap at the same time: each all or nothing, never more than there is."""
        depot, unsorted = self.depot, self.days.loose(State.UNSORTED)
        entries = [depot.entry(), depot.entry()]
        numbers: list[int | None] = [None, None]

        def sort(window: int) -> None:
            good, entry = shares[window], entries[window]
            numbers[window] = taken(
                lambda: once(
                    self.databases[window],
                    entry.key,
                    lambda c: enter_sorting(c, depot.here, depot.ballot, good=good, damaged=0, entry=entry),
                )
            )

        threads = [threading.Thread(target=sort, args=(window,)) for window in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(share for share, number in zip(shares, numbers, strict=True) if number is not None) <= unsorted
        if min(shares) > 0 and sum(shares) <= unsorted:
            assert None not in numbers
        for share, number in zip(shares, numbers, strict=True):
            self.say("sorting", number, [(share, self.spot(State.UNSORTED), self.spot(State.GOOD))])

    # --- what must hold after every step

    def events(self) -> int:
        with self.depot.database.read() as connection:
            return connection.execute(sa.select(sa.func.count()).select_from(stock_event)).scalar_one()

    @invariant()
    def books_say_what_the_model_says(self) -> None:
        if not hasattr(self, "depot"):
            return
        with self.depot.database.read() as connection:
            rows = connection.execute(sa.select(balance).where(balance.c.quantity != 0)).all()
            inside = connection.execute(sa.select(content).where(content.c.quantity != 0)).all()
        assert {(row.site_id, State(row.state)): row.quantity for row in rows} == self.days.balances()
        spots = {spot: count for spot, count in self.days.spots().items() if spot[2] is not None}
        assert {(row.site_id, State(row.state), row.container_id): row.quantity for row in inside} == spots
        assert all(count >= 0 for (_site, state), count in self.days.balances().items() if state.physical)


# A failed play is told as it was: shortening one of sixty steps takes minutes.
GoodsDays.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=60,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
TestDays = GoodsDays.TestCase
