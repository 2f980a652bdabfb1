"""The sorting hall by day: people stand at the tables and sort, one carries cartons to them now and then."""

from math import pi, sin

import numpy as np

from camera.scenes.cast import Sprite, paint
from camera.scenes.figure import Dress, body
from camera.scenes.lens import Floats, Lens, Size
from camera.scenes.light import Lamp, Lighting
from camera.scenes.room import Box, block, pallet, rack, shell, table
from camera.scenes.route import Place, Route, Stop
from camera.scenes.sensor import Frame, Sensor
from camera.scenes.stage import Stage, far_to_near
from camera.scenes.view import View, look

LENS = Lens((0.5, 7.6, 3.75), (6.0, 3.6, 0.55), 80)
TUBES = tuple((x, y) for x in (3.0, 6.5, 10.0) for y in (2.2, 5.8))
WINDOWS = (2.4, 5.2, 8.0)
LIGHTING = Lighting(
    tuple(Lamp((x, y, 3.9), (2.0, 2.1, 2.1), (0.8, 0.15, 0.0)) for x, y in TUBES[::2])
    + tuple(Lamp((x, 1.0, 2.9), (3.6, 3.2, 2.8), (0.8, 0.3, 0.4)) for x in WINDOWS),
    (0.3, 0.29, 0.28),
    True,
)
VEST = (0.05, 0.2, 0.62)
NAVY, GREY, WINE, OLIVE = (0.16, 0.07, 0.05), (0.16, 0.16, 0.16), (0.07, 0.04, 0.2), (0.07, 0.13, 0.12)
WHITE, TEAL = (0.6, 0.6, 0.62), (0.24, 0.2, 0.06)
# Place and heading at the tables, dress, seconds for one round of the hands (a divisor of 60), and where in the round it begins.
SORTERS = (
    (4.3, 4.95, -pi / 2, Dress(WHITE, GREY, hair=TEAL, scarf=True, height_m=1.58), 4.0, 0.0),
    (5.35, 4.92, -pi / 2 + 0.1, Dress(NAVY, (0.05, 0.05, 0.06), height_m=1.68), 3.0, 0.4),
    (4.8, 3.5, pi / 2, Dress(WINE, GREY, hair=(0.25, 0.22, 0.3), scarf=True, height_m=1.56), 4.0, 0.55),
    (8.0, 4.95, -pi / 2, Dress(OLIVE, (0.06, 0.05, 0.05), hair=WHITE, scarf=True, height_m=1.55), 3.0, 0.2),
    (8.6, 3.5, pi / 2, Dress(VEST, NAVY, stripe=(0.62, 0.66, 0.66), height_m=1.7), 4.0, 0.8),
)
CARRIER = Dress(VEST, (0.06, 0.05, 0.05), stripe=(0.62, 0.66, 0.66), height_m=1.7)
ROUTE = Route(
    (
        Stop(6.0, 13.2, 2.2),
        Stop(9.0, 10.2, 2.6),
        Stop(13.0, 6.5, 5.7, (-0.2, -1)),
        Stop(16.0, 6.5, 5.7, (-0.2, -1)),
        Stop(19.5, 3.2, 6.2),
        Stop(21.5, 2.3, 4.9, (-0.3, -1)),
        Stop(24.5, 2.3, 4.9, (-0.3, -1)),
        Stop(27.0, 3.4, 5.9),
        Stop(30.6, 6.9, 5.6, (0, -1)),
        Stop(34.0, 6.9, 5.6, (0, -1)),
        Stop(38.5, 10.4, 2.7),
        Stop(41.5, 13.2, 2.2),
    )
)
CARRYING_S = (24.0, 31.8)


def _boxes() -> list[Box]:
    rng = np.random.default_rng(12)
    length, width, height = 12.0, 8.4, 4.3
    boxes = [*shell(length, width, height)]
    boxes += [Box((length, 0, 0), (length + 0.2, 1.2, height), "plaster")]
    boxes += [Box((length, 3.0, 0), (length + 0.2, width, height), "plaster")]
    boxes += [Box((length, 1.2, 2.5), (length + 0.2, 3.0, height), "plaster_lintel")]
    boxes += [Box((length + 2.2, -0.2, 0), (length + 2.4, width, height), "plaster")]
    boxes += [Box((length - 0.05, 4.3, 0), (length, 7.2, 3.0), "roller"), Box((length - 0.08, 4.2, 3.0), (length, 7.3, 3.3), "steel")]
    boxes += [block(x, 0.0, 2.35, (1.7, 0.04, 1.15), "window", glow=2.4) for x in WINDOWS]
    boxes += [block(x, 0.02, 2.35, (0.05, 0.06, 1.15), "steel") for x in WINDOWS]
    boxes += [block(x, y, 4.16, (1.5, 0.2, 0.08), "lamp", glow=4.0) for x, y in TUBES]
    boxes += [*table(4.8, 4.25, 2.6, 0.85, rng), *table(8.3, 4.25, 2.4, 0.85, rng)]
    boxes += rack(3.2, 0.08, 4.8, rng, levels=3, rise=0.62)
    boxes += pallet(9.6, 0.75, (2, 2, 4), rng, goods="ballot_box", yaw=0.03)
    boxes += [*pallet(11.2, 0.6, (1, 2, 3), rng, goods="ballot_box", yaw=0.1)]
    boxes += [*pallet(10.9, 6.6, (3, 2, 4), rng, yaw=-0.05), *pallet(8.6, 7.4, (3, 2, 3), rng, yaw=0.04)]
    boxes += [*pallet(1.6, 4.0, (2, 2, 3), rng, yaw=0.08), *pallet(1.5, 1.2, (2, 2, 4), rng, goods="ballot_box", yaw=-0.04)]
    boxes += [block(x, 4.3 + 0.2 * (i % 2), 0, (0.5, 0.4, 0.32), f"carton{i % 4}", yaw=0.2 * i) for i, x in enumerate((4.2, 5.4, 7.9, 8.9))]
    boxes += [block(3.1, 2.35, 0.0, (7.0, 0.07, 0.003), "yellow"), block(6.6, 6.45, 0.0, (9.6, 0.07, 0.003), "yellow")]
    boxes += [block(11.98, 3.6, 1.3, (0.03, 0.5, 0.7), "notice"), block(11.9, 3.9, 0.5, (0.17, 0.17, 0.5), "red")]
    return boxes


def _hands(round_share: float) -> tuple[Floats, Floats]:
    """Left and right hand over a round: take a sheet at one side, draw it near, look, put it away at the other side."""
    a = 2 * pi * round_share
    left = np.array([0.4 + 0.1 * sin(a), 0.16 + 0.14 * sin(a + 0.6), 0.9 + 0.045 * sin(2 * a)], np.float32)
    right = np.array([0.4 + 0.12 * sin(a + 2.4), -0.16 + 0.14 * sin(a + 0.9), 0.9 + 0.045 * sin(2 * a + 1.5)], np.float32)
    return left, right


class SortingHall:
    """The scene at one picture size."""

    def __init__(self, size: Size) -> None:
        view = look(_boxes(), LENS, (LIGHTING,), size)[0]
        self._stage = Stage(view, Sensor(size, exposure=1.45, noise=1.1, vignette=0.3, seed=12))
        self._painted: dict[tuple[int, int], tuple[float, Sprite | None]] = {}

    def _sorter(self, number: int, at_s: float) -> tuple[float, Sprite | None]:
        """A sorter's distance and sprite; the hands move in steps of a twelfth of a second, so that each is painted once."""
        x, y, heading, dress, round_s, begin = SORTERS[number]
        step = round(at_s % round_s * 12) % round(round_s * 12)
        if (number, step) not in self._painted:
            share = begin + step / (round_s * 12)
            sway = 0.02 * sin(2 * pi * share)
            person = body(Place(x + sway, y, heading + 2 * sway, 0, 0), dress, hands=_hands(share), lean=0.16 + 2 * sway)
            self._painted[number, step] = _distance(self._stage.view, x, y), paint(self._stage.view, person)
        return self._painted[number, step]

    def __call__(self, index: int, at_s: float) -> Frame:
        people = [self._sorter(number, at_s) for number in range(len(SORTERS))]
        if ROUTE.present(at_s):
            place = ROUTE.place(at_s)
            person = body(place, CARRIER, carrying=CARRYING_S[0] <= at_s < CARRYING_S[1])
            people.append((_distance(self._stage.view, place.x, place.y), paint(self._stage.view, person)))
        return self._stage.frame(index, far_to_near(people))


def _distance(view: View, x: float, y: float) -> float:
    return float(view.lens.project(np.array([[x, y, 1.0]], np.float32), view.size)[0, 2])
