"""Where a person is at a given moment: a walk past places with times, and the way the person looks there."""

from dataclasses import dataclass
from math import atan2

import numpy as np

from camera.scenes.lens import Floats

SMOOTHING_S = 0.32


@dataclass(frozen=True)
class Stop:
    """To be at x, y (metres) at this second; towards: the direction looked at while standing there, (0, 0) while passing."""

    at_s: float
    x: float
    y: float
    towards: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Place:
    """A person's place on the floor, heading in radians, metres walked so far, and speed in m/s."""

    x: float
    y: float
    heading: float
    walked_m: float
    speed: float


@dataclass(frozen=True)
class Route:
    """A walk along stops in order of time; nobody is there before the first and after the last."""

    stops: tuple[Stop, ...]

    def present(self, at_s: float) -> bool:
        return self.stops[0].at_s <= at_s <= self.stops[-1].at_s

    def place(self, at_s: float) -> Place:
        """Where the person is; corners and starts are rounded as a walking body rounds them."""
        times = [stop.at_s for stop in self.stops]
        points = np.array([[stop.x, stop.y] for stop in self.stops])
        lengths = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
        columns = np.column_stack([points, lengths, [stop.towards for stop in self.stops]])

        def around(moment: float) -> Floats:
            window = moment + np.linspace(-SMOOTHING_S, SMOOTHING_S, 9)
            return np.array([np.interp(window, times, column).mean() for column in columns.T], np.float32)

        here, before, after = around(at_s), around(at_s - 0.05), around(at_s + 0.05)
        speed = float(after[2] - before[2]) / 0.1
        way = (after[:2] - before[:2]) / 0.1 + 0.5 * here[3:5]
        return Place(float(here[0]), float(here[1]), atan2(float(way[1]), float(way[0])), float(here[2]), speed)
