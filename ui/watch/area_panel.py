"""The list of a camera's zones and masks, the least sizes of the chosen zone, and the sensitivity: what the keyboard reaches."""

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QSlider, QSpinBox, QVBoxLayout, QWidget

from storage.watch.views import MOST_AREAS
from ui.forms.form import named
from ui.look.card import OrEmpty, button, label
from ui.look.theme import GRID, ROW_HEIGHT, TARGET
from ui.watch.areas import AreaKind, Areas
from ui.words.speech import _, whole

_LIST_ROWS = 5


class AreaPanel(QWidget):
    """changed: areas, sizes or sensitivity were changed here; chosen: another area was; wanted: a zone or a mask is to be drawn."""

    changed = Signal()
    chosen = Signal()
    wanted = Signal(str)

    def __init__(self, areas: Areas) -> None:
        super().__init__()
        self._areas = areas
        self.list = _AreaList(self._delete)
        self.delete = button(_("Delete"), self._delete)
        self.far, self.near = _percent(), _percent()
        self.sensitivity = QSlider(Qt.Orientation.Horizontal)
        self.sensitivity.setRange(0, 100)
        self.sensitivity.setPageStep(10)
        self.sensitivity.setFixedHeight(TARGET)
        self._number = label("")
        self._number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._sizes = QWidget()
        self.add_zone = button(_("Draw zone"), lambda: self.wanted.emit(AreaKind.ZONE.value))
        self.add_mask = button(_("Draw mask"), lambda: self.wanted.emit(AreaKind.MASK.value))
        self._lay_out()
        self.list.currentRowChanged.connect(self._choose)
        self.far.valueChanged.connect(self._resize)
        self.near.valueChanged.connect(self._resize)
        self.sensitivity.valueChanged.connect(self._follow_slider)
        self.follow()

    def show_sensitivity(self, sensitivity: int) -> None:
        """Begins with a camera's own."""
        with QSignalBlocker(self.sensitivity):
            self.sensitivity.setValue(sensitivity)
        self._number.setText(whole(sensitivity))

    def follow(self) -> None:
        """The areas were changed by somebody else: shows how they are now."""
        area = self._areas.chosen
        with QSignalBlocker(self.list):
            names = [self._areas.name(at) for at in range(len(self._areas.all))]
            if names != [self.list.item(row).text() for row in range(self.list.count())]:
                self.list.clear()
                self.list.addItems(names)
            self.list.setCurrentRow(-1 if self._areas.at is None else self._areas.at)
        self._content.show_content(bool(self._areas.all))
        self.delete.setEnabled(area is not None)
        self._sizes.setEnabled(area is not None and area.kind is AreaKind.ZONE)
        for kind, add in ((AreaKind.ZONE, self.add_zone), (AreaKind.MASK, self.add_mask)):
            add.setEnabled(sum(one.kind is kind for one in self._areas.all) < MOST_AREAS)
        for box, size_pct in ((self.far, area.least_far_pct if area else 0), (self.near, area.least_near_pct if area else 0)):
            with QSignalBlocker(box):
                box.setValue(round(size_pct))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        self._content = OrEmpty(self.list, _("No zones and no masks: the whole picture is watched."))
        self._content.setFixedHeight(_LIST_ROWS * ROW_HEIGHT)
        column.addWidget(self._content)
        line = QHBoxLayout()
        line.setSpacing(GRID)
        for add in (self.add_zone, self.add_mask):
            line.addWidget(add, 1)
        column.addLayout(line)
        column.addWidget(self.delete, 0, Qt.AlignmentFlag.AlignRight)
        sizes = QVBoxLayout(self._sizes)
        sizes.setContentsMargins(0, 0, 0, 0)
        sizes.setSpacing(4)
        told = label(_("Smallest height that counts, in percent of the picture"), "muted")
        told.setWordWrap(True)
        sizes.addWidget(told)
        pair = QHBoxLayout()
        pair.setSpacing(2 * GRID)
        pair.addLayout(named(_("Far away"), self.far), 1)
        pair.addLayout(named(_("Near"), self.near), 1)
        sizes.addLayout(pair)
        column.addWidget(self._sizes)
        head = QHBoxLayout()
        words = label(_("Sensitivity"), "muted")
        words.setBuddy(self.sensitivity)
        self.sensitivity.setAccessibleName(_("Sensitivity"))
        head.addWidget(words)
        head.addStretch(1)
        head.addWidget(self._number)
        column.addLayout(head)
        column.addWidget(self.sensitivity)
        ends = QHBoxLayout()
        ends.addWidget(label(_("only what is large and plain"), "muted"))
        ends.addStretch(1)
        ends.addWidget(label(_("the least movement"), "muted"))
        column.addLayout(ends)

    def _choose(self, row: int) -> None:
        self._areas.choose(row if row >= 0 else None)
        self.follow()
        self.chosen.emit()

    def _delete(self) -> None:
        if self._areas.chosen is not None:
            self._areas.delete()
            self.follow()
            self.changed.emit()

    def _resize(self) -> None:
        area = self._areas.chosen
        if area is not None:
            area.least_far_pct, area.least_near_pct = float(self.far.value()), float(self.near.value())
            self.changed.emit()

    def _follow_slider(self, value: int) -> None:
        self._number.setText(whole(value))
        self.changed.emit()


class _AreaList(QListWidget):
    """The names of the areas; Delete deletes the chosen one."""

    def __init__(self, delete: Callable[[], None]) -> None:
        super().__init__()
        self._delete = delete
        self.setAccessibleName(_("Zones and masks"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self._delete()
        else:
            super().keyPressEvent(event)


def _percent() -> QSpinBox:
    box = QSpinBox()
    box.setRange(0, 100)
    box.setSuffix(" %")
    box.setFixedHeight(TARGET)
    box.lineEdit().setTextMargins(GRID, 0, GRID, 0)
    box.setAlignment(Qt.AlignmentFlag.AlignRight)
    return box
