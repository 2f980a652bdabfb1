"""Zones, least sizes, masks and sensitivity decide what is worth an event."""

import cv2
import numpy as np
import pytest

from camera.events import Kind
from camera.eyes.eyes import Eyes
from camera.view import View, Zone
from tests.camera.pictures import HEIGHT, WIDTH, Picture, opened, room, watched, with_figure

WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def _visit(at_s: float) -> Picture:
    return with_figure(room(), -30 + (at_s - 5) * 40) if at_s >= 5 else room()


def _seen(view: View) -> int:
    return len(opened(watched(_visit, 14, eyes=Eyes(view)), Kind.MOTION))


def test_what_is_smaller_than_its_zone_asks_for_is_no_event() -> None:
    # The figure is half of the picture tall, its foot stands at 94 % of the height.
    assert _seen(View((Zone(WHOLE, least_near_pct=40),))) == 1
    assert _seen(View((Zone(WHOLE, least_near_pct=70),))) == 0


def test_near_and_far_ask_for_sizes_of_their_own() -> None:
    assert _seen(View((Zone(WHOLE, least_far_pct=90, least_near_pct=30),))) == 1
    far_only = ((0.0, 0.0), (1.0, 0.0), (1.0, 0.95), (0.0, 0.95))
    assert _seen(View((Zone(far_only, least_far_pct=90, least_near_pct=80),))) == 0


def test_a_mask_is_not_looked_at() -> None:
    assert _seen(View(masks=(WHOLE,))) == 0
    assert _seen(View(masks=(((0.0, 0.0), (0.2, 0.0), (0.2, 1.0), (0.0, 1.0)),))) == 1


def test_a_view_survives_being_told_as_plain_values() -> None:
    view = View((Zone(((0.1, 0.2), (0.5, 0.2), (0.5, 0.9)), 5, 20),), (((0.0, 0.0), (0.1, 0.0), (0.1, 0.1)),), 70)
    assert View.from_plain(view.plain()) == view


@pytest.mark.parametrize(("sensitivity", "seen"), [(0, 0), (50, 0), (100, 1)])
def test_one_number_decides_how_small_a_thing_may_be(sensitivity: int, seen: int) -> None:
    def small(at_s: float) -> Picture:
        picture = np.full((HEIGHT, WIDTH), 80, np.float32)
        if at_s >= 5:
            left = round(20 + (at_s - 5) * 10)
            picture[80:87, left : left + 7], picture[87:94, left : left + 7] = 130, 40
        return cv2.GaussianBlur(picture, (0, 0), 0.8).astype(np.float32)

    found = opened(watched(small, 12, eyes=Eyes(View(sensitivity=sensitivity)), noise=1), Kind.MOTION)
    assert len(found) == seen
