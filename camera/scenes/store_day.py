"""The store room of `store_lights` with its lights on: nobody in it, but for visits at given times."""

from collections.abc import Sequence

from camera.scenes.cast import paint
from camera.scenes.figure import body
from camera.scenes.lens import Size
from camera.scenes.sensor import Frame, Sensor
from camera.scenes.stage import Stage
from camera.scenes.store_lights import DRESS, LENS, LIT, ROUTE, furniture
from camera.scenes.view import look


class StoreDay:
    """The scene at one picture size. visits_s: when somebody comes in, to be gone some 24 s later."""

    def __init__(self, size: Size, visits_s: Sequence[float] = ()) -> None:
        (lit,) = look(furniture(), LENS, (LIT,), size)
        self._stage = Stage(lit, Sensor(size, exposure=1.25, noise=1.3, seed=35))
        self._visits_s = tuple(visits_s)

    def __call__(self, index: int, at_s: float) -> Frame:
        times_s = [at_s - visit_s + ROUTE.stops[0].at_s for visit_s in self._visits_s]
        sprites = [paint(self._stage.view, body(ROUTE.place(time_s), DRESS)) for time_s in times_s if ROUTE.present(time_s)]
        return self._stage.frame(index, [sprite for sprite in sprites if sprite])
