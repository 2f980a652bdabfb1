"""A store room at night, by infrared: a person comes in at 14 s, takes a carton from a rack, and is gone by 34 s."""

import numpy as np

from camera.scenes.cast import paint
from camera.scenes.figure import Dress, body
from camera.scenes.lens import Lens, Size
from camera.scenes.light import Lamp, Lighting
from camera.scenes.room import Box, block, end_wall, pallet, rack, shell
from camera.scenes.route import Route, Stop
from camera.scenes.sensor import Frame, Sensor
from camera.scenes.stage import Stage
from camera.scenes.view import look

LENS = Lens((0.35, 2.05, 2.62), (5.2, 2.75, 0.75), 84)
LIGHTING = Lighting((Lamp((0.3, 2.1, 2.62), (11.0, 11.0, 11.0), shadows=False, aim=LENS.target),), (0.05, 0.05, 0.05))
CARRYING_FROM_S = 24.6
ROUTE = Route(
    (
        Stop(13.6, 10.1, 3.5),
        Stop(14.6, 9.1, 3.35),
        Stop(16.2, 7.5, 2.8),
        Stop(17.2, 6.9, 2.55, (-1, 0.2)),
        Stop(18.0, 6.9, 2.55, (-1, -0.2)),
        Stop(21.0, 4.3, 1.05, (0.1, -1)),
        Stop(25.8, 4.3, 1.05, (0.1, -1)),
        Stop(29.6, 7.6, 2.75),
        Stop(31.2, 9.1, 3.4),
        Stop(32.3, 10.1, 3.5),
    )
)
DRESS = Dress(shirt=(0.17, 0.17, 0.18), trousers=(0.08, 0.08, 0.09), skin=(0.24, 0.24, 0.25))


def _boxes() -> list[Box]:
    rng = np.random.default_rng(21)
    boxes = [*shell(8.6, 4.6, 2.95), *end_wall(8.6, 4.6, 2.95, door_from=2.95, door_to=3.95)]
    boxes += rack(2.1, 0.08, 5.2, rng, levels=4, rise=0.6)
    boxes += rack(3.2, 4.0, 4.6, rng, levels=4, rise=0.6, goods="ballot_box")
    boxes += pallet(8.05, 1.1, (2, 2, 3), rng, goods="ballot_box", yaw=1.57)
    boxes += [block(2.0 + 2.6 * i, 2.2, 2.86, (1.25, 0.16, 0.07), "switch") for i in range(3)]
    boxes += [block(8.57, 4.35, 1.5, (0.04, 0.3, 0.42), "notice"), block(8.5, 2.55, 0.5, (0.15, 0.15, 0.5), "red")]
    boxes += [block(2.75, 3.95, 0.0, (0.46, 0.4, 0.34), "carton1", yaw=0.3), block(2.35, 4.2, 0, (0.44, 0.38, 0.3), "carton2", yaw=-0.1)]
    return boxes


class StoreNight:
    """The scene at one picture size."""

    def __init__(self, size: Size) -> None:
        view = look(_boxes(), LENS, (LIGHTING,), size)[0]
        self._stage = Stage(view, Sensor(size, exposure=2.6, infrared=True, vignette=0.62, noise=2.8, seed=21, softness_px=0.8))

    def __call__(self, index: int, at_s: float) -> Frame:
        if not ROUTE.present(at_s):
            return self._stage.frame(index)
        place = ROUTE.place(at_s)
        reach = np.interp(at_s, [21.2, 22.0, 24.0, 24.6], [0, 1, 1, 0.7])
        hands = None
        if 21.2 < at_s < CARRYING_FROM_S:
            ahead, up = 0.12 + 0.42 * reach, 0.85 + 0.33 * reach + 0.03 * np.sin(at_s * 5)
            hands = np.array([ahead, 0.2, up], np.float32), np.array([ahead, -0.2, up], np.float32)
        person = body(place, DRESS, carrying=at_s >= CARRYING_FROM_S, hands=hands, lean=0.03 + 0.16 * float(reach) * (hands is not None))
        sprite = paint(self._stage.view, person)
        return self._stage.frame(index, [sprite] if sprite else [])
