"""Tables of plain objects: what they say of a row, how one finds and copies rows, and that widths are remembered."""

from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ui.look.table import Column, Table
from ui.words.speech import whole

Row = tuple[str, int]
COLUMNS: list[Column[Row]] = [Column("Class", lambda row: row[0]), Column("Sheets", lambda row: whole(row[1]), number=True)]
ROWS: list[Row] = [("PPWP", 2_436_059), ("DPR DKI JAKARTA I", 1000), ("DPD DKI JAKARTA", 7)]


@pytest.fixture
def table(qtbot: QtBot, tmp_path: Path) -> Table[Row]:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    made: Table[Row] = Table("classes", "Classes", COLUMNS, settings)
    qtbot.addWidget(made)
    made.show_rows(ROWS)
    return made


def test_the_model_keeps_the_rules_of_models(table: Table[Row], qtmodeltester: object) -> None:
    qtmodeltester.check(table.model())  # type: ignore[attr-defined]


def test_numbers_are_grouped_and_stand_at_the_right(table: Table[Row]) -> None:
    index = table.model().index(0, 1)
    assert index.data() == "2,436,059"
    assert Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole)) & Qt.AlignmentFlag.AlignRight
    assert table.model().headerData(1, Qt.Orientation.Horizontal) == "Sheets"
    assert table.model().rowCount(table.model().index(0, 0)) == 0
    assert table.model().data(QModelIndex()) is None


def test_typing_finds_the_next_row_with_the_text_in_any_column(table: Table[Row]) -> None:
    QTest.keyClicks(table, "jak")
    assert table.chosen_row == ROWS[1]
    table.keyboardSearch("7")
    assert table.chosen_row == ROWS[2]


def test_chosen_rows_are_copied_as_a_spreadsheet_takes_them(table: Table[Row]) -> None:
    table.selectAll()
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = "Class\tSheets\nPPWP\t2,436,059\nDPR DKI JAKARTA I\t1,000\nDPD DKI JAKARTA\t7"
    assert QGuiApplication.clipboard().text() == copied
    assert table.chosen_row is None


def test_the_chosen_line_stays_chosen_when_rows_are_read_again(table: Table[Row]) -> None:
    table.selectRow(2)
    table.show_rows(ROWS)
    assert table.chosen_row == ROWS[2]
    table.show_rows(ROWS[:1])
    assert table.chosen_row == ROWS[0]


def test_widths_are_those_of_last_time(table: Table[Row], qtbot: QtBot, tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    settings.setValue("columns/classes", "321,99")
    again: Table[Row] = Table("classes", "Classes", COLUMNS, settings)
    qtbot.addWidget(again)
    again.show_rows(ROWS)
    assert [again.columnWidth(column) for column in (0, 1)] == [321, 99]
