"""The last twelve hours of each room: when it was armed, what happened, and when a camera of it was blind."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from storage.database import Database
from storage.places import Site, list_cameras, list_rooms
from storage.rules.coverage import NOT_KEPT
from storage.rules.hours import WeekHours
from storage.rules.verdict import EventVerdict
from storage.watch.events import events_between
from storage.watch.gaps import gaps_between
from storage.watch.hours import hours_begun, hours_of

LENGTH = timedelta(hours=12)


@dataclass(frozen=True)
class Stretch:
    """From one instant to a later one. flagged: happened while the room was armed."""

    from_at: datetime
    until_at: datetime
    flagged: bool = False


@dataclass(frozen=True)
class RoomNight:
    """One room's row."""

    name: str
    armed: tuple[Stretch, ...]
    events: tuple[Stretch, ...]
    blind: tuple[Stretch, ...]


def armed_stretches(hours: WeekHours, zone: tzinfo, from_at: datetime, until_at: datetime) -> tuple[Stretch, ...]:
    """When a room with these hours is armed between two instants."""
    stretches, at = [], from_at
    while at < until_at:
        change = hours.next_change(at, zone)
        end = until_at if change is None else min(change, until_at)
        if not hours.is_open(at, zone):
            stretches.append(Stretch(at, end))
        at = end
    return tuple(stretches)


def armed_then(database: Database, room_id: int, zone: tzinfo, from_at: datetime, until_at: datetime) -> tuple[Stretch, ...]:
    """When a room was armed by the hours that it had then: new ones change nothing in what was before."""
    stretches: list[Stretch] = []
    starts = [from_at, *hours_begun(database, room_id, from_at, until_at)]
    for start, end in itertools.pairwise([*starts, until_at]):
        stretches += armed_stretches(hours_of(database, room_id, start), zone, start, end)
    return tuple(stretches)


def room_nights(database: Database, site: Site, now: datetime) -> list[RoomNight]:
    """The rooms of a warehouse over the last twelve hours."""
    start = now - LENGTH
    rooms_of = {camera.id: camera.room_id for camera in list_cameras(database)}
    events = [
        (rooms_of.get(event.camera_id), Stretch(event.started_at, event.ended_at or now, event.verdict == EventVerdict.AFTER_HOURS))
        for event in events_between(database, start, now)
        if event.camera_id is not None
    ]
    gaps = [
        (rooms_of.get(gap.camera_id), Stretch(gap.started_at, gap.ended_at or now))
        for gap in gaps_between(database, start, now)
        if gap.cause not in NOT_KEPT
    ]

    def of_room(room_id: int, stretches: Sequence[tuple[int | None, Stretch]]) -> tuple[Stretch, ...]:
        return tuple(stretch for room, stretch in stretches if room == room_id)

    return [
        RoomNight(
            room.name,
            armed_then(database, room.id, site.tz, start, now),
            of_room(room.id, events),
            of_room(room.id, gaps),
        )
        for room in list_rooms(database, site.id)
    ]
