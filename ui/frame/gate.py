"""What stands in place of the pages while nobody has signed in, the window is locked, or a shift is handed over.

Bar and banner stay: rooms, alarms and recording are seen by whoever comes by.
"""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout

from ui.forms.first_person import FirstPersonForm
from ui.forms.shift_form import ShiftForm
from ui.forms.sign_in_form import SignInForm
from ui.frame.frame import Frame
from ui.frame.lookout import Lookout
from ui.look.card import Card, button, label
from ui.look.theme import GRID
from ui.words.speech import _, _n

_WIDTH = 68 * GRID
_MOST = 5


class Gate(Frame):
    """entered: who has signed in. called_off: whoever handed over goes on after all."""

    entered = Signal(object)
    called_off = Signal()

    def __init__(self, lookout: Lookout, title: str, form: FirstPersonForm | SignInForm | ShiftForm) -> None:
        super().__init__(lookout)
        self.form = form
        form.entered.connect(self.entered)
        card = Card()
        card.setFixedWidth(_WIDTH)
        line = QHBoxLayout()
        line.addWidget(label(title, "title"))
        line.addStretch(1)
        if isinstance(form, ShiftForm):
            line.addWidget(button(_("Back, nothing is handed over"), self.called_off.emit))
        card.body.addLayout(line)
        card.body.addWidget(form)
        self.waiting = label("", "alarms")
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(card)
        middle.addStretch(1)
        self.content.addSpacing(3 * GRID)
        self.content.addWidget(self.waiting)
        self.content.addStretch(2)
        self.content.addLayout(middle)
        self.content.addStretch(3)
        lookout.alarms_changed.connect(self.show_alarms)
        lookout.site_changed.connect(self.show_alarms)
        super().tick(lookout.now)
        self._list_waiting()

    def tick(self, now: datetime) -> None:
        super().tick(now)
        self._list_waiting()
        if isinstance(self.form, SignInForm):
            self.form.tick(now)

    def show_alarms(self) -> None:
        super().show_alarms()
        self._list_waiting()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.form.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.called_off.emit()
        else:
            super().keyPressEvent(event)

    def _list_waiting(self) -> None:
        """The alarms that wait besides the one in the banner, in letters that are read from the door."""
        others = self.lookout.book.waiting[1:]
        lines = [self.banner.sentence(alarm) for alarm in others[:_MOST]]
        if len(others) > _MOST:
            lines.append(_n("and {n} more alarm", "and {n} more alarms", len(others) - _MOST))
        self.waiting.setText("\n".join(lines))
        self.waiting.setAccessibleName(self.waiting.text())
        self.waiting.setVisible(bool(lines))
