"""Asking an ONVIF camera who it is, what it shows, what time it thinks it is, and whether it can turn.

Source: ONVIF Core, Media (ver10) and PTZ (ver20) service specifications.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from camera.fault import Fault
from camera.finding.answers import stream_address, words
from camera.finding.conversation import Conversation, Login, LoginRefused, converse

# What the recorder can copy into MP4 and the eyes can decode. MPEG4 and what has no name are left out.
CODECS = {"H264": "H.264", "H265": "H.265", "JPEG": "JPEG"}
# Narrower, a person far away is too small for the eyes.
LEAST_WIDTH = 320
MOST_PROFILES = 64
_NAMES = ("Manufacturer", "Model", "FirmwareVersion", "SerialNumber")
_RTSP = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}


@dataclass(frozen=True)
class StreamFacts:
    """One stream. address: checked, without user and password; size in pixels; codec as people write it."""

    address: str
    codec: str
    width: int
    height: int


@dataclass(frozen=True)
class CameraFacts:
    """What a camera says about itself.

    clock_ahead_s: by how many seconds its clock is ahead of ours; None if it told none. can_turn: it has motors.
    main, sub: None where it has none that can be taken; `faults` says why then.
    """

    address: str
    maker: str
    model: str
    firmware: str
    serial: str
    clock_ahead_s: float | None
    main: StreamFacts | None
    sub: StreamFacts | None
    can_turn: bool
    faults: tuple[Fault, ...] = ()


def ask_camera(login: Login, now: Callable[[], datetime]) -> CameraFacts:
    """All that is to be known for entering a camera. now: our clock, in UTC. Raises what `converse` does."""

    async def ask(conversation: Conversation) -> CameraFacts:
        about = await conversation.call("devicemgmt", "GetDeviceInformation")
        maker, model, firmware, serial = (words(getattr(about, name, "")) for name in _NAMES)
        shown = (await conversation.call_for_list("media", "GetProfiles"))[:MOST_PROFILES]
        main, sub, faults = await _streams(conversation, shown)
        can_turn = await conversation.has("ptz") and any(getattr(profile, "PTZConfiguration", None) for profile in shown)
        address, ahead_s = conversation.login.address, conversation.clock_ahead_s
        return CameraFacts(address, maker, model, firmware, serial, ahead_s, main, sub, can_turn, faults)

    return converse(login, now, ask)


def clock_ahead_s(address: str, now: Callable[[], datetime]) -> float | None:
    """By how many seconds a camera's clock is ahead of ours, to the second; None if it tells none. Needs no login.

    Raises what `converse` does.
    """

    async def ask(conversation: Conversation) -> float | None:
        return conversation.clock_ahead_s

    return converse(Login(address), now, ask)


async def _streams(conversation: Conversation, profiles: list[Any]) -> tuple[StreamFacts | None, StreamFacts | None, tuple[Fault, ...]]:
    """The largest stream, the smallest other that is wide enough, and what is wrong with either."""
    # Of two of one size the first is the camera's own choice.
    sized = sorted((one for profile in reversed(profiles) if (one := _sized(profile))), key=lambda one: one[1] * one[2])
    if not sized:
        return None, None, (Fault("The camera has no stream in H.264, H.265 or JPEG."),)
    small = next((one for one in sized[:-1] if one[1] >= LEAST_WIDTH), None)
    faults: list[Fault] = []

    async def stream(chosen: tuple[str, int, int, str] | None) -> StreamFacts | None:
        try:
            return await _stream(conversation, *chosen) if chosen else None
        except LoginRefused:
            raise
        except Fault as fault:
            faults.append(fault)
            return None

    main, sub = await stream(sized[-1]), await stream(small)
    # Some cameras name one stream twice.
    return main, None if main and sub and main.address == sub.address else sub, tuple(faults)


def _sized(profile: Any) -> tuple[str, int, int, str] | None:  # noqa: ANN401 - the library's own shape
    """Codec, width, height and token of a profile; None where it shows nothing that can be taken."""
    try:
        encoder = profile.VideoEncoderConfiguration
        codec, size = CODECS[str(encoder.Encoding).upper()], encoder.Resolution
        width, height, token = int(size.Width), int(size.Height), str(profile.token)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    return (codec, width, height, token) if 0 < width < 65536 and 0 < height < 65536 else None


async def _stream(conversation: Conversation, codec: str, width: int, height: int, token: str) -> StreamFacts:
    said = await conversation.call("media", "GetStreamUri", {"StreamSetup": _RTSP, "ProfileToken": token})
    login = conversation.login
    return StreamFacts(stream_address(str(getattr(said, "Uri", "")), login.address, login.password), codec, width, height)
