"""What a camera is asked to look at, and how closely: zones with least sizes, masks, one number for sensitivity."""

from dataclasses import asdict, dataclass
from typing import Any, Self

# Corners in shares of the picture's width and height: (0, 0) is the top left corner, (1, 1) the bottom right.
Polygon = tuple[tuple[float, float], ...]

USUAL_SENSITIVITY = 50


@dataclass(frozen=True)
class Zone:
    """An area to be watched.

    least_far_pct, least_near_pct: how tall the smallest thing worth an event is, in percent of the picture's height, where its foot stands
    at the zone's highest point (far from the camera) and at its lowest (near). In between it grows evenly. 0: whatever the eyes can tell.
    """

    polygon: Polygon
    least_far_pct: float = 0.0
    least_near_pct: float = 0.0


@dataclass(frozen=True)
class View:
    """zones: without any, the whole picture is watched; masks: never looked at, also inside a zone.

    sensitivity: 0 (only what is large and plain) to 100 (the least that can be told from noise).
    """

    zones: tuple[Zone, ...] = ()
    masks: tuple[Polygon, ...] = ()
    sensitivity: int = USUAL_SENSITIVITY

    def plain(self) -> dict[str, Any]:
        """As values that JSON can hold."""
        return asdict(self)

    @classmethod
    def from_plain(cls, values: dict[str, Any]) -> Self:
        """The view that `plain` gave."""
        zones = tuple(Zone(_polygon(zone["polygon"]), zone["least_far_pct"], zone["least_near_pct"]) for zone in values["zones"])
        return cls(zones, tuple(_polygon(mask) for mask in values["masks"]), values["sensitivity"])


EVERYTHING = View()


def _polygon(corners: list[list[float]]) -> Polygon:
    return tuple((float(x), float(y)) for x, y in corners)
