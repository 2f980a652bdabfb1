"""Who sits here, at the right of the bar, and what they can do about it: lock, hand over, sign out, change their secret."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy

from storage.rules.rights import Act
from ui.frame.desk import Desk
from ui.frame.minutes import ask_for_minutes
from ui.look.theme import GRID
from ui.words.names import said_of
from ui.words.speech import _

LOCK_KEYS = "Ctrl+L"


class PersonMenu(QPushButton):
    """Space, Enter or a click opens it."""

    lock_wanted = Signal()
    hand_over_wanted = Signal()
    own_secret_wanted = Signal()
    leave_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("flat")
        self.setMaximumWidth(34 * GRID)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        said = said_of(desk.person)
        self.setText(f"{said}  ▾")
        self.setAccessibleName(_("Signed in: {person}").format(person=said))
        self.setToolTip(said)
        menu = QMenu(self)
        # The key is the window's own: a shortcut of a menu that is not open is not heard everywhere.
        self.lock = menu.addAction(_("Lock") + "\t" + LOCK_KEYS, self.lock_wanted.emit)
        self.hand_over = menu.addAction(_("Hand over the shift…"), self.hand_over_wanted.emit)
        self.hand_over.setVisible(desk.may(Act.HAND_OVER))
        self.minutes = menu.addAction(_("Save the minutes of the last change of shift…"), lambda: ask_for_minutes(self, desk))
        self.minutes.setVisible(desk.may(Act.HAND_OVER))
        self.own_secret = menu.addAction(_("Change my secret…"), self.own_secret_wanted.emit)
        menu.addSeparator()
        self.leave = menu.addAction(_("Sign out"), self.leave_wanted.emit)
        self.setMenu(menu)
