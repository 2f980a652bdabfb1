"""What a camera says about itself, in the user's language."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ui.words.sentences import sentence
from ui.words.speech import _, _n

if TYPE_CHECKING:
    from camera.finding.onvif import CameraFacts, StreamFacts

# A camera tells its time in whole seconds, and its answer takes a while.
CLOCK_RIGHT_S = 5.0


def told(facts: "CameraFacts") -> list[str]:
    """What a camera says about itself, as lines in the user's language."""
    lines = [_("Camera: {name}").format(name=" ".join(filter(None, (facts.maker, facts.model))) or "-")]
    lines.append(_("Firmware: {firmware}, serial number: {serial}").format(firmware=facts.firmware or "-", serial=facts.serial or "-"))
    lines.append(clock_told(facts.clock_ahead_s))
    lines += [_("Main stream: {stream}").format(stream=_stream(facts.main))] if facts.main else []
    lines.append(_("Sub-stream: {stream}").format(stream=_stream(facts.sub)) if facts.sub else _("It has no sub-stream."))
    elsewhere = {urlsplit(stream.address).hostname for stream in (facts.main, facts.sub) if stream} - {urlsplit(facts.address).hostname}
    line = _("Its pictures come from another host, {host}: the password will go there too.")
    lines += [line.format(host=", ".join(sorted(map(str, elsewhere))))] if elsewhere else []
    lines += [_("It can turn.")] if facts.can_turn else []
    return lines + [sentence(fault) for fault in facts.faults]


def clock_told(ahead_s: float | None) -> str:
    """How a camera's clock goes, as a sentence."""
    if ahead_s is None:
        return _("It does not tell its time.")
    if abs(ahead_s) < CLOCK_RIGHT_S:
        return _("Its clock is right.")
    said = _("Its clock is {time} fast; set it.") if ahead_s > 0 else _("Its clock is {time} slow; set it.")
    return said.format(time=_length(round(abs(ahead_s))))


def _length(seconds: int) -> str:
    """A length of time in the largest unit of which it has two or more."""
    if seconds < 120:
        return _n("{n} second", "{n} seconds", seconds)
    if seconds < 2 * 3600:
        return _n("{n} minute", "{n} minutes", round(seconds / 60))
    if seconds < 2 * 86_400:
        return _n("{n} hour", "{n} hours", round(seconds / 3600))
    return _n("{n} day", "{n} days", round(seconds / 86_400))


def _stream(stream: "StreamFacts") -> str:
    return f"{stream.address} ({stream.codec}, {stream.width} x {stream.height})"
