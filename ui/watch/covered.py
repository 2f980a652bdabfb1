"""Coverage in words: how many armed minutes there were, and what was seen of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from storage.database import Database
from storage.places import Room
from storage.rules.coverage import Totals
from storage.watch.coverage import room_coverages
from ui.words.names import name_of
from ui.words.speech import _, _n, whole

# What is said of last night may be so old; until noon it goes on.
EVERY = timedelta(minutes=10)


def said_totals(totals: Totals) -> str:
    """720 armed minutes, 718 seen clear, 1 with an event, 1 blind (Camera lost 1); with it how many are no longer kept, if any."""
    blind = ", ".join(f"{name_of(cause)} {whole(minutes)}" for cause, minutes in totals.blind)
    parts = [
        _n("{n} armed minute", "{n} armed minutes", totals.armed),
        _("{n} seen clear").format(n=whole(totals.clear)),
        _("{n} with an event").format(n=whole(totals.event)),
        _("{n} blind").format(n=whole(totals.blind_minutes)) + (f" ({blind})" if blind else ""),
    ]
    if totals.not_kept:
        parts.append(_("{n} no longer kept").format(n=whole(totals.not_kept)))
    return ", ".join(parts)


class LastNights:
    """What is said of last night in each room. One room is worked out at a time, so that the window never stands still for all of them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._said: dict[int, tuple[datetime, str]] = {}

    def work(self, rooms: Sequence[Room], now: datetime) -> bool:
        """Works out one room of which nothing is said yet, or nothing new for EVERY; whether there was one."""
        long_ago = datetime.min.replace(tzinfo=now.tzinfo)
        room = min(rooms, key=lambda room: self._said.get(room.id, (long_ago, ""))[0], default=None)
        if room is None or now - self._said.get(room.id, (long_ago, ""))[0] < EVERY:
            return False
        (night,) = room_coverages(self._database, now=now, room_id=room.id)
        line = _("{room}, last night: {totals}").format(room=room.name, totals=said_totals(night.totals))
        self._said[room.id] = now, line if night.totals.armed else ""
        return True

    def lines(self, rooms: Sequence[Room]) -> str:
        """A line for each room that had armed minutes and a camera last night, as far as they are worked out."""
        return "\n".join(filter(None, (self._said[room.id][1] for room in rooms if room.id in self._said)))
