"""What a camera should show, kept beside its recordings, so that nobody can turn it while the recorder is off."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

NAME = "reference-{number}.png"
MOST = 3  # by day, by lamp, by infrared
# The pictures change slowly; a power cut costs what was learnt in so long.
EVERY_S = 600.0


class RememberedView:
    """The pictures of one camera, small luma (height, width) each. folder: the camera's, below the recordings."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept_s = 0.0
        self.pictures: list[NDArray[np.uint8]] = self._load()

    def _load(self) -> list[NDArray[np.uint8]]:
        # What cannot be read as a picture is as good as not there: the eyes learn anew.
        read = (cv2.imread(str(self._path(number)), cv2.IMREAD_GRAYSCALE) for number in range(MOST) if self._path(number).exists())
        return [picture.astype(np.uint8, copy=False) for picture in read if picture is not None]

    def due(self, now_s: float) -> bool:
        """Whether it is time to keep them. now_s: on the monotonic clock."""
        return now_s - self._kept_s >= EVERY_S

    def keep(self, pictures: Sequence[NDArray[np.uint8]], now_s: float) -> None:
        """Keeps the newest ones; no pictures leave those that are kept. Raises OSError where the disk refuses."""
        self._kept_s = now_s
        if not pictures:
            return
        self.pictures = list(pictures[-MOST:])
        self._folder.mkdir(parents=True, exist_ok=True)
        for number, picture in enumerate(self.pictures):
            growing = self._path(number).with_suffix(".new")
            growing.write_bytes(cv2.imencode(".png", picture)[1].tobytes())
            growing.replace(self._path(number))

    def _path(self, number: int) -> Path:
        return self._folder / NAME.format(number=number)
