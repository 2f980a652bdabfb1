"""The lines of a delivery note: for each class of the warehouse what the note declares, what was counted in, and what follows."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QWidget

from storage.stock.classes import BallotClass
from storage.stock.deliveries import DeliveryLine
from ui.forms.form import WrongInput
from ui.forms.sheets import SheetsEdit
from ui.look.card import label
from ui.look.theme import GRID
from ui.words.speech import _, whole


class DeliveryLines(QScrollArea):
    """Classes that one leaves empty are not on the note."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("Lines of the delivery note"))
        self._inside = QWidget()
        self._classes: list[BallotClass] = []
        self._fields: dict[int, tuple[SheetsEdit, SheetsEdit, QLabel]] = {}

    def offer(self, classes: Sequence[BallotClass]) -> None:
        """One line for each of these classes; what was typed stays if they are the same as before."""
        if list(classes) == self._classes and self._fields:
            return
        self._classes = list(classes)
        self._fields.clear()
        inside = QWidget()
        inside.setObjectName("scrolled")
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, GRID, 0)
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(6)
        for column, title in enumerate((_("Ballot class"), _("Declared"), _("Received"), _("Difference"))):
            side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
            grid.addWidget(label(title, "muted"), 0, column, side)
        for row, ballot in enumerate(self._classes, start=1):
            declared = SheetsEdit(_("{ballot}: declared").format(ballot=ballot.name))
            received = SheetsEdit(_("{ballot}: received").format(ballot=ballot.name))
            difference = label("", "muted")
            difference.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            difference.setMinimumWidth(12 * GRID)
            name = label(ballot.name)
            name.setToolTip(ballot.name)
            for column, widget in enumerate((name, declared, received, difference)):
                grid.addWidget(widget, row, column)
            self._fields[ballot.id] = (declared, received, difference)
            for field in (declared, received):
                field.textChanged.connect(lambda _text, class_id=ballot.id: self._show_difference(class_id))
        grid.setColumnStretch(0, 1)
        grid.setRowStretch(len(self._classes) + 1, 1)
        self.setWidget(inside)
        self._inside = inside
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # a place in the order of Tab, to hang the fields on
        before: QWidget = self
        for fields in self._fields.values():
            for field in fields[:2]:
                QWidget.setTabOrder(before, field)
                before = field
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @property
    def least_width(self) -> int:
        """How wide this must be so that no line is cut off, the scroll bar included."""
        return self._inside.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()

    def lines(self) -> list[DeliveryLine]:
        """The lines that were filled in. Raises WrongInput for one with only one of its two figures."""
        filled = []
        for class_id, (declared, received, _difference) in self._fields.items():
            both = declared.sheets, received.sheets
            if both == (None, None):
                continue
            if both[0] is None or both[1] is None:
                empty = declared if both[0] is None else received
                raise WrongInput(empty, _("Enter both figures of the line; 0 if nothing was declared or nothing came."))
            filled.append(DeliveryLine(class_id, both[0], both[1]))
        return filled

    def empty(self) -> None:
        """Clears all figures."""
        for declared, received, _difference in self._fields.values():
            declared.enter(None)
            received.enter(None)

    def field(self, class_id: int) -> tuple[SheetsEdit, SheetsEdit]:
        """The declared and the received field of a class."""
        declared, received, _difference = self._fields[class_id]
        return declared, received

    def _show_difference(self, class_id: int) -> None:
        declared, received, difference = self._fields[class_id]
        if declared.sheets is None or received.sheets is None:
            difference.setText("")
            return
        line = DeliveryLine(class_id, declared.sheets, received.sheets)
        difference.setObjectName("heading" if line.short or line.over else "muted")
        difference.style().unpolish(difference)
        difference.style().polish(difference)
        if line.short:
            difference.setText(_("{sheets} short").format(sheets=whole(line.short)))
        elif line.over:
            difference.setText(_("{sheets} over").format(sheets=whole(line.over)))
        else:
            difference.setText(_("complete"))
