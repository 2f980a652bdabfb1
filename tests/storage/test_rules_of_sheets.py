"""The rules of the books that speak of sheets, 1 to 6 of twelve: generated figures are played through the acts and past them.

What a rule allows is taken both ways with exactly the balances that follow; what it forbids is refused by the act with a sentence and
by the database without the act, and changes nothing.
"""

from dataclasses import asdict
from fractions import Fraction

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from storage.ledger.journal import Draft
from storage.ledger.position import stock_lines
from storage.ledger.reversal import enter_reversal
from storage.rules.delivery import DeliveryLine
from storage.rules.entitlement import entitled_sheets
from storage.rules.movement import EventKind, State
from storage.rules.refusal import Refusal
from storage.schema.stock import election
from storage.stock.containers import enter_filling
from storage.stock.deliveries import enter_delivery
from storage.stock.disposal import enter_destruction, enter_surplus
from storage.stock.entitlements import Electorate, Need, enter_needs
from storage.stock.reprints import enter_receipt, enter_request, reprint_claims
from storage.stock.sorting import Criterion, enter_sorting
from tests.storage.past import both_ways, refused_past, write
from tests.storage.scene import WITNESSES, Scene, Scenes, played, witness_facts
from tests.storage.store import assert_balanced

UNSORTED, GOOD, DAMAGED, SURPLUS = State.UNSORTED, State.GOOD, State.DAMAGED, State.SURPLUS
PRINTER, SHORT = State.PRINTER, State.SHORT_CLAIM
few = st.integers(0, 6)
LEGAL = "does not move sheets so"
NOTE = {"note_number": "SJ-1"}


def deliver(scene: Scene, *lines: DeliveryLine) -> int:
    return scene.depot.do(lambda c: enter_delivery(c, scene.depot.here, f"SJ-{scene.depot.clock}", lines, scene.entry()))


@played
@given(received=st.tuples(few, few), good=st.integers(1, 16), damaged=few, crossed=st.sampled_from(["delivery", "sorting", "reversal"]))
def test_rule_01_every_event_sums_to_zero_and_no_class_becomes_another(
    scenes: Scenes, received: tuple[int, int], good: int, damaged: int, crossed: str
) -> None:
    with scenes() as scene:
        depot, other = scene.depot, scene.other
        deliver(scene, DeliveryLine(depot.ballot, 9, 9))
        delivery = deliver(scene, DeliveryLine(depot.ballot, 9, 1 + received[0]), DeliveryLine(other, 9, 1 + received[1]))
        # One sheet of what one class should move is moved in the other.
        line = {"class_id": other, "declared": good, "received": good}
        torn = {"class_id": other, "criterion": "torn", "sheets": 2}
        back = scene.move(2 + received[0], UNSORTED, PRINTER) + scene.move(8 - received[0], SHORT, PRINTER)
        back += scene.move(received[1], UNSORTED, PRINTER, class_id=other) + scene.move(8 - received[1], SHORT, PRINTER, class_id=other)
        coming = scene.move(1, PRINTER, UNSORTED) + scene.move(good - 1, PRINTER, UNSORTED, class_id=other)
        found = scene.move(1, UNSORTED, DAMAGED) + scene.move(1, UNSORTED, DAMAGED, class_id=other)
        draft, broken = {
            "delivery": (scene.draft(EventKind.DELIVERY, coming, delivery=[NOTE], delivery_line=[line]), "declared is received"),
            "sorting": (scene.draft(EventKind.SORTING, found, damage_line=[torn]), "add up to the damaged sheets"),
            "reversal": (scene.draft(EventKind.REVERSAL, back, reverses_id=delivery), "the opposite of what it reverses"),
        }[crossed]
        refused_past(depot.database, lambda _c: draft, broken)
        sorted_moves = scene.move(good, UNSORTED, GOOD, class_id=other) + scene.move(damaged, UNSORTED, DAMAGED, class_id=other)
        both_ways(
            depot.database,
            lambda c: enter_sorting(c, depot.here, other, good=good, damaged=damaged, entry=scene.entry()),
            lambda _c: scene.draft(EventKind.SORTING, sorted_moves),
            # However many there are of the first class.
            allowed=good + damaged <= 1 + received[1],
            changes=scene.changes(other, unsorted=-good - damaged, good=good, damaged=damaged),
            broken="ck_balance",
        )
        with depot.database.read() as connection:
            sums = connection.execute(sa.text("SELECT class_id, sum(quantity) FROM balance GROUP BY class_id"))
            assert dict(sums.all()) == {depot.ballot: 0, other: 0}


@played
@given(loose=few, inside=st.integers(1, 6), taken=st.integers(1, 8), out=st.integers(1, 8))
def test_rule_02_nothing_physical_is_below_zero_and_a_balance_is_the_sum_of_its_movements(
    scenes: Scenes, loose: int, inside: int, taken: int, out: int
) -> None:
    with scenes() as scene:
        depot = scene.depot
        depot.receive(loose + inside)
        carton = depot.carton("K-1", inside)
        lacking = "ck_balance|ck_content"
        both_ways(
            depot.database,
            lambda c: enter_surplus(c, depot.here, depot.ballot, taken, entry=scene.entry()),
            lambda _c: scene.draft(EventKind.SURPLUS, scene.move(taken, GOOD, SURPLUS)),
            allowed=taken <= loose,
            changes=scene.changes(good=-taken, surplus=taken),
            broken=lacking,
        )
        ballot = depot.ballot
        both_ways(
            depot.database,
            lambda c: enter_filling(c, depot.here, carton, class_id=ballot, state=GOOD, sheets=out, entry=scene.entry(), out=True),
            lambda _c: scene.draft(EventKind.REPACK, scene.move(out, GOOD, GOOD, carton, None)),
            allowed=out <= inside,
            changes={},
            broken=lacking,
        )
        for attack in (
            f"UPDATE balance SET quantity = quantity + {taken} WHERE state = 'good'",
            f"INSERT INTO balance VALUES ({depot.here}, {depot.ballot}, 'lost', {taken}, 0, 0)",
            f"UPDATE content SET quantity = {inside + taken}",
            "DELETE FROM balance",
        ):
            with pytest.raises(sa.exc.IntegrityError, match=r"balance|content"):
                write(depot.database, lambda c, attack=attack: c.execute(sa.text(attack)))  # type: ignore[misc]
        assert_balanced(depot.database)
        assert depot.faults() == []


@played
@given(noted=st.tuples(few, few), strays=st.integers(1, 4), misrouted=few, booked=st.tuples(few, few))
def test_rule_03_declared_is_received_and_short_less_over(
    scenes: Scenes, noted: tuple[int, int], strays: int, misrouted: int, booked: tuple[int, int]
) -> None:
    """Strays of the second class came too, not declared; so many of them lay among the first. booked: unsorted and short."""
    declared, received = noted
    with scenes() as scene:
        depot, other = scene.depot, scene.other
        short = max(0, declared - received)
        lines = [DeliveryLine(depot.ballot, declared, received), DeliveryLine(other, 0, strays, misrouted)]
        allowed = declared + received > 0 and misrouted <= strays

        def draft(unsorted: int, missing: int) -> Draft:
            moves = scene.move(unsorted, PRINTER, UNSORTED) + scene.move(missing, PRINTER, SHORT)
            moves += scene.move(strays, PRINTER, UNSORTED, class_id=other)
            return scene.draft(EventKind.DELIVERY, moves, delivery=[NOTE], delivery_line=[asdict(line) for line in lines])

        if allowed and booked != (received, short):
            refused_past(depot.database, lambda _c: draft(*booked), "declared is received and short less over")
        both_ways(
            depot.database,
            lambda c: enter_delivery(c, depot.here, "SJ-1", lines, scene.entry()),
            lambda _c: draft(received, short),
            allowed=allowed,
            changes=scene.changes(unsorted=received, short_claim=short, printer=-received - short)
            | scene.changes(other, unsorted=strays, printer=-strays),
            broken="ck_delivery_line",
        )
        for line in stock_lines(depot.database, depot.here):
            assert line.declared == line.received + line.short - line.over
        assert depot.faults() == []


@played
@given(short=few, damaged=few, criteria=st.tuples(few, few), asked=st.tuples(few, few))
def test_rule_04_short_and_damaged_are_different_facts(
    scenes: Scenes, short: int, damaged: int, criteria: tuple[int, int], asked: tuple[int, int]
) -> None:
    with scenes() as scene:
        depot, ballot = scene.depot, scene.depot.ballot
        deliver(scene, DeliveryLine(ballot, 20 + short, 20))
        # What is damaged is not owed by the printer, and what is short is not here to be damaged.
        refused_past(depot.database, lambda _c: scene.draft(EventKind.SORTING, scene.move(1 + damaged, UNSORTED, SHORT)), LEGAL)
        line = {"class_id": ballot, "declared": 1 + short, "received": 0}
        moves = scene.move(1 + short, PRINTER, DAMAGED)
        refused_past(depot.database, lambda _c: scene.draft(EventKind.DELIVERY, moves, delivery=[NOTE], delivery_line=[line]), LEGAL)
        found = dict(zip((Criterion.TORN, Criterion.HOLED), criteria, strict=True))
        lines = [{"class_id": ballot, "criterion": name.value, "sheets": sheets} for name, sheets in found.items() if sheets]
        both_ways(
            depot.database,
            lambda c: enter_sorting(c, depot.here, ballot, good=1, damaged=damaged, entry=scene.entry(), criteria=found),
            lambda _c: scene.draft(
                EventKind.SORTING, scene.move(1, UNSORTED, GOOD) + scene.move(damaged, UNSORTED, DAMAGED), damage_line=lines
            ),
            allowed=sum(criteria) in (0, damaged),
            changes=scene.changes(unsorted=-1 - damaged, good=1, damaged=damaged),
            broken="criteria add up to the damaged sheets",
        )
        here = depot.sheets(DAMAGED)
        assert (depot.sheets(SHORT), here) == (short, damaged if sum(criteria) in (0, damaged) else 0)
        ask(scene, asked, claims=(here, short))


def ask(scene: Scene, asked: tuple[int, int], *, claims: tuple[int, int]) -> bool:
    """Reprints for damaged and for short; whether they were granted."""
    ballot = scene.depot.ballot
    row = {"class_id": ballot, "for_damaged": asked[0], "for_short": asked[1]}
    allowed = sum(asked) > 0 and asked[0] <= claims[0] and asked[1] <= claims[1]
    both_ways(
        scene.depot.database,
        lambda c: enter_request(c, scene.depot.here, ballot, for_damaged=asked[0], for_short=asked[1], entry=scene.entry()),
        lambda _c: scene.draft(EventKind.REPRINT_REQUEST, reprint_request=[row]),
        allowed=allowed,
        changes={},
        broken="for what is damaged or short only|ck_reprint_request_sheets",
    )
    return allowed


@played
@given(
    found=st.tuples(few, few), asked=st.lists(st.tuples(st.integers(0, 3), few), min_size=2, max_size=2),
    received=st.lists(few, min_size=2, max_size=2), gone=st.integers(1, 7),
)  # fmt: skip
def test_rule_05_reprints_stay_within_what_was_damaged_or_short_and_damaged_stays_until_destroyed(
    scenes: Scenes, found: tuple[int, int], asked: list[tuple[int, int]], received: list[int], gone: int
) -> None:
    damaged, short = found
    with scenes() as scene:
        depot, ballot, here = scene.depot, scene.depot.ballot, scene.depot.here
        deliver(scene, DeliveryLine(ballot, 20 + short, 20))
        sorting = depot.do(lambda c: enter_sorting(c, here, ballot, good=1, damaged=damaged, entry=scene.entry()))
        left = (damaged, short)
        for request in asked:
            if ask(scene, request, claims=left):
                left = (left[0] - request[0], left[1] - request[1])
                answer(scene, request, received)
        destroyed = {(ballot, DAMAGED): gone}
        both_ways(
            depot.database,
            lambda c: enter_destruction(c, here, destroyed, minutes="BA-1", witnesses=WITNESSES, entry=scene.entry(two=True)),
            lambda _c: scene.draft(
                EventKind.DESTRUCTION,
                scene.move(gone, DAMAGED, State.DESTROYED),
                entry=scene.entry(two=True),
                minutes=[{"number": "BA-1"}],
                witness=witness_facts(WITNESSES),
            ),
            allowed=gone <= damaged,
            changes=scene.changes(damaged=-gone, destroyed=gone),
            broken="ck_balance",
        )
        # Destroyed sheets were found damaged all the same: neither is there more to be asked for, nor less.
        with depot.database.read() as connection:
            claims = reprint_claims(connection, here, ballot)
        assert (claims.damaged, claims.short) == left
        if gone > damaged:
            both_ways(
                depot.database,
                lambda c: enter_reversal(c, sorting, "mistyped", scene.entry()),
                lambda _c: scene.draft(
                    EventKind.REVERSAL,
                    scene.move(1, GOOD, UNSORTED) + scene.move(damaged, DAMAGED, UNSORTED),
                    reverses_id=sorting,
                    holds_from=sorting,
                ),
                allowed=left[0] == damaged,
                changes=scene.changes(unsorted=1 + damaged, good=-1, damaged=-damaged),
                broken="have been requested for what this entry found",
            )


def answer(scene: Scene, request: tuple[int, int], received: list[int]) -> None:
    """So many reprinted sheets come for the newest request, in two deliveries; the short ones are settled first."""
    depot, came = scene.depot, 0
    with depot.database.read() as connection:
        request_id = connection.scalar(sa.text("SELECT max(event_id) FROM reprint_request"))
    for sheets in received:
        settled = max(0, min(sheets, request[1] - came))
        row = {"request_id": request_id, "sheets": sheets, "for_short": settled}
        moves = scene.move(settled, SHORT, UNSORTED) + scene.move(sheets - settled, PRINTER, UNSORTED)
        allowed = 0 < sheets <= sum(request) - came
        both_ways(
            depot.database,
            lambda c, sheets=sheets: enter_receipt(c, request_id, sheets, scene.entry()),  # type: ignore[misc]
            lambda _c, row=row, moves=moves: scene.draft(EventKind.REPRINT_RECEIPT, moves, reprint_receipt=[row]),  # type: ignore[misc]
            allowed=allowed,
            changes=scene.changes(unsorted=sheets, short_claim=-settled, printer=settled - sheets),
            broken="never above it|ck_reprint_receipt_sheets",
        )
        came += sheets if allowed else 0


@played
@given(
    voters=st.lists(st.integers(1, 300), min_size=1, max_size=6),
    rate=st.sampled_from([Fraction(1, 50), Fraction(1, 40), Fraction(0), Fraction(1, 3)]),
    off=st.sampled_from([(end, step) for end in (0, 1) for step in (-1, 0, 1)]),
)
def test_rule_06_a_need_lies_within_what_its_voters_and_stations_can_need(
    scenes: Scenes, voters: list[int], rate: Fraction, off: tuple[int, int]
) -> None:
    """off: from the least (0) or the most (1) by so many sheets."""
    p, q, people, stations = rate.numerator, rate.denominator, sum(voters), len(voters)
    # Each station's reserve rounded up, in whole numbers alone.
    due = sum(each + -(-each * p // q) for each in voters)
    bounds = (-(-(q + p) * people // q), ((q + p) * people + (q - 1) * stations) // q)
    sheets = bounds[off[0]] + off[1]
    assert entitled_sheets(voters, rate) == due
    assert bounds[0] <= due <= bounds[1]
    with scenes() as scene:
        depot = scene.depot
        write(depot.database, lambda c: c.execute(election.update().values(reserve_num=p, reserve_den=q)))
        row = {"class_id": depot.ballot, "voters": people, "stations": stations, "reserve_num": p, "reserve_den": q}
        for figure in (due, sheets):
            need = Need(depot.ballot, figure, Electorate(people, stations, rate))
            both_ways(
                depot.database,
                lambda c, need=need: enter_needs(c, depot.here, [need], scene.entry()),  # type: ignore[misc]
                lambda _c, figure=figure: scene.draft(EventKind.NEED, need_line=[row | {"sheets": figure}]),  # type: ignore[misc]
                allowed=bounds[0] <= figure <= bounds[1],
                changes={},
                broken="ck_need_line_possible",
            )
        if not bounds[0] <= sheets <= bounds[1]:
            with pytest.raises(Refusal, match=f"it must be {bounds[0]} to {bounds[1]}"):
                write(depot.database, lambda c: enter_needs(c, depot.here, [need], scene.entry()))
