"""Provocations of the guards that look at an event as a whole: who enters it and when, what it moves, what it answers."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from storage.ledger.journal import post
from storage.rules.movement import EventKind, Movement, State
from tests.storage.provocations import PROVOKED, event, link, provokes
from tests.storage.scene import Scene

__all__ = ["PROVOKED"]

GOOD, DAMAGED, SURPLUS, TRANSIT = State.GOOD, State.DAMAGED, State.SURPLUS, State.IN_TRANSIT
# Sheets that the first station is entitled to, which its box holds; and the third, for which nothing has been packed.
DUE, THIRD_DUE = 246, 306
Row = Mapping[str, object]
MINUTES: Row = {"number": "BA-9"}


def post_event(scene: Scene, connection: sa.Connection, kind: EventKind, moved: tuple[Movement, ...] = (), **said: Any) -> None:
    post(connection, scene.draft(kind, moved, **said))


# --- the ledger


@provokes("movement_sealed")
def _movement_of_a_chained_event(scene: Scene, connection: sa.Connection) -> None:
    columns = "class_id, quantity, from_site_id, from_state, to_site_id, to_state"
    copied = f"INSERT INTO movement (id, event_id, {columns}) SELECT 9999, event_id, {columns} FROM movement"
    connection.execute(sa.text(f"{copied} WHERE event_id = :event AND to_state = 'damaged'"), {"event": scene.ids["sorting"]})


@provokes("link_follows")
def _link_after_a_gap(scene: Scene, connection: sa.Connection) -> None:
    link(scene, connection, event(scene, connection, "schema"), "schema", after=2)


@provokes("link_event")
def _link_of_another_kind(scene: Scene, connection: sa.Connection) -> None:
    link(scene, connection, event(scene, connection, "schema"), "placing")


@provokes("event_moves")
def _moving_nothing(scene: Scene, connection: sa.Connection) -> None:
    post_event(scene, connection, EventKind.SURPLUS)


@provokes("movement_legal")
def _from_good_to_unsorted(scene: Scene, connection: sa.Connection) -> None:
    post_event(scene, connection, EventKind.SORTING, scene.move(5, GOOD, State.UNSORTED))


@provokes("reversal_opposite")
def _reversal_of_a_part(scene: Scene, connection: sa.Connection) -> None:
    moved = scene.move(5, State.UNSORTED, State.PRINTER, class_id=scene.other)
    post_event(scene, connection, EventKind.REVERSAL, moved, reverses_id=scene.ids["delivery"])


@provokes("event_reverses")
def _reversal_of_another_site(scene: Scene, connection: sa.Connection) -> None:
    post_event(scene, connection, EventKind.REVERSAL, reverses_id=scene.ids["counted"], site_id=scene.depot.other)


@provokes("event_closed")
def _before_the_close(scene: Scene, connection: sa.Connection) -> None:
    post_event(scene, connection, EventKind.SURPLUS, scene.move(5, GOOD, SURPLUS), entry=scene.entry(two=True, hours_ago=4 * 24))


@provokes("event_backdated")
def _a_day_late_by_one_person(scene: Scene, connection: sa.Connection) -> None:
    post_event(scene, connection, EventKind.SURPLUS, scene.move(5, GOOD, SURPLUS), entry=scene.entry(hours_ago=24.1, reason="forgotten"))


@provokes("event_rights")
def _by_a_guard(scene: Scene, connection: sa.Connection) -> None:
    post_event(scene, connection, EventKind.SURPLUS, scene.move(5, GOOD, SURPLUS), entry=scene.entry(by=scene.guard))


@provokes("close_clean")
def _final_close_over_damaged_sheets(scene: Scene, connection: sa.Connection) -> None:
    entry = scene.entry(two=True)
    post_event(scene, connection, EventKind.CLOSE, entry=entry, stock_close=[{"closed_until": entry.now, "final": 1}])


@provokes("close_advances")
def _close_not_further_than_the_last(scene: Scene, connection: sa.Connection) -> None:
    row = {"closed_until": scene.closed_at, "final": 0}
    post_event(scene, connection, EventKind.CLOSE, entry=scene.entry(two=True), stock_close=[row])


# --- sheets


@provokes("roll_adds_up")
def _roll_without_its_stations(scene: Scene, connection: sa.Connection) -> None:
    roll = {"election": "Pemilu 2024", "stations": 1, "voters": 100, "sha256": "0" * 64}
    post_event(scene, connection, EventKind.VOTERS, voters_roll=[roll])


@provokes("delivery_adds_up")
def _delivery_that_moves_less(scene: Scene, connection: sa.Connection) -> None:
    line = {"class_id": scene.depot.ballot, "declared": 6, "received": 6}
    moved = scene.move(5, State.PRINTER, State.UNSORTED)
    post_event(scene, connection, EventKind.DELIVERY, moved, delivery=[{"note_number": "SJ-X"}], delivery_line=[line])


@provokes("damage_adds_up")
def _criteria_that_do_not_add_up(scene: Scene, connection: sa.Connection) -> None:
    torn = {"class_id": scene.depot.ballot, "criterion": "torn", "sheets": 4}
    post_event(scene, connection, EventKind.SORTING, scene.move(5, State.UNSORTED, DAMAGED), damage_line=[torn])


@provokes("inspection_says_why")
def _inspection_that_does_not_say_why(scene: Scene, connection: sa.Connection) -> None:
    torn = {"class_id": scene.depot.ballot, "criterion": "torn", "sheets": 5}
    moved = scene.move(5, GOOD, DAMAGED) + scene.move(5, GOOD, DAMAGED, class_id=scene.other)
    post_event(scene, connection, EventKind.INSPECTION, moved, damage_line=[torn])


@provokes("request_within_claims")
def _request_beyond_what_was_found(scene: Scene, connection: sa.Connection) -> None:
    row = {"class_id": scene.depot.ballot, "for_damaged": 0, "for_short": 1}
    post_event(scene, connection, EventKind.REPRINT_REQUEST, reprint_request=[row])


@provokes("claims_stay_covered")
def _reversal_of_what_was_requested_for(scene: Scene, connection: sa.Connection) -> None:
    moved = scene.move(2_900, GOOD, State.UNSORTED) + scene.move(40, DAMAGED, State.UNSORTED)
    # As many loose ones as are taken back: what was sorted lies in cartons by now.
    more = scene.move(2_000, State.VARIANCE, GOOD) + scene.move(10, State.VARIANCE, DAMAGED)
    post_event(scene, connection, EventKind.ADJUSTMENT, more, entry=scene.entry(two=True), minutes=[MINUTES])
    post_event(scene, connection, EventKind.REVERSAL, moved, reverses_id=scene.ids["sorting"])


@provokes("receipt_of_request")
def _more_than_was_requested(scene: Scene, connection: sa.Connection) -> None:
    row = {"request_id": scene.ids["request"], "sheets": 21, "for_short": 0}
    post_event(scene, connection, EventKind.REPRINT_RECEIPT, scene.move(21, State.PRINTER, State.UNSORTED), reprint_receipt=[row])


@provokes("request_unanswered")
def _reversal_of_an_answered_request(scene: Scene, connection: sa.Connection) -> None:
    post_event(scene, connection, EventKind.REVERSAL, reverses_id=scene.ids["answered"])


def _found(scene: Scene, team: int) -> Row:
    return {"count_id": scene.ids["counted"], "team": team, "unsorted": 20, "good": 479, "damaged": 0, "surplus": 0, "packed": 0}


@provokes("sheet_of_count")
def _third_team_where_two_agree(scene: Scene, connection: sa.Connection) -> None:
    post_event(scene, connection, EventKind.COUNT_SHEET, entry=scene.entry(by=scene.third), count_sheet=[_found(scene, 3)])


def accept(scene: Scene, connection: sa.Connection, sheets: int, *, counter: bool, reason: str = "one is lost") -> None:
    """The count that waits. sheets: how many good ones the books lack; one was counted less. counter: by who counted."""
    position = connection.scalar(sa.text("SELECT position FROM stock_count WHERE event_id = :count"), {"count": scene.ids["counted"]})
    post_event(
        scene,
        connection,
        EventKind.COUNT_ACCEPTANCE,
        scene.move(sheets, GOOD, State.VARIANCE, class_id=scene.other),
        entry=scene.entry(by=None if counter else scene.third, reason=reason),
        holds_from=position,
        count_acceptance=[{"count_id": scene.ids["counted"], "sheet_id": scene.ids["counted 2"]}],
    )


@provokes("acceptance_of_two")
def _accepted_by_a_counter(scene: Scene, connection: sa.Connection) -> None:
    accept(scene, connection, 1, counter=True)


@provokes("variance_at_position")
def _another_variance(scene: Scene, connection: sa.Connection) -> None:
    accept(scene, connection, 2, counter=False)


@provokes("count_not_built_on")
def _reversal_of_an_accepted_sheet(scene: Scene, connection: sa.Connection) -> None:
    post_event(scene, connection, EventKind.REVERSAL, reverses_id=scene.ids["accepted 1"])


@provokes("destruction_witnessed")
def _destruction_without_polri(scene: Scene, connection: sa.Connection) -> None:
    witnesses = [{"name": name, "institution": "bawaslu"} for name in ("Dewi", "Nina")]
    moved = scene.move(5, DAMAGED, State.DESTROYED)
    post_event(scene, connection, EventKind.DESTRUCTION, moved, entry=scene.entry(two=True), minutes=[MINUTES], witness=witnesses)


@provokes("witness_not_actor")
def _who_acts_is_witness(scene: Scene, connection: sa.Connection) -> None:
    witnesses = [{"name": name, "institution": "polri"} for name in ("budi", "Nina")]
    post_event(scene, connection, EventKind.OPENING, seal_break=seals_on(scene, connection, "sealed"), witness=witnesses)


# --- containers and journeys


def seals_on(scene: Scene, connection: sa.Connection, name: str) -> list[Row]:
    numbers = connection.scalars(sa.text("SELECT number FROM seal WHERE container_id = :id"), {"id": scene.ids[name]})
    return [{"seal_number": number} for number in numbers]


def place(scene: Scene, connection: sa.Connection, name: str, parent: str | None) -> None:
    row = {"container_id": scene.ids[name], "parent_id": None if parent is None else scene.ids[parent], "room_id": None}
    post_event(scene, connection, EventKind.PLACEMENT, placement=[row])


@provokes("placement_fits")
def _a_box_into_a_carton(scene: Scene, connection: sa.Connection) -> None:
    place(scene, connection, "box", "open")


@provokes("placement_unsealed")
def _out_of_a_sealed_pallet(scene: Scene, connection: sa.Connection) -> None:
    place(scene, connection, "inside", None)


@provokes("sealed_keeps")
def _out_of_a_carton_on_a_sealed_pallet(scene: Scene, connection: sa.Connection) -> None:
    post_event(scene, connection, EventKind.REPACK, scene.move(5, GOOD, GOOD, scene.ids["inside"], None))


@provokes("sealed_moves_whole")
def _a_part_of_a_sealed_carton(scene: Scene, connection: sa.Connection) -> None:
    post_event(scene, connection, EventKind.SURPLUS, scene.move(5, GOOD, SURPLUS, scene.ids["sealed"], scene.ids["sealed"]))


@provokes("seal_break_of_seal")
def _breaking_a_seal_that_is_nowhere(scene: Scene, connection: sa.Connection) -> None:
    witnesses = [{"name": name, "institution": "polri"} for name in ("Wahyu", "Nina")]
    post_event(scene, connection, EventKind.OPENING, seal_break=[{"seal_number": "NOWHERE"}], witness=witnesses)


@provokes("opening_witnessed")
def _opening_before_one(scene: Scene, connection: sa.Connection) -> None:
    witness = {"name": "Wahyu", "institution": "polri"}
    post_event(scene, connection, EventKind.OPENING, seal_break=seals_on(scene, connection, "sealed"), witness=[witness])


def _pack(scene: Scene, connection: sa.Connection, sheets: int, moved: int, *, entitled: int = THIRD_DUE, station: int = 2) -> None:
    """Into the box that holds sheets of the other class already."""
    box, ballot = scene.ids["box"], scene.depot.ballot
    row = {"station_id": scene.depot.stations[station], "class_id": ballot, "container_id": box, "entitled": entitled, "sheets": sheets}
    post_event(scene, connection, EventKind.PACKING, scene.move(moved, GOOD, State.PACKED, None, box), packing=[row])


@provokes("packing_entitled")
def _entitled_to_one_more(scene: Scene, connection: sa.Connection) -> None:
    _pack(scene, connection, THIRD_DUE + 1, THIRD_DUE + 1, entitled=THIRD_DUE + 1)


@provokes("packing_exact")
def _one_sheet_more_by_one_person(scene: Scene, connection: sa.Connection) -> None:
    _pack(scene, connection, THIRD_DUE + 1, THIRD_DUE + 1)


@provokes("packing_once")
def _a_second_box_of_a_station(scene: Scene, connection: sa.Connection) -> None:
    _pack(scene, connection, DUE, DUE, entitled=DUE, station=0)


@provokes("packing_adds_up")
def _less_into_the_box_than_was_said(scene: Scene, connection: sa.Connection) -> None:
    box = scene.ids["box"]
    post_event(scene, connection, EventKind.REPACK, scene.move(10, GOOD, GOOD, box, None, class_id=scene.other))
    post_event(scene, connection, EventKind.REPACK, scene.move(1, GOOD, GOOD, None, box))
    _pack(scene, connection, THIRD_DUE, THIRD_DUE - 1)


@provokes("packing_alone")
def _into_a_box_that_holds_another_class(scene: Scene, connection: sa.Connection) -> None:
    _pack(scene, connection, THIRD_DUE, THIRD_DUE)


@provokes("unpacking_of_packing")
def _unpacking_a_part(scene: Scene, connection: sa.Connection) -> None:
    moved = scene.move(DUE - 1, State.PACKED, GOOD, scene.ids["packed"], None)
    post_event(scene, connection, EventKind.UNPACKING, moved, unpacking=[{"packing_id": scene.ids["packing"]}])


def send(scene: Scene, connection: sa.Connection, moved: tuple[Movement, ...], to_site: int) -> None:
    paper = {"number": "BA-X", "to_site_id": to_site, "from_person": "Budi", "to_person": "Joko"}
    post_event(scene, connection, EventKind.DISPATCH, moved, consignment=[paper])


@provokes("dispatch_sealed")
def _loose_sheets_on_their_way(scene: Scene, connection: sa.Connection) -> None:
    send(scene, connection, scene.move(5, GOOD, TRANSIT), scene.depot.other)


@provokes("dispatch_confirmed")
def _to_a_site_that_is_not_confirmed(scene: Scene, connection: sa.Connection) -> None:
    sealed = scene.ids["sealed"]
    send(scene, connection, scene.move(100, GOOD, TRANSIT, sealed, sealed), scene.pending_site)


def _end(scene: Scene, connection: sa.Connection, kind: EventKind, target: State, site_id: int) -> None:
    """Of the carton that is still under way."""
    sent = scene.ids["sent"]
    end: list[Row] = [{"consignment_id": scene.ids["dispatch"]}]
    moved = scene.move(100, TRANSIT, target, sent, sent, to_site=site_id)
    post_event(scene, connection, kind, moved, site_id=site_id, consignment_end=end)


@provokes("arrival_of_consignment")
def _arrived_where_it_was_not_sent(scene: Scene, connection: sa.Connection) -> None:
    _end(scene, connection, EventKind.ARRIVAL, GOOD, scene.depot.stations[0])


@provokes("return_of_consignment")
def _come_back_as_surplus(scene: Scene, connection: sa.Connection) -> None:
    _end(scene, connection, EventKind.RETURN, SURPLUS, scene.depot.here)


@provokes("loss_of_consignment")
def _lost_out_of_another_consignment(scene: Scene, connection: sa.Connection) -> None:
    sealed = scene.ids["sealed"]
    send(scene, connection, scene.move(100, GOOD, TRANSIT, sealed, sealed), scene.depot.other)
    end: list[Row] = [{"consignment_id": scene.ids["dispatch"]}]
    moved = scene.move(100, TRANSIT, State.LOST, sealed, sealed)
    post_event(scene, connection, EventKind.LOSS, moved, consignment_end=end, minutes=[MINUTES])


@provokes("consignment_open")
def _reversal_of_what_has_arrived(scene: Scene, connection: sa.Connection) -> None:
    post_event(scene, connection, EventKind.REVERSAL, reverses_id=scene.ids["dispatch"])
