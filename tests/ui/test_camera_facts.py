"""What a camera says about itself in words: its clock in a unit that is read at a glance, and where a password would go."""

import pytest

from camera.finding.onvif import CameraFacts, StreamFacts
from ui.words.camera_facts import clock_told, told


@pytest.mark.parametrize(
    ("ahead_s", "said"),
    [
        (None, "It does not tell its time."),
        (-0.6, "Its clock is right."),
        (90.0, "Its clock is 90 seconds fast; set it."),
        (-420.0, "Its clock is 7 minutes slow; set it."),
        (25_200.0, "Its clock is 7 hours fast; set it."),
        (-34_560_000.0, "Its clock is 400 days slow; set it."),
    ],
)
def test_a_clock_in_words(ahead_s: float | None, said: str) -> None:
    assert clock_told(ahead_s) == said


def test_pictures_of_another_host_are_told() -> None:
    def facts(host: str) -> CameraFacts:
        main, sub = (StreamFacts(f"rtsp://{place}:554/1", "H.264", 640, 360) for place in (host, "192.168.1.64"))
        return CameraFacts("http://192.168.1.64/onvif/device_service", "A", "B", "1", "2", 0.0, main, sub, can_turn=False)

    assert "10.9.9.9: the password" in "\n".join(told(facts("10.9.9.9")))
    assert "another host" not in "\n".join(told(facts("192.168.1.64")))
