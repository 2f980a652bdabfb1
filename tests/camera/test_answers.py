"""Whatever a stranger sends is taken or refused in words: texts and bytes that nobody thought of."""

import contextlib
from urllib.parse import urlsplit

from hypothesis import example, given
from hypothesis import strategies as st

from camera.finding.answers import STREAM_SCHEMES, Unreadable, device_address, parsed, service_address, stream_address, words
from camera.finding.probe import _cameras
from camera.streams.address import AddressError, checked_address
from tests.camera.onvif_server import probe_match

ASKED = "http://192.168.1.64/onvif/device_service"
SCHEMES = st.sampled_from(["", "rtsp://", "http://", "https://", "file://", "usb:", "RTSP://", "rtsp://[", "rtsp://sari:", "http://[::1]:"])
ADDRESSES = st.builds(lambda scheme, rest: scheme + rest, SCHEMES, st.text("aA0:/@[].%?#&= \\-_\u0663\n", max_size=40))


@given(ADDRESSES)
@example("http://[::1]:@]")
def test_an_address_of_a_stream_is_one_or_is_refused(named: str) -> None:
    with contextlib.suppress(AddressError):
        taken = stream_address(named, ASKED, "rahasia")
        assert urlsplit(taken).scheme in STREAM_SCHEMES and urlsplit(taken).username is None
        assert checked_address(taken) == (taken, "", "")


@given(ADDRESSES)
def test_an_address_of_a_device_or_service_is_one_or_is_refused(named: str) -> None:
    with contextlib.suppress(AddressError):
        taken = device_address(named)
        assert urlsplit(taken).scheme in ("http", "https") and urlsplit(taken).username is None
    with contextlib.suppress(AddressError):
        assert urlsplit(service_address(named, ASKED)).hostname == "192.168.1.64"


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"<a>{text}</a>".encode(errors="replace")))
def test_bytes_are_xml_or_are_refused(answer: bytes) -> None:
    with contextlib.suppress(Unreadable):
        parsed(answer)


@given(st.integers(0, 2_000), st.binary(max_size=8), ADDRESSES)
@example(0, b"", "http://@0/@")
def test_a_damaged_answer_to_a_search_gives_cameras_or_none(at: int, damage: bytes, address: str) -> None:
    whole = probe_match(ASKED)
    for answer in (whole[:at] + damage + whole[at + len(damage) :], probe_match(address.replace("&", "&amp;"))):
        for camera in _cameras(answer, "192.168.1.64"):
            assert device_address(camera.address) == camera.address


@given(st.text(max_size=300) | st.none() | st.integers())
def test_words_are_one_line_that_can_be_shown(said: object) -> None:
    assert words(said).isprintable() and len(words(said)) <= 80
