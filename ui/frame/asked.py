"""The badge in the bar while others wait for this person to answer for something too; it opens the questions."""

from datetime import datetime

from PySide6.QtWidgets import QPushButton

from storage.people.confirmation import waiting_for
from ui.forms.questions import Questions
from ui.frame.desk import Desk
from ui.words.speech import _, _n


class AskedBadge(QPushButton):
    """Hidden while nobody asks."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.setObjectName("primary")
        self.setToolTip(_("Somebody asks you to be the second person"))
        self.clicked.connect(self.open)
        self.hide()

    def tick(self, now: datetime) -> None:
        """Once a second: reads how many wait."""
        count = len(waiting_for(self._desk.database, self._desk.person, now=now))
        self.setText("? " + _n("{n} question", "{n} questions", count))
        self.setAccessibleName(_n("{n} question", "{n} questions", count) + ": " + self.toolTip())
        self.setVisible(count > 0)

    def open(self) -> None:
        """Shows the questions."""
        dialog = Questions(self.window(), self._desk)
        if dialog.list.count():
            dialog.exec()
        dialog.deleteLater()
        self.tick(self._desk.now)
