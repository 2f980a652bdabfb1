"""Turning a camera: it moves as told and stops whatever happens."""

from datetime import UTC, datetime

import pytest

from camera.fault import Fault
from camera.finding.conversation import Login
from camera.finding.ptz import go_to_preset, move, presets
from tests.camera.onvif_server import PASSWORD, USER, Manners, OnvifCamera


def now() -> datetime:
    return datetime.now(UTC)


async def at_once(_seconds: float) -> None:
    """No waiting."""


def login(camera: OnvifCamera) -> Login:
    return Login(camera.address, USER, PASSWORD)


def test_a_move_ends_with_a_stop() -> None:
    with OnvifCamera() as camera:
        move(login(camera), now, 0.5, -0.25, seconds=2, pause=at_once)
        move(login(camera), now, 0, 0, -1, seconds=0.5, pause=at_once)
    first, stop, zoomed, stop_again = camera.moves
    assert first == "move main PanTilt 0.5 -0.25 PT3S"
    assert zoomed.startswith("move main Zoom -1") and zoomed.endswith("PT1.5S")
    assert stop == stop_again == "stop true true"


def test_a_camera_that_is_interrupted_is_stopped_too() -> None:
    async def interrupted(_seconds: float) -> None:
        raise Fault("Interrupted.")

    with OnvifCamera() as camera, pytest.raises(Fault, match="Interrupted"):
        move(login(camera), now, 1, 0, pause=interrupted)
    assert camera.moves[-1] == "stop true true"


@pytest.mark.parametrize(("pan", "seconds"), [(1.5, 1.0), (float("nan"), 1.0), (0.5, 0.0), (0.5, 60.0)])
def test_what_no_camera_does_is_not_asked(pan: float, seconds: float) -> None:
    with OnvifCamera() as camera, pytest.raises(Fault, match="Speeds"):
        move(login(camera), now, pan, 0, seconds=seconds)
    assert camera.asked == []


def test_remembered_places() -> None:
    with OnvifCamera() as camera:
        places = presets(login(camera), now)
        assert [(place.token, place.name) for place in places] == [("1", "Pintu utama"), ("2", "2")]
        go_to_preset(login(camera), now, places[1])
        assert camera.moves == ["to 2"]


def test_a_camera_without_motors_says_so() -> None:
    with OnvifCamera(Manners(can_turn=False)) as camera:
        for act in (lambda: presets(login(camera), now), lambda: move(login(camera), now, 1, 0, pause=at_once)):
            with pytest.raises(Fault, match="cannot turn"):
                act()
