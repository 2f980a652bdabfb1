"""A small ONVIF camera on the loopback for tests: WS-Discovery by unicast UDP, SOAP over HTTP, bad manners on demand.

A login is a WS-UsernameToken digest by the camera's own clock: SHA-1 of nonce, time and password (OASIS Username Token Profile 1.0).
"""

import base64
import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from lxml import etree

USER, PASSWORD = "sari", "r@hasia-kamera"
CLOCK_TOLERANCE = timedelta(seconds=30)
_ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
    'xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl" '
    'xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema" '
    'xmlns:ter="http://www.onvif.org/ver10/error"><s:Body>{body}</s:Body></s:Envelope>'
)
_FAULT = (
    "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>{code}</s:Value></s:Subcode></s:Code>"
    '<s:Reason><s:Text xml:lang="en">{text}</s:Text></s:Reason></s:Fault>'
)
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>&c;</s:Body></s:Envelope>'
)


@dataclass(frozen=True)
class Profile:
    """One stream as the camera tells it. address: an rtsp address at the camera's own host unless another is said."""

    token: str
    width: int
    height: int
    encoding: str = "H264"
    address: str = ""


USUAL = (Profile("main", 1920, 1080), Profile("third", 320, 180), Profile("sub", 640, 360), Profile("tiny", 160, 96))


@dataclass
class Manners:
    """How the camera behaves. clock: its own. answers: what it says instead to one request, a body of SOAP or raw bytes.

    matches: sent to every question of WS-Discovery instead of the usual answer. media_at: where it says that its media service is.
    """

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    profiles: tuple[Profile, ...] = USUAL
    can_turn: bool = True
    old: bool = False
    media_at: str = ""
    answers: dict[str, str | Callable[[], Iterator[bytes]]] = field(default_factory=dict)
    matches: list[bytes] | None = None


class OnvifCamera:
    """Listens on the loopback while the context lasts. asked: the requests that came, in order; moves: what it was told to turn, as text.

    address: of its device service; discovery: where it answers WS-Discovery; probes: how many questions of that it has answered.
    """

    def __init__(self, manners: Manners | None = None) -> None:
        self.manners = manners or Manners()
        self.asked: list[str] = []
        self.moves: list[str] = []
        self.probes = 0
        self.stopping = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self._line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._line.bind(("127.0.0.1", 0))
        self.place = f"127.0.0.1:{self._http.server_address[1]}"
        self.address = f"http://{self.place}/onvif/device_service"
        self.discovery: tuple[str, int] = self._line.getsockname()
        self._threads = [threading.Thread(target=self._http.serve_forever, args=(0.05,)), threading.Thread(target=self._answer_probes)]

    def __enter__(self) -> "OnvifCamera":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._http.shutdown()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.sendto(b"", self.discovery)
        for thread in self._threads:
            thread.join()
        self._http.server_close()
        self._line.close()

    def _answer_probes(self) -> None:
        while not self.stopping.is_set():
            probe, sender = self._line.recvfrom(65536)
            if b"NetworkVideoTransmitter" in probe:
                for match in self.manners.matches if self.manners.matches is not None else [probe_match(self.address)]:
                    self._line.sendto(match, sender)
                self.probes += 1

    def answer(self, request: etree._Element, envelope: etree._Element) -> str:
        """The body of the answer to a request."""
        name = etree.QName(request).localname
        self.asked.append(name)
        if name != "GetSystemDateAndTime" and not self._let_in(envelope):
            return _FAULT.format(code="ter:NotAuthorized", text="Sender not Authorized")
        said = self.manners.answers.get(name)
        if isinstance(said, str):
            return said
        known: Callable[[etree._Element], str] | None = getattr(self, f"_{_snake(name)}", None)
        return known(request) if known else _FAULT.format(code="ter:ActionNotSupported", text="Optional Action Not Implemented")

    def _let_in(self, envelope: etree._Element) -> bool:
        token = {
            etree.QName(part).localname: part.text or "" for part in envelope.iter("{*}Username", "{*}Password", "{*}Nonce", "{*}Created")
        }
        if not token:
            return False
        digest = hashlib.sha1(base64.b64decode(token["Nonce"]) + token["Created"].encode() + PASSWORD.encode()).digest()  # noqa: S324
        at = datetime.fromisoformat(token["Created"])
        right = token["Username"] == USER and token["Password"] == base64.b64encode(digest).decode()
        return right and abs(at - self.manners.clock()) < CLOCK_TOLERANCE

    def _get_system_date_and_time(self, _request: etree._Element) -> str:
        at = self.manners.clock()
        time = f"<tt:Time><tt:Hour>{at.hour}</tt:Hour><tt:Minute>{at.minute}</tt:Minute><tt:Second>{at.second}</tt:Second></tt:Time>"
        date = f"<tt:Date><tt:Year>{at.year}</tt:Year><tt:Month>{at.month}</tt:Month><tt:Day>{at.day}</tt:Day></tt:Date>"
        kind = "<tt:DateTimeType>Manual</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings>"
        said = f"<tds:SystemDateAndTime>{kind}<tt:UTCDateTime>{time}{date}</tt:UTCDateTime></tds:SystemDateAndTime>"
        return f"<tds:GetSystemDateAndTimeResponse>{said}</tds:GetSystemDateAndTimeResponse>"

    def _get_device_information(self, _request: etree._Element) -> str:
        told = {"Manufacturer": "Kamera Jaya", "Model": "KJ-200", "FirmwareVersion": "1.2.3", "SerialNumber": "SN-77", "HardwareId": "1"}
        said = "".join(f"<tds:{name}>{value}</tds:{name}>" for name, value in told.items())
        return f"<tds:GetDeviceInformationResponse>{said}</tds:GetDeviceInformationResponse>"

    def _services(self) -> dict[str, str]:
        media = self.manners.media_at or f"http://{self.place}/onvif/media"
        services = {"http://www.onvif.org/ver10/media/wsdl": media}
        if self.manners.can_turn:
            services["http://www.onvif.org/ver20/ptz/wsdl"] = f"http://{self.place}/onvif/ptz"
        return services

    def _get_services(self, _request: etree._Element) -> str:
        if self.manners.old:
            return _FAULT.format(code="ter:ActionNotSupported", text="Optional Action Not Implemented")
        version = "<tds:Version><tt:Major>2</tt:Major><tt:Minor>0</tt:Minor></tds:Version>"
        one = "<tds:Service><tds:Namespace>{name}</tds:Namespace><tds:XAddr>{at}</tds:XAddr>{version}</tds:Service>"
        said = "".join(one.format(name=name, at=at, version=version) for name, at in self._services().items())
        return f"<tds:GetServicesResponse>{said}</tds:GetServicesResponse>"

    def _get_capabilities(self, _request: etree._Element) -> str:
        media, *ptz = self._services().values()
        turning = f"<tt:PTZ><tt:XAddr>{ptz[0]}</tt:XAddr></tt:PTZ>" if ptz else ""
        streaming = "<tt:StreamingCapabilities/>"
        said = f"<tds:Capabilities><tt:Media><tt:XAddr>{media}</tt:XAddr>{streaming}</tt:Media>{turning}</tds:Capabilities>"
        return f"<tds:GetCapabilitiesResponse>{said}</tds:GetCapabilitiesResponse>"

    def _get_profiles(self, _request: etree._Element) -> str:
        said = "".join(self._profile(profile) for profile in self.manners.profiles)
        return f"<trt:GetProfilesResponse>{said}</trt:GetProfilesResponse>"

    def _profile(self, profile: Profile) -> str:
        size = f"<tt:Resolution><tt:Width>{profile.width}</tt:Width><tt:Height>{profile.height}</tt:Height></tt:Resolution>"
        name = f"<tt:Name>{profile.token}</tt:Name><tt:UseCount>1</tt:UseCount>"
        encoder = f"<tt:Encoding>{profile.encoding}</tt:Encoding>{size}<tt:Quality>4</tt:Quality>"
        shown = f'<tt:VideoEncoderConfiguration token="e">{name}{encoder}</tt:VideoEncoderConfiguration>'
        turning = f'<tt:PTZConfiguration token="p">{name}<tt:NodeToken>n</tt:NodeToken></tt:PTZConfiguration>'
        inside = f"<tt:Name>{profile.token}</tt:Name>{shown}{turning if self.manners.can_turn else ''}"
        return f'<trt:Profiles token="{profile.token}" fixed="true">{inside}</trt:Profiles>'

    def _get_stream_uri(self, request: etree._Element) -> str:
        token = request.findtext("{*}ProfileToken")
        profile = next(profile for profile in self.manners.profiles if profile.token == token)
        address = profile.address or f"rtsp://{USER}:{PASSWORD}@127.0.0.1:554/{token}"
        rest = "<tt:InvalidAfterConnect>false</tt:InvalidAfterConnect><tt:InvalidAfterReboot>false</tt:InvalidAfterReboot>"
        said = f"<trt:MediaUri><tt:Uri>{address}</tt:Uri>{rest}<tt:Timeout>PT0S</tt:Timeout></trt:MediaUri>"
        return f"<trt:GetStreamUriResponse>{said}</trt:GetStreamUriResponse>"

    def _continuous_move(self, request: etree._Element) -> str:
        speeds = [f"{etree.QName(part).localname} {part.get('x')} {part.get('y')}" for part in request.iterfind("{*}Velocity/*")]
        self.moves.append(f"move {request.findtext('{*}ProfileToken')} {', '.join(speeds)} {request.findtext('{*}Timeout')}")
        return "<tptz:ContinuousMoveResponse/>"

    def _stop(self, request: etree._Element) -> str:
        self.moves.append(f"stop {request.findtext('{*}PanTilt')} {request.findtext('{*}Zoom')}")
        return "<tptz:StopResponse/>"

    def _get_presets(self, _request: etree._Element) -> str:
        said = '<tptz:Preset token="1"><tt:Name>Pintu utama</tt:Name></tptz:Preset><tptz:Preset token="2"/>'
        return f"<tptz:GetPresetsResponse>{said}</tptz:GetPresetsResponse>"

    def _goto_preset(self, request: etree._Element) -> str:
        self.moves.append(f"to {request.findtext('{*}PresetToken')}")
        return "<tptz:GotoPresetResponse/>"


def probe_match(address: str, *, endpoint: str = "urn:uuid:kamera-1", scopes: str = "", types: str = "dn:NetworkVideoTransmitter") -> bytes:
    """An answer to a question of WS-Discovery."""
    scopes = scopes or "onvif://www.onvif.org/name/Kamera%20Pintu onvif://www.onvif.org/hardware/KJ-200 onvif://www.onvif.org/type/video"
    match = (
        f"<w:EndpointReference><w:Address>{endpoint}</w:Address></w:EndpointReference><d:Types>{types}</d:Types>"
        f"<d:Scopes>{scopes}</d:Scopes><d:XAddrs>{address}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion>"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" '
        'xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery">'
        f"<s:Body><d:ProbeMatches><d:ProbeMatch>{match}</d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"
    ).encode()


def _snake(name: str) -> str:
    return "".join(f"_{sign.lower()}" if sign.isupper() and at else sign.lower() for at, sign in enumerate(name))


def _handler(camera: OnvifCamera) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            envelope = etree.fromstring(self.rfile.read(int(self.headers["Content-Length"])))
            body = envelope.find("{*}Body")
            assert body is not None
            said: Any = camera.manners.answers.get(etree.QName(body[0]).localname)
            if callable(said):
                try:
                    for piece in said():
                        self.wfile.write(piece)
                except OSError:
                    pass  # the caller has heard enough
                return
            answer = _ENVELOPE.format(body=camera.answer(body[0], envelope)).encode()
            self.send_response(400 if b"<s:Fault>" in answer else 200)
            self.send_header("Content-Type", "application/soap+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_arguments: object) -> None:
            """Says nothing."""

    return Handler
