"""The rules of coverage against a plain reference that looks at every second, and the armed time against every minute's own schedule."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.rules.coverage import (
    EventSpan,
    GapSpan,
    HeldOpening,
    Seen,
    Span,
    armed_spans,
    coverage,
    joined,
    last_night,
    night_span,
    without,
)
from storage.rules.hours import Opening, WeekHours

JAYAPURA, JAKARTA = ZoneInfo("Asia/Jayapura"), ZoneInfo("Asia/Jakarta")
START = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
LENGTH_S = 900
CAUSES = ("camera_lost", "starting", "recorder_lost", "disabled", "missing", "retention")

seconds = st.integers(0, LENGTH_S)
pieces = st.tuples(seconds, st.integers(0, 200)).map(lambda drawn: (drawn[0], min(LENGTH_S, drawn[0] + drawn[1])))


def at(second: int) -> datetime:
    return START + timedelta(seconds=second)


def span(piece: tuple[int, int]) -> Span:
    return at(piece[0]), at(piece[1])


def lit(these: list[tuple[int, int]], wider: int = 0, least: int = 0) -> set[int]:
    """Every second of these pieces. least: a piece without length is at least so long."""
    return {second for first, last in these for second in range(first - wider, max(last, first + least) + wider)}


Piece = tuple[int, int]


def reference(
    armed: list[Piece], footage: list[tuple[Piece, bool]], gaps: list[tuple[Piece, str]], events: list[tuple[Piece, str]]
) -> list[tuple[int, Seen, bool, set[int], bool]]:
    """For each armed minute its number, what it is, whether it is unexplained, its events, and whether it is no longer kept."""
    recorded = lit([piece for piece, _kept in footage])
    causes = [piece for piece, cause in gaps if cause not in ("missing", "retention")]
    still = lit([piece for piece, kept in footage if kept]) - lit([piece for piece, cause in gaps if cause in ("missing", "retention")])
    told = []
    for minute in range(LENGTH_S // 60 + 1):
        seen_from = {second for second in lit(armed) if second // 60 == minute}
        if not seen_from:
            continue
        lacks = len(seen_from - recorded) > 2
        here = {number for number, (piece, _kind) in enumerate(events) if lit([piece], least=1) & seen_from}
        unseen = any(events[number][1] == "signal_lost" for number in here)
        blind = lacks or unseen or bool(lit(causes, least=1) & seen_from)
        what = Seen.BLIND if blind else Seen.EVENT if here else Seen.CLEAR
        unexplained = lacks and len(seen_from - recorded - lit(causes, wider=5)) > 2
        told.append((minute, what, unexplained, here, len((seen_from & recorded) - still) > 2))
    return told


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.lists(pieces, min_size=1, max_size=4),
    st.lists(st.tuples(pieces, st.booleans()), max_size=12),
    st.lists(st.tuples(pieces, st.sampled_from(CAUSES)), max_size=5),
    st.lists(st.tuples(pieces, st.sampled_from(("motion", "lights_changed", "signal_lost"))), max_size=4),
)
def test_every_armed_minute_is_one_of_three_as_the_reference_says(
    armed: list[Piece], footage: list[tuple[Piece, bool]], gaps: list[tuple[Piece, str]], events: list[tuple[Piece, str]]
) -> None:
    expected = reference(armed, footage, gaps, events)
    found = coverage(
        [span(piece) for piece in armed],
        [span(piece) for piece, _kept in footage],
        [span(piece) for piece, kept in footage if kept],
        [GapSpan(span(piece), cause) for piece, cause in gaps],
        [EventSpan(number, span(piece), kind) for number, (piece, kind) in enumerate(events)],
    )
    totals = found.totals
    whats = [what for _minute, what, *_rest in expected]
    assert (totals.clear, totals.event, totals.blind_minutes) == tuple(whats.count(what) for what in Seen)
    assert totals.armed == len(expected) == sum(one.minutes for one in found.spans)
    assert totals.unexplained == sum(unexplained for _minute, _what, unexplained, *_rest in expected)
    assert totals.not_kept == sum(gone for *_rest, gone in expected)
    for minute, what, unexplained, here, _gone in expected:
        first = min(second for second in lit(armed) if second // 60 == minute)
        (one,) = [one for one in found.spans if one.from_at <= at(first) < one.until_at]
        assert one.seen is what
        assert (one.cause == "unexplained") is unexplained
        assert bool(one.cause) is (what is Seen.BLIND)
        assert here <= set(one.event_ids)


@given(st.lists(pieces, max_size=8), st.lists(pieces, max_size=8))
@settings(deadline=None, derandomize=True)
def test_taking_time_out_of_time_is_taking_out_seconds(some: list[Piece], taken: list[Piece]) -> None:
    left = without(joined(span(piece) for piece in some), joined(span(piece) for piece in taken))
    assert left == joined(left)
    told = [(round((start - START).total_seconds()), round((end - START).total_seconds())) for start, end in left]
    assert lit(told) == lit(some) - lit(taken)


openings = st.builds(Opening, st.integers(0, 6), st.integers(0, 1439), st.integers(0, 1440))
changes = st.lists(st.tuples(st.integers(0, 24 * 3600), st.lists(openings, max_size=4)), max_size=4)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(changes, st.sampled_from((JAKARTA, JAYAPURA)), st.lists(st.integers(0, 24 * 3600 - 1), min_size=30, max_size=30))
def test_a_room_was_armed_by_the_schedule_that_held_then(drawn: list[tuple[int, list[Opening]]], zone: ZoneInfo, looks: list[int]) -> None:
    """Whatever is changed in the night, each instant is judged by what stood in the schedule at it."""
    begin, end = night_span(date(2026, 11, 22), zone)
    told = [(begin + timedelta(seconds=second), hours) for second, hours in sorted(drawn, key=lambda one: one[0])]
    ends: list[datetime | None] = [*(from_at for from_at, _hours in told[1:]), None]
    held = [HeldOpening(one, from_at, until) for (from_at, hours), until in zip(told, ends, strict=True) for one in hours] if told else []
    spans = armed_spans(held, zone, begin, end)
    for look in [*looks, *(second for second, _hours in drawn if second < 24 * 3600)]:
        instant = begin + timedelta(seconds=look)
        hours = next((hours for from_at, hours in reversed(told) if from_at <= instant), [])
        is_open = WeekHours(tuple(hours)).is_open(instant, zone)
        assert any(start <= instant < stop for start, stop in spans) is not is_open
    assert all(instant.tzinfo is UTC for one in spans for instant in one)


@pytest.mark.parametrize(("zone", "hour"), [("Asia/Jakarta", 5), ("Asia/Makassar", 4), ("Asia/Jayapura", 3)])
def test_a_night_goes_from_noon_to_noon_on_the_clock_of_the_site(zone: str, hour: int) -> None:
    assert night_span(date(2026, 11, 22), ZoneInfo(zone)) == (
        datetime(2026, 11, 22, hour, tzinfo=UTC),
        datetime(2026, 11, 23, hour, tzinfo=UTC),
    )


@pytest.mark.parametrize(("hour", "night"), [(9, 21), (16, 21), (17, 22), (18, 22)])
def test_last_night_is_that_of_yesterday(hour: int, night: int) -> None:
    """17:00 UTC is midnight in Jakarta."""
    assert last_night(datetime(2026, 11, 22, hour, tzinfo=UTC), JAKARTA) == date(2026, 11, night)


def test_a_blind_minute_has_the_cause_of_the_row_that_covers_most_of_what_is_missing() -> None:
    footage = [span((0, 10)), span((40, 120))]
    gaps = [GapSpan(span((10, 20)), "camera_lost"), GapSpan(span((20, 40)), "not_answering"), GapSpan(span((50, 60)), "starting")]
    found = coverage([span((0, 120))], footage, footage, gaps, [EventSpan(7, span((30, 70)), "motion")])
    assert [(one.seen, one.cause, one.event_ids) for one in found.spans] == [
        (Seen.BLIND, "not_answering", (7,)),
        (Seen.EVENT, "", (7,)),
    ]


@pytest.mark.parametrize(("hole_s", "what"), [(2, Seen.CLEAR), (3, Seen.BLIND)])
def test_between_two_segments_may_lie_two_seconds(hole_s: int, what: Seen) -> None:
    footage = [span((0, 30)), span((30 + hole_s, 60))]
    (one,) = coverage([span((0, 60))], footage, footage, [], []).spans
    assert (one.seen, one.cause) == (what, "unexplained" if what is Seen.BLIND else "")


def test_a_hole_over_two_minutes_is_judged_in_each_of_them() -> None:
    footage = [span((0, 58)), span((62, 120))]
    assert coverage([span((0, 120))], footage, footage, [], []).totals.clear == 2


def test_a_minute_of_which_a_second_is_armed_is_an_armed_minute() -> None:
    footage = [span((0, 200))]
    found = coverage([span((59, 61)), span((119, 120))], footage, footage, [], [])
    assert (found.totals.armed, found.totals.clear) == (2, 2)
    assert coverage([span((59, 61))], [], [], [], []).totals.armed == 2


@pytest.mark.parametrize(("gap_s", "cause"), [(64, "worker_lost"), (65, "unexplained")])
def test_the_last_fragment_of_a_file_may_be_lost_before_the_gap_that_explains_it(gap_s: int, cause: str) -> None:
    """Of what is missing from 57 to 60 s, a gap that begins 5 s after 59 s explains all but two seconds."""
    footage = [span((0, 57))]
    found = coverage([span((0, 60))], footage, footage, [GapSpan(span((gap_s, 90)), "worker_lost")], [])
    assert [one.cause for one in found.spans] == [cause]


@pytest.mark.parametrize(("second", "what"), [(0, Seen.BLIND), (59, Seen.BLIND), (60, Seen.CLEAR)])
def test_a_gap_without_length_touches_the_minute_that_it_lies_in(second: int, what: Seen) -> None:
    footage = [span((0, 60))]
    (one,) = coverage([span((0, 60))], footage, footage, [GapSpan(span((second, second)), "starting")], []).spans
    assert one.seen is what
