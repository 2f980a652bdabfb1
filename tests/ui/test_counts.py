"""A count: blind, by two teams, by a third where they differ, and accepted by somebody who did not count."""

import re

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from storage.ledger.position import StockLine, stock_lines
from storage.people.person import Person, Role, add_person
from storage.rules.movement import State
from storage.stock.classes import BallotType, Purpose, add_class
from storage.stock.counts import list_counts, record_sheet
from storage.stock.entitlements import set_entitlement
from tests.ui.officer import answer_question, counts_page, deliver, fill_count
from tests.ui.warehouse import BEGUN, House, sign_in
from ui.frame.window import Window
from ui.pages.counts_page import CountsPage

NAME = "DPR DKI JAKARTA I"


@pytest.fixture
def rina(house: House) -> Person:
    """A second officer."""
    return add_person(house.database, "Rina", Role.OFFICER, now=BEGUN)


@pytest.fixture
def counted(house: House) -> tuple[Window, CountsPage]:
    """1,000 unsorted sheets, and a count that has just begun, at Budi's window."""
    window = house.open(Role.OFFICER)
    deliver(window, house, "SJ-17", 1000, 1000)
    page = counts_page(window)
    page.start.click()
    return window, page


def save(page: CountsPage, **sheets: int) -> None:
    """Types what a team found and saves it."""
    fill_count(page, **sheets)
    page.form.button.click()
    assert page.form.error.isHidden(), page.form.error.text()


def sit_down(window: Window, person: Person) -> CountsPage:
    """Another person takes the window and opens the counts."""
    sign_in(window, person)
    return counts_page(window)


def said_on(sheet: QWidget | None) -> str:
    """All that stands on one of the two sheets of the page."""
    assert sheet is not None
    labels = [label.text() for label in sheet.findChildren(QLabel) if label.isVisibleTo(sheet)]
    return " ".join([*labels, *(field.text() for field in sheet.findChildren(QLineEdit))])


def line_of(house: House) -> StockLine:
    (line,) = stock_lines(house.database, house.site.id)
    return line


def row_of(page: CountsPage) -> list[str]:
    """The newest count as its line in the table says it."""
    model = page.recent.table.model()
    return [str(model.index(0, column).data()) for column in range(model.columnCount())]


def test_two_teams_count_blind_and_somebody_else_accepts(house: House, rina: Person) -> None:
    window = house.open(Role.OFFICER)
    deliver(window, house, "SJ-17", 1000, 1000)
    page = counts_page(window)
    assert page.turn.text() == "Not being counted now"
    assert not page.form.button.isEnabled()
    page.start.click()
    assert page.turn.text() == "Team 1 enters now" and "Counted since 22/11/2026 02:51." in page.told.text()
    assert page.form.button.isEnabled() and not page.start.isVisible()
    deliver(window, house, "SJ-18", 500, 500)  # while somebody is counting
    page = counts_page(window)
    save(page, unsorted=998)
    assert page.form.success.text() == "DPR DKI JAKARTA I: what team 1 counted is saved."
    page = sit_down(window, rina)
    assert page.turn.text() == "Team 2 enters now"
    save(page, unsorted=998)
    page.sheets.setCurrentIndex(1)
    page.recent.table.selectRow(0)
    assert row_of(page)[2:] == ["998", "0", "0", "0", "0", "Unsorted −2", "to be accepted", "Budi, Rina"]
    answer_question("two sheets less")
    page.accept.click()
    assert page.recent.error.isVisible() and "Rina" in page.recent.error.text(), "who counted does not accept"
    page = sit_down(window, house.people[Role.SUPERVISOR])
    page.recent.table.selectRow(0)
    answer_question("two sheets less")
    page.accept.click()
    (count,) = list_counts(house.database, house.site.id)
    assert count.accepted and row_of(page)[-2] == "accepted"
    assert line_of(house).unsorted == 1498


def test_no_figure_of_the_books_or_of_another_team_stands_where_one_counts(
    house: House, rina: Person, counted: tuple[Window, CountsPage]
) -> None:
    window, page = counted
    figures = re.compile(r"1,000|998|997|2,436,059")
    assert not figures.search(said_on(page.sheets.widget(0)))
    save(page, unsorted=998)
    assert not figures.search(said_on(page.sheets.widget(0)))
    page = sit_down(window, rina)
    assert not figures.search(said_on(page.sheets.widget(0)))
    save(page, unsorted=997)
    page = sit_down(window, house.people[Role.SUPERVISOR])
    assert not figures.search(said_on(page.sheets.widget(0)))
    assert not figures.search(" ".join(row_of(page)))


def test_where_two_teams_differ_a_third_counts_without_knowing(house: House, rina: Person, counted: tuple[Window, CountsPage]) -> None:
    window, page = counted
    save(page, unsorted=998)
    page = sit_down(window, rina)
    save(page, unsorted=990, damaged=8)
    page = sit_down(window, house.people[Role.SUPERVISOR])
    assert page.turn.text() == "Team 3 enters now" and "different figures" in page.told.text()
    page.recent.table.selectRow(0)
    assert row_of(page)[2:] == ["", "", "", "", "", "", "differ: team 3 counts", "Budi, Rina"]
    assert not page.accept.isEnabled()
    save(page, unsorted=990, damaged=8)
    page.recent.table.selectRow(0)
    variance = "Unsorted −10, Damaged +8"
    assert row_of(page)[2:] == ["990", "0", "8", "0", "0", variance, "to be accepted", "Budi, Rina, Agus"]
    assert page.accept.isEnabled()
    assert "is complete" in page.told.text() and page.start.isEnabled()
    page = sit_down(window, add_person(house.database, "Wati", Role.SUPERVISOR, now=BEGUN))
    page.recent.table.selectRow(0)
    answer_question("counted three times")
    page.accept.click()
    assert (line_of(house).unsorted, line_of(house).damaged) == (990, 8)


def test_three_teams_that_all_differ_begin_anew(house: House, rina: Person, counted: tuple[Window, CountsPage]) -> None:
    window, page = counted
    save(page, unsorted=998)
    save(sit_down(window, rina), unsorted=997)
    page = sit_down(window, house.people[Role.SUPERVISOR])
    save(page, unsorted=996)
    assert row_of(page)[-2] == "all teams differ"
    assert "all teams found different figures" in page.told.text()
    page.start.click()
    assert page.turn.text() == "Team 1 enters now"


def test_who_has_counted_is_told_that_somebody_else_enters_the_other_team(counted: tuple[Window, CountsPage]) -> None:
    _window, page = counted
    save(page, unsorted=998)
    assert page.turn.text() == "Somebody else must enter the figures of team 2"
    assert "Budi has entered those of another team already." in page.told.text()
    assert not page.form.button.isEnabled()
    assert not any(field.isEnabled() for field in page.fields.values())


def test_a_count_goes_on_after_a_restart(house: House, counted: tuple[Window, CountsPage], rina: Person) -> None:
    window, page = counted
    save(page, unsorted=998)
    window.close()
    house.clock.advance(3600)
    page = counts_page(house.open_for(rina))
    assert page.turn.text() == "Team 2 enters now"
    assert "Counted since 22/11/2026 02:51." in page.told.text()
    save(page, unsorted=998)
    (count,) = list_counts(house.database, house.site.id)
    assert count.counted is not None and count.counted[State.UNSORTED] == 998


def test_the_same_team_entered_at_another_window_is_refused_and_keeps_what_was_typed(
    house: House, rina: Person, counted: tuple[Window, CountsPage]
) -> None:
    _window, page = counted
    (count,) = list_counts(house.database, house.site.id)
    fill_count(page, unsorted=998)
    record_sheet(house.database, count.id, 1, {State.UNSORTED: 998}, by=rina, now=house.clock(), key="elsewhere")
    page.form.button.click()
    assert page.form.error.text() == "Team 1 has counted already."
    assert page.turn.text() == "Team 2 enters now"
    assert page.fields[State.UNSORTED].sheets == 998
    page.form.button.click()
    (count,) = list_counts(house.database, house.site.id)
    assert [sheet.person for sheet in count.sheets] == ["Rina", "Budi"] and count.counted is not None


def test_a_withdrawn_count_counts_no_longer(house: House, counted: tuple[Window, CountsPage]) -> None:
    _window, page = counted
    save(page, unsorted=998)
    page.sheets.setCurrentIndex(1)
    page.recent.table.selectRow(0)
    answer_question("the wrong room")
    page.recent.undo.click()
    assert row_of(page)[-2] == "reversed"
    page.sheets.setCurrentIndex(0)
    assert page.start.isVisible() and not page.form.button.isEnabled()
    assert line_of(house).unsorted == 1000


def test_what_was_typed_for_one_class_is_not_saved_for_another(house: House, counted: tuple[Window, CountsPage]) -> None:
    window, page = counted
    fill_count(page, unsorted=998)
    other = add_class(house.database, "Pemilu 2024", BallotType.DPD, "DKI JAKARTA", Purpose.REGULAR)
    set_entitlement(house.database, house.site.id, other.id, 10, by=house.people[Role.SUPERVISOR], now=window.desk.now, key="other")
    window.desk.stock_changed.emit()
    assert page.ballot.class_id == house.ballot.id and page.fields[State.UNSORTED].sheets == 998
    page.ballot.setCurrentIndex(page.ballot.findData(other.id))
    assert page.start.isVisible() and page.fields[State.UNSORTED].sheets is None
    sign_in(window, house.people[Role.SUPERVISOR])
    assert counts_page(window).ballot.class_id == other.id, "the class stays chosen for whoever counts next"
