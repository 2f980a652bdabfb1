"""The frame: who sees which pages, in which language and theme, and what stands where nothing is yet."""

import contextlib
import sqlite3
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QTableView
from pytestqt.qtbot import QtBot

from storage.database import open_database
from storage.ledger.position import stock_lines
from storage.people.person import Role, add_person
from storage.places import list_cameras, list_sites
from storage.rules.hours import Opening, WeekHours
from storage.rules.refusal import Refusal
from storage.watch.hours import hours_of
from tests.ui.officer import second_agrees
from tests.ui.warehouse import BEGUN, Bare, House, sign_in
from ui.frame.trouble import STANDS_S
from ui.frame.window import Window
from ui.look.card import OrEmpty
from ui.look.theme import DARK, LIGHT
from ui.pages.live_page import LivePage
from ui.pages.places_page import PlacesPage
from ui.pages.stock_page import StockPage
from ui.words.speech import Language

ALL = ("live", "alarms", "stock", "deliveries", "sorting", "reprints", "counts", "rooms", "places", "audit", "people")


@pytest.mark.parametrize(
    ("role", "pages"),
    [
        (Role.GUARD, ("live", "alarms", "rooms", "people")),
        (Role.OFFICER, ("stock", "deliveries", "sorting", "reprints", "counts", "rooms", "people")),
        (Role.SUPERVISOR, ALL),
        (Role.AUDITOR, ALL),
        (Role.ADMINISTRATOR, ("places", "people")),
    ],
)
def test_the_rail_shows_the_pages_of_the_role_and_each_opens(house: House, role: Role, pages: tuple[str, ...]) -> None:
    window = house.open(role)
    assert window.rail.names == pages
    for name in pages:
        window.open_page(name)
        assert window.page_name == name and window.pages[name].isVisible()


def test_an_auditor_can_post_nothing(house: House) -> None:
    window = house.open(Role.AUDITOR)
    for name in ALL:
        window.open_page(name)
        posting = [button for button in window.pages[name].findChildren(QAbstractButton) if button.objectName() == "primary"]
        assert [button.text() for button in posting if button.isVisible()] == (["Change my secret"] if name == "people" else [])


def test_the_theme_follows_the_role(house: House) -> None:
    window = house.open(Role.GUARD)
    assert window.desk.tokens is DARK and window.palette().window().color().name() == DARK.ground
    sign_in(window, house.people[Role.OFFICER])
    assert window.desk.tokens is LIGHT and window.palette().window().color().name() == LIGHT.ground


def test_the_language_is_switched_and_kept(house: House, qtbot: QtBot) -> None:
    window = house.open(Role.OFFICER)
    window.open_page("sorting")
    window.bar.languages["id"].click()
    qtbot.waitUntil(lambda: window.pages["sorting"].accessibleName() == "Sortir-lipat", timeout=2000)
    assert window.page_name == "sorting"
    assert window.desk.services.settings.value("language") == "id"


def test_function_keys_reach_the_pages(house: House, qtbot: QtBot) -> None:
    window = house.open(Role.SUPERVISOR)
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_F3)
    assert window.page_name == "stock"
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.page_name == "live"


def test_every_control_has_a_name_to_be_read_aloud(house: House) -> None:
    window = house.open(Role.SUPERVISOR)
    for name in ALL:
        window.open_page(name)
    kinds = (QAbstractButton, QComboBox, QLineEdit, QTableView)
    controls = [control for kind in kinds for control in window.findChildren(kind) if not control.objectName().startswith("qt_")]
    assert len(controls) > 60
    # Qt's own parts, such as the corner of a table, carry no name and cannot be reached by keyboard.
    nameless = [control for control in controls if not control.accessibleName() and control.focusPolicy() != Qt.FocusPolicy.NoFocus]
    assert [f"{type(control).__name__} in {control.parent()}" for control in nameless] == []


def test_without_a_warehouse_each_page_says_so_in_one_sentence(bare: Bare) -> None:
    window = bare.open_for(add_person(bare.database, "Agus", Role.SUPERVISOR, now=BEGUN))
    for name in ALL:
        window.open_page(name)
        sentences = [part for part in window.pages[name].findChildren(OrEmpty) if part.isVisible() and part.empty]
        assert len(sentences) == 1, name
        assert sentences[0].sentence.text().endswith(".")


def places(window: Window) -> PlacesPage:
    window.open_page("places")
    page = window.pages["places"]
    assert isinstance(page, PlacesPage)
    return page


def choose_first_room(page: PlacesPage) -> None:
    page.tree.setCurrentIndex(page.tree.model().index(0, 0, page.tree.model().index(0, 0)))


def test_a_warehouse_is_set_up_from_nothing(bare: Bare) -> None:
    window = bare.open_for(add_person(bare.database, "Agus", Role.SUPERVISOR, now=BEGUN))
    page = places(window)
    page.sites.code.setText("91.71")
    page.sites.name.setText("Gudang Jayapura")
    page.sites.zone.setCurrentIndex(2)
    page.sites.button.click()
    page.rooms.name.setText("Ruang A")
    overnight = WeekHours((Opening(0, 20 * 60, 4 * 60),))
    page.rooms.week.show_hours(overnight)
    second_agrees(bare, add_person(bare.database, "Eko", Role.ADMINISTRATOR, now=BEGUN))
    page.rooms.button.click()
    choose_first_room(page)
    page.cameras.name.setText("Kamera 1")
    page.cameras.address.setText("rtsp://admin:rahasia@10.0.0.9/live")
    page.cameras.button.click()
    page.needs.election.setText("Pemilu 2029")
    page.needs.button.click()
    assert not page.needs.error.isHidden(), "how many sheets was not said"
    page.needs.sheets.enter(2_500)
    page.needs.district.setText("PAPUA I")
    page.needs.button.click()
    (line,) = stock_lines(bare.database)
    assert (line.need, line.good) == (2_500, 0)
    page.needs.sheets.enter(2_600)
    page.needs.district.setText("PAPUA I")
    page.needs.button.click()
    (line,) = stock_lines(bare.database)
    assert line.need == 2_600, "the same class again: its need is replaced"
    (site,) = list_sites(bare.database)
    (camera,) = list_cameras(bare.database)
    assert site.zone == "Asia/Jayapura"
    assert (camera.address, camera.username) == ("rtsp://10.0.0.9/live", "admin")
    assert hours_of(bare.database, camera.room_id, bare.clock()) == overnight
    assert bare.recorder.passwords == {camera.id: "rahasia"}
    assert "WIT" in window.bar.clock.text()


@pytest.mark.parametrize(("role", "tabs"), [(Role.SUPERVISOR, 5), (Role.ADMINISTRATOR, 4)])
def test_only_who_keeps_the_books_enters_what_is_needed(house: House, role: Role, tabs: int) -> None:
    page = places(house.open(role))
    shown = [page.tabs.tabText(at) for at in range(page.tabs.count()) if page.tabs.isTabVisible(at)]
    assert len(shown) == tabs and ("Ballots" in shown) is (role is Role.SUPERVISOR)


def test_a_refused_camera_keeps_what_was_typed(house: House) -> None:
    page = places(house.open(Role.SUPERVISOR))
    choose_first_room(page)
    page.cameras.name.setText("Kamera 2")
    page.cameras.address.setText("ftp://10.0.0.9/live")
    page.cameras.button.click()
    assert page.cameras.error.text().startswith("Camera addresses begin with one of")
    assert page.cameras.address.text() == "ftp://10.0.0.9/live"
    assert len(list_cameras(house.database)) == 1


def test_a_camera_is_entered_with_its_sub_stream_and_given_another(house: House) -> None:
    page = places(house.open(Role.SUPERVISOR))
    choose_first_room(page)
    assert page.sub_streams.isHidden(), "a room has none"
    page.cameras.name.setText("Kamera 2")
    page.cameras.address.setText("rtsp://10.0.0.9/main")
    page.cameras.sub_address.setText("rtsp://admin:rahasia@10.0.0.9/sub")
    page.cameras.button.click()
    assert page.cameras.error.text().startswith("The sub-stream has the camera's user and password")
    page.cameras.sub_address.setText("rtsp://10.0.0.9/sub")
    page.cameras.button.click()
    assert list_cameras(house.database)[1].sub_address == "rtsp://10.0.0.9/sub"
    room = page.tree.model().index(0, 0, page.tree.model().index(0, 0))
    page.tree.setCurrentIndex(page.tree.model().index(1, 0, room))
    assert page.sub_streams.address.text() == "rtsp://10.0.0.9/sub"
    page.sub_streams.address.setText("ftp://10.0.0.9/sub")
    page.sub_streams.button.click()
    assert page.sub_streams.error.text().startswith("Camera addresses begin with one of")
    page.sub_streams.address.setText("")
    page.sub_streams.button.click()
    assert list_cameras(house.database)[1].sub_address == ""
    assert "Kamera 2" in page.sub_streams.success.text() and "Kamera 2" in page.sub_streams.where.text(), "it stays chosen"


def test_a_password_that_cannot_be_kept_is_said_and_entered_later(house: House) -> None:
    page = places(house.open(Role.SUPERVISOR))
    room = page.tree.model().index(0, 0, page.tree.model().index(0, 0))
    page.tree.setCurrentIndex(page.tree.model().index(0, 0, room))
    page.logins.user.setText("sari")
    page.logins.password.setText("kenari")

    said = "The file of camera passwords {file} cannot be read. Move it away and enter the passwords again."
    house.recorder.refusal = Refusal(said, file="f")
    page.logins.button.click()
    house.recorder.refusal = None
    assert page.logins.error.text().startswith("The file of camera passwords f cannot be read")
    assert (list_cameras(house.database)[0].username, page.logins.password.text()) == ("", "kenari"), "nothing was changed"
    page.logins.button.click()
    assert "Kamera 1" in page.logins.success.text()
    assert list_cameras(house.database)[0].username == "sari"
    assert house.recorder.passwords == {house.camera.id: "kenari"}
    assert (page.logins.user.text(), page.logins.password.text()) == ("sari", "")


def test_a_sub_stream_may_repeat_the_login_of_its_camera(house: House) -> None:
    page = places(house.open(Role.SUPERVISOR))
    choose_first_room(page)
    page.cameras.name.setText("Kamera 2")
    page.cameras.address.setText("rtsp://10.0.0.9/1?user=admin&password=rahasia")
    page.cameras.sub_address.setText("rtsp://10.0.0.9/2?user=admin&password=rahasia")
    page.cameras.button.click()
    camera = list_cameras(house.database)[1]
    assert (camera.address, camera.sub_address) == tuple(f"rtsp://10.0.0.9/{stream}?user=***&password=***" for stream in (1, 2))
    assert (camera.username, house.recorder.passwords) == ("admin", {camera.id: "rahasia"})


def test_only_the_pictures_on_the_screen_are_asked_for(house: House) -> None:
    window = house.open(Role.SUPERVISOR)
    live = window.pages["live"]
    assert isinstance(live, LivePage)
    recorder = window.desk.services.live
    assert recorder is not None
    assert house.recorder.shown.keys() == {house.camera.id}
    window.open_page("stock")
    assert house.recorder.shown == {}


def test_a_locked_database_is_said_in_one_sentence_and_nothing_is_lost(house: House) -> None:
    house.database = open_database(house.database.path.parent, busy_s=0.05)
    window = house.open(Role.GUARD)
    house.recorder.somebody_moves(house.camera.id, house.clock())
    window.tick()
    with contextlib.closing(sqlite3.connect(house.database.path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        window.acknowledge_newest()
        assert "is locked by another program" in window.trouble.text() and window.trouble.isVisible()
        window.tick()
        other.rollback()
    window.acknowledge_newest()
    assert not window.banner.isVisible()
    for _second in range(STANDS_S):
        window.tick()
    assert not window.trouble.isVisible()
    house.database.close()


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_state_of_the_stock_stands_on_a_small_screen(house: House, language: Language, qtbot: QtBot) -> None:
    window = house.open(Role.SUPERVISOR)
    window.choose_language(language)
    window.open_page("stock")
    stock = window.pages["stock"]
    assert isinstance(stock, StockPage)
    (row,) = stock.figures.rows
    most = {"need": 2_436_059, "declared": 2_436_059, "received": 2_435_309, "unsorted": 1_266_751, "good": 1_167_707, "packed": 917_702}
    stock.figures.show_rows([replace(row, name="DPRD Provinsi DKI JAKARTA 4 (PSU)", sent=817_702, missing=1_268_352, **most)])
    qtbot.waitUntil(lambda: stock.figures.viewport().width() > 900)  # laid out
    bar = stock.figures.horizontalScrollBar()
    assert len(stock.figures.copied().split("\t")) >= 14 and bar.maximum() == 0


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_tab_of_the_set_up_can_be_read_on_a_small_screen(house: House, language: Language, qtbot: QtBot) -> None:
    window = house.open(Role.SUPERVISOR)
    window.resize(1366, 768)
    window.choose_language(language)
    tabs = places(window).tabs
    qtbot.waitUntil(lambda: tabs.tabBar().width() > 100)  # laid out
    assert tabs.tabBar().tabRect(tabs.count() - 1).right() < tabs.width()
