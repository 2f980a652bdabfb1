"""Coverage: what was seen of every armed minute of a camera, and why nothing was where it was blind."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise

from storage.rules.hours import Opening, WeekHours

MINUTE = timedelta(minutes=1)
# Between two segments lies the time from one picture to the next; a minute may lack so much and was seen all the same.
TOLERANCE = timedelta(seconds=2)
# A file whose writer was killed lacks its last fragment, of about two seconds, before the gap that the recorder knows of.
EDGE = timedelta(seconds=5)
# Rows about footage that was seen and is not there any more: they say nothing of what was seen.
NOT_KEPT = ("retention", "missing")
UNEXPLAINED = "unexplained"
SIGNAL_LOST = "signal_lost"

# From one instant to a later one, which is no longer part of it.
Span = tuple[datetime, datetime]


class Seen(StrEnum):
    """What is said of an armed minute."""

    CLEAR = "seen_clear"
    EVENT = "event"
    BLIND = "blind"


@dataclass(frozen=True)
class HeldOpening:
    """An opening of a room and from when until when it stood in the schedule; until_at: None while it does."""

    opening: Opening
    from_at: datetime
    until_at: datetime | None


@dataclass(frozen=True)
class GapSpan:
    """A row that says why there is no footage."""

    span: Span
    cause: str


@dataclass(frozen=True)
class EventSpan:
    """An event of the camera. kind: signal_lost, where no picture could be made of what was recorded, is no event but blindness."""

    id: int
    span: Span
    kind: str


@dataclass(frozen=True)
class CoveredSpan:
    """Armed minutes that follow each other and of which the same is said. cause: empty unless blind; event_ids: also of blind minutes."""

    from_at: datetime
    until_at: datetime
    seen: Seen
    cause: str
    event_ids: tuple[int, ...]
    minutes: int


@dataclass(frozen=True)
class Totals:
    """Minutes of one camera, or camera minutes of several. not_kept: of those seen, whose footage is not there any more."""

    clear: int = 0
    event: int = 0
    blind: tuple[tuple[str, int], ...] = ()
    not_kept: int = 0

    @property
    def blind_minutes(self) -> int:
        return sum(minutes for _cause, minutes in self.blind)

    @property
    def armed(self) -> int:
        """All of them: every armed minute is one of the three."""
        return self.clear + self.event + self.blind_minutes

    @property
    def unexplained(self) -> int:
        """Minutes without footage and without a row that says why. There must never be any."""
        return dict(self.blind).get(UNEXPLAINED, 0)

    def __add__(self, other: "Totals") -> "Totals":
        blind = Counter(dict(self.blind)) + Counter(dict(other.blind))
        return Totals(self.clear + other.clear, self.event + other.event, tuple(blind.most_common()), self.not_kept + other.not_kept)


@dataclass(frozen=True)
class Coverage:
    """spans: in order, of all armed minutes."""

    spans: tuple[CoveredSpan, ...]
    totals: Totals


def night_span(night: date, zone: tzinfo) -> Span:
    """The night of a date: from its noon to the noon after it, on the clock of the site; in UTC."""
    noon = datetime.combine(night, time(12), zone)
    return noon.astimezone(UTC), datetime.combine(night + timedelta(days=1), time(12), zone).astimezone(UTC)


def last_night(now: datetime, zone: tzinfo) -> date:
    """The night of yesterday: until noon the one that goes on, then the one that ended."""
    return now.astimezone(zone).date() - timedelta(days=1)


def armed_spans(held: Sequence[HeldOpening], zone: tzinfo, from_at: datetime, until_at: datetime) -> list[Span]:
    """When a room was armed, by the schedules that held at each instant: a change says nothing of what was before it."""
    edges = {edge for one in held for edge in (one.from_at, one.until_at) if edge is not None and from_at < edge < until_at}
    spans: list[Span] = []
    for start, end in pairwise(sorted(edges | {from_at, until_at})):
        openings = (one.opening for one in held if one.from_at <= start and (one.until_at is None or one.until_at > start))
        spans += _armed_by(WeekHours(tuple(sorted(openings))), zone, start, end)
    return joined(spans)


def _armed_by(hours: WeekHours, zone: tzinfo, from_at: datetime, until_at: datetime) -> Iterator[Span]:
    at = from_at
    while at < until_at:
        change = hours.next_change(at, zone)
        end = until_at if change is None else min(change.astimezone(UTC), until_at)
        if not hours.is_open(at, zone):
            yield at, end
        at = end


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same time as spans that neither touch nor overlap, in order."""
    result: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if result and start <= result[-1][1]:
            result[-1] = result[-1][0], max(result[-1][1], end)
        else:
            result.append((start, end))
    return result


def without(spans: Sequence[Span], taken: Sequence[Span]) -> list[Span]:
    """What is left of joined spans when others, joined too, are taken out."""
    left, place = [], 0
    for start, end in spans:
        while place < len(taken) and taken[place][1] <= start:
            place += 1
        at, next_place = start, place
        while next_place < len(taken) and taken[next_place][0] < end:
            if taken[next_place][0] > at:
                left.append((at, taken[next_place][0]))
            at = max(at, taken[next_place][1])
            next_place += 1
        if at < end:
            left.append((at, end))
    return left


def coverage(
    armed: Sequence[Span], footage: Sequence[Span], kept: Sequence[Span], gaps: Sequence[GapSpan], events: Sequence[EventSpan]
) -> Coverage:
    """What was seen of each minute of the clock that has an armed part; only that part counts, and the minute counts as one.

    footage: all that was recorded, whatever became of it since; kept: the part of it that is still there. They may overlap: a clock that
    was set back records a time twice.

    A minute is blind if more than TOLERANCE of it is without footage, a gap row touches it or no picture could be made of it; else it has
    an event if one touches it; else it was seen clear. Blind goes before event: an event in a minute of which something is missing does
    not say what happened in the missing part, and whoever covers a lens first would make a blind minute look like a seen one.

    The cause is that of the gap row which covers most of what is missing, `unexplained` where more than TOLERANCE has no gap row within
    EDGE of it, and `signal_lost` where nothing is missing but a picture.
    """
    parts = _by_minute(joined(armed))
    missing_spans = without(joined(armed), joined(footage))
    missing = _by_minute(missing_spans)
    seen = without(joined(armed), missing_spans)
    lost_since = [*(gap.span for gap in gaps if gap.cause in NOT_KEPT)]
    gone = _by_minute(without(seen, without(joined(kept), joined(lost_since))))
    causes = [gap for gap in gaps if gap.cause not in NOT_KEPT]
    near = _touching(parts, [(gap.span[0] - EDGE, gap.span[1] + EDGE) for gap in causes])
    touching_events = _touching(parts, [event.span for event in events])
    covered = []
    for minute in sorted(parts):
        gaps_near = [causes[at] for at in near.get(minute, ())]
        events_here = [events[at] for at in touching_events.get(minute, ())]
        cause = _blind_cause(parts[minute], missing.get(minute, []), gaps_near, any(event.kind == SIGNAL_LOST for event in events_here))
        what = Seen.BLIND if cause else Seen.EVENT if events_here else Seen.CLEAR
        ids = tuple(sorted(event.id for event in events_here))
        covered.append(CoveredSpan(parts[minute][0][0], parts[minute][-1][1], what, cause, ids, 1))
    not_kept = sum(_length(spans) > TOLERANCE for spans in gone.values())
    return Coverage(tuple(_runs(covered)), _totals(covered, not_kept))


def _by_minute(spans: Iterable[Span]) -> dict[datetime, list[Span]]:
    """Joined spans cut at the full minutes, by the minute."""
    cut: dict[datetime, list[Span]] = defaultdict(list)
    for start, end in spans:
        at, minute = start, start.replace(second=0, microsecond=0)
        while at < end:
            following = minute + MINUTE
            cut[minute].append((at, min(following, end)))
            at = minute = following
    return cut


def _touching(parts: dict[datetime, list[Span]], spans: Sequence[Span]) -> dict[datetime, list[int]]:
    """By the minute, which of the spans touch an armed part of it. One without length touches the part that it lies in."""
    found: dict[datetime, list[int]] = defaultdict(list)
    if not parts:
        return found
    first, last = min(parts), max(parts) + MINUTE
    for number, span in enumerate(spans):
        minute = max(span[0], first).replace(second=0, microsecond=0)
        end = min(_lasting(span)[1], last)
        while minute < end:
            if any(_overlap(part, _lasting(span)) for part in parts.get(minute, ())):
                found[minute].append(number)
            minute += MINUTE
    return found


def _blind_cause(parts: Sequence[Span], missing: Sequence[Span], near: Sequence[GapSpan], no_picture: bool) -> str:
    """Why a minute is blind; empty if it is not. near: the gaps that touch it, or almost do."""
    lacks = _length(missing) > TOLERANCE
    touching = [gap for gap in near if any(_overlap(part, _lasting(gap.span)) for part in parts)]
    if not (lacks or touching or no_picture):
        return ""
    widened = [(gap.span[0] - EDGE, gap.span[1] + EDGE) for gap in near]
    if lacks and _length(without(missing, joined(widened))) > TOLERANCE:
        return UNEXPLAINED

    def covers(gap: GapSpan) -> tuple[timedelta, timedelta]:
        wide = gap.span[0] - EDGE, gap.span[1] + EDGE
        return _shared(missing, gap.span), _shared(missing, wide)

    if touching or lacks:
        return max(touching or near, key=covers).cause
    return SIGNAL_LOST


def _lasting(span: Span) -> Span:
    return span[0], max(span[1], span[0] + timedelta.resolution)


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _length(spans: Iterable[Span]) -> timedelta:
    return sum((end - start for start, end in spans), timedelta())


def _shared(spans: Iterable[Span], other: Span) -> timedelta:
    return sum((max(min(end, other[1]) - max(start, other[0]), timedelta()) for start, end in spans), timedelta())


def _runs(covered: Iterable[CoveredSpan]) -> Iterator[CoveredSpan]:
    """Minutes that follow each other and say the same, as one."""
    run: CoveredSpan | None = None
    for one in covered:
        if run and run.until_at == one.from_at and (run.seen, run.cause) == (one.seen, one.cause):
            ids = tuple(sorted({*run.event_ids, *one.event_ids}))
            run = CoveredSpan(run.from_at, one.until_at, run.seen, run.cause, ids, run.minutes + one.minutes)
            continue
        if run:
            yield run
        run = one
    if run:
        yield run


def _totals(covered: Sequence[CoveredSpan], not_kept: int) -> Totals:
    kinds = Counter(one.seen for one in covered)
    causes = Counter(one.cause for one in covered if one.seen is Seen.BLIND)
    return Totals(kinds[Seen.CLEAR], kinds[Seen.EVENT], tuple(causes.most_common()), not_kept)
