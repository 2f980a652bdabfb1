"""What the recorder reports is kept as told: events with verdicts, alarms, segments, gaps, and the end of a recorder that was killed."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from camera.events import Box, Kind
from camera.journal import Beat, CameraReport, Cause, EndReason, Journal, SetAside, State, WatchedHow, WrittenSegment
from storage.database import Database
from storage.people.person import Role, add_person
from storage.places import add_camera, add_room, add_site
from storage.rules.hours import Opening, WeekHours
from storage.rules.refusal import Refusal
from storage.schema.guards import SQLITE
from storage.watch.alarms import Verdict, acknowledge, alarm_log, get_alarm, give_verdict, list_alarms
from storage.watch.events import alarm_boxes, event_boxes, events_between, newest_events
from storage.watch.gaps import Gap, gaps_between
from storage.watch.hours import set_hours
from storage.watch.journal import WatchJournal
from storage.watch.recorders import settle_clock
from storage.watch.segments import footage_between, recorded_until
from storage.watch.states import camera_states, recorder_states

MONDAY_NINE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 09:00 in Jakarta
OPEN = WeekHours(tuple(Opening(day, 8 * 60, 16 * 60) for day in range(5)))
EVENING_S = 8 * 3600.0  # later it is 17:00
BOX = Box(0.1, 0.2, 0.3, 0.4)


@dataclass
class Notes:
    """What a window would have been told, in order."""

    rows: list[tuple[str, int]]

    def __call__(self, table: str, row_id: int) -> None:
        self.rows.append((table, row_id))


@pytest.fixture
def notes() -> Notes:
    return Notes([])


@pytest.fixture
def journal(database: Database, notes: Notes) -> Journal:
    site = add_site(database, "31.75", "Gudang", "Asia/Jakarta", now=MONDAY_NINE - timedelta(days=9))
    room = add_room(database, site.id, "B", now=MONDAY_NINE)
    add_camera(database, room.id, "Kamera 1", "rtsp://127.0.0.1/1", "", now=MONDAY_NINE)
    set_hours(database, room.id, OPEN, now=MONDAY_NINE - timedelta(days=9))
    return WatchJournal(database, notes, computer=lambda: MONDAY_NINE)


def after(seconds: float) -> datetime:
    return MONDAY_NINE + timedelta(seconds=seconds)


def open_event(journal: Journal, at: datetime, boxes: Sequence[Box] = (BOX,)) -> int:
    return journal.event_opened(1, Kind.MOTION, at, 3.5, boxes, at=at + timedelta(milliseconds=400))


def test_motion_in_hours_is_kept_and_not_flagged(database: Database, journal: Journal, notes: Notes) -> None:
    event_id = open_event(journal, MONDAY_NINE)
    journal.event_extended(event_id, after(1), 7.0, [BOX])
    journal.event_closed(event_id, after(2), 7.0)
    (event,) = events_between(database, MONDAY_NINE, after(60))
    assert (event.kind, event.verdict, event.started_at, event.ended_at, event.peak_pct) == (
        "motion",
        "in_hours",
        MONDAY_NINE,
        after(2),
        7.0,
    )
    assert [(box.at, box.x, box.height) for box in event_boxes(database, event_id)] == [(after(0.4), 0.1, 0.4), (after(1), 0.1, 0.4)]
    assert list_alarms(database) == []
    assert notes.rows == [("watch_event", event_id)] * 3


def test_motion_after_hours_is_an_alarm_whose_row_comes_before_its_notice(database: Database, journal: Journal, notes: Notes) -> None:
    event_id = open_event(journal, after(8 * 3600))
    (alarm,) = list_alarms(database)
    assert (alarm.event_id, alarm.room, alarm.camera, alarm.kind, alarm.acknowledged_at) == (event_id, "B", "Kamera 1", "motion", None)
    assert notes.rows == [("watch_event", event_id), ("alarm", alarm.id)]


def test_somebody_lost_from_sight_for_a_moment_is_one_alarm(database: Database, journal: Journal) -> None:
    night = 8 * 3600
    first = open_event(journal, after(night))
    journal.event_closed(first, after(night + 4), 3.5)
    second = journal.event_opened(1, Kind.MOTION, after(night + 12), 9.0, [BOX], at=after(night + 12.4))
    (alarm,) = list_alarms(database)
    assert (alarm.event_id, alarm.started_at, alarm.ended_at, alarm.peak_pct) == (first, after(night), None, 9.0)
    assert [box.at for box in alarm_boxes(database, alarm.id)] == [after(night + 0.4), after(night + 12.4)]
    journal.event_closed(second, after(night + 14), 9.0)
    assert list_alarms(database)[0].ended_at == after(night + 14)
    journal.event_opened(1, Kind.LIGHTS_CHANGED, after(night + 15), 99.0, [], at=after(night + 15))
    open_event(journal, after(night + 30))
    assert [alarm.kind for alarm in list_alarms(database)] == ["motion", "lights_changed", "motion"]


@pytest.mark.parametrize("kind", [Kind.MOTION, Kind.SIGNAL_LOST])
def test_what_begins_in_hours_and_outlasts_them_becomes_an_alarm(database: Database, journal: Journal, notes: Notes, kind: Kind) -> None:
    closing = 7 * 3600  # 16:00 in Jakarta
    event_id = journal.event_opened(1, kind, after(closing - 60), 3.5, [], at=after(closing - 60))
    journal.event_extended(event_id, after(closing - 1), 3.5, [])
    assert list_alarms(database) == []
    journal.event_extended(event_id, after(closing + 1), 3.5, [])
    journal.event_extended(event_id, after(closing + 2), 3.5, [])
    (alarm,) = list_alarms(database)
    assert (alarm.event_id, alarm.kind, alarm.raised_at) == (event_id, kind, after(closing + 1))
    assert notes.rows.count(("alarm", alarm.id)) == 1


def test_an_alarm_kept_under_a_clock_that_was_ahead_swallows_none_of_now(database: Database, journal: Journal) -> None:
    night = 10 * 3600
    journal.event_closed(open_event(journal, after(night + 7200)), after(night + 7205), 3.5)
    open_event(journal, after(night + 3600))
    journal.event_closed(open_event(journal, after(night)), after(night + 5), 3.5)
    assert [alarm.started_at for alarm in list_alarms(database)] == [after(night), after(night + 3600), after(night + 7200)]


def test_an_alarm_that_has_its_verdict_takes_up_nothing_more(database: Database, journal: Journal) -> None:
    night = 8 * 3600
    journal.event_closed(open_event(journal, after(night)), after(night + 4), 3.5)
    sari = add_person(database, "Sari", Role.GUARD, now=MONDAY_NINE)
    acknowledge(database, 1, by=sari, now=after(night + 5))
    journal.event_closed(open_event(journal, after(night + 6)), after(night + 8), 3.5)
    assert [alarm.id for alarm in list_alarms(database)] == [1], "acknowledged, not judged: the same visit"
    give_verdict(database, 1, Verdict.FALSE_ALARM, "", by=sari, now=after(night + 9))
    open_event(journal, after(night + 12))
    assert [alarm.id for alarm in list_alarms(database)] == [2, 1]


def test_the_best_score_of_a_person_detector_stays_with_event_and_alarm(database: Database, journal: WatchJournal, notes: Notes) -> None:
    first = open_event(journal, after(8 * 3600))
    journal.event_closed(first, after(8 * 3600 + 4), 3.5)
    second = open_event(journal, after(8 * 3600 + 6))
    assert list_alarms(database)[0].person_pct is None
    for event_id, score in ((first, 40.0), (first, 71.5), (first, 12.0), (second, 55.0)):
        journal.event_verified(event_id, score)
    assert [event.person_pct for event in events_between(database, MONDAY_NINE, after(90_000))] == [71.5, 55.0]
    assert [alarm.person_pct for alarm in list_alarms(database)] == [71.5]
    assert notes.rows[-1] == ("watch_event", second)


def test_an_event_ends_never_before_it_begins(database: Database, journal: Journal) -> None:
    journal.event_closed(open_event(journal, MONDAY_NINE), after(-5), 3.5)
    assert events_between(database, MONDAY_NINE, after(1))[0].ended_at == MONDAY_NINE


def test_an_alarm_goes_from_new_to_judged_and_each_step_stays(database: Database, journal: Journal) -> None:
    open_event(journal, after(8 * 3600))
    sari, budi = (add_person(database, name, Role.GUARD, now=MONDAY_NINE) for name in ("Sari", "Budi"))
    alarm_id = list_alarms(database)[0].id
    acknowledge(database, alarm_id, by=sari, now=after(30_000))
    acknowledge(database, alarm_id, by=budi, now=after(30_001))
    with pytest.raises(Refusal, match="note"):
        give_verdict(database, alarm_id, Verdict.REAL_INCIDENT, "  ", by=sari, now=after(30_002))
    give_verdict(database, alarm_id, Verdict.FALSE_ALARM, "", by=sari, now=after(30_003))
    give_verdict(database, alarm_id, Verdict.REAL_INCIDENT, "Orang tak dikenal di rak 3", by=budi, now=after(30_004))
    alarm = get_alarm(database, alarm_id)
    assert (alarm.acknowledged_by, alarm.verdict, alarm.verdict_by) == ("Sari", Verdict.REAL_INCIDENT, "Budi")
    assert [(step.person, step.step, step.verdict) for step in alarm_log(database, alarm_id)] == [
        ("Sari", "acknowledged", None),
        ("Sari", "verdict", Verdict.FALSE_ALARM),
        ("Budi", "verdict", Verdict.REAL_INCIDENT),
    ]


@pytest.mark.parametrize(
    "statement", ["DELETE FROM alarm_step", "UPDATE alarm_step SET note = 'x'", "REPLACE INTO alarm SELECT * FROM alarm"]
)
@pytest.mark.parametrize("product", [SQLITE])
def test_nobody_edits_alarms_by_sql(database: Database, journal: Journal, statement: str) -> None:
    open_event(journal, after(8 * 3600))
    acknowledge(database, 1, by=add_person(database, "Sari", Role.GUARD, now=MONDAY_NINE), now=after(30_000))
    with sqlite3.connect(database.path) as raw, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute(statement)
    raw.close()


def test_unacknowledged_alarms_stand_first_newest_on_top(database: Database, journal: Journal) -> None:
    for hours in (8, 9, 10):
        journal.event_closed(open_event(journal, after(hours * 3600)), after(hours * 3600 + 5), 3.5)
    acknowledge(database, 3, by=add_person(database, "Sari", Role.GUARD, now=MONDAY_NINE), now=after(40_000))
    assert [alarm.id for alarm in list_alarms(database)] == [2, 1, 3]


def test_a_gap_says_the_first_real_cause_and_closes_once(database: Database, journal: Journal) -> None:
    journal.gap_opened(1, MONDAY_NINE, Cause.STARTING)
    journal.gap_opened(1, after(2), Cause.CAMERA_LOST)
    journal.gap_opened(1, after(3), Cause.NOT_ANSWERING)
    journal.gap_closed(1, after(9))
    journal.gap_closed(1, after(10))
    assert gaps_between(database, MONDAY_NINE, after(60)) == [
        Gap(1, 1, MONDAY_NINE, after(2), "starting"),
        Gap(2, 1, after(2), after(9), "camera_lost"),
    ]


def test_footage_is_found_by_time_the_growing_file_last(database: Database, journal: Journal) -> None:
    for number in range(3):
        begins, ends = after(60 * number), after(60 * number + 59)
        segment = WrittenSegment(f"s/camera-1/{number}.mp4", begins, ends, 600, 1000, "0" * 64, EndReason.FULL)
        journal.segment_written(1, segment)
        journal.segment_written(1, segment)
    report = CameraReport(1, State.LIVE, MONDAY_NINE, after(200), None, 10.0, "", "s/camera-1/3.mp4.part", after(180))
    journal.camera_reported(report)
    assert camera_states(database)[0].watched_how == ""
    journal.camera_reported(replace(report, watched_how=WatchedHow.PACKETS))
    assert camera_states(database)[0].watched_how == "packets"
    assert [file.path for file in footage_between(database, 1, after(70), after(125))] == ["s/camera-1/1.mp4", "s/camera-1/2.mp4"]
    assert [file.path for file in footage_between(database, 1, after(150), after(190))] == ["s/camera-1/2.mp4", "s/camera-1/3.mp4.part"]


def test_a_camera_is_recorded_until_its_newest_packet(database: Database, journal: Journal) -> None:
    assert recorded_until(database, 1) is None
    journal.segment_written(1, WrittenSegment("s/camera-1/0.mp4", MONDAY_NINE, after(59), 600, 1000, "0" * 64, EndReason.FULL))
    assert recorded_until(database, 1) == after(59)
    report = CameraReport(1, State.LIVE, MONDAY_NINE, after(70), None, 10.0, "", "s/camera-1/1.mp4.part", after(60))
    journal.camera_reported(report)
    assert recorded_until(database, 1) == after(70)
    journal.camera_reported(replace(report, writing_path="", writing_since_at=None))
    assert recorded_until(database, 1) == after(59)
    assert recorded_until(database, 2) is None


def test_the_last_events_of_a_camera_come_newest_first(database: Database, journal: Journal) -> None:
    for seconds in (0, 20, 10):
        open_event(journal, after(seconds))
    assert [event.started_at for event in newest_events(database, 1, 2)] == [after(20), after(10)]
    assert newest_events(database, 2, 2) == []


def beat(seconds: float, boot_id: str = "boot", uptime_s: float = 1000.0) -> Beat:
    """The computer had been on for uptime_s on Monday at nine."""
    return Beat(after(seconds), after(seconds), boot_id, uptime_s + seconds)


def start(journal: Journal, at_beat: Beat) -> None:
    journal.recorder_started("tcp://127.0.0.1:1", "p", "s", at_beat)


def test_a_killed_recorder_leaves_closed_events_and_a_gap(database: Database, journal: Journal) -> None:
    start(journal, beat(0))
    journal.camera_taken(1, at=after(0))
    event_id = open_event(journal, after(5))
    journal.event_extended(event_id, after(7), 9.0, [BOX])
    report = CameraReport(1, State.LIVE, MONDAY_NINE, after(7.9), None, 10.0, "", "s/camera-1/1.mp4.part", MONDAY_NINE, WatchedHow.PACKETS)
    journal.gap_closed(1, after(1))
    journal.recorder_beat([report], beat(8))
    start(journal, beat(100))
    assert journal.camera_taken(1, at=after(101)) == ("s/camera-1/1.mp4.part", MONDAY_NINE)
    assert events_between(database, MONDAY_NINE, after(200))[0].ended_at == after(7)
    assert gaps_between(database, after(2), after(200)) == [Gap(2, 1, after(7.9), None, "recorder_lost")]
    assert journal.camera_taken(1, at=after(101)) is None
    assert (camera_states(database)[0].state, camera_states(database)[0].watched_how) == ("connecting", "")
    [state] = recorder_states(database)
    assert (state.beat_at, state.stopped_at) == (after(100), None)


def test_a_computer_that_was_off_is_told_apart_from_a_lost_recorder(database: Database, journal: Journal) -> None:
    start(journal, beat(0))
    journal.camera_taken(1, at=after(0))
    journal.gap_closed(1, after(1))
    journal.recorder_beat([CameraReport(1, State.LIVE, MONDAY_NINE, after(8), None, 10.0, "", "", None)], beat(8))
    start(journal, Beat(after(300), after(300), "another boot", 40.0))
    journal.camera_taken(1, at=after(301))
    assert gaps_between(database, after(2), after(400)) == [
        Gap(2, 1, after(8), after(261), "machine_off"),
        Gap(3, 1, after(261), None, "starting"),
    ]


def test_who_ended_the_recorder_stands_in_the_gap(database: Database, journal: Journal) -> None:
    start(journal, beat(0))
    journal.camera_taken(1, at=after(0))
    journal.gap_closed(1, after(1))
    journal.recorder_beat([CameraReport(1, State.LIVE, MONDAY_NINE, after(8), None, 10.0, "", "", None)], beat(8))
    journal.gap_opened(1, after(9), Cause.RECORDER_STOPPED, "SIGTERM, sari")
    journal.recorder_stopped("SIGTERM, sari", beat(10))
    start(journal, beat(100))
    journal.camera_taken(1, at=after(100))
    assert gaps_between(database, after(2), after(200)) == [Gap(2, 1, after(9), None, "recorder_stopped", "SIGTERM, sari")]


@pytest.mark.parametrize(("stopped", "length_s", "alarms"), [(True, 100, 1), (False, 100, 1), (True, 9, 0)])
def test_a_time_without_a_recorder_is_an_alarm_where_a_room_was_armed(
    database: Database, journal: Journal, stopped: bool, length_s: float, alarms: int
) -> None:
    start(journal, beat(EVENING_S))
    journal.recorder_beat([], beat(EVENING_S + 8))
    if stopped:
        journal.recorder_stopped("SIGTERM, sari", beat(EVENING_S + 8))
    start(journal, beat(EVENING_S + 8 + length_s))
    raised = [alarm for alarm in list_alarms(database) if alarm.kind == "recorder_stopped"]
    assert len(raised) == alarms
    assert [(alarm.camera_id, alarm.started_at, alarm.ended_at) for alarm in raised] == [
        (None, after(EVENING_S + 8), after(EVENING_S + 8 + length_s))
    ] * alarms


def test_a_clock_that_was_set_is_an_alarm_until_somebody_settles_it(database: Database, journal: Journal) -> None:
    start(journal, beat(0))
    assert not journal.clock_settled()
    journal.clock_stepped(after(20), after(-3600))
    assert [(alarm.kind, alarm.camera_id, alarm.started_at) for alarm in list_alarms(database)] == [("clock_jump", None, after(20))]
    assert not journal.clock_settled()
    by = add_person(database, "Agus", Role.SUPERVISOR, now=MONDAY_NINE)
    guard = add_person(database, "Sari", Role.GUARD, now=MONDAY_NINE)
    with pytest.raises(Refusal, match="Sari may not do this: confirm_clock"):
        settle_clock(database, by=guard, now=after(25))
    assert not journal.clock_settled()
    settle_clock(database, by=by, now=after(30))
    assert journal.clock_settled()
    assert not journal.clock_settled(), "said once"
    with pytest.raises(Refusal, match="has not been set"):
        settle_clock(database, by=by, now=after(40))


def test_a_file_is_a_stranger_until_a_row_tells_of_it(database: Database, journal: Journal) -> None:
    assert journal.strangers(1, ["a.mp4", "b.mp4", "c.mp4"]) == ["a.mp4", "b.mp4", "c.mp4"]
    journal.segment_written(1, WrittenSegment("a.mp4", after(0), after(1), 1, 1, "", EndReason.FULL))
    for _ in range(2):
        journal.file_set_aside(1, SetAside("b.mp4", 7, "cannot be read"), at=after(3))
    assert journal.strangers(1, ["a.mp4", "b.mp4", "c.mp4"]) == ["c.mp4"]


def test_a_clock_that_goes_ahead_leaves_a_gap_and_one_that_goes_back_splits_an_open_one(database: Database, journal: Journal) -> None:
    journal.clock_leapt([1], after(0), after(3600))
    journal.gap_opened(1, after(3700), Cause.CAMERA_LOST)
    journal.clock_leapt([1], after(3800), after(200))
    journal.gap_closed(1, after(300))
    assert sorted((gap.started_at, gap.ended_at, gap.cause) for gap in gaps_between(database, after(-1), after(9000))) == [
        (after(0), after(3600), "clock_set"),
        (after(200), after(300), "camera_lost"),
        (after(3700), after(3800), "camera_lost"),
    ]


def test_a_recorder_that_lost_a_camera_to_another_says_nothing_more_of_it(database: Database, journal: Journal) -> None:
    start(journal, beat(0))
    journal.camera_taken(1, at=after(0))
    report = CameraReport(1, State.LIVE, MONDAY_NINE, after(7), None, 10.0, "", "", None)
    journal.recorder_beat([report], beat(8))
    other: Journal = WatchJournal(database, lambda _table, _row: None, computer=lambda: MONDAY_NINE)
    start(other, beat(9))
    other.camera_taken(1, at=after(10))
    other.gap_closed(1, after(12))
    other.recorder_beat([replace(report, last_packet_at=after(13))], beat(14))
    journal.gap_opened(1, after(7), Cause.STARTING)
    journal.recorder_beat([replace(report, state=State.LOST, last_packet_at=after(7))], beat(15))
    journal.camera_left(1, at=after(16))
    assert [gap for gap in gaps_between(database, after(11), after(99)) if gap.ended_at is None] == []
    [state] = camera_states(database)
    assert (state.state, state.last_packet_at) == ("live", after(13))
