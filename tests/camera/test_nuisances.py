"""What moves and is nobody: clouds, rain, insects, a trembling mast, a clock in the picture. And a lamp in the dark, which is somebody."""

import cv2
import numpy as np
import pytest

from camera.events import Kind
from tests.camera.pictures import HEIGHT, WIDTH, Picture, closed, opened, room, watched, with_figure

ROWS, COLUMNS = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
FROM_S = 8.0


def _spot(across: float, down: float, radius: float) -> Picture:
    """1 in the middle of a soft round spot, 0 far from it."""
    far = np.hypot(COLUMNS - across, ROWS - down) / radius
    spot: Picture = np.exp(-1.5 * far * far, dtype=np.float32)
    return spot


@pytest.mark.parametrize(("speed", "softness"), [(10, 15), (80, 15), (30, 6)])
def test_the_shadow_of_a_cloud_is_nothing(speed: float, softness: float) -> None:
    still = room()

    def cloud(at_s: float) -> Picture:
        edge = -160 + (at_s - FROM_S) * speed
        beyond = (COLUMNS + 0.3 * ROWS - edge) / softness
        inside = 1 / (1 + np.exp(-np.clip(beyond, -30, 30))) / (1 + np.exp(np.clip(beyond - 150 / softness, -30, 30)))
        shaded: Picture = (still * (1 - 0.45 * inside)).astype(np.float32)
        return shaded

    assert watched(cloud, 30) == []


def test_rain_is_nothing() -> None:
    still, drops = room(), np.random.default_rng(3)

    def rain(_at_s: float) -> Picture:
        picture = still.copy()
        for across, down, length in zip(
            drops.integers(0, WIDTH, 60), drops.integers(0, HEIGHT, 60), drops.integers(4, 18, 60), strict=True
        ):
            bright = float(picture[down, across]) + drops.uniform(15, 60)
            cv2.line(picture, (int(across), int(down)), (int(across + 0.15 * length), int(down + length)), bright, 1)
        return picture

    assert watched(rain, 30) == []


def test_insects_that_dart_about_in_infrared_light_are_nothing() -> None:
    still = room() * np.float32(0.5)

    def insects(at_s: float) -> Picture:
        flown_s = at_s % 3
        if flown_s > 1.2:
            return still
        turn = 1 + at_s // 3
        across, down = 40 + (140 + 40 * (turn % 3)) * flown_s, 40 + 25 * turn % 90 + 30 * np.sin(6 * flown_s)
        return still + 120 * _spot(across, down, 4 + 3 * (turn % 4))

    assert watched(insects, 40) == []


@pytest.mark.parametrize("reach", [1, 2])
def test_a_mast_that_trembles_is_nothing(reach: float) -> None:
    still = room()

    def trembles(at_s: float) -> Picture:
        shift = np.array([[1, 0, reach * np.sin(9 * at_s)], [0, 1, 0.7 * reach * np.cos(11 * at_s)]])
        moved: Picture = cv2.warpAffine(still, shift, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
        return moved

    assert watched(trembles, 30) == []


def test_a_clock_in_the_picture_is_nothing() -> None:
    still = room().astype(np.uint8)

    def clock(at_s: float) -> Picture:
        shown = cv2.putText(still.copy(), f"2026-11-22 14:03:{at_s % 60:05.2f}", (5, 22), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 255, 2)
        return shown.astype(np.float32)

    assert watched(clock, 40) == []


def test_a_torch_in_a_dark_room_is_somebody() -> None:
    dark = room() * np.float32(0.06) + np.float32(17)

    def torch(at_s: float) -> Picture:
        if not FROM_S <= at_s < FROM_S + 8:
            return dark
        beam = _spot(60 + (at_s - FROM_S) * 25, 80 + 25 * np.sin(2 * at_s), 40)
        return dark * (1 + 4 * beam)

    [(at_s, beginning)] = opened(watched(torch, 25), Kind.MOTION)
    assert FROM_S <= beginning.start_s <= FROM_S + 0.5
    assert at_s <= FROM_S + 1.5


def test_a_figure_in_infrared_light_among_insects_is_one_visit() -> None:
    still = room() * np.float32(0.5)

    def scene(at_s: float) -> Picture:
        picture = with_figure(room(), -30 + (at_s - FROM_S) * 40) * np.float32(0.5) if at_s >= FROM_S else still
        return picture + 100 * _spot(300 * (at_s % 1), 60, 5) if at_s % 4 < 1 else picture

    [event] = closed(watched(scene, 25), Kind.MOTION)
    assert FROM_S <= event.start_s <= FROM_S + 1
