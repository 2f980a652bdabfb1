"""The camera's sensor: exposure, the fall of light to the corners, infrared grey, glare, and noise."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from camera.scenes.lens import Floats, Size

Frame = NDArray[np.uint8]
NOISE_FIELDS = 16
NOISE_MIDDLE = 24
# Each picture shows another part of a field, so that none comes again for a quarter of an hour and more: a sensor's noise never does.
SPARE_ROWS, SPARE_COLUMNS = 61, 67
# Near infrared is seen mostly by the red pixels; what looks dark to the eye is often bright in it.
INFRARED_WEIGHTS = (0.22, 0.3, 0.48)


@dataclass(frozen=True)
class Sensor:
    """A sensor for pictures of one size.

    exposure: factor on the light. infrared: grey picture. vignette: share of light lost in the corners.
    noise: deviation of the noise in grey levels. softness_px: blur of the lens, deviation in pixels of a 960 wide picture.
    """

    size: Size
    exposure: float
    infrared: bool = False
    vignette: float = 0.35
    noise: float = 1.5
    softness_px: float = 0.6
    seed: int = 1

    def blurred(self, light: Floats) -> Floats:
        """The light as the lens lays it on the sensor: soft edges, and a glare round what is too bright."""
        scale = self.size[0] / 960
        soft = cv2.GaussianBlur(light, (0, 0), max(0.3, self.softness_px * scale))
        over = np.minimum(np.maximum(light * self.exposure - 1.2, 0), 6) / self.exposure
        return np.asarray(soft + 0.1 * cv2.GaussianBlur(over, (0, 0), 16 * scale), np.float32)

    def corners(self) -> Floats:
        """Share of the light that is left at each pixel after vignetting, (height, width, 1)."""
        width, height = self.size
        x = np.linspace(-1, 1, width, dtype=np.float32)
        y = np.linspace(-1, 1, height, dtype=np.float32) * height / width
        square = (x[None, :] ** 2 + y[:, None] ** 2) / (1 + (height / width) ** 2)
        return np.asarray(1 - self.vignette * square ** (0.8 if self.infrared else 1.3), np.float32)[..., None]

    def developed(self, light: Floats, corners: Floats, gain: float = 1.0, grey: bool | None = None) -> Frame:
        """Linear light (height, width, 3) as a picture without noise, BGR; corners is the same part of `corners()`.

        gain: factor on the exposure while it settles. grey: whether the picture is grey, by default as infrared says.
        """
        if self.infrared if grey is None else grey:
            light = np.repeat((light @ np.array(INFRARED_WEIGHTS, np.float32))[..., None], 3, axis=2)
        exposed = 1 - np.exp(light * corners * np.float32(-self.exposure * gain))
        return np.asarray(np.sqrt(exposed) * 247 + 4).astype(np.uint8)

    def noise_fields(self) -> list[Frame]:
        """Pictures of noise round NOISE_MIDDLE, for `noisy`; grey for infrared, faintly coloured otherwise."""
        rng = np.random.default_rng(self.seed)
        width, height = self.size[0] + SPARE_COLUMNS, self.size[1] + SPARE_ROWS
        fields = []
        for _ in range(NOISE_FIELDS):
            grey = cv2.GaussianBlur(rng.standard_normal((height, width), np.float32), (0, 0), 0.55)
            field = np.repeat((grey * 1.7 * self.noise)[..., None], 3, axis=2)
            if not self.infrared:
                coarse = rng.standard_normal((height // 4 + 1, width // 4 + 1, 3), np.float32) * self.noise * 0.6
                field += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
            fields.append(np.clip(np.rint(field + NOISE_MIDDLE), 0, 2 * NOISE_MIDDLE).astype(np.uint8))
        return fields


def noisy(frame: Frame, fields: Sequence[Frame], index: int) -> Frame:
    """Frame number index with noise added, within 0 to 255."""
    height, width = frame.shape[:2]
    down, across = 23 * index % SPARE_ROWS, 29 * index % SPARE_COLUMNS
    field = fields[index % len(fields)][down : down + height, across : across + width]
    lifted = cv2.subtract(frame, np.full(4, NOISE_MIDDLE, np.float64))
    return np.asarray(cv2.add(lifted, field), np.uint8)
