"""The keyboard alone is enough: Tab visits the fields of a form from top to bottom and then its button, Enter goes on and presses."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from storage.people.person import Role
from storage.stock.counts import list_counts
from tests.ui.warehouse import House
from ui.forms.form import Form
from ui.forms.when import WhenEdit
from ui.pages.counts_page import CountsPage
from ui.pages.deliveries_page import DeliveriesPage
from ui.pages.sorting_page import SortingPage


def stops(form: Form, first: QWidget) -> Iterator[QWidget]:
    """Where Tab comes to in a form from its first field on, up to its button."""
    at: QWidget | None = first
    while at is not None and at is not form.button:
        if (
            at.focusPolicy() & Qt.FocusPolicy.TabFocus
            and at.isEnabled()
            and at.focusProxy() is None
            and at.objectName() != "qt_spinbox_lineedit"
        ):
            yield at
        at = at.nextInFocusChain()
        assert at is not first, "Tab goes round without the button"


def test_tab_visits_every_field_before_the_button(house: House) -> None:
    window = house.open(Role.OFFICER)
    window.open_page("deliveries")
    page = window.pages["deliveries"]
    assert isinstance(page, DeliveriesPage)
    declared, received = page.lines.field(house.ballot.id)
    assert list(stops(page.form, page.note)) == [page.note, page.when, declared, received]


def test_enter_goes_from_field_to_field_and_saves_the_count(house: House) -> None:
    window = house.open(Role.OFFICER)
    window.open_page("counts")
    page = window.pages["counts"]
    assert isinstance(page, CountsPage)
    page.start.setFocus()
    QTest.keyClick(page.start, Qt.Key.Key_Return)
    for sheets in ("1", "2", "3", "4", "5"):
        field = window.focusWidget()
        assert field is not None
        QTest.keyClicks(field, sheets)
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert window.focusWidget() is page.form.button
    QTest.keyClick(page.form.button, Qt.Key.Key_Return)
    (count,) = list_counts(house.database, house.site.id)
    assert [list(sheet.counted.values()) for sheet in count.sheets] == [[1, 2, 3, 4, 5]]


def test_a_date_is_typed_over_the_part_one_stands_in(house: House, qtbot: QtBot) -> None:
    window = house.open(Role.OFFICER)
    window.open_page("sorting")
    page = window.pages["sorting"]
    assert isinstance(page, SortingPage)
    when: WhenEdit = page.when
    when.setFocus()
    qtbot.waitUntil(lambda: bool(when.lineEdit().selectedText()))
    QTest.keyClicks(when, "191120261830")
    assert when.text() == "19/11/2026 18:30"
    when.selectAll()
    QTest.keyClicks(when, "20")
    assert when.text() == "20/11/2026 18:30"
