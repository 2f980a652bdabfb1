"""A warehouse in which everything has happened at least once: at least one row in every table of the books."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from hypothesis import settings

from storage.database import Database
from storage.ledger.journal import Draft, Entry, at, moved
from storage.people.person import Person, Role, add_person
from storage.places import SiteKind, add_site
from storage.rules.delivery import DeliveryLine
from storage.rules.movement import EventKind, Movement, State
from storage.stock.classes import BallotType, Purpose, add_class
from storage.stock.consignments import enter_arrival
from storage.stock.containers import ContainerKind, enter_containers, enter_filling, enter_placement
from storage.stock.counts import enter_acceptance, enter_count, enter_sheet
from storage.stock.deliveries import enter_delivery
from storage.stock.disposal import enter_adjustment, enter_close, enter_destruction
from storage.stock.entitlements import Need, enter_needs
from storage.stock.orders import enter_order
from storage.stock.packing import enter_unpacking, packed_boxes
from storage.stock.reprints import enter_receipt, enter_request
from storage.stock.sorting import Criterion, enter_inspection, enter_sorting
from storage.stock.witnesses import Witness
from tests.storage.depot import BAWASLU, POLRI, Depot, open_depot

BEGIN = datetime(2024, 2, 1, 1, 0, tzinfo=UTC)
WITNESSES = [POLRI, BAWASLU]
# A picture of one white point.
SIGNATURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63f80f0001010100b138f6140000000049454e44ae426082"
)


@dataclass
class Scene:
    """depot: its ballot class is in the foreground, `other` is a second one.

    closed_at: until then the books are closed. ids: containers and events by what they are called here.
    """

    depot: Depot
    other: int
    pending_site: int
    third: Person
    guard: Person
    closed_at: datetime = BEGIN
    ids: dict[str, int] = field(default_factory=dict)

    def entry(self, *, by: Person | None = None, two: bool = False, hours_ago: float = 0, reason: str = "") -> Entry:
        """Of now, or of something that happened so many hours ago."""
        told = self.depot.entry(reason or ("as it should be" if two else ""), two=two)
        return Entry(by or told.by, told.now, told.now - timedelta(hours=hours_ago), told.key, told.second, told.reason)

    def move(
        self, sheets: int, source: State, target: State, *boxes: int | None, class_id: int | None = None, to_site: int | None = None
    ) -> tuple[Movement, ...]:
        """boxes: the container that is left and the one that is entered; none: loose sheets."""
        here, (left, entered) = self.depot.here, boxes or (None, None)
        return moved(class_id or self.depot.ballot, sheets, at(here, source, left), at(to_site or here, target, entered))

    def draft(
        self,
        kind: EventKind,
        movements: tuple[Movement, ...] = (),
        *,
        site_id: int | None = None,
        entry: Entry | None = None,
        reverses_id: int | None = None,
        holds_from: int | None = None,
        **facts: Sequence[Mapping[str, object]],
    ) -> Draft:
        """An event as it is said, here and now; facts: rows by table."""
        return Draft(kind, site_id or self.depot.here, entry or self.entry(), movements, facts, reverses_id, holds_from)

    def changes(self, class_id: int | None = None, **by_state: int) -> dict[tuple[int, int, State], int]:
        """Of the balances of one class here."""
        return {(self.depot.here, class_id or self.depot.ballot, State(state)): sheets for state, sheets in by_state.items()}


# Opens one of its own each time.
Scenes = Callable[[], AbstractContextManager[Scene]]
# How the rules are played.
played = settings(max_examples=20, deadline=None, derandomize=True)


def witness_facts(witnesses: Sequence[Witness]) -> list[Mapping[str, object]]:
    return [{"name": witness.name, "institution": witness.institution.value} for witness in witnesses]


def open_scene(database: Database) -> Scene:
    """Nothing has happened, but for the roll of voters."""
    depot = open_depot(database, BEGIN)
    guard, third = (add_person(database, name, role, now=BEGIN) for name, role in (("Sari", Role.GUARD), ("Citra", Role.OFFICER)))
    other = add_class(database, "Pemilu 2024", BallotType.DPD, "DKI JAKARTA", Purpose.REGULAR).id
    pending = add_site(database, "31.73", "Gudang Barat", "Asia/Jakarta", now=BEGIN, kind=SiteKind.WAREHOUSE, confirmed=False).id
    return Scene(depot, other, pending, third, guard)


def play(database: Database) -> Scene:
    """Everything happens; the books stay right."""
    scene = open_scene(database)
    depot = scene.depot
    scene.closed_at = depot.clock
    _sheets_come(scene)
    _boxes_go(scene)
    _counts(scene)
    depot.do(lambda c: enter_close(c, depot.here, scene.closed_at, scene.entry(two=True)))
    depot.clock += timedelta(days=3)
    return scene


def _sheets_come(scene: Scene) -> None:
    depot, ids, ballot = scene.depot, scene.ids, scene.depot.ballot
    here, do, entry = depot.here, depot.do, scene.entry
    do(lambda c: enter_needs(c, here, [Need(ballot, 3_000)], entry()))
    do(lambda c: enter_order(c, here, depot.printer, "ORDER-1", {ballot: 3_000}, entry=entry()))
    lines = [DeliveryLine(ballot, 3_010, 3_000), DeliveryLine(scene.other, 500, 500)]
    ids["delivery"] = do(lambda c: enter_delivery(c, here, "SJ-A", lines, entry()))
    torn = {Criterion.TORN: 40}
    ids["sorting"] = do(lambda c: enter_sorting(c, here, ballot, good=2_900, damaged=40, entry=entry(), criteria=torn, team="A"))
    do(lambda c: enter_sorting(c, here, scene.other, good=480, damaged=0, entry=entry()))
    do(lambda c: enter_inspection(c, here, ballot, source=State.GOOD, criteria={Criterion.HOLED: 5}, entry=entry()))
    ids["answered"] = do(lambda c: enter_request(c, here, ballot, for_damaged=20, for_short=10, entry=entry()))
    do(lambda c: enter_receipt(c, ids["answered"], 12, entry()))
    ids["request"] = do(lambda c: enter_request(c, here, ballot, for_damaged=20, for_short=0, entry=entry()))
    do(lambda c: enter_adjustment(c, here, ballot, {State.UNSORTED: 3}, minutes="BA-1", entry=entry(two=True)))
    gone = {(ballot, State.DAMAGED): 2}
    signed = [replace(witness, signature=SIGNATURE) for witness in WITNESSES]
    do(lambda c: enter_destruction(c, here, gone, minutes="BA-2", witnesses=signed, entry=entry(two=True)))


def _boxes_go(scene: Scene) -> None:
    depot, ids, do = scene.depot, scene.ids, scene.depot.do
    ids |= {name: depot.carton(name, 100) for name in ("open", "sealed", "inside", "sent", "arrived", "opened")}

    def pallet(connection: sa.Connection) -> int:
        box, pallet = (
            enter_containers(connection, depot.here, kind, [kind.value], scene.entry())[0]
            for kind in (ContainerKind.BOX, ContainerKind.PALLET)
        )
        ids.update(box=box, pallet=pallet)
        enter_filling(connection, depot.here, box, class_id=scene.other, state=State.GOOD, sheets=10, entry=scene.entry())
        return enter_placement(connection, depot.here, [ids["inside"]], scene.entry(), parent_id=pallet)

    do(pallet)
    for name in ("sealed", "pallet", "sent", "arrived", "opened"):
        depot.seal(ids[name])
    depot.open(ids["opened"])
    ids["packing"] = depot.pack(0, seal=False)
    with depot.database.read() as connection:
        ids["packed"] = packed_boxes(connection, depot.here)[0].container_id
    unpacked = depot.pack(1, seal=False)
    do(lambda c: enter_unpacking(c, unpacked, scene.entry()))
    ids["dispatch"] = depot.send([ids["sent"], ids["arrived"]], depot.other)
    ids["arrival"] = do(lambda c: enter_arrival(c, ids["dispatch"], scene.entry(), container_ids=[ids["arrived"]]))


def _counts(scene: Scene) -> None:
    depot, ids, do = scene.depot, scene.ids, scene.depot.do
    teams = (depot.officer, depot.second)
    for name, class_id in (("accepted", depot.ballot), ("counted", scene.other)):
        found = {state: depot.sheets(state) for state in State if state.physical}
        if class_id == scene.other:
            found = {State.UNSORTED: 20, State.GOOD: 479}
        ids[name] = do(lambda c, class_id=class_id: enter_count(c, depot.here, class_id, scene.entry()))  # type: ignore[misc]
        for team, person in enumerate(teams, 1):
            ids[f"{name} {team}"] = do(
                lambda c, name=name, team=team, found=found, person=person: enter_sheet(  # type: ignore[misc]
                    c, ids[name], team, found, scene.entry(by=person)
                )
            )
    do(lambda c: enter_acceptance(c, ids["accepted"], "", scene.entry(by=scene.third)))
