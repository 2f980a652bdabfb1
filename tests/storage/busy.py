"""Motion grids of people who walk to and fro in front of a camera, as the eyes would tell them."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

from storage.watch.grid import COLUMNS, GRID_BYTES, MINUTE_BYTES, ROWS, SECONDS

# A cell that a body covers does not differ from its background in every second.
SEEN = 0.85


@dataclass
class Walker:
    """Where somebody's foot stands, in cells, where to they go in a second, and how long they still rest, in seconds."""

    x: float
    y: float
    dx: float = 0.0
    dy: float = 0.0
    rests_s: float = 0.0

    def step(self, chance: random.Random) -> None:
        """A second passes."""
        if chance.random() < 0.2:
            self.dx, self.dy = chance.uniform(-2, 2), chance.uniform(-0.5, 0.5)
        self.x = min(COLUMNS - 1, max(0, self.x + self.dx))
        self.y = min(ROWS - 1, max(3, self.y + self.dy))


def minutes(people: int, count: int, *, rest_s: float = 8.0, seed: int = 1) -> Iterator[bytes]:
    """The grids of minutes in which people walk, each resting for a while now and then. rest_s: how long on average; 0 never."""
    chance = random.Random(seed)
    walkers = [Walker(chance.uniform(0, COLUMNS), chance.uniform(4, ROWS - 1)) for _ in range(people)]
    for _minute in range(count):
        yield b"".join(_second(walkers, rest_s, chance) for _second_of in range(SECONDS))


def noise(count: int, seed: int = 1) -> Iterator[bytes]:
    """Grids in which every cell moves by chance: nothing is fuller of news."""
    chance = random.Random(seed)
    for _minute in range(count):
        yield chance.randbytes(MINUTE_BYTES)


def _second(walkers: list[Walker], rest_s: float, chance: random.Random) -> bytes:
    cells = 0
    for walker in walkers:
        walker.rests_s -= 1
        if walker.rests_s > 0:
            continue
        before = (walker.x, walker.y)
        walker.step(chance)
        cells |= _swept(before, (walker.x, walker.y), chance)
        if rest_s and chance.random() < 0.05:
            walker.rests_s = chance.expovariate(1 / rest_s)
    return cells.to_bytes(GRID_BYTES)


def _swept(before: tuple[float, float], after: tuple[float, float], chance: random.Random) -> int:
    """The cells that a body covers on its way; the lower in the picture, the nearer and taller."""
    height = 1.5 + after[1] * 0.3
    wide = height * 0.35
    columns = range(max(0, math.floor(min(before[0], after[0]) - wide)), min(COLUMNS - 1, math.floor(max(before[0], after[0]) + wide)) + 1)
    rows = range(max(0, math.floor(min(before[1], after[1]) - height)), min(ROWS - 1, math.floor(max(before[1], after[1]))) + 1)
    return sum(1 << COLUMNS * ROWS - 1 - row * COLUMNS - column for row in rows for column in columns if chance.random() < SEEN)
