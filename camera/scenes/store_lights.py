"""A store room at night in which somebody puts the lights on at 24 s, looks round, and puts them off again at 44 s."""

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

LENS = Lens((0.4, 0.45, 2.55), (4.1, 3.3, 0.75), 88)
ON_S, OFF_S = 24.0, 44.0
WARM = (0.86, 1.0, 1.06)
TUBES = tuple((x, y) for x in (1.9, 4.9) for y in (1.7, 4.0))
LIT = Lighting(
    tuple(Lamp((x, y, 2.72), (2.4 * WARM[0], 2.4 * WARM[1], 2.4 * WARM[2]), (0.6, 0.1, 0.0)) for x, y in TUBES), (0.2, 0.21, 0.21), True
)
UNLIT = Lighting((Lamp((0.4, 0.45, 2.5), (9.0, 9.0, 9.0), shadows=False, aim=LENS.target),), (0.05, 0.05, 0.05))
ROUTE = Route(
    (
        Stop(21.6, 8.2, 1.6),
        Stop(22.9, 6.5, 1.85, (0.6, 0.8)),
        Stop(24.6, 6.5, 1.85, (0.6, 0.8)),
        Stop(27.2, 4.4, 2.35),
        Stop(28.6, 3.6, 3.2, (0.2, 1)),
        Stop(33.0, 3.6, 3.2, (0.2, 1)),
        Stop(34.6, 4.6, 2.6, (1, 0.5)),
        Stop(38.6, 4.6, 2.6, (1, 0.5)),
        Stop(42.6, 6.5, 1.85, (0.6, 0.8)),
        Stop(44.6, 6.5, 1.85, (0.6, 0.8)),
        Stop(46.0, 8.2, 1.6),
    )
)
DRESS = Dress(shirt=(0.32, 0.13, 0.07), trousers=(0.05, 0.045, 0.04))


def furniture() -> list[Box]:
    """Walls, racks and goods of the store room, the same at every call."""
    rng = np.random.default_rng(33)
    boxes = [*shell(7.0, 5.8, 2.9, "tiles", "green_wall"), *end_wall(7.0, 5.8, 2.9, door_from=1.2, door_to=2.1, wall="green_wall")]
    boxes += rack(2.0, 5.2, 4.6, rng, levels=4)
    boxes += rack(6.4, 2.9, 2.2, rng, along_y=True, levels=4)
    boxes += pallet(3.6, 4.05, (3, 1, 3), rng, goods="ballot_box", yaw=0.05)
    boxes += pallet(5.5, 3.7, (2, 1, 2), rng, goods="ballot_box", yaw=-0.2)
    boxes += pallet(1.0, 4.2, (2, 2, 3), rng, yaw=0.1)
    boxes += pallet(2.2, 2.3, (2, 2, 1), rng, yaw=0.35)
    boxes += [block(x, y, 2.82, (1.25, 0.14, 0.06), "lamp", glow=7.0) for x, y in TUBES]
    boxes += [block(6.97, 0.6, 1.35, (0.04, 0.42, 0.56), "notice"), block(6.9, 0.25, 0.7, (0.16, 0.16, 0.48), "red")]
    return boxes


class StoreLights:
    """The scene at one picture size."""

    def __init__(self, size: Size) -> None:
        dark, lit = look(furniture(), LENS, (UNLIT, LIT), size)
        self._dark = Stage(dark, Sensor(size, exposure=1.7, infrared=True, vignette=0.75, noise=3.0, seed=34, softness_px=0.8))
        self._lit = Stage(lit, Sensor(size, exposure=1.25, noise=1.3, seed=35))

    def __call__(self, index: int, at_s: float) -> Frame:
        lit = ON_S <= at_s < OFF_S
        stage = self._lit if lit else self._dark
        sprites = []
        if ROUTE.present(at_s):
            switching = 23.3 < at_s < 24.4 or 43.4 < at_s < 44.3
            hands = (np.array([0.12, 0.25, 0.86], np.float32), np.array([0.5, -0.1, 1.27], np.float32)) if switching else None
            sprite = paint(stage.view, body(ROUTE.place(at_s), DRESS, hands=hands))
            sprites = [sprite] if sprite else []
        since = at_s - (ON_S if lit else OFF_S)
        if lit and since < 1.5:
            # The exposure is still the dark room's; colour returns after two frames, the right brightness within a second.
            return stage.frame(index, sprites, gain=1 + 4.5 * float(np.exp(-since / 0.22)), grey=True if since < 0.12 else None)
        if 0 <= since < 1.5 and not lit:
            return stage.frame(index, sprites, gain=1 - 0.88 * float(np.exp(-since / 0.35)))
        return stage.frame(index, sprites)
