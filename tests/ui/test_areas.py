"""Drawing zones and masks: what a corner, an edge and an area do, without a window."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.watch.views import CameraView, WatchZone
from ui.watch.areas import MIDDLE, AreaKind, Areas

SQUARE = ((0.2, 0.2), (0.6, 0.2), (0.6, 0.6), (0.2, 0.6))
REACH = (0.02, 0.02)


def areas(*corners: tuple[float, float]) -> Areas:
    made = Areas()
    made.add(AreaKind.ZONE, corners or SQUARE)
    return made


def test_what_is_shown_comes_back() -> None:
    view = CameraView((WatchZone(SQUARE, 5, 12.5), WatchZone(MIDDLE)), (SQUARE,), 30)
    made = Areas()
    made.show(view)
    assert made.view(30) == view
    assert [made.name(at) for at in range(3)] == ["Zone 1", "Zone 2", "Mask 1"]
    assert made.at == 0


def test_too_few_corners_give_a_rectangle_in_the_middle() -> None:
    made = areas((0.1, 0.1), (0.2, 0.2))
    assert made.view(50).zones == (WatchZone(MIDDLE),)


def test_the_one_before_is_chosen_when_an_area_is_deleted() -> None:
    made = areas()
    made.add(AreaKind.MASK)
    made.delete()
    assert (made.at, len(made.all)) == (0, 1)
    made.delete()
    assert (made.at, made.corner, made.all) == (None, None, [])
    made.delete()


def test_a_corner_moves_within_the_picture() -> None:
    made = areas()
    made.choose(0, 2)
    made.move(0.01, -0.05)
    assert made.all[0].corners[2] == (0.61, 0.55)
    made.move(9, 9)
    assert made.all[0].corners[2] == (1.0, 1.0)
    made.step(2)
    assert made.corner == 0
    made.step(-1)
    assert made.corner == 3


def test_corners_come_and_go_between_three_and_thirty_two() -> None:
    made = areas()
    made.choose(0, 3)
    assert made.add_corner()
    assert (made.corner, made.all[0].corners[4]) == (4, (0.2, 0.4)), "half way back to the first"
    while made.add_corner():
        pass
    assert len(made.all[0].corners) == 32
    while made.delete_corner():
        assert made.corner is not None and made.corner < len(made.all[0].corners)
    assert len(made.all[0].corners) == 3


@pytest.mark.parametrize(
    ("place", "corner", "edge", "area"),
    [
        ((0.21, 0.19), (0, 0), 0, None),
        ((0.6, 0.61), (0, 2), 1, None),
        ((0.4, 0.21), None, 0, 0),
        ((0.19, 0.4), None, 3, None),
        ((0.4, 0.4), None, None, 0),
        ((0.8, 0.8), None, None, None),
    ],
)
def test_the_mouse_finds_corner_edge_and_area(
    place: tuple[float, float], corner: tuple[int, int] | None, edge: int | None, area: int | None
) -> None:
    made = areas()
    assert (made.corner_near(place, REACH), made.edge_near(place, REACH), made.area_at(place)) == (corner, edge, area)


def test_of_two_corners_at_one_place_that_of_the_chosen_area_is_taken() -> None:
    made = areas()
    made.add(AreaKind.MASK, SQUARE)
    assert made.corner_near((0.2, 0.2), REACH) == (1, 0)
    made.choose(0)
    assert made.corner_near((0.2, 0.2), REACH) == (0, 0)


@given(st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_a_place_lies_in_a_square_or_not(place: tuple[float, float]) -> None:
    inside = all(0.2 < share < 0.6 for share in place)
    on_edge = any(abs(share - edge) < 1e-9 for share in place for edge in (0.2, 0.6))
    assert on_edge or (areas().area_at(place) == 0) is inside
