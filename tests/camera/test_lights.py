"""A light switch is reported as what it is, at once, and does not blind the eyes."""

import numpy as np
import pytest

from camera.events import Kind, Phase
from tests.camera.pictures import Picture, closed, opened, room, watched, with_figure

SWITCH_S = 6.0


@pytest.mark.parametrize(("before", "after"), [(0.2, 1.2), (1.2, 0.2)], ids=["on", "off"])
@pytest.mark.parametrize("fps", [4, 10, 30])
def test_a_switch_is_one_change_of_lights_and_no_motion(before: float, after: float, fps: int) -> None:
    still = room()
    reports = watched(lambda at_s: still * np.float32(before if at_s < SWITCH_S else after), 15, fps=fps)
    assert [(sight.kind, sight.phase) for _, sight in reports] == [
        (Kind.LIGHTS_CHANGED, Phase.OPENED),
        (Kind.LIGHTS_CHANGED, Phase.CLOSED),
    ]
    at_s, beginning = reports[0]
    assert at_s == beginning.start_s == SWITCH_S
    assert beginning.peak_pct > 60
    assert beginning.boxes == ()


def test_a_tube_that_settles_after_the_switch_is_still_one_change() -> None:
    still = room()

    def tube(at_s: float) -> Picture:
        return still * np.float32(0.2 if at_s < SWITCH_S else 1.2 - 0.4 * np.exp(-(at_s - SWITCH_S) / 0.4))

    reports = watched(tube, 15)
    [event] = closed(reports, Kind.LIGHTS_CHANGED)
    assert SWITCH_S < event.end_s < SWITCH_S + 2
    assert opened(reports, Kind.MOTION) == []


def test_a_figure_a_second_after_the_switch_is_seen() -> None:
    still = room()

    def enters_lit(at_s: float) -> Picture:
        if at_s < SWITCH_S:
            return still * np.float32(0.2)
        return with_figure(still, -30 + (at_s - SWITCH_S - 1) * 40) if at_s > SWITCH_S + 1 else still

    reports = watched(enters_lit, 20)
    [(at_s, beginning)] = opened(reports, Kind.MOTION)
    assert SWITCH_S + 1 < beginning.start_s < SWITCH_S + 2
    assert at_s < SWITCH_S + 2.5
    assert len(opened(reports, Kind.LIGHTS_CHANGED)) == 1


def test_who_switches_the_light_is_one_visit() -> None:
    def switches(at_s: float) -> Picture:
        picture = with_figure(room(), -30 + (at_s - 3) * 40) if at_s > 3 else room()
        return picture * np.float32(0.6 if at_s < SWITCH_S else 1.2)

    reports = watched(switches, 20)
    [event] = closed(reports, Kind.MOTION)
    assert event.start_s < 4
    assert event.end_s > 10
    assert len(closed(reports, Kind.LIGHTS_CHANGED)) == 1
