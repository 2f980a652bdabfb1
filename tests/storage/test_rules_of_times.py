"""The rules of the books on counts, what must be gone, and times, 10 to 12 of twelve; as tests/storage/test_rules_of_sheets.py."""

from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from hypothesis import example, given
from hypothesis import strategies as st

from storage.ledger.as_of import Balance, balances
from storage.ledger.journal import Draft, Entry
from storage.ledger.reversal import enter_reversal
from storage.people.person import Person, Role, add_person
from storage.rules.delivery import DeliveryLine
from storage.rules.movement import COUNTED, EventKind, State
from storage.stock.classes import BallotType, Purpose, add_class
from storage.stock.counts import enter_acceptance, enter_count, enter_sheet, list_counts
from storage.stock.deliveries import enter_delivery
from storage.stock.disposal import enter_close, enter_destruction, enter_surplus
from storage.stock.sorting import enter_sorting
from storage.stock.witnesses import Institution, Witness
from tests.storage.past import both_ways, refused_past
from tests.storage.scene import Scene, Scenes, played, witness_facts

GOOD, DAMAGED, SURPLUS = State.GOOD, State.DAMAGED, State.SURPLUS
MINUTES = {"number": "BA-1"}


@played
@given(
    found=st.tuples(*[st.sampled_from([20, 19, 21])] * 3), since=st.integers(0, 3), again=st.booleans(),
    acceptor=st.just(3) | st.integers(0, 2),
)  # fmt: skip
def test_rule_10_two_equal_counts_else_a_third_accepted_by_another_against_where_it_began(
    scenes: Scenes, found: tuple[int, int, int], since: int, again: bool, acceptor: int
) -> None:
    """Twenty good sheets when the counting begins; some are set apart since. again: who counted first enters the second sheet too."""
    with scenes() as scene:
        depot, here = scene.depot, scene.depot.here
        people = [depot.officer, depot.second, scene.third, add_person(depot.database, "Rina", Role.OFFICER, now=depot.clock)]
        depot.receive(20)
        count_id = depot.do(lambda c: enter_count(c, here, depot.ballot, scene.entry()))
        position = count_id - 1
        if since:
            depot.do(lambda c: enter_surplus(c, here, depot.ballot, since, entry=scene.entry()))
        put_down(scene, count_id, 1, found[0], people[0], allowed=True)
        if again:
            put_down(scene, count_id, 2, found[1], people[0], allowed=False)
        assert list_counts(depot.database, here)[0].variance is None
        put_down(scene, count_id, 2, found[1], people[1], allowed=True)
        third = found[0] != found[1]
        put_down(scene, count_id, 3, found[2], people[2], allowed=third)
        agreed = third is False or found[2] in found[:2]
        good = found[2] if third else found[1]

        def acceptance(now: int, by: Person) -> Draft:
            """now: how many good sheets there are by the books."""
            more = scene.move(good - now, State.VARIANCE, GOOD) if good > now else scene.move(now - good, GOOD, State.VARIANCE)
            entry = scene.entry(by=by, reason="counted")
            row = {"count_id": count_id, "sheet_id": sheet_id}
            return scene.draft(EventKind.COUNT_ACCEPTANCE, more, entry=entry, holds_from=position, count_acceptance=[row])

        with depot.database.read() as connection:
            sheet_id = connection.scalar(sa.text("SELECT max(event_id) FROM count_sheet"))
        if agreed and since:
            refused_past(depot.database, lambda _c: acceptance(20 - since, people[3]), "of the position at which the count began")
        allowed = agreed and acceptor not in ((0, 1, 2) if third else (0, 1))
        for once_more in (False, True):
            both_ways(
                depot.database,
                lambda c: enter_acceptance(c, count_id, "counted", scene.entry(by=people[acceptor])),
                lambda _c: acceptance(20, people[acceptor]),
                allowed=allowed and not once_more,
                changes=scene.changes(good=good - 20, variance=20 - good),
                broken=f"accepted once, after two equal sheets, by somebody who did not count{'|at which the count' if once_more else ''}",
            )
        assert depot.sheets(GOOD) == (good if allowed else 20) - since
        assert depot.faults() == []


def put_down(scene: Scene, count_id: int, team: int, good: int, person: Person, *, allowed: bool) -> None:
    row = dict.fromkeys((state.value for state in COUNTED), 0) | {"count_id": count_id, "team": team, "good": good}
    both_ways(
        scene.depot.database,
        lambda c: enter_sheet(c, count_id, team, {GOOD: good}, scene.entry(by=person)),
        lambda _c: scene.draft(EventKind.COUNT_SHEET, entry=scene.entry(by=person), count_sheet=[row]),
        allowed=allowed,
        changes={},
        broken="each team and person counts once, a third team only where two differ",
    )


def stock(scene: Scene, class_id: int, *, unsorted: int, good: int, damaged: int, surplus: int) -> None:
    """So many sheets of each state."""
    depot, total = scene.depot, unsorted + good + damaged + surplus
    depot.do(lambda c: enter_delivery(c, depot.here, "SJ-1", [DeliveryLine(class_id, total, total)], scene.entry()))
    depot.do(lambda c: enter_sorting(c, depot.here, class_id, good=good + surplus, damaged=damaged, entry=scene.entry()))
    if surplus:
        depot.do(lambda c: enter_surplus(c, depot.here, class_id, surplus, entry=scene.entry()))


@played
@given(
    institutions=st.sets(st.sampled_from(Institution), max_size=3) | st.just({Institution.POLRI, Institution.BAWASLU}),
    source=st.sampled_from([DAMAGED, SURPLUS, GOOD]), sheets=st.integers(1, 4), two=st.booleans(),
)  # fmt: skip
@example(institutions={Institution.POLRI}, source=DAMAGED, sheets=3, two=True)
@example(institutions={Institution.BAWASLU, Institution.KPU}, source=SURPLUS, sheets=3, two=True)
def test_rule_11_a_destruction_is_witnessed_by_polri_and_bawaslu(
    scenes: Scenes, institutions: set[Institution], source: State, sheets: int, two: bool
) -> None:
    """Three sheets of each state."""
    with scenes() as scene:
        depot, ballot = scene.depot, scene.depot.ballot
        stock(scene, ballot, unsorted=3, good=3, damaged=3, surplus=3)
        witnesses = [Witness(f"of {institution}", institution) for institution in sorted(institutions)]
        rows = witness_facts(witnesses)
        both_ways(
            depot.database,
            lambda c: enter_destruction(
                c, depot.here, {(ballot, source): sheets}, minutes="BA-1", witnesses=witnesses, entry=scene.entry(two=two)
            ),
            lambda _c: scene.draft(
                EventKind.DESTRUCTION,
                scene.move(sheets, source, State.DESTROYED),
                entry=scene.entry(two=two),
                minutes=[MINUTES],
                witness=rows,
            ),
            allowed={Institution.POLRI, Institution.BAWASLU} <= institutions and source is not GOOD and sheets <= 3 and two,
            changes=scene.changes(destroyed=sheets) | {(depot.here, ballot, source): -sheets},
            broken="by Polri and Bawaslu|ck_stock_event_two_persons|ck_balance|move sheets so|destruction lacks its facts",
        )


@played
@given(left=st.tuples(*[st.integers(0, 1)] * 3), purpose=st.sampled_from(Purpose), final=st.booleans(), two=st.booleans())
def test_rule_11_by_the_day_before_polling_nothing_is_left_but_for_a_re_vote(
    scenes: Scenes, left: tuple[int, int, int], purpose: Purpose, final: bool, two: bool
) -> None:
    with scenes() as scene:
        depot = scene.depot
        class_id = depot.ballot
        if purpose is Purpose.RE_VOTE:
            class_id = add_class(depot.database, "Pemilu 2024", BallotType.PPWP, "", purpose).id
        stock(scene, class_id, unsorted=left[0], good=5, damaged=left[1], surplus=left[2])
        until = depot.clock
        both_ways(
            depot.database,
            lambda c: enter_close(c, depot.here, until, scene.entry(two=two), final=final),
            lambda _c: scene.draft(EventKind.CLOSE, entry=scene.entry(two=two), stock_close=[{"closed_until": until, "final": int(final)}]),
            allowed=two and not (final and purpose is Purpose.REGULAR and any(left)),
            changes={},
            broken="by the day before polling|ck_stock_event_two_persons",
        )


@played
@given(
    ago_min=st.sampled_from([-1, 0, 600, 601, 1440, 1441, 1800, 1801, 3000, 3001]),
    named=st.tuples(st.booleans(), st.sampled_from(["", "the network was away"])),
    closed_h=st.sampled_from([None, 10, 30, 50]), next_h=st.sampled_from([-1, 0, 10, 20, 30, 60]),
)  # fmt: skip
@example(ago_min=600, named=(False, ""), closed_h=10, next_h=-1)
@example(ago_min=601, named=(True, "the network was away"), closed_h=10, next_h=10)
@example(ago_min=1440, named=(False, ""), closed_h=30, next_h=0)
@example(ago_min=1441, named=(True, ""), closed_h=30, next_h=20)
def test_rule_12_back_dating_never_rewrites(
    scenes: Scenes, ago_min: int, named: tuple[bool, str], closed_h: int | None, next_h: int
) -> None:
    """closed_h: the books are closed until so many hours ago; next_h: and are to be closed until then. named: as in rule 8."""
    two, reason = named
    with scenes() as scene:
        depot, here, ballot = scene.depot, scene.depot.here, scene.depot.ballot
        depot.receive(6)
        early = depot.do(lambda c: enter_surplus(c, here, ballot, 2, entry=scene.entry()))
        depot.clock += timedelta(days=3)
        now = depot.clock + timedelta(hours=1)
        closed = None if closed_h is None else now - timedelta(hours=closed_h)
        if closed is not None:
            depot.do(lambda c: enter_close(c, here, closed, scene.entry(two=True)))
        before = past(scene, closed)

        def told() -> Entry:
            entry = depot.entry(reason, two=two)
            return replace(entry, now=now, happened_at=now - timedelta(minutes=ago_min))

        both_ways(
            depot.database,
            lambda c: enter_surplus(c, here, ballot, 1, entry=told()),
            lambda _c: scene.draft(EventKind.SURPLUS, scene.move(1, GOOD, SURPLUS), entry=told()),
            allowed=ago_min >= 0 and (closed_h is None or ago_min <= closed_h * 60) and (ago_min <= 1440 or (two and reason != "")),
            changes=scene.changes(good=-1, surplus=1),
            broken="ck_stock_event_order|closed for that time|needs a reason and a second person",
        )
        both_ways(
            depot.database,
            lambda c: enter_reversal(c, early, "mistyped", scene.entry()),
            lambda _c: scene.draft(EventKind.REVERSAL, scene.move(2, SURPLUS, GOOD), reverses_id=early, holds_from=early),
            allowed=closed_h is None,
            changes=scene.changes(good=2, surplus=-2),
            broken="closed for that time",
        )
        until = now - timedelta(hours=next_h)
        both_ways(
            depot.database,
            lambda c: enter_close(c, here, until, replace(scene.entry(two=True), now=now, happened_at=now)),
            lambda _c: scene.draft(
                EventKind.CLOSE,
                entry=replace(scene.entry(two=True), now=now, happened_at=now),
                stock_close=[{"closed_until": until, "final": 0}],
            ),
            allowed=next_h >= 0 and (closed_h is None or next_h < closed_h),
            changes={},
            broken="reaches further than the one before it",
        )
        assert past(scene, closed) == before
        assert depot.faults() == []


def past(scene: Scene, closed: datetime | None) -> list[Balance]:
    """What was there just before the end of the time that is closed."""
    return [] if closed is None else balances(scene.depot.database, as_of=closed - timedelta(microseconds=1))
