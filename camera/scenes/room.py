"""A room as a list of boxes: walls, doorways, steel racks, cartons, ballot boxes, tables, lamps."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, sin

import numpy as np

from camera.scenes.lens import Floats, Point

WALL_M = 0.2


@dataclass(frozen=True)
class Box:
    """An upright block: two opposite corners in metres, turned by yaw (radians) about its own middle.

    surface: name in surfaces.SURFACES. glow: the light the box gives by itself where the lighting shines.
    """

    low: Point
    high: Point
    surface: str
    yaw: float = 0.0
    glow: float = 0.0

    @property
    def centre(self) -> Floats:
        return np.asarray(np.add(self.low, self.high) / 2, np.float32)

    @property
    def half(self) -> Floats:
        return np.asarray(np.subtract(self.high, self.low) / 2, np.float32)

    def turn(self, x: Floats, y: Floats, back: bool = False) -> tuple[Floats, Floats]:
        """Floor coordinates of a vector as the box sees it, or back again as the room sees it."""
        if not self.yaw:
            return x, y
        c, s = np.float32(cos(self.yaw)), np.float32(sin(self.yaw) * (-1 if back else 1))
        return x * c + y * s, y * c - x * s


def block(x: float, y: float, z: float, size: Point, surface: str, *, yaw: float = 0.0, glow: float = 0.0) -> Box:
    """A box of this size whose foot is centred on x, y at height z."""
    w, d, h = size
    return Box((x - w / 2, y - d / 2, z), (x + w / 2, y + d / 2, z + h), surface, yaw, glow)


def shell(length: float, width: float, height: float, floor: str = "concrete", wall: str = "plaster") -> Iterator[Box]:
    """Floor, ceiling and the walls at y = 0, y = width and x = 0; the end wall at x = length is left to the scene."""
    w = WALL_M
    yield Box((-w, -w, -w), (length + 6, width + w, 0), floor)
    yield Box((-w, -w, height), (length + 6, width + w, height + w), "ceiling")
    yield Box((-w, -w, 0), (length + 6, 0, height), wall)
    yield Box((-w, width, 0), (length + 6, width + w, height), wall)
    yield Box((-w, 0, 0), (0, width, height), wall)


def end_wall(x: float, width: float, height: float, *, door_from: float, door_to: float, wall: str = "plaster") -> Iterator[Box]:
    """A wall across the room at x with an open doorway, its frame, and the dark passage behind it."""
    top, w, frame = 2.1, WALL_M, 0.07
    yield Box((x, 0, 0), (x + w, door_from, height), wall)
    yield Box((x, door_to, 0), (x + w, width, height), wall)
    yield Box((x, door_from, top), (x + w, door_to, height), f"{wall}_lintel")
    yield Box((x - 0.03, door_from - frame, 0), (x + w, door_from, top + frame), "door")
    yield Box((x - 0.03, door_to, 0), (x + w, door_to + frame, top + frame), "door")
    yield Box((x - 0.03, door_from, top), (x + w, door_to, top + frame), "door")
    yield Box((x + 2.2, 0, 0), (x + 2.4, width, height), wall)
    yield Box((x - 0.05, door_to + 0.32, 1.15), (x, door_to + 0.42, 1.27), "switch")


def rack(
    x: float,
    y: float,
    length: float,
    rng: np.random.Generator,
    *,
    along_y: bool = False,
    levels: int = 4,
    goods: str = "carton",
    rise: float = 0.58,
) -> Iterator[Box]:
    """A steel rack with its corner at x, y: posts, boards, and cartons or ballot boxes on the boards with gaps between them."""

    def placed(a: float, b: float, z: float, size: Point, surface: str, *, yaw: float = 0.0) -> Box:
        w, d, h = size
        return block(x + b, y + a, z, (d, w, h), surface, yaw=yaw) if along_y else block(x + a, y + b, z, size, surface, yaw=yaw)

    depth, top = 0.55, 0.12 + (levels - 1) * rise + 0.35
    bays = max(1, round(length / 1.25))
    for bay in range(bays + 1):
        for side in (0.02, depth - 0.02):
            yield placed(bay * length / bays, side, 0, (0.045, 0.045, top), "post")
    for level in range(levels):
        z = 0.12 + level * rise
        yield placed(length / 2, depth / 2, z - 0.05, (length, depth, 0.05), "beam")
        a = 0.06
        while a < length - 0.3:
            wide = float(rng.uniform(0.34, 0.5)) if goods == "carton" else 0.44
            tall = float(rng.uniform(0.24, 0.42)) if goods == "carton" else 0.4
            if a + wide > length - 0.03:
                break
            if rng.random() < 0.86:
                kind = f"carton{rng.integers(4)}" if goods == "carton" else f"ballot_box{rng.integers(2)}"
                pushed = depth / 2 + float(rng.uniform(-0.03, 0.03))
                yield placed(a + wide / 2, pushed, z, (wide - 0.03, depth - 0.14, tall), kind, yaw=float(rng.normal(0, 0.03)))
            a += wide


def pallet(
    x: float, y: float, layers: tuple[int, int, int], rng: np.random.Generator, *, goods: str = "carton", yaw: float = 0.0
) -> Iterator[Box]:
    """A wooden pallet with layers of equal cartons or ballot boxes, the topmost layer not always full.

    layers: how many stand across, deep and high.
    """
    across, deep, high = layers
    size = (0.5, 0.4, 0.32) if goods == "carton" else (0.6, 0.42, 0.43)
    w, d, h = size
    yield block(x, y, 0, (across * w + 0.1, deep * d + 0.1, 0.13), "wood", yaw=yaw)
    for level in range(high):
        for i in range(across):
            for k in range(deep):
                if level == high - 1 and rng.random() < 0.3:
                    continue
                a, b = (i + 0.5 - across / 2) * w, (k + 0.5 - deep / 2) * d
                kind = f"carton{rng.integers(4)}" if goods == "carton" else f"ballot_box{rng.integers(2)}"
                spot = (x + a * cos(yaw) - b * sin(yaw), y + a * sin(yaw) + b * cos(yaw))
                yield block(*spot, 0.13 + level * h, (w - 0.015, d - 0.015, h - 0.008), kind, yaw=yaw + float(rng.normal(0, 0.02)))


def table(x: float, y: float, length: float, depth: float, rng: np.random.Generator) -> Iterator[Box]:
    """A sorting table with paper in stacks and sheets lying flat; its length runs along x."""
    yield block(x, y, 0.72, (length, depth, 0.035), "board")
    for i in (-1, 1):
        for k in (-1, 1):
            yield block(x + i * (length / 2 - 0.06), y + k * (depth / 2 - 0.06), 0, (0.045, 0.045, 0.72), "post")
    steps = int(length / 0.3)
    for step in range(steps):
        a = x - length / 2 + 0.2 + step * (length - 0.3) / steps
        tall = float(rng.choice([0.012, 0.02, 0.05, 0.09, 0.14]))
        b = y + float(rng.uniform(-0.1, 0.1))
        yield block(a, b, 0.755, (0.21, 0.3, tall), f"paper{rng.integers(2)}", yaw=float(rng.normal(0, 0.12)))
