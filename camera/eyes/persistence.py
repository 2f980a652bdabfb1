"""Single looks become something worth a report only when they agree over a while."""

import math
from dataclasses import dataclass

from camera.events import Box
from camera.eyes.keenness import Keenness
from camera.eyes.motion import Region

LEAST_LOOKS = 2  # beside the first
LARGE_S = 0.28  # between the first and the newest look at a very large, sharp thing
PLAIN_S = 0.38  # between the first and the newest look at a large, sharp thing; five looks at ten a second, three at four
DOUBTFUL_S = 0.8  # the same for small or blurred ones: an insect before the lens has passed by then
FLIMSY_S = 2.5  # for what is most likely an insect
GOING_ON = 0.65  # share of the looks in which it must be near where it was
FAST = 3.0  # lengths a second; people and vehicles are slower
SPEED_SHARE = 0.4  # weight of the newest speed in the mean
MEMORY_S = 0.35  # a thing unseen for so long is gone; a little more than one look at four pictures a second
SPEED = 0.25  # picture widths or heights a second that a thing may move between looks beyond its own box


@dataclass
class Track:
    """One thing followed from look to look. Times in seconds of the stream; speed in its own lengths a second."""

    region: Region
    first_s: float
    seen_s: float
    speed: float = 0.0
    looks: int = 0
    going_on: int = 0
    plain_looks: int = 0
    confirmed: bool = False

    def see(self, region: Region, at_s: float, time_factor: float) -> None:
        """Take the newest look at it."""
        if self.looks:
            self.speed += SPEED_SHARE * (_lengths(self.region.box, region.box) / (at_s - self.seen_s) - self.speed)
        self.region, self.seen_s = region, at_s
        self.looks += 1
        # What is somewhere else in each look does not add up to one thing.
        self.going_on += region.goes_on
        self.plain_looks += region.plain and region.goes_on and not (region.blob and region.small)
        lasted_s = (at_s - self.first_s) / time_factor
        if self.going_on < max(LEAST_LOOKS, GOING_ON * (self.looks - 1)):
            return
        flimsy = region.blob and (self.speed > FAST or (region.small and not region.sharp))
        if flimsy:
            self.confirmed |= lasted_s >= FLIMSY_S
            return
        self.confirmed |= region.large and lasted_s >= LARGE_S
        self.confirmed |= self.plain_looks >= LEAST_LOOKS and lasted_s >= PLAIN_S
        self.confirmed |= lasted_s >= DOUBTFUL_S


class Persistence:
    """Follows regions by the overlap of their boxes.

    seen_since_s: since when each of the things has been seen that are in the newest look, confirmed or not. doubt_s: how long one of them
    takes at most, insects aside, to be confirmed.
    """

    def __init__(self, keenness: Keenness) -> None:
        self.seen_since_s: list[float] = []
        self.doubt_s = DOUBTFUL_S * keenness.time_factor
        self._tracks: list[Track] = []
        self._time_factor = keenness.time_factor

    def look(self, regions: list[Region], at_s: float) -> list[Track]:
        """The confirmed tracks that are in this picture."""
        known = [track for track in self._tracks if at_s - track.seen_s <= MEMORY_S]
        tracks: list[Track] = []
        for region in regions:
            near = [track for track in known if _touch(track.region.box, region.box, SPEED * (at_s - track.seen_s))]
            if near:
                # The oldest: when two merge, the one that has been here longer goes on.
                track = min(near, key=lambda candidate: candidate.first_s)
                known.remove(track)
            else:
                track = Track(region, at_s, at_s)
            track.see(region, at_s, self._time_factor)
            tracks.append(track)
        self._tracks = tracks + known
        self.seen_since_s = [track.first_s for track in tracks]
        return [track for track in tracks if track.confirmed]


def _touch(one: Box, other: Box, margin: float) -> bool:
    return (
        one.x - margin < other.x + other.width
        and other.x - margin < one.x + one.width
        and one.y - margin < other.y + other.height
        and other.y - margin < one.y + one.height
    )


def _lengths(before: Box, now: Box) -> float:
    """By how much the middle of a box has moved, as a multiple of its longer side."""
    across = now.x + now.width / 2 - before.x - before.width / 2
    down = now.y + now.height / 2 - before.y - before.height / 2
    return math.hypot(across, down) / max(now.width, now.height)
