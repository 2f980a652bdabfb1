"""The eyes see a person, and neither noise, drift, insects nor a carton that was put down."""

import cv2
import numpy as np
import pytest

from camera.events import Kind, Phase
from camera.eyes.eyes import Eyes
from camera.view import View, Zone
from tests.camera.pictures import HEIGHT, WIDTH, Picture, closed, opened, pictures, room, watched, with_figure

ENTERS_S, LEAVES_S = 5.0, 13.75
SPEED = 40  # pixels a second: across the picture and out in LEAVES_S - ENTERS_S


def _visit(at_s: float) -> Picture:
    return with_figure(room(), -30 + (at_s - ENTERS_S) * SPEED) if at_s >= ENTERS_S else room()


@pytest.mark.parametrize("fps", [4, 10, 30])
def test_a_visit_is_one_event_at_any_rate(fps: int) -> None:
    reports = watched(_visit, 20, fps=fps)
    [(at_s, beginning)] = opened(reports, Kind.MOTION)
    [event] = closed(reports, Kind.MOTION)
    in_view_s = ENTERS_S + 0.25  # the first ten pixels
    assert at_s <= in_view_s + 0.75 + 1 / fps
    assert ENTERS_S <= beginning.start_s <= in_view_s + 0.25
    assert event.start_s == beginning.start_s
    assert LEAVES_S - 1 <= event.end_s <= LEAVES_S + 0.5
    assert 1 < event.peak_pct < 10


def test_a_figure_in_full_view_is_reported_within_six_tenths_of_a_second() -> None:
    def steps_out(at_s: float) -> Picture:
        return with_figure(room(), 100 + (at_s - 5) * SPEED) if at_s >= 5 else room()

    [(at_s, beginning)] = opened(watched(steps_out, 8), Kind.MOTION)
    assert beginning.start_s == 5.0
    assert at_s <= 5.6


def test_it_is_extended_about_once_a_second_with_the_place_where_it_is_now() -> None:
    extended = [(at_s, sight) for at_s, sight in watched(_visit, 20) if sight.phase is Phase.EXTENDED]
    assert 6 <= len(extended) <= 9
    for at_s, sight in extended:
        middle = min((-30 + (at_s - ENTERS_S) * SPEED + 15) / WIDTH, 0.99)  # the figure's; then what is left at the edge
        assert any(box.x <= middle <= box.x + box.width and box.y < 125 / HEIGHT < box.y + box.height for box in sight.boxes)
    peaks = [sight.peak_pct for _, sight in extended]
    assert peaks == sorted(peaks)


def test_the_share_that_moves_is_shown_while_it_moves() -> None:
    eyes = Eyes()
    shares = {}
    for luma, at_s in pictures(_visit, 20):
        eyes.look(luma, at_s)
        shares[at_s] = eyes.motion_pct
    assert shares[3.0] == 0
    assert 3 < shares[9.0] < 8  # the figure fills 4.7 %
    assert shares[19.0] == 0


@pytest.mark.parametrize("noise", [2, 6, 10])
def test_noise_is_nothing(noise: float) -> None:
    still = room()
    assert watched(lambda _: still, 60, noise=noise) == []


def test_slow_drift_of_light_is_nothing() -> None:
    still = room()

    def drift(at_s: float) -> Picture:
        return still * np.float32(1 + at_s / 90)

    assert watched(drift, 60) == []


def test_an_exposure_swing_is_nothing() -> None:
    still = room()

    def swing(at_s: float) -> Picture:
        # From half to one and a half within three seconds, and back.
        exposure = np.interp(at_s, [10, 13, 18, 21], [0.5, 1.5, 1.5, 0.5])
        return np.multiply(still, exposure, dtype=np.float32)

    assert watched(swing, 30) == []


def test_a_blurred_insect_before_the_lens_is_nothing() -> None:
    rows, columns = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    still = room()

    def insects(at_s: float) -> Picture:
        flown_s = at_s % 4 - 3  # eight tenths of a second in every four
        if not 0 <= flown_s < 0.8:
            return still
        far = np.hypot(columns - 80 - 250 * flown_s, rows - 60 - 40 * flown_s) / 25
        seen: Picture = still + np.float32(110) * np.exp(-1.5 * far * far, dtype=np.float32)
        return seen

    assert watched(insects, 40) == []


def test_the_same_blob_with_a_sharp_edge_that_stays_is_seen() -> None:
    def ball(at_s: float) -> Picture:
        picture = room()
        if 5 <= at_s < 9:
            cv2.circle(picture, (round(60 + 50 * (at_s - 5)), 80), 20, 200.0, -1)
        return picture

    assert len(closed(watched(ball, 12), Kind.MOTION)) == 1


def test_a_carton_left_behind_does_not_keep_the_event_open() -> None:
    def leaves_a_carton(at_s: float) -> Picture:
        picture = _visit(at_s)
        if at_s > 9.5:
            picture[120:160, 90:130] = np.where(np.indices((40, 40)).sum(0) // 8 % 2, 30, 160)
        return picture

    [(at_s, event)] = [(at_s, sight) for at_s, sight in watched(leaves_a_carton, 25) if sight.phase is Phase.CLOSED]
    assert event.end_s <= LEAVES_S + 0.5
    assert at_s <= LEAVES_S + 3


def test_who_stands_and_only_sways_keeps_the_event_open() -> None:
    def stands(at_s: float) -> Picture:
        if at_s < 5:
            return room()
        if at_s < 9:
            return with_figure(room(), -30 + (at_s - 5) * SPEED)
        if at_s < 69:
            return with_figure(room(), 130 + 1.4 * np.sin(2 * at_s))
        return with_figure(room(), 130 + (at_s - 69) * SPEED)

    [event] = closed(watched(stands, 80), Kind.MOTION)
    assert event.start_s < 6
    assert 73 < event.end_s < 75


def test_two_visits_two_seconds_apart_are_two_events() -> None:
    def twice(at_s: float) -> Picture:
        return _visit(at_s if at_s < LEAVES_S + 2 else at_s - LEAVES_S - 2 + ENTERS_S)

    first, second = closed(watched(twice, 30), Kind.MOTION)
    assert first.end_s < LEAVES_S + 0.5 < second.start_s
    assert (first.number, second.number) == (1, 2)


def test_only_the_watched_area_counts() -> None:
    right_half = Zone(((0.5, 0), (1, 0), (1, 1), (0.5, 1)))
    [(_, beginning)] = opened(watched(_visit, 20, eyes=Eyes(View((right_half,)))), Kind.MOTION)
    assert beginning.start_s > ENTERS_S + 160 / SPEED - 0.1
    assert all(box.x >= 0.49 for box in beginning.boxes)


def test_a_changed_picture_size_closes_the_event_and_is_survived() -> None:
    eyes = Eyes()
    for luma, at_s in pictures(_visit, 8):
        eyes.look(luma, at_s)
    reports = []
    for luma, at_s in pictures(_visit, 20):
        small = cv2.resize(luma, (WIDTH // 2, HEIGHT // 2), interpolation=cv2.INTER_AREA).astype(np.uint8)
        reports += eyes.look(small, 8 + at_s)
    assert [(sight.number, sight.phase) for sight in reports if sight.phase is not Phase.EXTENDED] == [
        (1, Phase.CLOSED),
        (2, Phase.OPENED),
        (2, Phase.CLOSED),
    ]


def test_time_that_runs_backwards_does_not_blind_the_eyes() -> None:
    eyes = Eyes()
    for luma, at_s in pictures(lambda _: room(), 5):
        eyes.look(luma, 1000 + at_s)
    assert len(closed(watched(_visit, 20, eyes=eyes), Kind.MOTION)) == 1


def test_more_than_ten_looks_a_second_are_passed_over() -> None:
    eyes = Eyes()
    eyes.look(np.zeros((HEIGHT, WIDTH), np.uint8), 0.0)
    assert not eyes.wants(0.04)
    assert eyes.wants(0.1)
