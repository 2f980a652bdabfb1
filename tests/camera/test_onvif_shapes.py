"""Well-formed answers of a shape that no ONVIF service has: each is a fault or is passed over, none a crash."""

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from camera.fault import Fault
from camera.finding.conversation import Login
from camera.finding.onvif import ask_camera
from camera.finding.ptz import move, presets
from tests.camera.onvif_server import PASSWORD, USER, Manners, OnvifCamera

# Each request with the prefix of its service, and what its answer holds.
REQUESTS = {
    "GetSystemDateAndTime": ("tds", "SystemDateAndTime"),
    "GetDeviceInformation": ("tds", "Manufacturer"),
    "GetServices": ("tds", "Service"),
    "GetCapabilities": ("tds", "Capabilities"),
    "GetProfiles": ("trt", "Profiles"),
    "GetStreamUri": ("trt", "MediaUri"),
    "GetPresets": ("tptz", "Preset"),
    "ContinuousMove": ("tptz", "Nothing"),
    "Stop": ("tptz", "Nothing"),
}
INSIDE = ["", "<x/>", "text", "<{0}/>", "<{0}>text</{0}>", "<{0}><x>1</x></{0}>" * 2]
BARE = ["", "<x/>", "text", "<trt:GetStreamUriResponse/>", "<s:Fault/>", "<s:Fault><s:Code/></s:Fault>"]


def now() -> datetime:
    return datetime.now(UTC)


async def at_once(_seconds: float) -> None:
    """No waiting."""


ACTS: list[Callable[[Login], object]] = [
    lambda login: ask_camera(login, now),
    lambda login: presets(login, now),
    lambda login: move(login, now, 0.1, 0, pause=at_once),
]


@pytest.mark.parametrize("request_", REQUESTS)
def test_whatever_shape_an_answer_has(request_: str) -> None:
    prefix, child = REQUESTS[request_]
    shaped = [f"<{prefix}:{request_}Response>{inside.format(f'{prefix}:{child}')}</{prefix}:{request_}Response>" for inside in INSIDE]
    with OnvifCamera(Manners(old=request_ == "GetCapabilities")) as camera:
        for body in shaped + BARE:
            camera.manners.answers = {request_: body}
            for act in ACTS:
                with contextlib.suppress(Fault):
                    act(Login(camera.address, USER, PASSWORD))
        assert request_ in camera.asked
