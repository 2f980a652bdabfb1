"""The officer's evening: what is entered in the forms is in the books and on the Stock page, and a refusal keeps what was typed."""

import pytest
from PySide6.QtTest import QTest

from storage.ledger.position import stock_lines
from storage.people.person import Role
from storage.rules.movement import State
from storage.stock.deliveries import list_deliveries
from tests.ui.officer import answer_question, deliver
from tests.ui.warehouse import House
from ui.pages.deliveries_page import DeliveriesPage
from ui.pages.reprints_page import ReprintsPage
from ui.pages.sorting_page import SortingPage
from ui.pages.stock_page import StockPage


def test_a_delivery_is_posted_and_the_stock_page_shows_it(house: House) -> None:
    window = house.open(Role.OFFICER)
    page = deliver(window, house, "SJ-17", 1000, 980)
    assert page.form.success.text() == "Delivery note SJ-17: 980 sheets received, 20 short, 0 over."
    assert page.note.text() == "" and len(page.recent.table.rows) == 1
    window.open_page("stock")
    stock = window.pages["stock"]
    assert isinstance(stock, StockPage)
    (row,) = stock.figures.rows
    assert (row.name, row.received, row.short, row.unsorted) == ("DPR DKI JAKARTA I", 980, 20, 980)
    (movement,) = stock.card.rows
    assert movement.person == "Budi" and movement.changes[State.UNSORTED] == 980


def test_a_refused_delivery_says_why_and_keeps_what_was_typed(house: House) -> None:
    window = house.open(Role.OFFICER)
    deliver(window, house, "SJ-17", 1000, 1000)
    page = deliver(window, house, "SJ-17", 500, 400)
    assert page.form.error.isVisible() and "SJ-17 has been entered already" in page.form.error.text()
    assert page.note.text() == "SJ-17"
    assert [field.sheets for field in page.lines.field(house.ballot.id)] == [500, 400]
    assert len(list_deliveries(house.database, house.site.id)) == 1


def test_a_line_with_one_figure_is_pointed_at(house: House) -> None:
    window = house.open(Role.OFFICER)
    window.open_page("deliveries")
    page = window.pages["deliveries"]
    assert isinstance(page, DeliveriesPage)
    page.note.setText("SJ-1")
    declared, received = page.lines.field(house.ballot.id)
    declared.enter(5)
    page.form.button.click()
    assert received.property("wrong") is True
    assert page.form.error.isVisible()
    received.enter(5)
    page.form.button.click()
    assert received.property("wrong") is False
    assert page.form.success.isVisible() and not page.form.error.isVisible()


def test_a_delivery_is_undone_by_a_reversal_with_a_reason(house: House) -> None:
    window = house.open(Role.OFFICER)
    page = deliver(window, house, "SJ-17", 1000, 980)
    page.recent.table.selectRow(0)
    answer_question("counted twice")
    page.recent.undo.click()
    (delivery,) = list_deliveries(house.database, house.site.id)
    assert delivery.reversed
    (line,) = stock_lines(house.database, house.site.id)
    assert line.unsorted == 0
    page.recent.table.selectRow(0)
    assert not page.recent.undo.isEnabled()


def test_sorting_more_than_is_there_is_refused_with_the_figure(house: House) -> None:
    window = house.open(Role.OFFICER)
    deliver(window, house, "SJ-17", 1000, 1000)
    window.open_page("sorting")
    page = window.pages["sorting"]
    assert isinstance(page, SortingPage)
    page.good.enter(1000)
    page.damaged.enter(1)
    page.form.button.click()
    assert page.form.error.text() == "Only 1,000 sheets of DPR DKI JAKARTA I are unsorted; 1,001 are needed."
    assert (page.good.sheets, page.damaged.sheets) == (1000, 1)
    page.good.enter(990)
    page.damaged.enter(10)
    page.form.button.click()
    assert [(row.good, row.damaged) for row in page.recent.table.rows] == [(990, 10)]


def test_a_reprint_is_asked_for_and_received(house: House) -> None:
    window = house.open(Role.OFFICER)
    deliver(window, house, "SJ-17", 1000, 970)
    window.open_page("reprints")
    page = window.pages["reprints"]
    assert isinstance(page, ReprintsPage)
    page.for_damaged.enter(0)
    page.for_short.enter(31)
    page.ask.button.click()
    assert "at most 30 short sheets" in page.ask.error.text()
    page.for_short.enter(30)
    page.ask.button.click()
    page.recent.table.selectRow(0)
    page.sheets.enter(12)
    page.receive.button.click()
    (request,) = page.recent.table.rows
    assert (request.received, request.open) == (12, 18)
    (line,) = stock_lines(house.database, house.site.id)
    assert line.unsorted == 982


def test_a_double_click_posts_once(house: House) -> None:
    window = house.open(Role.OFFICER)
    page = deliver(window, house, "SJ-17", 1000, 1000)
    page.form.button.click()
    assert page.form.error.isVisible()
    assert len(list_deliveries(house.database, house.site.id)) == 1


@pytest.mark.parametrize("typed", ["1234567", "1.234.567", "1,234,567"])
def test_sheets_are_read_however_they_are_grouped(house: House, typed: str) -> None:
    window = house.open(Role.OFFICER)
    window.open_page("sorting")
    page = window.pages["sorting"]
    assert isinstance(page, SortingPage)
    QTest.keyClicks(page.good, typed)
    assert page.good.sheets == 1_234_567
    assert page.good.text() == "1,234,567"
