"""Coverage from the rows that recorders write: whole nights, with everything that may happen in one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camera.events import Kind
from camera.journal import Beat, CameraReport, Cause, EndReason, State, WrittenSegment
from storage.database import Database, open_database
from storage.people.person import Role, add_person
from storage.places import add_camera, add_room, add_site
from storage.rules.coverage import Coverage, CoveredSpan, Seen, Totals
from storage.rules.hours import Opening, WeekHours
from storage.schema.footage import footage_finding, footage_removal, segment
from storage.watch.coverage import RoomCoverage, room_coverages
from storage.watch.gaps import keep_gap
from storage.watch.hours import hours_of, set_hours
from storage.watch.journal import WatchJournal
from storage.watch.switching import switch_off

NIGHT = date(2026, 11, 22)  # a Sunday
NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)  # in Jakarta
BEGUN = NOON - timedelta(days=9)
WORKDAYS = WeekHours(tuple(Opening(day, 8 * 60, 16 * 60) for day in range(5)))
ARMED_MIN = 20 * 60  # from Sunday noon to Monday eight


def at(minutes: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def beat(minutes: float, *, computer_ahead_min: float = 0) -> Beat:
    return Beat(at(minutes), at(minutes + computer_ahead_min), "boot", 60 * (1000 + minutes))


@dataclass
class House:
    """A warehouse with one room and one camera, told of by a recorder's journal."""

    database: Database
    journal: WatchJournal
    room_id: int
    camera_id: int

    def film(self, from_min: float, until_min: float, *, piece_min: float = 30) -> None:
        """Segments one after the other, a tenth of a second between them."""
        while from_min < until_min:
            ends_min = min(from_min + piece_min, until_min)
            begins, ends = at(from_min), at(ends_min) - timedelta(seconds=0.1)
            path = f"s/camera-{self.camera_id}/{begins:%dT%H%M%S.%f}-{piece_min}.mp4"
            self.journal.segment_written(self.camera_id, WrittenSegment(path, begins, ends, 9, 9, "0" * 64, EndReason.FULL))
            from_min = ends_min

    def gap(self, from_min: float, until_min: float | None, cause: Cause) -> None:
        self.journal.gap_opened(self.camera_id, at(from_min), cause)
        if until_min is not None:
            self.journal.gap_closed(self.camera_id, at(until_min))

    def event(self, from_min: float, until_min: float, kind: Kind = Kind.MOTION) -> int:
        event = self.journal.event_opened(self.camera_id, kind, at(from_min), 3.0, (), at=at(from_min))
        self.journal.event_closed(event, at(until_min), 3.0)
        return event

    def night(self, now: datetime | None = None, night: date = NIGHT) -> RoomCoverage:
        return next(one for one in room_coverages(self.database, now=now or at(24 * 60), night=night) if one.room_id == self.room_id)

    def coverage(self, now: datetime | None = None) -> Coverage:
        (camera,) = self.night(now).cameras
        return camera.coverage


def furnish(database: Database, *, zone: str = "Asia/Jakarta", code: str = "31.75", entered: datetime = BEGUN) -> House:
    room = add_room(database, add_site(database, code, "Gudang", zone, now=BEGUN).id, "B", now=BEGUN)
    camera = add_camera(database, room.id, "Kamera 1", "rtsp://127.0.0.1/1", "", now=entered)
    set_hours(database, room.id, WORKDAYS, now=BEGUN)
    return House(database, WatchJournal(database, lambda _table, _row: None), room.id, camera.id)


@pytest.fixture
def house(database: Database) -> House:
    return furnish(database)


def blind(coverage: Coverage) -> list[tuple[datetime, datetime, str]]:
    return [(span.from_at, span.until_at, span.cause) for span in coverage.spans if span.seen is Seen.BLIND]


def test_a_night_that_was_seen_is_clear_from_noon_to_opening(house: House) -> None:
    house.film(-60, 25 * 60)
    assert house.coverage().spans == (CoveredSpan(at(0), at(ARMED_MIN), Seen.CLEAR, "", (), ARMED_MIN),)
    assert house.night().totals == Totals(clear=ARMED_MIN)
    assert (house.night().from_at, house.night().until_at) == (at(0), at(24 * 60))


def test_without_anything_at_all_the_night_is_unexplained(house: House) -> None:
    house.film(-600, -590)
    assert house.night().totals == Totals(blind=(("unexplained", ARMED_MIN),))
    assert house.night().totals.unexplained == ARMED_MIN


def test_a_camera_that_no_recorder_has_begun_with_is_starting(house: House) -> None:
    assert house.night().totals.blind == (("starting", ARMED_MIN),)


def test_an_event_over_midnight_is_in_both_its_minutes(house: House) -> None:
    house.film(0, 24 * 60)
    event = house.event(719.5, 720.5)
    assert house.coverage().spans[1] == CoveredSpan(at(719), at(721), Seen.EVENT, "", (event,), 2)
    assert house.night().totals == Totals(clear=ARMED_MIN - 2, event=2)


def test_a_blind_minute_says_why_and_which_events_it_had(house: House) -> None:
    house.film(0, 100.25)
    house.gap(100.25, 102.5, Cause.CAMERA_LOST)
    house.film(102.5, 24 * 60)
    event = house.event(102.6, 103.5)
    before, gap, seen, _after = house.coverage().spans
    assert (before.until_at, gap) == (at(100), CoveredSpan(at(100), at(103), Seen.BLIND, "camera_lost", (event,), 3))
    assert (seen.seen, seen.event_ids) == (Seen.EVENT, (event,))


def test_a_gap_row_makes_its_minutes_blind_however_short_it_is(house: House) -> None:
    house.film(0, 24 * 60)
    house.gap(50.5, 50.5, Cause.WORKER_LOST)
    house.gap(60 - 1 / 120, 60 + 1 / 120, Cause.STARTING)
    assert blind(house.coverage()) == [(at(50), at(51), "worker_lost"), (at(59), at(61), "starting")]


def test_what_no_picture_could_be_made_of_was_not_seen(house: House) -> None:
    house.film(0, 24 * 60)
    event = house.event(100.5, 101.5, Kind.SIGNAL_LOST)
    (span,) = [span for span in house.coverage().spans if span.seen is Seen.BLIND]
    assert span == CoveredSpan(at(100), at(102), Seen.BLIND, "signal_lost", (event,), 2)


def test_restarts_are_blind_with_the_recorders_own_cause(house: House) -> None:
    house.journal.recorder_started("tcp://127.0.0.1:1", "p", "s", beat(0))
    house.film(0, 100)
    state = CameraReport(house.camera_id, State.LIVE, at(0), at(100), None, 10.0, "", "", None)
    house.journal.recorder_beat([state], beat(100))
    killed = house.coverage(now=at(110))
    assert (blind(killed), killed.totals.armed) == ([(at(100), at(110), "recorder_lost")], 110)
    house.journal.recorder_started("tcp://127.0.0.1:2", "p", "s", beat(120))
    house.journal.camera_taken(house.camera_id, at=at(120))
    house.gap(120, 120.1, Cause.STARTING)
    house.film(120.1, 200)
    house.gap(200, None, Cause.RECORDER_STOPPED)
    house.journal.recorder_stopped("Agus", beat(200))
    assert blind(house.coverage(now=at(210))) == [(at(100), at(121), "recorder_lost"), (at(200), at(210), "recorder_stopped")]


def test_a_night_that_goes_on_counts_up_to_now_with_the_file_that_grows(house: House) -> None:
    house.film(0, 120)
    part = f"s/camera-{house.camera_id}/x.mp4.part"
    report = CameraReport(house.camera_id, State.LIVE, at(0), at(121.4), None, 10.0, "", part, at(120))
    house.journal.camera_reported(report)
    assert house.coverage(now=at(121.5)).totals == Totals(clear=122)
    stale = house.coverage(now=at(123))
    assert (stale.totals.clear, blind(stale)) == (121, [(at(121), at(123), "unexplained")])
    assert house.coverage(now=at(-30)).spans == ()


def test_a_night_that_goes_on_under_a_clock_that_was_set_goes_by_the_recordings_clock(house: House) -> None:
    house.journal.recorder_started("tcp://127.0.0.1:1", "p", "s", beat(0))
    house.film(0, 120)
    report = CameraReport(house.camera_id, State.LIVE, at(0), at(120), None, 10.0, "", "", None)
    house.journal.recorder_beat([report], beat(120, computer_ahead_min=180))
    assert house.coverage(now=at(300.05)).totals == Totals(clear=121)
    assert house.coverage(now=at(310)).totals.armed == 310, "a recorder that is dead says nothing of clocks"


def test_a_clock_that_is_set_ahead_and_confirmed_leaves_a_gap_that_says_so(house: House) -> None:
    house.film(0, 100)
    house.journal.clock_leapt([house.camera_id], at(100), at(220))
    house.film(220, 24 * 60)
    assert blind(house.coverage()) == [(at(100), at(220), "clock_set")]


def test_a_clock_that_was_set_back_films_a_time_twice_and_counts_it_once(house: House) -> None:
    house.film(0, 300)
    house.film(240, 24 * 60, piece_min=20)
    camera = house.night().cameras[0]
    assert (camera.coverage.totals, camera.missing_numbers) == (Totals(clear=ARMED_MIN), ())


def test_hours_that_are_changed_in_the_night_hold_from_then_on(house: House) -> None:
    house.film(0, 24 * 60)
    before = house.coverage(now=at(480))
    set_hours(house.database, house.room_id, WeekHours((Opening(6, 18 * 60, 21 * 60),)), now=at(480.5))  # 20:00:30, for Sunday evenings
    assert house.coverage(now=at(480)) == before
    set_hours(house.database, house.room_id, WORKDAYS, now=at(510.5))
    spans = house.coverage().spans
    assert [(span.from_at, span.until_at, span.minutes) for span in spans] == [
        (at(0), at(480.5), 481),
        (at(510.5), at(ARMED_MIN), ARMED_MIN - 510),
    ]


def test_a_night_in_jayapura_begins_two_hours_earlier(database: Database) -> None:
    house = furnish(database, zone="Asia/Jayapura")
    house.film(-120, 24 * 60)
    night = house.night()
    assert (night.from_at, night.until_at) == (at(-120), at(22 * 60))
    assert [(span.from_at, span.until_at) for span in night.cameras[0].coverage.spans] == [(at(-120), at(ARMED_MIN - 120))]


def test_a_camera_counts_from_when_it_was_entered(database: Database) -> None:
    house = furnish(database, entered=at(600.5))
    house.gap(600.55, 600.7, Cause.STARTING)
    house.film(600.7, 24 * 60)
    first, second = house.coverage().spans
    assert first == CoveredSpan(at(600.5), at(601), Seen.BLIND, "starting", (), 1)
    assert second.minutes == ARMED_MIN - 601
    assert house.night(night=date(2026, 11, 21)).totals == Totals()


def test_what_retention_removed_was_seen_and_is_said_to_be_gone(house: House) -> None:
    house.film(0, 24 * 60)
    with house.database.write() as connection:
        connection.execute(footage_removal.insert().values(segment_id=2, at=at(2000), reason="days"))
        keep_gap(connection, house.camera_id, at(30), at(60), cause="retention")
    assert house.night().totals == Totals(clear=ARMED_MIN, not_kept=30)


def test_a_file_that_is_missing_was_seen_and_is_said_to_be_gone(house: House) -> None:
    house.film(0, 24 * 60)
    event = house.event(70, 70.2)
    with house.database.write() as connection:
        connection.execute(footage_finding.insert().values(segment_id=3, found_at=at(2000), kind="missing"))
        connection.execute(footage_finding.insert().values(segment_id=4, found_at=at(2000), kind="hash"))
        keep_gap(connection, house.camera_id, at(60), at(90), cause="missing")
    assert house.night().totals == Totals(clear=ARMED_MIN - 1, event=1, not_kept=30)
    assert [span.event_ids for span in house.coverage().spans if span.seen is Seen.EVENT] == [(event,)]


def test_a_segment_taken_out_of_the_table_is_unexplained_and_its_number_is_named(house: House) -> None:
    house.film(-30, 24 * 60)
    with house.database.write() as connection:
        connection.execute(segment.delete().where(segment.c.number == 4))
    camera = house.night().cameras[0]
    assert (camera.missing_numbers, blind(camera.coverage)) == ((4,), [(at(60), at(90), "unexplained")])
    with house.database.write() as connection:
        connection.execute(segment.delete().where(segment.c.number == 1))
    assert house.night().cameras[0].missing_numbers == (1, 4)


def test_a_camera_that_is_switched_off_is_blind_for_that(house: House) -> None:
    agus = add_person(house.database, "Agus", Role.SUPERVISOR, now=BEGUN)
    house.film(0, 100)
    switch_off(house.database, house.camera_id, "Lensa dibersihkan", by=agus, now=at(100))
    house.gap(100, None, Cause.UNREADABLE)
    assert blind(house.coverage()) == [(at(100), at(ARMED_MIN), "disabled")]


def test_a_room_adds_its_cameras_up_and_others_stay_out(house: House) -> None:
    second = add_camera(house.database, house.room_id, "Kamera 2", "rtsp://127.0.0.1/2", "", now=at(0))
    other = furnish(house.database, code="31.74")
    house.film(0, 24 * 60)
    House(house.database, house.journal, house.room_id, second.id).film(0, 600)
    House(house.database, house.journal, house.room_id, second.id).gap(600, None, Cause.CAMERA_LOST)
    night = house.night()
    assert [camera.camera for camera in night.cameras] == ["Kamera 1", "Kamera 2"]
    assert night.totals == Totals(clear=ARMED_MIN + 600, blind=(("camera_lost", ARMED_MIN - 600),))
    assert other.night().totals == Totals(blind=(("starting", ARMED_MIN),))


pieces = st.tuples(st.integers(-60, 25 * 3600), st.integers(0, 5 * 3600))
openings = st.builds(Opening, st.integers(0, 6), st.integers(0, 1439), st.integers(0, 1440))
weeks = st.lists(openings, max_size=4).map(lambda drawn: WeekHours(tuple(drawn)))
numbers = iter(range(1_000_000))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for all the nights that are made up."""
    opened = open_database(tmp_path_factory.mktemp("many"))
    yield opened
    opened.close()


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    zone=st.sampled_from(("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")),
    changes=st.lists(st.tuples(st.integers(0, 25 * 3600), weeks), max_size=4),
    films=st.lists(pieces, max_size=6),
    gaps=st.lists(st.tuples(pieces, st.sampled_from(list(Cause))), max_size=4),
    events=st.lists(pieces, max_size=3),
    now_s=st.integers(-3600, 30 * 3600),
    looks=st.lists(st.integers(0, 24 * 3600 - 1), min_size=20, max_size=20),
)
def test_whatever_happens_the_three_add_up_to_the_armed_minutes(
    many: Database,
    *,
    zone: str,
    changes: list[tuple[int, WeekHours]],
    films: list[tuple[int, int]],
    gaps: list[tuple[tuple[int, int], Cause]],
    events: list[tuple[int, int]],
    now_s: int,
    looks: list[int],
) -> None:
    house = furnish(many, zone=zone, code=f"site-{next(numbers)}")
    for second, hours in sorted(changes, key=lambda one: one[0]):
        set_hours(many, house.room_id, hours, now=at(second / 60))
    for number, (begin_s, length_s) in enumerate(films):
        written = WrittenSegment(
            *(f"s/{house.camera_id}/{number}", at(begin_s / 60), at((begin_s + length_s) / 60), 9, 9, "0" * 64), EndReason.FULL
        )
        house.journal.segment_written(house.camera_id, written)
    for (begin_s, length_s), cause in gaps:
        house.gap(begin_s / 60, (begin_s + length_s) / 60, cause)
    for begin_s, length_s in events:
        house.event(begin_s / 60, (begin_s + length_s) / 60)
    night = house.night(now=at(now_s / 60))
    spans, totals = night.cameras[0].coverage.spans, night.totals
    assert totals.armed == totals.clear + totals.event + totals.blind_minutes == sum(span.minutes for span in spans)
    assert all(one.until_at <= other.from_at for one, other in pairwise(spans))
    changed = {at(second / 60).replace(second=0) for second, _hours in changes}
    for look in looks:
        instant = night.from_at + timedelta(seconds=look)
        armed = instant < night.until_at and not hours_of(many, house.room_id, instant).is_open(instant, ZoneInfo(zone))
        covered = [span for span in spans if span.from_at <= instant < span.until_at]
        # A minute in which the schedule was changed may have two armed parts and something between them.
        assert len(covered) == armed or instant.replace(second=0) in changed
