"""Where a scene's camera stands and how its lens bends the picture."""

from dataclasses import dataclass
from functools import cached_property
from math import radians, tan

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Point = tuple[float, float, float]
Size = tuple[int, int]


@dataclass(frozen=True)
class Lens:
    """A wide lens at a fixed place; metres, x and y along the floor, z up.

    position, target: where the camera hangs and the point in the middle of its picture.
    view_deg: horizontal angle of view, before the bend.
    bend: barrel distortion; an ideal radius is the seen one times (1 + bend * radius squared), radius in focal lengths.
    """

    position: Point
    target: Point
    view_deg: float
    bend: float = 0.06

    @cached_property
    def axes(self) -> tuple[Floats, Floats, Floats]:
        """Unit vectors of the picture: to the right, downwards, and into the depth."""
        ahead = np.subtract(self.target, self.position).astype(np.float32)
        ahead /= np.linalg.norm(ahead)
        right = np.cross(ahead, np.array([0, 0, 1], np.float32))
        right /= np.linalg.norm(right)
        return right, np.cross(ahead, right), ahead

    def focal_px(self, size: Size) -> float:
        """Focal length in pixels of a picture of this (width, height)."""
        return size[0] / 2 / tan(radians(self.view_deg) / 2)

    def rays(self, size: Size) -> Floats:
        """Direction of every pixel's ray, (3, height, width); its part along the optical axis is 1, so that distance is depth."""
        width, height = size
        focal = self.focal_px(size)
        across = (np.arange(width, dtype=np.float32) + 0.5 - width / 2) / focal
        down = (np.arange(height, dtype=np.float32) + 0.5 - height / 2) / focal
        stretch = 1 + self.bend * (across[None, :] ** 2 + down[:, None] ** 2)
        right, below, ahead = self.axes
        x, y = across[None, :] * stretch, down[:, None] * stretch
        return np.stack([ahead[i] + x * right[i] + y * below[i] for i in range(3)]).astype(np.float32)

    def project(self, points: Floats, size: Size) -> Floats:
        """Pixel column, pixel row and depth in metres of points (n, 3); points behind the lens have a depth of 0 or less."""
        offset = (points - np.array(self.position, np.float32)) @ np.stack(self.axes).T
        depth = offset[:, 2]
        ideal = offset[:, :2] / np.maximum(depth, 0.05)[:, None]
        seen = ideal
        for _ in range(5):
            seen = ideal / (1 + self.bend * (seen**2).sum(axis=1, keepdims=True))
        pixels = seen * self.focal_px(size) + np.array(size, np.float32) / 2
        return np.column_stack([pixels, depth]).astype(np.float32)
