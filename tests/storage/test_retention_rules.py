"""What may go and in which order, for any footage and anything that is known of it; and when a disk warns, frees and stops."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from storage.rules.disk_space import LOW_PCT, WARN_PCT, Space, may_record, warning
from storage.rules.retention import AROUND, AlarmTime, KeptSegment, Mark, Marks, Standing, enough, in_order

BEGIN = datetime(2026, 11, 22, tzinfo=UTC)
VERDICTS = (None, "false_alarm", "authorised", "test", "real_incident")


def after(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


def segment(number: int, camera_id: int, start_s: int, length_s: int = 60, bytes_: int = 100) -> KeptSegment:
    return KeptSegment(number, camera_id, f"{number}.mp4", after(start_s), after(start_s + length_s), bytes_)


def alarm(start_s: int, length_s: int | None, verdict: str | None = None, *, flagged: bool = True, incident: bool = False) -> AlarmTime:
    end = None if length_s is None else after(start_s + length_s)
    return AlarmTime(1, after(start_s), end, flagged, verdict, incident or verdict == "real_incident")


segments = st.lists(
    st.tuples(st.integers(1, 3), st.integers(0, 3000), st.integers(1, 120), st.integers(0, 500)), max_size=40
).map(lambda rows: sorted((segment(n, *row) for n, row in enumerate(rows, 1)), key=lambda one: (one.started_at, one.id)))  # fmt: skip
marks_of = st.lists(
    st.tuples(st.integers(1, 3), st.integers(-100, 3000), st.none() | st.integers(0, 600), st.sampled_from(Standing)).map(
        lambda row: Mark(row[0], after(row[1]), None if row[2] is None else after(row[1] + row[2]), row[3])
    ),
    max_size=12,
)


def standing_of(one: KeptSegment, marks: list[Mark]) -> Standing:
    """The plain meaning: the dearest of all marks that have an instant in common with it."""
    touching = (mark for mark in marks if mark.camera_id == one.camera_id and mark.from_at <= one.ended_at)
    return max((mark.standing for mark in touching if mark.until_at is None or mark.until_at >= one.started_at), default=Standing.UNFLAGGED)


@given(segments, marks_of)
def test_the_dearest_mark_that_touches_a_segment_counts(found: list[KeptSegment], marks: list[Mark]) -> None:
    known = Marks(marks)
    assert [known.standing(one) for one in found] == [standing_of(one, marks) for one in found]


@given(segments, marks_of, st.integers(-10, 6000))
def test_never_what_is_kept_always_in_order_and_no_more_than_needed(found: list[KeptSegment], marks: list[Mark], wanted: int) -> None:
    gone = list(enough(in_order(found, Marks(marks)), wanted))
    keys = [(standing_of(one, marks), one.started_at, one.id) for one in gone]
    assert all(key[0] is not Standing.KEPT for key in keys)
    assert keys == sorted(keys)
    freed = sum(one.bytes for one in gone)
    may_go = [one for one in found if standing_of(one, marks) is not Standing.KEPT]
    # Nothing dearer or newer went while something before it stayed.
    assert keys == sorted((standing_of(one, marks), one.started_at, one.id) for one in may_go)[: len(keys)]
    assert freed >= wanted or len(gone) == len(may_go)
    assert not gone or freed - gone[-1].bytes < wanted


def test_an_event_is_flagged_with_ten_seconds_around_it() -> None:
    marks = Marks([alarm(100, 20).mark])
    touched = [number for number in range(200) if marks.standing(segment(1, 1, number, 0)) is Standing.OTHER]
    assert (touched[0], touched[-1]) == (100 - AROUND.seconds, 120 + AROUND.seconds)


def test_what_was_said_of_an_alarm_says_how_dear_its_footage_is() -> None:
    said = {verdict: alarm(0, 5, verdict).mark.standing for verdict in VERDICTS}
    assert said == {
        None: Standing.OTHER,
        "false_alarm": Standing.FALSE_ALARM,
        "authorised": Standing.OTHER,
        "test": Standing.OTHER,
        "real_incident": Standing.KEPT,
    }


def test_an_incident_stays_one_whatever_is_said_later() -> None:
    assert alarm(0, 5, "false_alarm", incident=True).mark.standing is Standing.KEPT


def test_an_open_event_is_kept_flagged_or_not_and_one_that_is_over_without_a_flag_is_nothing() -> None:
    assert alarm(0, None, flagged=False).mark == Mark(1, after(-10), None, Standing.KEPT)
    assert alarm(0, 5, flagged=False).mark.standing is Standing.UNFLAGGED


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=60))
def test_a_warning_holds_until_there_is_clearly_more_space(frees: list[int]) -> None:
    level: float | None = None
    for free in frees:
        space, before = Space(free, 1000), level
        level = warning(space, before)
        reached = [one for one in WARN_PCT if space.free_pct <= one]
        assert level is None or level in WARN_PCT
        # Never less grave than what is measured; graver only by what was measured just before.
        assert not reached or (level is not None and level <= min(reached))
        assert level is None or level in reached or (level == before and space.free_pct < level + 3)


def test_a_disk_that_is_kept_full_warns_once() -> None:
    level: float | None = None
    told = []
    for free_pct in (20, 14, 12, 9.5, 4.9, 7, 6, 4.8, 7, 4.9, 7, 9, 19):
        before, level = level, warning(Space(round(free_pct * 10), 1000), level)
        if level is not None and (before is None or level < before):
            told.append(level)
    assert told == [15.0, 10.0, 5.0]
    assert level is None


@given(st.integers(1, 1 << 43), st.lists(st.floats(0, 1), max_size=30))
def test_recording_stops_for_the_books_and_begins_only_with_more_space(total: int, shares: list[float]) -> None:
    records = True
    stopped_free = None
    for share in shares:
        space, before = Space(int(total * share), total), records
        records = may_record(space, before=before)
        if before and not records:
            stopped_free = space.free
            assert space.free <= min(total * LOW_PCT / 100, 1 << 30)
        if records and not before:
            assert stopped_free is not None
            assert space.free > stopped_free


def test_what_is_wanted_of_a_full_disk_is_what_brings_it_to_enough() -> None:
    assert Space(49, 1000).wanted == 21
    assert Space(50, 1000).wanted == 0
    assert may_record(Space(8 << 20, 200 << 20), before=True)
    assert not may_record(Space((8 << 20) - 1, 200 << 20), before=True)
    assert not may_record(Space(11 << 20, 200 << 20), before=False)
    assert may_record(Space(12 << 20, 200 << 20), before=False)
