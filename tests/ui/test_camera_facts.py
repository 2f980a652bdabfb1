"""How a camera's clock is told: in words, and in a unit that a person reads at a glance."""

import pytest

from ui.words.camera_facts import clock_told


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
