"""Finding ONVIF cameras: one WS-Discovery message to everybody in the network, and whatever answers within some seconds.

Source: OASIS WS-Discovery 2005/04 (section 5, Probe), ONVIF Core Specification (section 7, Device discovery).
"""

import contextlib
import select
import socket
import struct
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from lxml import etree

from camera.fault import Fault
from camera.finding.answers import Unreadable, device_address, parsed, words

EVERYBODY = ("239.255.255.250", 3702)
WAIT_S = 4.0
# A lost datagram is not told to anybody: the question is put twice.
AGAIN_S = 0.5
TURN_S = 0.1
# From one sender: a recorder may answer for all of its cameras; what comes after that is a flood.
MOST_ANSWERS = 100
MOST_CAMERAS = 1_000
_SCOPE = "onvif://www.onvif.org/"
_ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
_DISCOVERY = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
_PROBE = f"""<?xml version="1.0" encoding="UTF-8"?>
<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:w="{_ADDRESSING}" xmlns:d="{_DISCOVERY}"
 xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><e:Header><w:MessageID>uuid:%s</w:MessageID>
<w:To e:mustUnderstand="true">urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To>
<w:Action e:mustUnderstand="true">{_DISCOVERY}/Probe</w:Action></e:Header>
<e:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></e:Body></e:Envelope>"""


@dataclass(frozen=True)
class Found:
    """A camera that answered. endpoint: what names it for good; address: of its device service; name, hardware: as it says."""

    endpoint: str
    address: str
    name: str
    hardware: str


def find_cameras(
    target: tuple[str, int] = EVERYBODY,
    *,
    wait_s: float = WAIT_S,
    progress: Callable[[float], None] = lambda _share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Found]:
    """Every camera that answers, once, in the order of their addresses. target: whom to ask, a group of the network or one host.

    progress: told the share of the time that is over, 0 to 1. cancelled: asked several times a second; what was found by then is given.
    An answer that cannot be read loses nothing but itself. Raises Fault where the question cannot be sent at all.
    """
    found: dict[str, Found] = {}
    answers: Counter[str] = Counter()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.setblocking(False)
        _send(line, target)
        begun_s, asked_again = time.monotonic(), False
        while (passed_s := time.monotonic() - begun_s) < wait_s and not cancelled():
            progress(passed_s / wait_s)
            if not asked_again and passed_s >= AGAIN_S:
                asked_again = True
                with contextlib.suppress(Fault):
                    _send(line, target)
            if select.select([line], [], [], min(TURN_S, wait_s - passed_s))[0]:
                # On Windows a host that refused the question makes the next reading fail.
                with contextlib.suppress(OSError):
                    answer, (sender, _port) = line.recvfrom(65536)
                    answers[sender] += 1
                    for camera in _cameras(answer, sender) if answers[sender] <= MOST_ANSWERS else ():
                        if len(found) < MOST_CAMERAS:
                            found.setdefault(camera.endpoint, camera)
    progress(1.0)
    return sorted(found.values(), key=lambda camera: camera.address)


def _send(line: socket.socket, target: tuple[str, int]) -> None:
    """Through every network of this computer; one that is down does not matter as long as another is not."""
    probe = (_PROBE % uuid4()).encode()
    refused: OSError | None = None
    sent = False
    for way in _ways() if _is_group(target[0]) else (None,):
        try:
            if way is not None:
                line.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, way)
            line.sendto(probe, target)
            sent = True
        except OSError as error:
            refused = error
    if not sent:
        why = refused.strerror if refused else "-"
        raise Fault("The search could not be sent into the network: {why}.", why=why)


def _is_group(host: str) -> bool:
    try:
        return ip_address(host).is_multicast
    except ValueError:
        return False


def _ways() -> Iterator[bytes]:
    """Each network of this computer, as the system wants it named for IP_MULTICAST_IF: by its number."""
    for number, _name in socket.if_nameindex():
        yield struct.pack("!I", number) if sys.platform == "win32" else struct.pack("=4s4si", bytes(4), bytes(4), number)


def _cameras(answer: bytes, sender: str) -> list[Found]:
    try:
        matches = parsed(answer).iter(f"{{{_DISCOVERY}}}ProbeMatch")
    except Unreadable:
        return []
    return [camera for match in matches if (camera := _camera(match, sender)) is not None]


def _camera(match: etree._Element, sender: str) -> Found | None:
    endpoint = words(match.findtext(f"{{{_ADDRESSING}}}EndpointReference/{{{_ADDRESSING}}}Address"))
    scopes = (match.findtext(f"{{{_DISCOVERY}}}Scopes") or "").split()
    types = match.findtext(f"{{{_DISCOVERY}}}Types") or ""
    address = _address((match.findtext(f"{{{_DISCOVERY}}}XAddrs") or "").split(), sender)
    # Printers and computers answer such questions too.
    is_camera = "NetworkVideoTransmitter" in types or any(scope.startswith(_SCOPE) for scope in scopes)
    if not endpoint or not address or not is_camera:
        return None
    return Found(endpoint, address, _scope(scopes, "name"), _scope(scopes, "hardware"))


def _address(named: list[str], sender: str) -> str:
    """Of the addresses that a camera names, the one from which it answered if it is among them; empty if none can be asked."""
    allowed = []
    for one in (one for one in named[:10] if "://" in one):
        with contextlib.suppress(Fault):
            allowed.append(device_address(one))
    return next((one for one in allowed if urlsplit(one).hostname == sender), allowed[0] if allowed else "")


def _scope(scopes: list[str], kind: str) -> str:
    begin = f"{_SCOPE}{kind}/"
    return next((words(unquote(scope[len(begin) :])) for scope in scopes if scope.startswith(begin)), "")
