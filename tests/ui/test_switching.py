"""A supervisor switches a camera off on Sites and cameras; tree and wall say who did and why."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from camera.journal import Beat, CameraReport, State
from camera.live.pictures import Picture
from storage.people.person import Role
from storage.watch.switching import switch_off, switched_off
from tests.ui.officer import answer_question, is_asked, second_agrees
from tests.ui.warehouse import House
from ui.frame.window import Window
from ui.pages.live_page import LivePage
from ui.pages.places_page import PlacesPage

SAID = "Camera switched off by Agus: Lensa dibersihkan"


def places_page(window: Window, house: House) -> PlacesPage:
    """The page of the places, opened, with the camera chosen."""
    window.open_page("places")
    page = window.pages["places"]
    assert isinstance(page, PlacesPage)
    (item,) = page.tree.findItems(house.camera.name, Qt.MatchFlag.MatchStartsWith | Qt.MatchFlag.MatchRecursive)
    page.tree.setCurrentItem(item)
    return page


def test_a_supervisor_switches_a_camera_off_for_a_reason_and_on_again(house: House) -> None:
    page = places_page(house.open(Role.SUPERVISOR), house)
    assert is_asked(page.switch_camera)
    assert switched_off(house.database) == {}, "it was called off"
    answer_question("Lensa dibersihkan")
    second_agrees(house, house.people[Role.ADMINISTRATOR])
    page.switch.click()
    assert switched_off(house.database)[house.camera.id].reason == "Lensa dibersihkan"
    item = page.tree.currentItem()
    assert item is not None
    assert SAID in item.text(0)
    assert page.switch.text() == "Switch camera on"
    page.switch.click()
    assert switched_off(house.database) == {}
    assert page.switch.text() == "Switch camera off"


def test_what_was_switched_meanwhile_is_said(house: House) -> None:
    window = house.open(Role.SUPERVISOR)
    page = places_page(window, house)
    switch_off(house.database, house.camera.id, "Lensa dibersihkan", by=house.people[Role.ADMINISTRATOR], now=house.clock())
    said: list[str] = []
    page.desk.troubled.connect(said.append)
    answer_question("Kabel diganti")
    second_agrees(house, house.people[Role.ADMINISTRATOR])
    page.switch.click()
    assert said == ["The camera is switched off already."]
    assert page.switch.text() == "Switch camera on"


@pytest.mark.parametrize(("role", "may"), [(Role.SUPERVISOR, True), (Role.ADMINISTRATOR, True), (Role.AUDITOR, False)])
def test_only_who_sets_up_cameras_may(house: House, role: Role, may: bool) -> None:
    window = house.open(role)
    if "places" not in window.pages:
        assert not may
        return
    assert places_page(window, house).switch.isVisible() is may


def test_the_wall_shows_who_switched_it_off_in_place_of_a_picture(house: House) -> None:
    state = CameraReport(house.camera.id, State.LIVE, house.clock(), None, None, 10, "", "", None)
    house.recorder.journal.recorder_beat([state], Beat(house.clock(), house.clock(), "boot", 1000.0))
    red = np.zeros((90, 160, 4), np.uint8)
    red[..., 2], red[..., 3] = 200, 255
    house.recorder.pictures[house.camera.id] = Picture(1, house.clock(), red)
    switch_off(house.database, house.camera.id, "Lensa dibersihkan", by=house.people[Role.SUPERVISOR], now=house.clock())
    page = house.open(Role.GUARD).pages["live"]
    assert isinstance(page, LivePage)
    page.poll()
    page.tick(house.clock())
    face = page.wall.tile(house.camera.id).face
    assert face is not None
    assert (face.lost, face.mark.word) == (SAID, "Camera switched off")
    assert page.wall.grab().toImage().pixelColor(page.wall.rect().center()).red() < 200
