"""A view and a sensor together: the empty room is developed once, afterwards only the parts where something moves."""

from collections.abc import Sequence

from camera.scenes.cast import Sprite
from camera.scenes.lens import Floats
from camera.scenes.sensor import Frame, Sensor, noisy
from camera.scenes.view import Region, View


class Stage:
    """Makes the frames of one room under one light."""

    def __init__(self, view: View, sensor: Sensor) -> None:
        self.view, self.sensor = view, sensor
        self._empty = sensor.blurred(view.light)
        self._light = self._empty.copy()
        self._corners = sensor.corners()
        self._frame = sensor.developed(self._empty, self._corners)
        self._noise = sensor.noise_fields()

    def frame(
        self,
        index: int,
        sprites: Sequence[Sprite] = (),
        veil: tuple[Region, Floats] | None = None,
        gain: float = 1.0,
        grey: bool | None = None,
    ) -> Frame:
        """Frame number index, BGR.

        sprites: the people in it, any order of regions, the farthest first. veil: light (h, w, 3) that something near the lens adds
        to a region. gain, grey: as in `Sensor.developed`, for the moments in which the camera settles.
        """
        regions = [sprite.region for sprite in sprites]
        for sprite in sprites:
            part = self._light[sprite.region]
            self._light[sprite.region] = part * (1 - sprite.shadow) * (1 - sprite.alpha) + sprite.light
        if veil is not None:
            regions.append(veil[0])
            self._light[veil[0]] += veil[1]
        if gain == 1.0 and grey is None:
            frame = self._frame.copy()
            for region in regions:
                frame[region] = self.sensor.developed(self._light[region], self._corners[region])
        else:
            frame = self.sensor.developed(self._light, self._corners, gain, grey)
        for region in regions:
            self._light[region] = self._empty[region]
        return noisy(frame, self._noise, index)


def far_to_near(sprites: Sequence[tuple[float, Sprite | None]]) -> list[Sprite]:
    """The sprites that are in the picture, by falling distance."""
    return [sprite for _, sprite in sorted(sprites, key=lambda pair: -pair[0]) if sprite is not None]
