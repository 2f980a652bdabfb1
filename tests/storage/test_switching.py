"""A camera that somebody switches off: who may, what its gap says, and that another recorder's start or fault changes nothing of it."""

from datetime import UTC, datetime, timedelta

import pytest

from camera.journal import Beat, CameraReport, Cause, State
from storage.database import Database
from storage.people.person import Person, Role, add_person
from storage.places import add_camera, add_room, add_site
from storage.rules.refusal import Refusal
from storage.watch.gaps import Gap, gaps_between
from storage.watch.journal import WatchJournal
from storage.watch.switching import SwitchedOff, switch_off, switch_on, switched_off

NINE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
WHY = "Lensa dibersihkan"
NOTE = f"Agus: {WHY}"


def after(seconds: float) -> datetime:
    return NINE + timedelta(seconds=seconds)


def beat(seconds: float) -> Beat:
    return Beat(after(seconds), after(seconds), "boot", 1000.0 + seconds)


@pytest.fixture
def agus(database: Database) -> Person:
    """A supervisor, and a camera in the database."""
    site = add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=NINE)
    add_camera(database, add_room(database, site.id, "B", now=NINE).id, "Kamera 1", "rtsp://127.0.0.1/1", "", now=NINE)
    return add_person(database, "Agus", Role.SUPERVISOR, now=NINE)


@pytest.fixture
def journal(database: Database, agus: Person) -> WatchJournal:
    started = WatchJournal(database, lambda _table, _row: None)
    started.recorder_started("tcp://127.0.0.1:1", "p", "s", beat(0))
    return started


def gaps(database: Database) -> list[tuple[datetime, datetime | None, str, str]]:
    return [(gap.started_at, gap.ended_at, gap.cause, gap.note) for gap in gaps_between(database, NINE, after(86_400))]


def test_the_recorders_end_of_the_camera_is_a_gap_that_names_who_and_why(database: Database, agus: Person, journal: WatchJournal) -> None:
    switch_off(database, 1, f" {WHY} ", by=agus, now=after(60))
    assert switched_off(database) == {1: SwitchedOff(1, after(60), "Agus", WHY)}
    assert gaps(database) == [], "the recorder tells when the last packet came"
    journal.gap_opened(1, after(62), Cause.UNREADABLE)
    journal.gap_opened(1, after(70), Cause.CAMERA_LOST)
    assert gaps(database) == [(after(62), None, "disabled", NOTE)]
    assert gaps_between(database, after(63), after(64)) == [Gap(1, 1, after(62), None, "disabled", NOTE)]


@pytest.mark.parametrize("before", [Cause.CAMERA_LOST, Cause.RECORDER_STOPPED])
def test_a_gap_that_is_open_already_ends_when_the_camera_is_switched_off(
    database: Database, agus: Person, journal: WatchJournal, before: Cause
) -> None:
    journal.gap_opened(1, after(10), before)
    switch_off(database, 1, WHY, by=agus, now=after(60))
    assert gaps(database) == [(after(10), after(60), before, ""), (after(60), None, "disabled", NOTE)]


def test_a_gap_that_began_later_by_another_clock_does_not_end_before_it_begins(
    database: Database, agus: Person, journal: WatchJournal
) -> None:
    journal.gap_opened(1, after(100), Cause.CAMERA_LOST)
    switch_off(database, 1, WHY, by=agus, now=after(60))
    assert gaps(database)[-1] == (after(100), None, "disabled", NOTE)


def test_what_comes_after_it_is_switched_on_has_its_own_cause(database: Database, agus: Person, journal: WatchJournal) -> None:
    switch_off(database, 1, WHY, by=agus, now=after(60))
    journal.gap_opened(1, after(62), Cause.UNREADABLE)
    switch_on(database, 1, by=agus, now=after(600))
    assert switched_off(database) == {}
    journal.gap_opened(1, after(603), Cause.STARTING)
    journal.gap_opened(1, after(608), Cause.CAMERA_LOST)
    journal.gap_closed(1, after(700))
    assert gaps(database) == [
        (after(62), after(600), "disabled", NOTE),
        (after(600), after(608), "starting", ""),
        (after(608), after(700), "camera_lost", ""),
    ]


def test_a_recorder_that_was_killed_leaves_two_gaps(database: Database, agus: Person, journal: WatchJournal) -> None:
    journal.recorder_beat([CameraReport(1, State.LIVE, NINE, after(50), None, 10.0, "", "", None)], beat(51))
    switch_off(database, 1, WHY, by=agus, now=after(60))
    journal.recorder_started("tcp://127.0.0.1:2", "p", "s", beat(100))
    assert gaps(database) == [(after(50), after(60), "recorder_lost", ""), (after(60), None, "disabled", NOTE)]
    journal.recorder_started("tcp://127.0.0.1:3", "p", "s", beat(200))
    assert len(gaps(database)) == 2


def test_it_needs_a_reason_a_right_and_a_camera(database: Database, agus: Person) -> None:
    sari = add_person(database, "Sari", Role.GUARD, now=NINE)
    for camera_id, reason, person, said in (
        (1, "  ", agus, "why"),
        (1, "x" * 201, agus, "200"),
        (1, WHY, sari, "Sari may not do this: switch_off"),
        (2, WHY, agus, "number 2"),
    ):
        with pytest.raises(Refusal, match=said):
            switch_off(database, camera_id, reason, by=person, now=NINE)
    with pytest.raises(Refusal, match="not switched off"):
        switch_on(database, 1, by=agus, now=NINE)
    switch_off(database, 1, "x" * 200, by=agus, now=NINE)
    with pytest.raises(Refusal, match="already"):
        switch_off(database, 1, WHY, by=agus, now=NINE)
    with pytest.raises(Refusal, match="Sari may not do this: switch_on"):
        switch_on(database, 1, by=sari, now=NINE)
    assert switched_off(database).keys() == {1}
