"""Tables: rows of plain objects under named columns, numbers at the right, copy, type-to-find, and a sentence where nothing is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QSettings, Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ui.look.theme import ROW_HEIGHT

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
TWO_LINES = 40
_LEAST_NAME = 144
_LAST = 160
# Left and right of a title in a table with titles of two lines, as the style sheet has it, and a pixel on each side for the strokes.
_DENSE_SIDES = 14


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: its title, what it shows of a row, and whether that is a number (at the right). hint: what the title means."""

    title: str
    text: Callable[[Row], str]
    number: bool = False
    hint: str = ""


class RowsModel(QAbstractTableModel, Generic[Row]):
    """The rows of one table. Read only; new rows come in by `show_rows`."""

    def __init__(self, columns: Sequence[Column[Row]], struck: Callable[[Row], bool] | None) -> None:
        super().__init__()
        self._columns = tuple(columns)
        self._struck = struck
        self._rows: tuple[Row, ...] = ()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Shows these rows in place of those shown so far."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def add_rows(self, rows: Sequence[Row]) -> None:
        """Puts more rows below."""
        if rows:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(rows) - 1)
            self._rows = (*self._rows, *rows)
            self.endInsertRows()

    def name_things(self, title: str) -> None:
        """Gives the first column, which names the thing, another title."""
        self._columns = (replace(self._columns[0], title=title), *self._columns[1:])
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 0)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows in the order shown."""
        return self._rows

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        column = self._columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return column.text(self._rows[index.row()])
        if role == Qt.ItemDataRole.FontRole and self._struck and self._struck(self._rows[index.row()]):
            font = QFont()
            font.setStrikeOut(True)
            return font
        return _alignment(column) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self._columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.hint or None
        return _alignment(column) if role == Qt.ItemDataRole.TextAlignmentRole else None


def _alignment(column: Column[Row]) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


class Table(QTableView, Generic[Row]):
    """The view of a RowsModel. name: under which the columns' widths are remembered.

    struck: which rows no longer count, and are struck out.
    """

    chosen = Signal()

    def __init__(
        self,
        name: str,
        title: str,
        columns: Sequence[Column[Row]],
        settings: QSettings,
        struck: Callable[[Row], bool] | None = None,
    ) -> None:
        super().__init__()
        self._key = f"columns/{name}"
        self._settings = settings
        self._rows_model = RowsModel(columns, struck)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setModel(self._rows_model)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setVisible(False)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(not columns[-1].number)
        self._dense = any("\n" in column.title for column in columns)
        self.setProperty("dense", self._dense)
        header.setMinimumSectionSize(48 if self._dense else 64)
        if self._dense:
            header.setFixedHeight(TWO_LINES)
        self._name_width = 0
        self._name_gives_way = columns[-1].number
        if self._name_gives_way:
            self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        if not self._restore_columns():
            header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.sectionResized.connect(self._keep_columns)
        self.selectionModel().selectionChanged.connect(self.chosen)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Shows rows; the chosen line stays chosen by its place."""
        at = self.currentIndex().row()
        self._rows_model.show_rows(rows)
        if rows and self._settings.value(self._key) is None:
            self.fit_columns()
        if rows and at >= 0:
            self.choose_line(min(at, len(rows) - 1))

    def add_rows(self, rows: Sequence[Row]) -> None:
        """Puts more rows below; the eye stays where it is."""
        self._rows_model.add_rows(rows)

    def choose_line(self, at: int) -> None:
        """Chooses one line alone, whatever keys are held: with Ctrl, as in Ctrl and a page's number, selectRow takes the choice away."""
        index, flags = self.model().index(at, 0), QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def name_things(self, title: str) -> None:
        """Gives the first column another title, where the rows are of another kind now."""
        self._rows_model.name_things(title)

    def fit_columns(self) -> None:
        """Makes each column as wide as what it holds."""
        header = self.horizontalHeader()
        header.blockSignals(True)
        self.resizeColumnsToContents()
        for column in range(header.count()):
            width = header.sectionSize(column)
            if self._dense and not (header.stretchLastSection() and column == header.count() - 1):
                width = max(self._dense_title(column), self.sizeHintForColumn(column))
            if header.stretchLastSection() and column == header.count() - 1:
                width = min(_LAST, width)  # it takes what is left, and no more than there is
            header.resizeSection(column, min(360, width))
        self._name_width = header.sectionSize(0)
        header.blockSignals(False)
        self._give_way()
        self.updateGeometries()

    def _dense_title(self, column: int) -> int:
        """What a title takes without the room that a header keeps free beside it, in pixels."""
        lines = str(self._rows_model.headerData(column, Qt.Orientation.Horizontal)).split("\n")
        return max(self.horizontalHeader().fontMetrics().horizontalAdvance(line) for line in lines) + _DENSE_SIDES

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows shown."""
        return self._rows_model.rows

    @property
    def chosen_row(self) -> Row | None:
        """The one chosen row; None if none or several are."""
        chosen = self.selectionModel().selectedRows()
        return self._rows_model.rows[chosen[0].row()] if len(chosen) == 1 else None

    def copied(self) -> str:
        """The chosen rows with the header, tab-separated, as a spreadsheet takes them."""
        model = self._rows_model
        across = range(model.columnCount())
        header = [str(model.headerData(column, Qt.Orientation.Horizontal)).replace("\n", " ") for column in across]
        chosen = sorted(index.row() for index in self.selectionModel().selectedRows())
        lines = [header, *([str(model.data(model.index(row, column))) for column in across] for row in chosen)]
        return "\n".join("\t".join(line) for line in lines)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_way()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.copied())
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Type to find: the next row, from the chosen one on, with the text in any column."""
        model, wanted = self._rows_model, search.casefold()
        count, start = model.rowCount(), max(0, self.currentIndex().row())
        for step in range(count):
            row = (start + step) % count
            if any(wanted in str(model.data(model.index(row, column))).casefold() for column in range(model.columnCount())):
                self.selectRow(row)
                return

    def _give_way(self) -> None:
        """Narrows the names where the figures after them would not be seen otherwise, as long as nobody has dragged a column."""
        header = self.horizontalHeader()
        if not self._name_gives_way or not self._name_width or self._settings.value(self._key) is not None:
            return
        left = self.viewport().width() - (header.length() - header.sectionSize(0))
        header.blockSignals(True)
        header.resizeSection(0, max(_LEAST_NAME, min(self._name_width, left)))
        header.blockSignals(False)

    def _restore_columns(self) -> bool:
        kept = self._settings.value(self._key)
        header = self.horizontalHeader()
        widths = [int(width) for width in str(kept).split(",") if width.isdigit()] if kept else []
        if len(widths) != header.count():
            return False
        for column, width in enumerate(widths):
            header.resizeSection(column, width)
        return True

    def _keep_columns(self) -> None:
        """Remembers what a person has dragged; columns also change with the window."""
        if QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton:
            return
        header = self.horizontalHeader()
        self._settings.setValue(self._key, ",".join(str(header.sectionSize(column)) for column in range(header.count())))
