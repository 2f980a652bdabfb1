"""What is being drawn on a camera's picture: zones and masks, which of them is chosen, and which of its corners. Knows no toolkit."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from camera.view import View
from storage.watch.views import LEAST_CORNERS, MOST_CORNERS, CameraView, WatchZone
from ui.words.speech import _, whole

Corner = tuple[float, float]
# What stands there if somebody adds an area without drawing it.
MIDDLE: tuple[Corner, ...] = ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))


class AreaKind(StrEnum):
    """ZONE: is watched; MASK: is never looked at."""

    ZONE = "zone"
    MASK = "mask"


@dataclass
class Area:
    """corners: in shares of the picture; the least sizes, in percent of its height, are a zone's alone."""

    kind: AreaKind
    corners: list[Corner]
    least_far_pct: float = 0.0
    least_near_pct: float = 0.0


@dataclass
class Areas:
    """All areas of a camera. at: the chosen one, corner: its chosen corner; None where nothing is chosen."""

    all: list[Area] = field(default_factory=list)
    at: int | None = None
    corner: int | None = None

    def show(self, view: CameraView) -> None:
        """Begins with what a camera is asked to look at now."""
        zones = [Area(AreaKind.ZONE, list(zone.polygon), zone.least_far_pct, zone.least_near_pct) for zone in view.zones]
        self.all = zones + [Area(AreaKind.MASK, list(mask)) for mask in view.masks]
        self.choose(0 if self.all else None)

    def view(self, sensitivity: int) -> CameraView:
        """What was drawn, as storage keeps it."""
        zones = (area for area in self.all if area.kind is AreaKind.ZONE)
        masks = (area for area in self.all if area.kind is AreaKind.MASK)
        return CameraView(
            tuple(WatchZone(tuple(zone.corners), zone.least_far_pct, zone.least_near_pct) for zone in zones),
            tuple(tuple(mask.corners) for mask in masks),
            sensitivity,
        )

    @property
    def chosen(self) -> Area | None:
        """The chosen area."""
        return None if self.at is None else self.all[self.at]

    def name(self, at: int) -> str:
        """Of an area: its kind, and its number among those of the kind."""
        area = self.all[at]
        number = whole(sum(one.kind is area.kind for one in self.all[: at + 1]))
        return _("Zone {number}").format(number=number) if area.kind is AreaKind.ZONE else _("Mask {number}").format(number=number)

    def choose(self, at: int | None, corner: int | None = None) -> None:
        """Chooses an area, and a corner of it: the first if none is named."""
        self.at = at
        self.corner = (corner or 0) if at is not None else None

    def add(self, kind: AreaKind, corners: Sequence[Corner] = ()) -> None:
        """One more area, chosen; in the middle of the picture where fewer corners are given than make one."""
        self.all.append(Area(kind, list(corners if len(corners) >= LEAST_CORNERS else MIDDLE)))
        self.choose(len(self.all) - 1)

    def delete(self) -> None:
        """Takes the chosen area away; the one before it is chosen then."""
        if self.at is not None:
            del self.all[self.at]
            self.choose(max(0, self.at - 1) if self.all else None)

    def step(self, by: int) -> None:
        """Chooses the next corner, or one before."""
        if self.chosen is not None and self.corner is not None:
            self.corner = (self.corner + by) % len(self.chosen.corners)

    def move(self, dx: float, dy: float) -> None:
        """Moves the chosen corner, not beyond the picture."""
        if self.chosen is not None and self.corner is not None:
            x, y = self.chosen.corners[self.corner]
            self.put((x + dx, y + dy))

    def put(self, place: Corner) -> None:
        """Puts the chosen corner to a place; one beyond the picture lies on its edge."""
        if self.chosen is not None and self.corner is not None:
            self.chosen.corners[self.corner] = within(place)

    def add_corner(self, place: Corner | None = None) -> bool:
        """One more corner after the chosen one, half way to the next if no place is said; False where there are as many as can be."""
        area = self.chosen
        if area is None or self.corner is None or len(area.corners) >= MOST_CORNERS:
            return False
        (x, y), (next_x, next_y) = area.corners[self.corner], area.corners[(self.corner + 1) % len(area.corners)]
        self.corner += 1
        area.corners.insert(self.corner, within(place or ((x + next_x) / 2, (y + next_y) / 2)))
        return True

    def delete_corner(self) -> bool:
        """Takes the chosen corner away; False where the area would be none."""
        area = self.chosen
        if area is None or self.corner is None or len(area.corners) <= LEAST_CORNERS:
            return False
        del area.corners[self.corner]
        self.corner %= len(area.corners)
        return True

    def corner_near(self, place: Corner, reach: Corner) -> tuple[int, int] | None:
        """The area and corner that lie within reach of a place, those of the chosen area first."""
        order = sorted(range(len(self.all)), key=lambda at: at != self.at)
        found = ((at, number) for at in order for number, corner in enumerate(self.all[at].corners) if _distance(corner, place, reach) <= 1)
        return next(found, None)

    def edge_near(self, place: Corner, reach: Corner) -> int | None:
        """The corner of the chosen area after which an edge passes within reach of a place."""
        corners = self.chosen.corners if self.chosen else []
        ends = zip(corners, [*corners[1:], *corners[:1]], strict=True)
        return next(
            (number for number, (one, other) in enumerate(ends) if _distance(_foot(one, other, place, reach), place, reach) <= 1), None
        )

    def area_at(self, place: Corner) -> int | None:
        """The newest area that a place lies in."""
        return next((at for at in reversed(range(len(self.all))) if _holds(self.all[at].corners, place)), None)


def eyes_view(view: CameraView) -> View:
    """What storage keeps, as the eyes take it."""
    return View.from_plain(asdict(view))


def within(place: Corner) -> Corner:
    """The place, or the nearest one in the picture; to a thousandth, which no eye tells apart."""
    x, y = (round(min(1.0, max(0.0, share)), 3) for share in place)
    return x, y


def _distance(one: Corner, other: Corner, reach: Corner) -> float:
    """How far apart two places are, in reaches."""
    return math.hypot((one[0] - other[0]) / reach[0], (one[1] - other[1]) / reach[1])


def _foot(one: Corner, other: Corner, place: Corner, reach: Corner) -> Corner:
    """The place on the line from one corner to another that is nearest to a place."""
    ax, ay = (other[0] - one[0]) / reach[0], (other[1] - one[1]) / reach[1]
    bx, by = (place[0] - one[0]) / reach[0], (place[1] - one[1]) / reach[1]
    share = min(1.0, max(0.0, (ax * bx + ay * by) / (ax * ax + ay * ay or 1)))
    return one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1])


def _holds(corners: Sequence[Corner], place: Corner) -> bool:
    """Whether a place lies in a polygon: a line from it to the right crosses the edges an odd number of times."""
    x, y = place
    inside = False
    for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            inside = not inside
    return inside
