"""Opening hours: midnight, zones, changes that leave the past alone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.database import Database
from storage.places import add_camera, add_room, add_site
from storage.rules.hours import Opening, WeekHours
from storage.rules.verdict import EventVerdict, judge
from storage.watch.hours import armed_cameras, hours_of, room_states, set_hours

JAKARTA = ZoneInfo("Asia/Jakarta")
MONDAY = datetime(2026, 11, 23, tzinfo=JAKARTA)
WEEKDAYS = WeekHours(tuple(Opening(day, 8 * 60, 16 * 60) for day in range(5)))
NIGHT_SHIFT = WeekHours((Opening(0, 22 * 60, 6 * 60),))

openings = st.builds(Opening, st.integers(0, 6), st.integers(0, 1439), st.integers(0, 1440))
instants = st.integers(0, 365 * 24 * 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("hour", "open_"), [(7.99, False), (8, True), (15.99, True), (16, False)], ids=["before", "first", "last", "after"]
)
def test_a_room_is_open_from_its_first_minute_to_before_its_last(hour: float, open_: bool) -> None:
    assert WEEKDAYS.is_open(MONDAY + timedelta(hours=hour), JAKARTA) is open_


def test_hours_are_read_in_the_sites_zone_not_the_computers() -> None:
    at = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)  # 08:30 in Jakarta, 10:30 in Jayapura, still night in London
    assert WEEKDAYS.is_open(at, JAKARTA)
    assert not WEEKDAYS.is_open(at, ZoneInfo("Europe/London"))


def test_hours_may_cross_midnight() -> None:
    assert NIGHT_SHIFT.is_open(MONDAY + timedelta(hours=23), JAKARTA)
    assert NIGHT_SHIFT.is_open(MONDAY + timedelta(hours=29), JAKARTA)  # Tuesday, 05:00
    assert not NIGHT_SHIFT.is_open(MONDAY + timedelta(hours=31), JAKARTA)
    assert not NIGHT_SHIFT.is_open(MONDAY + timedelta(hours=5), JAKARTA)  # Monday, 05:00: the shift has not begun


def test_no_hours_at_all_means_always_armed() -> None:
    assert not WeekHours().is_open(MONDAY, JAKARTA)
    assert WeekHours().next_change(MONDAY, JAKARTA) is None


def test_open_day_and_night_never_changes() -> None:
    always = WeekHours(tuple(Opening(day, 0, 1440) for day in range(7)))
    assert always.is_open(MONDAY, JAKARTA)
    assert always.next_change(MONDAY, JAKARTA) is None


@settings(max_examples=40, deadline=None)
@given(st.lists(openings, max_size=6), instants)
def test_the_next_change_is_where_the_state_changes_first(some: list[Opening], at: datetime) -> None:
    hours = WeekHours(tuple(some))
    change = hours.next_change(at, JAKARTA)
    was = hours.is_open(at, JAKARTA)
    until = change or at + timedelta(days=8)
    steps = [at + timedelta(minutes=minute) for minute in range(0, 8 * 24 * 60, 47)]
    assert all(hours.is_open(step, JAKARTA) == was for step in steps if step < until)
    if change:
        assert hours.is_open(change, JAKARTA) != was


@pytest.mark.parametrize("figures", [(7, 0, 60), (0, 1440, 60), (0, 0, 1441), (0, -1, 60)])
def test_figures_outside_a_day_are_no_hours(figures: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="no hours"):
        Opening(*figures)


def test_changed_hours_do_not_change_the_past(database: Database, now: datetime) -> None:
    room = add_room(database, add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=now).id, "B", now=now)
    set_hours(database, room.id, WEEKDAYS, now=now)
    later = now + timedelta(days=1)
    set_hours(database, room.id, NIGHT_SHIFT, now=later)
    assert hours_of(database, room.id, now + timedelta(hours=1)) == WEEKDAYS
    assert hours_of(database, room.id, later) == NIGHT_SHIFT
    assert hours_of(database, room.id, now - timedelta(hours=1)) == WeekHours()


def test_the_states_of_rooms_say_when_they_change(database: Database) -> None:
    at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 09:00 in Jakarta
    site = add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=at)
    for name in ("A", "B"):
        add_room(database, site.id, name, now=at)
    set_hours(database, 1, WEEKDAYS, now=at)
    open_room, armed_room = room_states(database, at)
    assert (open_room.name, open_room.armed, open_room.changes_at) == ("A", False, datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    assert (armed_room.name, armed_room.armed, armed_room.changes_at) == ("B", True, None)


@pytest.mark.parametrize(
    ("at_start", "at_arrival", "verdict"),
    [
        (True, True, EventVerdict.IN_HOURS),
        (False, True, EventVerdict.AFTER_HOURS),
        (True, False, EventVerdict.AFTER_HOURS),
        (False, False, EventVerdict.AFTER_HOURS),
    ],
)
def test_one_clock_that_says_armed_is_enough(at_start: bool, at_arrival: bool, verdict: EventVerdict) -> None:
    assert judge(open_at_start=at_start, open_at_arrival=at_arrival) is verdict


def test_a_camera_is_armed_as_soon_as_its_room_is_about_to_be(database: Database) -> None:
    nine = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 09:00 in Jakarta
    site = add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=nine)
    for number, name in enumerate(("hours", "no hours"), 1):
        room = add_room(database, site.id, name, now=nine)
        add_camera(database, room.id, "Kamera", f"rtsp://127.0.0.1/{number}", "", now=nine)
    set_hours(database, 1, WEEKDAYS, now=nine - timedelta(days=1))
    minute = timedelta(minutes=1)
    armed = {
        hours: armed_cameras(database, nine + timedelta(hours=hours), ahead=minute)
        for hours in (-1.1, -0.99, 0, 6.98, 6.99, 7, 20)  # open from -1 to 7
    }
    assert armed == {-1.1: {1, 2}, -0.99: {2}, 0: {2}, 6.98: {2}, 6.99: {1, 2}, 7: {1, 2}, 20: {1, 2}}
