"""Asking a camera over ONVIF: what it says is taken as far as it can be, and its password goes nowhere."""

import itertools
import logging
import socket
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import onvif.client
import pytest

from camera.fault import Fault
from camera.finding.answers import MOST_BYTES, Unreadable, device_address, parsed, service_address, stream_address
from camera.finding.conversation import Conversation, Login, LoginRefused, NotAnswering, converse
from camera.finding.onvif import CameraFacts, ask_camera, clock_ahead_s
from camera.finding.ptz import presets
from camera.streams.address import AddressError
from tests.camera.onvif_server import BOMB, PASSWORD, USER, Manners, OnvifCamera, Profile

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\n"


def now() -> datetime:
    return datetime.now(UTC)


def asked(manners: Manners, password: str = PASSWORD) -> CameraFacts:
    with OnvifCamera(manners) as camera:
        return ask_camera(Login(camera.place, USER, password), now)


def test_a_camera_says_who_it_is_and_what_it_shows() -> None:
    facts = asked(Manners())
    assert (facts.maker, facts.model, facts.firmware, facts.serial) == ("Kamera Jaya", "KJ-200", "1.2.3", "SN-77")
    assert facts.main and (facts.main.address, facts.main.codec, facts.main.width) == ("rtsp://127.0.0.1:554/main", "H.264", 1920)
    assert facts.sub and (facts.sub.address, facts.sub.width) == ("rtsp://127.0.0.1:554/third", 320)
    assert facts.can_turn and facts.faults == ()


def test_an_older_camera_without_motors() -> None:
    facts = asked(Manners(old=True, can_turn=False))
    assert facts.main and facts.sub and not facts.can_turn


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(days=-400), timedelta(hours=7)])
def test_a_wrong_clock_is_told_and_does_not_keep_us_out(ahead: timedelta) -> None:
    facts = asked(Manners(clock=lambda: now() + ahead))
    assert facts.clock_ahead_s is not None and abs(facts.clock_ahead_s - ahead.total_seconds()) < 30
    assert facts.main


def test_the_clock_is_compared_without_a_login() -> None:
    at = datetime(2026, 11, 25, 12, 0, 0, tzinfo=UTC)
    with OnvifCamera(Manners(clock=lambda: at)) as camera:
        assert clock_ahead_s(camera.address, lambda: at - timedelta(seconds=90)) == 90
        assert camera.asked == ["GetSystemDateAndTime"]


def test_a_clock_that_shows_no_date_is_no_clock() -> None:
    wrong = "<tt:Date><tt:Year>2026</tt:Year><tt:Month>13</tt:Month><tt:Day>40</tt:Day></tt:Date>"
    said = f"<tds:SystemDateAndTime><tt:UTCDateTime>{wrong}</tt:UTCDateTime></tds:SystemDateAndTime>"
    answers = {"GetSystemDateAndTime": f"<tds:GetSystemDateAndTimeResponse>{said}</tds:GetSystemDateAndTimeResponse>"}
    assert asked(Manners(answers=dict(answers))).clock_ahead_s is None


def test_a_refused_login_is_told_as_one_and_the_password_stays_here(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = PASSWORD[::-1]
    with pytest.raises(LoginRefused) as refused:
        asked(Manners(), wrong)
    told = "".join(traceback.format_exception(refused.value, chain=True)) + repr(refused.value.__context__) + caplog.text
    assert wrong not in told and PASSWORD not in told
    with pytest.raises(LoginRefused), OnvifCamera() as camera:
        ask_camera(Login(camera.address), now)
    forbidden = HEAD.replace(b"200 OK", b"401 Unauthorized") + b"Content-Length: 0\r\n\r\n"
    with pytest.raises(LoginRefused):
        asked(Manners(answers={"GetDeviceInformation": lambda: iter([forbidden])}))
    assert "rahasia" not in repr(Login("http://10.0.0.9/", "sari", "rahasia"))


def test_the_password_in_an_answer_stays_out_of_what_is_told() -> None:
    echo = (
        f'<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code><s:Reason><s:Text xml:lang="en">{PASSWORD}</s:Text></s:Reason></s:Fault>'
    )
    with pytest.raises(Fault) as failed:
        asked(Manners(answers={"GetProfiles": echo}))
    assert PASSWORD not in "".join(traceback.format_exception(failed.value, chain=True))


@pytest.mark.parametrize(
    ("profiles", "main", "sub"),
    [
        ((Profile("only", 1280, 720),), "only", None),
        ((Profile("a", 640, 360), Profile("b", 2560, 1440, "H265"), Profile("c", 640, 480, "JPEG")), "b", "a"),
        ((Profile("old", 3000, 2000, "MPEG4"), Profile("a", 800, 600)), "a", None),
        ((Profile("a", 800, 600), Profile("tiny", 176, 144)), "a", None),
        ((Profile("a", 800, 600), Profile("b", 800, 600)), "a", "b"),
        ((Profile("none", 0, 0), Profile("a", 800, 600)), "a", None),
    ],
)
def test_which_streams_are_taken(profiles: tuple[Profile, ...], main: str, sub: str | None) -> None:
    facts = asked(Manners(profiles=profiles))
    assert facts.main and facts.main.address.endswith(f"/{main}")
    assert (facts.sub and facts.sub.address.rsplit("/", 1)[1]) == sub


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "usb:0",
        "exec:id",
        "rtsp://",
        f"rtsp://127.0.0.1/user=sari&amp;password={PASSWORD}",
        "rtsp://10.0.0.9/" + "x" * 500,
    ],
)
def test_a_stream_that_leads_elsewhere_is_left_out_and_the_rest_taken(address: str) -> None:
    facts = asked(Manners(profiles=(Profile("main", 1920, 1080, address=address), Profile("sub", 640, 360))))
    assert facts.main is None and facts.sub and facts.sub.address.endswith("/sub")
    assert len(facts.faults) == 1 and PASSWORD not in str(facts.faults[0])


def test_a_camera_without_a_stream_says_so() -> None:
    facts = asked(Manners(profiles=()))
    assert facts.main is None and "no stream" in str(facts.faults[0])


def endless() -> Iterator[bytes]:
    yield HEAD + b"\r\n<a>"
    yield from itertools.repeat(b"<b/>" * 4096)


def whole(body: bytes) -> Callable[[], Iterator[bytes]]:
    return lambda: iter([HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body])


@pytest.mark.parametrize("request_", ["GetSystemDateAndTime", "GetDeviceInformation", "GetServices", "GetProfiles"])
@pytest.mark.parametrize(
    "answer", [endless, whole(BOMB.encode()), whole(BOMB.encode("utf-16")), whole(b"<a/>"), whole(b"no XML"), whole(b"")]
)
def test_an_answer_that_is_none_is_a_sentence(request_: str, answer: Callable[[], Iterator[bytes]]) -> None:
    with pytest.raises(Fault, match="answer"):
        asked(Manners(answers={request_: answer}))


def test_a_redirection_is_not_followed() -> None:
    with OnvifCamera() as elsewhere:
        moved = b"HTTP/1.1 307 Temporary Redirect\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % elsewhere.address.encode()
        with pytest.raises(Fault):
            asked(Manners(answers={"GetDeviceInformation": lambda: iter([moved])}))
        assert elsewhere.asked == []


def test_a_login_is_sent_to_no_other_host() -> None:
    # 0.0.0.0 is this computer too: a request that went there would come to the listener.
    with socket.create_server(("127.0.0.1", 0)) as other:
        facts = asked(Manners(media_at=f"http://0.0.0.0:{other.getsockname()[1]}/onvif/media"))
        other.settimeout(0)
        with pytest.raises(BlockingIOError):
            other.accept()
    assert facts.main


def test_nothing_waits_for_ever() -> None:
    with OnvifCamera() as camera:

        def hang() -> Iterator[bytes]:
            camera.stopping.wait()
            yield b""

        camera.manners.answers["GetDeviceInformation"] = hang

        async def ask(conversation: Conversation) -> None:
            await conversation.call("devicemgmt", "GetDeviceInformation")

        with pytest.raises(NotAnswering):
            converse(Login(camera.address, USER, PASSWORD), now, ask, timeout_s=0.5)
    with pytest.raises(NotAnswering):  # nobody listens there any more
        ask_camera(Login(camera.address, USER, PASSWORD), now)


def test_an_answer_byte_by_byte_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("camera.finding.conversation.REQUEST_S", 0.3)
    with OnvifCamera() as camera:

        def dribble() -> Iterator[bytes]:
            yield HEAD + b"\r\n"
            while not camera.stopping.wait(0.02):
                yield b" "

        camera.manners.answers["GetDeviceInformation"] = dribble
        with pytest.raises(NotAnswering):
            ask_camera(Login(camera.address, USER, PASSWORD), now)


def test_the_descriptions_of_services_are_read_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onvif.client, "_DOCUMENT_CACHE", {})
    reached: list[object] = []
    resolve = socket.getaddrinfo

    def only_loopback(host: object, *rest: Any, **more: Any) -> Any:
        reached.append(host)
        return resolve("127.0.0.1", *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", only_loopback)
    with OnvifCamera() as camera:
        assert presets(Login(camera.address, USER, PASSWORD), now)
    assert set(reached) <= {"127.0.0.1"}


def test_addresses_of_devices_are_web_addresses() -> None:
    assert device_address(" 192.168.1.64 ") == "http://192.168.1.64/onvif/device_service"
    assert device_address("fd00::64") == "http://[fd00::64]/onvif/device_service"
    assert device_address("https://10.0.0.9:8443/") == "https://10.0.0.9:8443/onvif/device_service"
    assert device_address("http://10.0.0.9/onvif/device") == "http://10.0.0.9/onvif/device"
    for wrong in ("", "rtsp://10.0.0.9/", "file:///etc/passwd", "http://sari:rahasia@10.0.0.9/", "sari:rahasia@10.0.0.9", "a b"):
        with pytest.raises(AddressError) as refused:
            device_address(wrong)
        assert "rahasia" not in str(refused.value)


@pytest.mark.parametrize(
    ("named", "asked_at", "taken"),
    [
        ("rtsp://192.168.1.64:554/1", "http://192.168.1.64/", "rtsp://192.168.1.64:554/1"),
        # Behind a router that is asked from outside, or an address that leads nowhere.
        ("rtsp://192.168.1.64:554/1", "http://8.8.8.8:8080/", "rtsp://8.8.8.8:554/1"),
        ("rtsp://0.0.0.0/1", "http://192.168.1.64/", "rtsp://192.168.1.64/1"),
        ("rtsp://127.0.0.1:554/1", "http://[fd00::64]/", "rtsp://[fd00::64]:554/1"),
        ("rtsp://169.254.3.4/1", "http://kamera.gudang.id/", "rtsp://kamera.gudang.id/1"),
        # A second network, or a recorder in front: it may be meant.
        ("rtsp://10.8.0.3/1", "http://192.168.1.64/", "rtsp://10.8.0.3/1"),
        ("rtsp://kamera.lain.id/1", "http://8.8.8.8/", "rtsp://kamera.lain.id/1"),
        ("rtsp://sari:rahasia@192.168.1.64/1?channel=1", "http://192.168.1.64/", "rtsp://192.168.1.64/1?channel=1"),
    ],
)
def test_where_a_stream_is(named: str, asked_at: str, taken: str) -> None:
    assert stream_address(named, asked_at, "rahasia") == taken


def test_where_a_service_is() -> None:
    asked_at = "http://8.8.8.8:8080/onvif/device_service"
    assert service_address("http://192.168.1.64:80/onvif/media", asked_at) == "http://8.8.8.8:8080/onvif/media"
    assert service_address("https://8.8.8.8:8443/onvif/media", asked_at) == "https://8.8.8.8:8443/onvif/media"


def test_what_is_too_large_is_not_read() -> None:
    with pytest.raises(Unreadable):
        parsed(b"<a>" + b" " * MOST_BYTES + b"</a>")
