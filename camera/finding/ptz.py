"""Turning a camera that has motors: moving it for a moment, and the places that it remembers.

Source: ONVIF PTZ service specification. ContinuousMove is what every camera of Profile S must know; RelativeMove it need not.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from camera.fault import Fault
from camera.finding.answers import words
from camera.finding.conversation import Conversation, Login, converse

MOST_MOVE_S = 5.0
MOST_PRESETS = 256
# The camera stops by itself so long after it should have been told to, should our word to stop be lost.
SPARE_S = 1.0


@dataclass(frozen=True)
class Preset:
    """A place that the camera remembers. token: how it is called by machines."""

    token: str
    name: str


def move(
    login: Login,
    now: Callable[[], datetime],
    pan: float,
    tilt: float,
    zoom: float = 0.0,
    *,
    seconds: float = 0.5,
    pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> None:
    """Turns the camera for so many seconds and stops it. pan, tilt, zoom: speeds, -1 (left, down, wide) to 1 (right, up, near).

    It is stopped whatever happens in between. Raises Fault for speeds or a time that cannot be, and what `converse` does.
    """
    if not all(-1 <= speed <= 1 for speed in (pan, tilt, zoom)) or not 0 < seconds <= MOST_MOVE_S:
        raise Fault("Speeds go from -1 to 1, and a move takes at most {seconds} seconds.", seconds=int(MOST_MOVE_S))

    async def act(conversation: Conversation) -> None:
        token = await _profile(conversation)
        velocity: dict[str, object] = {}
        if pan or tilt:
            velocity["PanTilt"] = {"x": pan, "y": tilt}
        if zoom:
            velocity["Zoom"] = {"x": zoom}
        try:
            asked = {"ProfileToken": token, "Velocity": velocity, "Timeout": f"PT{seconds + SPARE_S:g}S"}
            await conversation.call("ptz", "ContinuousMove", asked)
            await pause(seconds)
        finally:
            await conversation.call("ptz", "Stop", {"ProfileToken": token, "PanTilt": True, "Zoom": True})

    converse(login, now, act)


def presets(login: Login, now: Callable[[], datetime]) -> list[Preset]:
    """The places that the camera remembers. Raises what `converse` does."""

    async def act(conversation: Conversation) -> list[Preset]:
        found = await conversation.call_for_list("ptz", "GetPresets", {"ProfileToken": await _profile(conversation)})
        told = [(getattr(one, "token", None), getattr(one, "Name", None)) for one in found[:MOST_PRESETS]]
        return [Preset(str(token), words(str(name or token))) for token, name in told if token]

    return converse(login, now, act)


def go_to_preset(login: Login, now: Callable[[], datetime], preset: Preset) -> None:
    """Turns the camera to a place that it remembers. Raises what `converse` does."""

    async def act(conversation: Conversation) -> None:
        await conversation.call("ptz", "GotoPreset", {"ProfileToken": await _profile(conversation), "PresetToken": preset.token})

    converse(login, now, act)


async def _profile(conversation: Conversation) -> str:
    """The profile whose camera can turn. Raises Fault where none can."""
    for profile in await conversation.call_for_list("media", "GetProfiles") if await conversation.has("ptz") else ():
        if getattr(profile, "PTZConfiguration", None) is not None:
            return str(getattr(profile, "token", ""))
    raise Fault("This camera cannot turn.")
