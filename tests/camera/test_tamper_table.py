"""Made tampers over quiet scenes are told in time as what they are like; light, weather and passers-by are told as no tampering."""

from dataclasses import replace

import pytest

from camera.events import Kind
from tests.camera.nuisances import nuisances
from tests.camera.tamper_table import Player, quick_scenes
from tests.camera.tampers import Act, tampers

# A veil that leaves a seventh of the contrast may be learnt as another light where it comes as fast as one.
DOUBTFUL = {("translucent", "strong")}
HELD_S = 12.0  # longer than it takes to tell anything but a still


@pytest.fixture(scope="module")
def players() -> list[Player]:
    return [Player(), Player()]


def _named(acts: list[Act]) -> dict[str, tuple[int, Act]]:
    """By name and strength, each with the number of the scene to play it over: they take turns."""
    return {f"{act.kind or 'none'}, {act.name}, {act.strength}": (number % 2, act) for number, act in enumerate(acts)}


TAMPERS = _named([act for act in tampers() if act.strength != "weak" and (act.name, act.strength) not in DOUBTFUL])
NO_TAMPERS = _named([act for act in nuisances() if act.held_s <= 30])


@pytest.mark.parametrize("name", [name for name, (_, act) in TAMPERS.items() if act.kind is not Kind.FROZEN])
def test_a_made_tamper_is_told_in_time(name: str, players: list[Player]) -> None:
    scene, act = TAMPERS[name]
    outcome = players[scene].play(quick_scenes()[scene], act)
    assert outcome.in_time, outcome


@pytest.mark.parametrize("name", [name for name, (_, act) in TAMPERS.items() if act.kind is Kind.FROZEN])
def test_a_made_still_is_told_in_time(name: str, players: list[Player]) -> None:
    act = TAMPERS[name][1]
    outcome = players[0].play(quick_scenes()[0], act)
    assert outcome.in_time, outcome


@pytest.mark.parametrize("name", list(NO_TAMPERS))
def test_what_nobody_does_to_the_camera_is_no_tampering(name: str, players: list[Player]) -> None:
    scene, act = NO_TAMPERS[name]
    outcome = players[scene].play(quick_scenes()[scene], replace(act, held_s=HELD_S))
    assert outcome.told == (), outcome
