"""What is done to a camera is told as what it is, in time, and nothing that happens in a room is taken for it."""

import cv2
import numpy as np
import pytest

from camera.events import Kind, Phase, Sight
from camera.eyes.eyes import Eyes
from camera.eyes.likeness import MOVED, Look, likeness
from tests.camera.pictures import HEIGHT, WIDTH, Picture, pictures, room, watched, with_figure

FROM_S = 12.0
TAMPERS = {Kind.COVERED, Kind.MOVED, Kind.BLURRED, Kind.DAZZLED, Kind.DARK, Kind.FROZEN}


def _tampers(reports: list[tuple[float, Sight]]) -> list[tuple[float, Sight]]:
    return [(at_s, sight) for at_s, sight in reports if sight.kind in TAMPERS and sight.phase is Phase.OPENED]


def _panned(picture: Picture, pixels: int) -> Picture:
    wide = np.hstack([picture, cv2.flip(picture, 1)])
    view: Picture = wide[:, pixels : pixels + WIDTH].astype(np.float32)
    return view


def _acts() -> dict[Kind, Picture]:
    still = room()
    cloth = np.full((HEIGHT, WIDTH), 25, np.float32)
    cloth[:, :40] = still[:, :40]
    lamp = np.hypot(*(np.mgrid[:HEIGHT, :WIDTH] - np.array([90, 160])[:, None, None])) < 90
    return {
        Kind.COVERED: cloth,
        Kind.MOVED: _panned(still, 60),
        Kind.BLURRED: cv2.GaussianBlur(still, (0, 0), 3).astype(np.float32),
        Kind.DAZZLED: np.where(lamp, 300, still * 0.5 + 120).astype(np.float32),
        Kind.DARK: np.full((HEIGHT, WIDTH), 17, np.float32),
    }


@pytest.mark.parametrize(("kind", "within_s"), [(kind, 30 if kind is Kind.BLURRED else 10) for kind in _acts()], ids=list(_acts()))
def test_an_act_is_told_as_what_it_is_and_is_over_when_it_is_undone(kind: Kind, within_s: float) -> None:
    still, done = room(), _acts()[kind]
    reports = watched(lambda at_s: done if FROM_S <= at_s < FROM_S + 20 else still, 60)
    [(at_s, event)] = _tampers(reports)
    assert event.kind is kind
    assert FROM_S <= event.start_s <= FROM_S + 2
    assert at_s <= FROM_S + within_s
    [end] = [sight for _, sight in reports if sight.kind is kind and sight.phase is Phase.CLOSED]
    assert FROM_S + 18 <= end.end_s <= FROM_S + 24


def test_a_still_in_place_of_the_picture_is_told_within_fifteen_seconds() -> None:
    eyes, reports = Eyes(), []
    shown = None
    for luma, at_s in pictures(lambda _: room(), 80):
        if at_s < 50 or shown is None:
            shown = luma
        reports += [(at_s, sight) for sight in eyes.look(shown, at_s)]
    [(at_s, event)] = _tampers(reports)
    assert event.kind is Kind.FROZEN
    assert 47 <= event.start_s <= 52
    assert at_s <= 50 + 15


def test_who_walks_close_past_the_lens_covers_nothing() -> None:
    still = room()

    def close_by(at_s: float) -> Picture:
        picture = still.copy()
        if FROM_S <= at_s < FROM_S + 2.5:
            left = int(-220 + (at_s - FROM_S) * 216)
            picture[:, max(0, left) : max(0, left + 220)] = 35
        return picture

    assert _tampers(watched(close_by, 30)) == []


def test_a_stack_put_before_a_third_of_the_picture_covers_nothing() -> None:
    stacked = room()
    stacked[:, 210:] = np.where(np.indices((HEIGHT, 110)).sum(0) // 22 % 2, 70, 110)
    assert _tampers(watched(lambda at_s: stacked if at_s >= FROM_S else room(), 60)) == []


@pytest.mark.parametrize(("before", "after"), [(1.2, 0.25), (0.25, 1.2)], ids=["off", "on"])
def test_a_light_switch_is_no_tampering(before: float, after: float) -> None:
    still = room()
    assert _tampers(watched(lambda at_s: still * np.float32(before if at_s < FROM_S else after), 60)) == []


def test_a_camera_that_goes_over_to_infrared_reports_neither_lights_nor_tampering_nor_motion() -> None:
    rows, columns = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    spot = np.exp(-(np.hypot((columns - 160) / 150, (rows - 90) / 90) ** 2), dtype=np.float32)
    day, night = room() * np.float32(0.6), room() * (0.3 + 1.1 * spot) + 10
    eyes, kinds = Eyes(), []
    for luma, at_s in pictures(lambda at_s: night if 12 <= at_s < 30 else day, 45):
        kinds += [sight.kind for sight in eyes.look(luma, at_s, colour=0.4 if 12 <= at_s < 30 else 7.0)]
    assert kinds == []


def test_the_same_jump_of_light_with_its_colours_kept_is_a_switch() -> None:
    eyes, kinds = Eyes(), []
    for luma, at_s in pictures(lambda at_s: room() * np.float32(1.2 if at_s >= FROM_S else 0.3), 20):
        kinds += [sight.kind for sight in eyes.look(luma, at_s, colour=7.0)]
    assert set(kinds) == {Kind.LIGHTS_CHANGED}


def test_a_camera_that_was_turned_while_nobody_looked_is_told() -> None:
    evening = Eyes()
    for luma, at_s in pictures(lambda _: room(), 5):
        evening.look(luma, at_s)

    def kinds(scene: Picture) -> set[Kind]:
        morning = Eyes()
        morning.recall(evening.remembered)
        return {sight.kind for luma, at_s in pictures(lambda _: scene, 12) for sight in morning.look(luma, at_s)}

    assert kinds(room()) == set()
    assert kinds(room() * np.float32(0.5)) == set()
    assert kinds(_panned(room(), 60)) == {Kind.MOVED}


def test_a_visitor_hides_no_act_that_follows() -> None:
    covered = np.full((HEIGHT, WIDTH), 25, np.float32)

    def comes_and_covers(at_s: float) -> Picture:
        if at_s >= FROM_S:
            return covered
        return with_figure(room(), -30 + (at_s - 5) * 40) if at_s >= 5 else room()

    [(at_s, event)] = _tampers(watched(comes_and_covers, 40))
    assert event.kind in {Kind.COVERED, Kind.DARK}
    assert at_s <= FROM_S + 10


def _shelves(left: int) -> Picture:
    """The part from `left` on of a wide wall with boards from end to end and cartons on them."""
    wall = np.full((HEIGHT, 520), 90, np.float32)
    random = np.random.default_rng(3)
    for board in range(20, HEIGHT, 32):
        wall[board : board + 3] = 170
        at = 0
        while at < wall.shape[1]:
            across, tall = int(random.integers(12, 40)), int(random.integers(8, 14))
            wall[board - tall : board, at : at + across] = random.integers(120, 200)
            at += across + int(random.integers(30, 90))
    return wall[:, left : left + WIDTH]


@pytest.mark.parametrize("pixels", [20, 40])
def test_a_turn_along_shelves_is_seen_though_their_boards_stay_where_they_were(pixels: int) -> None:
    like = likeness(Look.at(_shelves(100 + pixels), 0.0), Look.at(_shelves(100), 0.0))
    assert like.kept > like.lost
    assert like.shift == pytest.approx(pixels / WIDTH, abs=MOVED / 2)
