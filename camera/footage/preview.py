"""What the eyes would have reported: recorded pictures looked at again, with another view.

A stretch is decoded once into a film of small pictures and kept in memory, 0.6 MB a second; each view then looks at the same film.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from camera.events import Box, Kind, Phase, Sight
from camera.eyes.eyes import LOOK_EVERY_S, Eyes
from camera.footage.playback import File, frames
from camera.live.pictures import rgb32
from camera.looking.picture import colour, small_luma
from camera.view import View

STILL = (640, 360)
STILL_EVERY_S = 0.2
STILL_QUALITY = 80


@dataclass(frozen=True)
class Look:
    """One picture as the eyes take it. luma, colour: as camera/looking/picture.py gives them."""

    at: datetime
    luma: NDArray[np.uint8]
    colour: float | None


@dataclass(frozen=True)
class Still:
    """One picture for people: JPEG, at most STILL large."""

    at: datetime
    jpeg: bytes


@dataclass
class Film:
    """The pictures of a stretch in order; grows while it is read."""

    looks: list[Look] = field(default_factory=list)
    stills: list[Still] = field(default_factory=list)

    def still_at(self, at: datetime) -> Still | None:
        """The still taken nearest to an instant; None if there is none at all."""
        return min(self.stills, key=lambda still: abs(still.at - at), default=None)


@dataclass(frozen=True)
class Seen:
    """One event that would have been reported. boxes: where, at each report, in order of time."""

    kind: Kind
    begun_at: datetime
    ended_at: datetime
    peak_pct: float
    boxes: tuple[tuple[datetime, tuple[Box, ...]], ...]


Progress = Callable[[float], None]
Cancelled = Callable[[], bool]


def read_film(
    film: Film, files: Sequence[File], from_at: datetime, until_at: datetime, *, progress: Progress, cancelled: Cancelled
) -> bool:
    """Decodes every picture of a stretch and puts what is worth a look into the film; whether it was read to its end.

    progress: told which share of the stretch has been read, 0 to 1; cancelled: asked at each picture.
    A file that is missing or damaged gives what can be read of it.
    """
    for file in files:
        for frame, at in frames(file, from_at):
            if cancelled():
                return False
            if at > until_at:
                break
            if at < from_at or (film.looks and (at - film.looks[-1].at).total_seconds() < LOOK_EVERY_S):
                continue
            film.looks.append(Look(at, small_luma(frame), colour(frame)))
            if not film.stills or (at - film.stills[-1].at).total_seconds() >= STILL_EVERY_S:
                film.stills.append(Still(at, _jpeg(frame)))
            progress((at - from_at) / (until_at - from_at))
    return True


def preview(film: Film, view: View, *, progress: Progress, cancelled: Cancelled) -> list[Seen] | None:
    """The events that a camera with this view would have reported on a film, in the order in which they begin; None if cancelled.

    progress: told which share of the film has been looked at, 0 to 1; cancelled: asked at each picture.
    """
    if not film.looks:
        return []
    eyes, begun_at, at_s = Eyes(view), film.looks[0].at, 0.0
    reports: list[tuple[datetime, Sight]] = []
    for number, look in enumerate(film.looks, 1):
        if cancelled():
            return None
        at_s = (look.at - begun_at).total_seconds()
        reports += [(look.at, sight) for sight in eyes.look(look.luma, at_s, colour=look.colour)]
        progress(number / len(film.looks))
    reports += [(begun_at + timedelta(seconds=at_s), sight) for sight in eyes.finish(at_s)]
    return sorted((_seen(begun_at, number, reports) for number in {sight.number for _at, sight in reports}), key=lambda seen: seen.begun_at)


def _seen(film_begun_at: datetime, number: int, reports: Sequence[tuple[datetime, Sight]]) -> Seen:
    of_event = [(at, sight) for at, sight in reports if sight.number == number]
    last = of_event[-1][1]
    boxes = tuple((at, sight.boxes) for at, sight in of_event if sight.boxes and sight.phase is not Phase.CLOSED)
    begun_at, ended_at = (film_begun_at + timedelta(seconds=at_s) for at_s in (last.start_s, last.end_s))
    return Seen(last.kind, begun_at, ended_at, last.peak_pct, boxes)


def _jpeg(frame: av.VideoFrame) -> bytes:
    _done, coded = cv2.imencode(".jpg", rgb32(frame, STILL)[..., :3], (cv2.IMWRITE_JPEG_QUALITY, STILL_QUALITY))
    return coded.tobytes()
