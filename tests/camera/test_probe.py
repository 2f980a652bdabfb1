"""Finding cameras: who answers is found once, and what cannot be read loses nothing but itself."""

import pytest

from camera.fault import Fault
from camera.finding.probe import MOST_ANSWERS, Found, find_cameras
from tests.camera.onvif_server import BOMB, Manners, OnvifCamera, probe_match

HERE = "http://127.0.0.1:8080/onvif/device_service"
UNREADABLE = [
    b"",
    b"\xff\xfe\x00",
    b"<a>" * 20_000,
    BOMB.encode(),
    probe_match("file:///etc/passwd", endpoint="urn:uuid:file"),
    probe_match("exec:id rtsp://10.0.0.9/ http://a:b@10.0.0.9/", endpoint="urn:uuid:exec"),
    probe_match("", endpoint="urn:uuid:nowhere"),
    probe_match(HERE, endpoint=""),
    probe_match(HERE, endpoint="urn:uuid:printer", types="p:PrintDeviceType", scopes="http://printer/name/Printer"),
]


@pytest.fixture(autouse=True)
def turns_are_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("camera.finding.probe.TURN_S", 0.005)


def search(camera: OnvifCamera, matches: int = 1) -> tuple[list[Found], list[float]]:
    """What is found once the camera has answered both questions with so many matches each and all of them were read; the progress told."""
    shares: list[float] = []
    last = 0

    def over() -> bool:
        nonlocal last
        if camera.probes < 2:
            last = len(shares)
        return len(shares) > last + 2 * matches + 2

    return find_cameras(camera.discovery, wait_s=60, progress=shares.append, cancelled=over), shares


def found(matches: list[bytes]) -> list[tuple[str, str, str, str]]:
    with OnvifCamera(Manners(matches=matches)) as camera:
        return [(one.endpoint, one.address, one.name, one.hardware) for one in search(camera, len(matches))[0]]


def test_a_camera_that_answers_twice_is_found_once_with_its_name() -> None:
    with OnvifCamera() as camera:
        [one], shares = search(camera)
    assert (one.endpoint, one.address, one.name, one.hardware) == ("urn:uuid:kamera-1", camera.address, "Kamera Pintu", "KJ-200")
    assert shares == sorted(shares) and shares[0] < 0.2 and shares[-1] == 1.0


def test_a_search_ends_by_itself() -> None:
    with OnvifCamera(Manners(matches=[])) as camera:
        assert find_cameras(camera.discovery, wait_s=0.2) == []


def test_what_cannot_be_read_loses_nothing_but_itself() -> None:
    whole = probe_match(HERE, endpoint="urn:uuid:whole")
    assert [endpoint for endpoint, *_ in found([*UNREADABLE, whole])] == ["urn:uuid:whole"]
    assert found(UNREADABLE) == []


def test_of_several_addresses_the_one_from_which_it_answered_is_taken() -> None:
    [(_, address, *_rest)] = found([probe_match(f"http://169.254.7.7/onvif/device_service {HERE} https://[fe80::1]/")])
    assert address == HERE
    [(_, address, *_rest)] = found([probe_match("nonsense https://10.0.0.9:8443")])
    assert address == "https://10.0.0.9:8443/onvif/device_service"


def test_names_are_one_line_of_what_can_be_shown() -> None:
    scopes = "onvif://www.onvif.org/name/Pintu%0A%1B%5B31m" + "x" * 500
    [(_, _, name, hardware)] = found([probe_match(HERE, scopes=scopes)])
    assert name.startswith("Pintu [31mx") and len(name) == 80 and name.isprintable()
    assert hardware == ""


def test_a_flood_from_one_sender_is_cut_off() -> None:
    flood = [probe_match(HERE, endpoint=f"urn:uuid:{number}") for number in range(MOST_ANSWERS + 50)]
    assert 0 < len(found(flood)) <= MOST_ANSWERS


def test_a_search_can_be_called_off() -> None:
    turns: list[float] = []
    with OnvifCamera() as camera:
        # Nobody waits an hour for this test: it ends because the search does.
        find_cameras(camera.discovery, wait_s=3600, progress=turns.append, cancelled=lambda: len(turns) > 2)
    assert len(turns) <= 4


def test_everybody_is_asked_without_an_error() -> None:
    turns: list[float] = []
    assert isinstance(find_cameras(wait_s=3600, progress=turns.append, cancelled=lambda: len(turns) > 0), list)


def test_where_nothing_can_be_sent_it_is_said() -> None:
    with pytest.raises(Fault, match="could not be sent"):
        find_cameras(("255.255.255.255", 3702))
