"""The rules of the books on containers and journeys, 7 to 9 of twelve; as tests/storage/test_rules_of_sheets.py."""

from typing import Any

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from storage.chain import new_ids
from storage.ledger.journal import Draft, Entry
from storage.ledger.reversal import enter_reversal
from storage.rules.entitlement import station_sheets
from storage.rules.movement import EventKind, State
from storage.schema.goods import container
from storage.stock.consignments import Consignment, Outcome, enter_arrival, enter_dispatch, enter_loss, enter_return, outcome
from storage.stock.containers import ContainerKind, enter_containers, enter_filling, enter_opening, enter_placement
from storage.stock.packing import Box, enter_packing, enter_unpacking
from storage.stock.witnesses import Institution, Witness
from tests.storage.depot import BAWASLU, POLRI, VOTERS
from tests.storage.past import both_ways, refused, refused_past
from tests.storage.scene import Scene, Scenes, played, witness_facts

GOOD, SURPLUS, PACKED, TRANSIT = State.GOOD, State.SURPLUS, State.PACKED, State.IN_TRANSIT
PEOPLE = [POLRI, BAWASLU, Witness("Rini", Institution.PARTY), Witness("budi", Institution.KPU), Witness("Dewi Lestari", Institution.TNI)]
MINUTES = {"number": "BA-1"}


def put_on_pallet(scene: Scene, carton: int) -> int:
    """The pallet's id."""
    with scene.depot.database.write() as connection:
        [pallet] = enter_containers(connection, scene.depot.here, ContainerKind.PALLET, ["P-1"], scene.entry())
        enter_placement(connection, scene.depot.here, [carton], scene.entry(), parent_id=pallet)
    return pallet


@played
@given(
    sealed=st.sampled_from(["not", "carton", "pallet"]),
    sheets=st.integers(1, 8),
    out=st.booleans(),
    witnesses=st.just([POLRI, BAWASLU]) | st.lists(st.sampled_from(PEOPLE), max_size=3),
)
def test_rule_07_a_sealed_container_moves_whole_and_is_opened_before_two_witnesses(
    scenes: Scenes, sealed: str, sheets: int, out: bool, witnesses: list[Witness]
) -> None:
    """Six sheets in a carton on a pallet, six loose ones."""
    with scenes() as scene:
        depot, ballot = scene.depot, scene.depot.ballot
        depot.receive(12)
        carton = depot.carton("K-1", 6)
        pallet = put_on_pallet(scene, carton)
        held = {"carton": carton, "pallet": pallet}.get(sealed)
        if held is not None:
            depot.seal(held)
            part = scene.move(min(sheets, 5), GOOD, SURPLUS, carton, carton)
            refused_past(depot.database, lambda _c: scene.draft(EventKind.SURPLUS, part), "moves whole")
            away = {"container_id": carton, "parent_id": None}
            if sealed == "pallet":
                refused_past(depot.database, lambda _c: scene.draft(EventKind.PLACEMENT, placement=[away]), "into a sealed container")
                refused(depot.database, lambda c: enter_placement(c, depot.here, [carton], scene.entry()))
        take = scene.move(sheets, GOOD, GOOD, *((carton, None) if out else (None, carton)))

        def repack(*, allowed: bool) -> None:
            both_ways(
                depot.database,
                lambda c: enter_filling(c, depot.here, carton, class_id=ballot, state=GOOD, sheets=sheets, entry=scene.entry(), out=out),
                lambda _c: scene.draft(EventKind.REPACK, take),
                allowed=allowed,
                changes={},
                broken="neither gives nor takes|ck_balance|ck_content",
            )

        if held is not None:
            repack(allowed=False)
        opened = open_before(scene, held or carton, witnesses, sealed=held is not None)
        repack(allowed=sheets <= 6 and (opened or held is None))
        assert depot.faults() == []


def open_before(scene: Scene, container_id: int, witnesses: list[Witness], *, sealed: bool) -> bool:
    """Whether the seal is broken now."""
    depot, names = scene.depot, {witness.name for witness in witnesses}
    with depot.database.read() as connection:
        numbers = connection.scalars(sa.text("SELECT number FROM seal")).all()
    allowed = sealed and len(witnesses) == len(names) >= 2 and "budi" not in names
    both_ways(
        depot.database,
        lambda c: enter_opening(c, depot.here, container_id, witnesses, scene.entry()),
        lambda _c: scene.draft(
            EventKind.OPENING, seal_break=[{"seal_number": number} for number in numbers], witness=witness_facts(witnesses)
        ),
        allowed=allowed,
        changes={},
        broken="before two witnesses|somebody else than who acts|witness.event_id|opening lacks its facts",
    )
    return allowed


@played
@given(place=st.integers(0, 3), more=st.integers(-1, 1), named=st.tuples(st.booleans(), st.sampled_from(["", "torn"])), again=st.booleans())
def test_rule_08_a_box_holds_exactly_the_entitlement_or_another_figure_by_name(
    scenes: Scenes, place: int, more: int, named: tuple[bool, str], again: bool
) -> None:
    """named: whether there is a second person, and the reason. again: the box is unpacked, else its packing reversed."""
    two, reason = named
    with scenes() as scene:
        depot, ballot = scene.depot, scene.depot.ballot
        depot.receive(1_000)
        due, station = station_sheets(VOTERS[place]), depot.stations[place]
        sheets, other_due = due + more, station_sheets(VOTERS[3 - place])

        def pack(code: str, *, allowed: bool, broken: str) -> None:
            both_ways(
                depot.database,
                lambda c: enter_packing(c, depot.here, Box(station, ballot, code, sheets=sheets), depot.entry(reason, two=two)),
                lambda c: packed(scene, c, place, (due, sheets, sheets), depot.entry(reason, two=two)),
                allowed=allowed,
                changes=scene.changes(good=-sheets, packed=sheets),
                broken=broken,
            )

        right = more == 0 or named == (True, "torn")
        pack("BOX-1", allowed=right, broken="needs a reason and a second person")
        # Nor by saying that the station is entitled to more than its voters and the reserve.
        told = scene.entry(two=True)
        refused_past(depot.database, lambda c: packed(scene, c, 3 - place, (due + 1, due + 1, due + 1), told), "entitled to its voters")
        if not right:
            return
        pack("BOX-2", allowed=False, broken="has been packed for this station")
        with depot.database.read() as connection:
            packing_id = connection.scalar(sa.text("SELECT max(event_id) FROM packing")) or 0
        refused_past(
            depot.database,
            lambda c: packed(scene, c, 3 - place, (other_due, other_due, other_due - 1), scene.entry()),
            "goes into the box|holds nothing else",
        )
        if again:
            depot.do(lambda c: enter_unpacking(c, packing_id, scene.entry()))
        else:
            depot.do(lambda c: enter_reversal(c, packing_id, "wrong box", scene.entry()))
        pack("BOX-3", allowed=True, broken="")
        assert depot.faults() == []


def packed(scene: Scene, connection: sa.Connection, place: int, figures: tuple[int, int, int], entry: Entry) -> Draft:
    """figures: entitled, sheets, moved."""
    entitled, sheets, quantity = figures
    [box] = new_ids(connection, container, 1)
    station = scene.depot.stations[place]
    row = {"station_id": station, "class_id": scene.depot.ballot, "container_id": box, "entitled": entitled, "sheets": sheets}
    new = {"id": box, "code": f"RAW-{box}", "kind": "box"}
    return scene.draft(EventKind.PACKING, scene.move(quantity, GOOD, PACKED, None, box), entry=entry, container=[new], packing=[row])


FATES = ("arrival", "return", "loss", "under way")


@played
@given(
    paper=st.just(("BA-7", "Budi", "Joko"))
    | st.tuples(st.sampled_from(["BA-7", ""]), st.sampled_from(["Budi", ""]), st.sampled_from(["Joko", "Budi", ""])),
    sealed=st.booleans(), target=st.just("other") | st.sampled_from(["here", "pending"]),
)  # fmt: skip
def test_rule_09_nothing_is_in_transit_without_consignment_persons_and_seals(
    scenes: Scenes, paper: tuple[str, str, str], sealed: bool, target: str
) -> None:
    with scenes() as scene:
        depot = scene.depot
        depot.receive(6)
        carton = depot.carton("K-1", 6)
        if sealed:
            depot.seal(carton)
        to_site = {"other": depot.other, "here": depot.here, "pending": scene.pending_site}[target]
        row = dict(zip(("number", "from_person", "to_person"), paper, strict=True)) | {"to_site_id": to_site}
        moves = scene.move(6, GOOD, TRANSIT, carton, carton)
        if sealed:
            refused_past(depot.database, lambda _c: scene.draft(EventKind.DISPATCH, moves), "dispatch lacks its facts")
            refused_past(depot.database, lambda _c: scene.draft(EventKind.REPACK, moves), "does not move sheets so")
        both_ways(
            depot.database,
            lambda c: enter_dispatch(c, depot.here, Consignment(paper[0], to_site, *paper[1:]), [carton], scene.entry()),
            lambda _c: scene.draft(EventKind.DISPATCH, moves, consignment=[row]),
            allowed=sealed and target == "other" and "" not in paper and paper[1] != paper[2],
            changes=scene.changes(good=-6, in_transit=6),
            broken="in sealed containers|ck_consignment_handover|not confirmed|its number and two persons",
        )


@played
@given(fates=st.lists(st.sampled_from(FATES), min_size=3, max_size=3), then=st.tuples(st.integers(0, 2), st.sampled_from(FATES[:3])))
def test_rule_09_dispatched_is_delivered_returned_or_lost_with_minutes(scenes: Scenes, fates: list[str], then: tuple[int, str]) -> None:
    """Three cartons with one, two and four sheets; then something more is said to become of one of them."""
    with scenes() as scene:
        depot = scene.depot
        depot.receive(7)
        cartons = [depot.carton(f"K-{sheets}", sheets) for sheets in (1, 2, 4)]
        for carton in cartons:
            depot.seal(carton)
        sent = depot.send(cartons, depot.other)
        became = list(fates)
        for number, fate in enumerate(fates):
            if fate != "under way":
                end(scene, sent, fate, number, cartons[number], allowed=True)
        number, fate = then
        end(scene, sent, fate, number, cartons[number], allowed=became[number] == "under way")
        if became[number] == "under way":
            became[number] = fate
        totals = {fate: sum(2**number for number in range(3) if became[number] == fate) for fate in FATES}
        with depot.database.read() as connection:
            found = outcome(connection, sent)
        assert found == Outcome(7, totals["arrival"], totals["return"], totals["loss"])
        assert found.under_way == totals["under way"] == depot.sheets(TRANSIT)
        assert depot.faults() == []


def end(scene: Scene, sent: int, fate: str, number: int, carton: int, *, allowed: bool) -> None:
    """What becomes of the carton with 2 ** number sheets."""
    depot, sheets = scene.depot, 2**number
    site_id, state = {"arrival": (depot.other, GOOD), "return": (depot.here, GOOD), "loss": (depot.here, State.LOST)}[fate]
    moves = scene.move(sheets, TRANSIT, state, carton, carton, to_site=site_id)
    facts: dict[str, Any] = {"consignment_end": [{"consignment_id": sent}]}

    def act(connection: sa.Connection, minutes: str = "BA-9") -> int:
        if fate == "loss":
            return enter_loss(connection, sent, minutes, scene.entry(), container_ids=[carton])
        enter = enter_arrival if fate == "arrival" else enter_return
        return enter(connection, sent, scene.entry(), container_ids=[carton])

    if fate == "loss":
        refused(depot.database, lambda c: act(c, " "))
        if allowed:
            refused_past(depot.database, lambda _c: scene.draft(EventKind.LOSS, moves, **facts), "loss lacks its facts")
        facts["minutes"] = [MINUTES]
    if allowed:
        # Sheets that leave the container they were sent in.
        loose = scene.move(sheets, TRANSIT, state, carton, None, to_site=site_id)
        broken = "neither gives nor takes|was sent"
        refused_past(depot.database, lambda _c: scene.draft(EventKind(fate), loose, site_id=site_id, **facts), broken)
    both_ways(
        depot.database,
        act,
        lambda _c: scene.draft(EventKind(fate), moves, site_id=site_id, **facts),
        allowed=allowed,
        changes=scene.changes(in_transit=-sheets) | {(site_id, depot.ballot, state): sheets},
        broken="ck_balance|ck_content",
    )
