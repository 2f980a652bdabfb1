"""Provocations of the guards at the edges: figures that are no whole numbers, closed and late times, consignments, counts, packed boxes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from storage.rules.movement import EventKind, State
from storage.schema.ledger_guards import FACT_KINDS, WHOLE
from storage.stock.counts import enter_acceptance, enter_count, enter_sheet
from tests.storage.provocations import PROVOKED, event, fresh, insert, provokes
from tests.storage.provocations_of_events import GOOD, MINUTES, SURPLUS, TRANSIT, Row, accept, place, post_event, seals_on, send
from tests.storage.scene import BEGIN, Scene

__all__ = ["PROVOKED"]

TWO_WITNESSES: list[Row] = [{"name": "Wahyu", "institution": "polri"}, {"name": "Nina", "institution": "public"}]


def _of_figures() -> None:
    """A figure of each table that is a fraction."""
    for table, columns in WHOLE.items():

        def fraction(scene: Scene, connection: sa.Connection, table: str = table, column: str = columns[0]) -> None:
            row = fresh(scene, connection, table)
            number = event(scene, connection, FACT_KINDS.get(table, ("surplus",))[0])
            if table == "movement":
                row |= {"id": 9_999, "from_state": "good", "to_state": "surplus", "to_site_id": row["from_site_id"]}
                row |= {"from_container_id": None, "to_container_id": None}
            insert(connection, table, row | {"event_id": number, column: 1.5})

        provokes(f"{table}_whole")(fraction)


_of_figures()


def _instant(connection: sa.Connection, event_id: int) -> datetime:
    text = connection.scalar(sa.text("SELECT happened_at FROM stock_event WHERE id = :id"), {"id": event_id})
    return datetime.fromisoformat(str(text).replace("Z", "+00:00"))


def _close(scene: Scene, connection: sa.Connection) -> None:
    """Until an hour ago."""
    entry = scene.entry(two=True)
    post_event(scene, connection, EventKind.CLOSE, entry=entry, stock_close=[{"closed_until": entry.now - timedelta(hours=1), "final": 0}])


# --- times and persons


@provokes("reversal_by_two")
def _an_adjustment_taken_back_by_one(scene: Scene, connection: sa.Connection) -> None:
    adjustment = connection.scalar(sa.text("SELECT id FROM stock_event WHERE kind = 'adjustment'"))
    post_event(scene, connection, EventKind.REVERSAL, reverses_id=adjustment)


@provokes("movement_contained")
def _missing_sheets_in_a_container(scene: Scene, connection: sa.Connection) -> None:
    moved = scene.move(5, GOOD, State.VARIANCE, scene.ids["open"], scene.ids["open"])
    post_event(scene, connection, EventKind.ADJUSTMENT, moved, entry=scene.entry(two=True), minutes=[MINUTES])


def _arrive(scene: Scene, connection: sa.Connection, **said: object) -> None:
    """The carton that is still under way, at the other warehouse."""
    sent, other = scene.ids["sent"], scene.depot.other
    moved = scene.move(100, TRANSIT, GOOD, sent, sent, to_site=other)
    end = [{"consignment_id": scene.ids["dispatch"]}]
    post_event(scene, connection, EventKind.ARRIVAL, moved, site_id=other, consignment_end=end, **said)


@provokes("movement_closed")
def _arrived_while_the_sender_was_open(scene: Scene, connection: sa.Connection) -> None:
    _close(scene, connection)
    _arrive(scene, connection, entry=scene.entry(hours_ago=2))


@provokes("acceptance_closed")
def _accepted_for_a_closed_time(scene: Scene, connection: sa.Connection) -> None:
    _close(scene, connection)
    accept(scene, connection, 1, counter=False)


def _event_row(scene: Scene, connection: sa.Connection, **said: object) -> None:
    newest = connection.execute(sa.text("SELECT * FROM stock_event ORDER BY id DESC LIMIT 1")).mappings().one()
    last = connection.scalar(sa.text("SELECT max(event_id) FROM chain_link"))
    insert(connection, "stock_event", {**newest, "id": last + 1, "key": "raw", "kind": "surplus", "second_id": None, **said})


@provokes("event_instants")
def _yesterday(scene: Scene, connection: sa.Connection) -> None:
    _event_row(scene, connection, happened_at="yesterday", recorded_at="yesterday")


@provokes("event_reason")
def _a_reason_of_one_space(scene: Scene, connection: sa.Connection) -> None:
    _event_row(scene, connection, reason=" ")


@provokes("event_clock")
def _the_clock_set_back(scene: Scene, connection: sa.Connection) -> None:
    back = BEGIN - timedelta(days=2)
    entry = replace(scene.entry(), now=back, happened_at=back)
    post_event(scene, connection, EventKind.SURPLUS, entry=entry, site_id=scene.depot.other)


@provokes("close_after_all")
def _a_final_close_before_the_last_entry(scene: Scene, connection: sa.Connection) -> None:
    row = {"closed_until": BEGIN, "final": 1}
    post_event(scene, connection, EventKind.CLOSE, entry=scene.entry(two=True), site_id=scene.depot.other, stock_close=[row])


# --- records


def _record(connection: sa.Connection, event_id: int) -> None:
    """A record with another's words, under a number."""
    newest = connection.execute(sa.text("SELECT * FROM record ORDER BY event_id DESC LIMIT 1")).mappings().one()
    insert(connection, "record", {**newest, "event_id": event_id})


@provokes("record_sealed")
def _a_record_under_a_link_that_is_there(_scene: Scene, connection: sa.Connection) -> None:
    _record(connection, connection.execute(sa.text("SELECT max(event_id) FROM record")).scalar_one())


@provokes("record_apart")
def _a_record_under_the_number_of_an_entry(scene: Scene, connection: sa.Connection) -> None:
    _record(connection, event(scene, connection, "schema"))


# --- counts and needs


@provokes("need_reserve")
def _a_reserve_in_other_terms(scene: Scene, connection: sa.Connection) -> None:
    reserve = {"voters": 10_000, "stations": 100, "reserve_num": 2, "reserve_den": 100}
    post_event(scene, connection, EventKind.NEED, need_line=[{"class_id": scene.depot.ballot, "sheets": 10_299, **reserve}])


@provokes("event_not_counted_since")
def _before_an_accepted_count_began(scene: Scene, connection: sa.Connection) -> None:
    told = replace(scene.entry(two=True), happened_at=_instant(connection, scene.ids["accepted"]) - timedelta(minutes=1))
    post_event(scene, connection, EventKind.SURPLUS, scene.move(5, GOOD, SURPLUS), entry=told)


@provokes("acceptance_newest")
def _an_earlier_count_after_a_later_one(scene: Scene, connection: sa.Connection) -> None:
    count = enter_count(connection, scene.depot.here, scene.other, scene.entry())
    for team, person in enumerate((scene.depot.officer, scene.depot.second), 1):
        enter_sheet(connection, count, team, {State.UNSORTED: 20, State.GOOD: 479}, scene.entry(by=person))
    enter_acceptance(connection, count, "one is lost", scene.entry(by=scene.third))
    accept(scene, connection, 1, counter=False)


@provokes("variance_explained")
def _a_variance_without_a_reason(scene: Scene, connection: sa.Connection) -> None:
    accept(scene, connection, 1, counter=False, reason="")


# --- containers and journeys


@provokes("witness_once")
def _the_same_witness_in_capitals(scene: Scene, connection: sa.Connection) -> None:
    witnesses = [{"name": name, "institution": "polri"} for name in ("Nina", "NINA")]
    post_event(scene, connection, EventKind.OPENING, seal_break=seals_on(scene, connection, "sealed"), witness=witnesses)


@provokes("opening_here")
def _opened_from_another_site(scene: Scene, connection: sa.Connection) -> None:
    broken = seals_on(scene, connection, "sealed")
    post_event(scene, connection, EventKind.OPENING, site_id=scene.depot.other, seal_break=broken, witness=TWO_WITNESSES)


@provokes("packed_box_alone")
def _more_sheets_into_a_packed_box(scene: Scene, connection: sa.Connection) -> None:
    post_event(scene, connection, EventKind.REPACK, scene.move(5, GOOD, GOOD, None, scene.ids["packed"]))


@provokes("placement_beside_packed")
def _a_carton_into_a_packed_box(scene: Scene, connection: sa.Connection) -> None:
    place(scene, connection, "open", "packed")


@provokes("consignment_named")
def _from_one_person_to_himself(scene: Scene, connection: sa.Connection) -> None:
    paper = {"number": "BA-X", "to_site_id": scene.depot.other, "from_person": "Budi", "to_person": "budi "}
    sealed = scene.ids["sealed"]
    post_event(scene, connection, EventKind.DISPATCH, scene.move(100, GOOD, TRANSIT, sealed, sealed), consignment=[paper])


def _send_box(scene: Scene, connection: sa.Connection, to_site: int) -> int:
    """The packed box of the first station, sealed; the consignment."""
    box = scene.ids["packed"]
    post_event(scene, connection, EventKind.SEALING, seal=[{"number": "SEAL-X", "container_id": box}])
    send(scene, connection, scene.move(246, State.PACKED, TRANSIT, box, box), to_site)
    return connection.scalar(sa.text("SELECT max(event_id) FROM consignment")) or 0


@provokes("dispatch_of_station")
def _the_box_of_another_station(scene: Scene, connection: sa.Connection) -> None:
    _send_box(scene, connection, scene.depot.stations[1])


@provokes("delivered_at_station")
def _delivered_at_a_warehouse(scene: Scene, connection: sa.Connection) -> None:
    consignment, box, other = _send_box(scene, connection, scene.depot.other), scene.ids["packed"], scene.depot.other
    moved = scene.move(246, TRANSIT, State.DELIVERED, box, box, to_site=other)
    end: list[Mapping[str, object]] = [{"consignment_id": consignment}]
    post_event(scene, connection, EventKind.ARRIVAL, moved, site_id=other, consignment_end=end)


@provokes("end_after_dispatch")
def _arrived_before_it_was_sent(scene: Scene, connection: sa.Connection) -> None:
    _arrive(
        scene,
        connection,
        entry=replace(scene.entry(two=True), happened_at=_instant(connection, scene.ids["dispatch"]) - timedelta(minutes=1)),
    )


@provokes("consignment_ends_once")
def _arrived_after_it_came_back(scene: Scene, connection: sa.Connection) -> None:
    """Between the two the carton was sent with another paper."""
    sent, end = scene.ids["sent"], [{"consignment_id": scene.ids["dispatch"]}]
    post_event(scene, connection, EventKind.RETURN, scene.move(100, TRANSIT, GOOD, sent, sent), consignment_end=end)
    send(scene, connection, scene.move(100, GOOD, TRANSIT, sent, sent), scene.depot.stations[0])
    _arrive(scene, connection)
