"""Finding a camera at the window: who answers is listed, one is asked, and the form of a new camera is filled in with what it says."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from storage.people.person import Role
from storage.places import list_cameras
from tests.camera.onvif_server import PASSWORD, USER, Manners, OnvifCamera, Profile
from tests.ui.warehouse import House
from ui.pages.camera_finder import CameraFinder
from ui.pages.places_page import PlacesPage

PATIENCE_MS = 30_000


@pytest.fixture
def camera(house: House) -> Iterator[OnvifCamera]:
    with OnvifCamera() as camera:
        house.recorder.discovery = camera.discovery
        yield camera


def opened(house: House) -> tuple[PlacesPage, CameraFinder]:
    window = house.open(Role.SUPERVISOR)
    window.open_page("places")
    page = window.pages["places"]
    assert isinstance(page, PlacesPage)
    page.search.click()
    assert page.finder is not None
    return page, page.finder


def found(qtbot: QtBot, finder: CameraFinder) -> None:
    qtbot.waitUntil(lambda: bool(finder.table.rows), timeout=PATIENCE_MS)


def ask(qtbot: QtBot, finder: CameraFinder, password: str = PASSWORD) -> None:
    finder.user.setText(USER)
    finder.password.setText(password)
    finder.form.button.click()
    assert not finder.form.button.isEnabled() and finder.waiting.isVisible()
    qtbot.waitUntil(finder.form.button.isEnabled, timeout=PATIENCE_MS)


def test_a_camera_is_found_asked_and_entered(house: House, camera: OnvifCamera, qtbot: QtBot) -> None:
    page, finder = opened(house)
    assert finder.bar.isVisible() and finder.cancel.isVisible() and finder.content.sentence.text().startswith("Searching")
    found(qtbot, finder)
    assert not finder.bar.isVisible() and finder.again.isVisible()
    assert [(one.address, one.name) for one in finder.table.rows] == [(camera.address, "Kamera Pintu")]
    assert finder.address.text() == camera.address
    ask(qtbot, finder)
    assert "Kamera Jaya KJ-200" in finder.said.text() and "Its clock is right." in finder.said.text()
    finder.take.click()
    assert page.finder is None and page.tabs.currentIndex() == page.tabs.indexOf(page.tabs.currentWidget()) == 3
    form = page.cameras
    assert (form.address.text(), form.sub_address.text()) == ("rtsp://127.0.0.1:554/main", "rtsp://127.0.0.1:554/third")
    assert form.user.text() == USER
    room = page.tree.model().index(0, 0, page.tree.model().index(0, 0))
    page.tree.setCurrentIndex(room)
    form.name.setText("Kamera 2")
    form.button.click()
    entered = list_cameras(house.database)[-1]
    assert (entered.name, entered.address, entered.username) == ("Kamera 2", "rtsp://127.0.0.1:554/main", USER)
    assert house.recorder.passwords == {entered.id: PASSWORD}


def test_a_refused_login_is_said_and_keeps_what_was_typed(house: House, camera: OnvifCamera, qtbot: QtBot) -> None:
    _page, finder = opened(house)
    found(qtbot, finder)
    ask(qtbot, finder, "salah-sekali")
    assert finder.form.error.text() == "The camera refused the login. Check its user and password."
    assert finder.password.text() == "salah-sekali" and finder.password.echoMode() is QLineEdit.EchoMode.Password
    assert not finder.take.isVisible() and not finder.said.isVisible()
    ask(qtbot, finder)
    assert finder.take.isVisible() and not finder.form.error.isVisible()


def test_nobody_answers_and_it_is_said_what_to_do(house: House, camera: OnvifCamera, qtbot: QtBot) -> None:
    camera.manners.matches = []
    _page, finder = opened(house)
    qtbot.waitUntil(lambda: finder.content.sentence.text().startswith("No camera answered."), timeout=PATIENCE_MS)
    assert "ONVIF" in finder.content.sentence.text()
    # One that is known by its address can be asked all the same.
    finder.address.setText(camera.place)
    ask(qtbot, finder)
    assert finder.take.isVisible()
    finder.form.button.setFocus()
    finder.address.clear()
    finder.form.button.click()
    assert finder.form.error.text().startswith("Choose a camera at the left")


def test_a_search_is_cancelled_and_begun_again(house: House, camera: OnvifCamera, qtbot: QtBot) -> None:
    _page, finder = opened(house)
    finder.cancel.click()
    assert finder.content.sentence.text() == "The search was cancelled." and not finder.bar.isVisible()
    finder.search()
    found(qtbot, finder)


def test_a_camera_that_hangs_is_given_up(house: House, camera: OnvifCamera, qtbot: QtBot) -> None:
    def hang() -> Iterator[bytes]:
        camera.stopping.wait()
        yield b""

    camera.manners.answers["GetProfiles"] = hang
    _page, finder = opened(house)
    found(qtbot, finder)
    finder.user.setText(USER)
    finder.password.setText(PASSWORD)
    finder.form.button.click()
    finder.give_up.click()
    assert finder.form.button.isEnabled() and not finder.waiting.isVisible() and not finder.said.isVisible()


def test_a_camera_without_a_stream_is_not_entered(house: House, camera: OnvifCamera, qtbot: QtBot) -> None:
    camera.manners = Manners(profiles=(Profile("a", 640, 480, "MPEG4"),))
    _page, finder = opened(house)
    found(qtbot, finder)
    ask(qtbot, finder)
    assert "no stream" in finder.said.text() and not finder.take.isVisible()


def test_leaving_the_page_ends_the_search(house: House, camera: OnvifCamera, qtbot: QtBot) -> None:
    page, finder = opened(house)
    search = finder._search
    page.desk.page_wanted.emit("stock")
    assert page.finder is None and search is not None
    qtbot.waitUntil(lambda: search.over, timeout=PATIENCE_MS)
    assert search.result is None


@pytest.mark.parametrize(("role", "finds"), [(Role.SUPERVISOR, True), (Role.ADMINISTRATOR, True), (Role.AUDITOR, False)])
def test_only_who_sets_up_finds_cameras(role: Role, finds: bool, house: House) -> None:
    window = house.open(role)
    window.open_page("places")
    page = window.pages["places"]
    assert isinstance(page, PlacesPage) and page.search.isVisible() is finds
