"""The list of what was written lately, and the way to undo one of it: a reversal, never an edit."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar
from uuid import uuid4

from PySide6.QtWidgets import QHBoxLayout

from storage.ledger.reversal import reverse_event
from storage.rules.refusal import Refusal
from ui.forms.dialog import ask_reason
from ui.frame.desk import Desk
from ui.look.card import Card, OrEmpty, button, label
from ui.look.table import Column, Table
from ui.look.theme import GRID
from ui.words.sentences import sentence
from ui.words.speech import _

Row = TypeVar("Row")


class Recent(Card, Generic[Row]):
    """reversal: for a row, its event's id and what a reversal of it would write; None where it cannot be reversed.

    struck: which rows no longer count.
    """

    def __init__(
        self,
        desk: Desk,
        name: str,
        title: str,
        *,
        columns: Sequence[Column[Row]],
        empty: str,
        reversal: Callable[[Row], tuple[int, str] | None],
        struck: Callable[[Row], bool] | None = None,
    ) -> None:
        super().__init__(title, tight=True)
        self._desk = desk
        self._reversal = reversal
        self.table: Table[Row] = Table(name, title, columns, desk.services.settings, struck)
        self._content = OrEmpty(self.table, empty)
        self.undo = button(_("Undo by reversal…"), self.reverse)
        if not desk.keeps_books:
            self.undo.hide()
        self.undo.setEnabled(False)
        self.head.addWidget(self.undo)
        self.error = label("", "error")
        self.error.setWordWrap(True)
        self.error.hide()
        room = QHBoxLayout()
        room.setContentsMargins(GRID, 0, GRID, 0)
        room.addWidget(self.error)
        self.body.addLayout(room)
        self.body.addWidget(self._content, 1)
        self.table.chosen.connect(self._offer)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Shows what was written lately, newest first."""
        self.table.show_rows(rows)
        self._content.show_content(bool(rows))
        self._offer()

    def reverse(self) -> None:
        """Asks for the reason and reverses the chosen row."""
        row = self.table.chosen_row
        what = self._reversal(row) if row is not None else None
        if what is None:
            return
        self.error.hide()
        reason = ask_reason(self, what[1], _("Reverse"))
        if reason is None:
            return
        try:
            reverse_event(self._desk.database, what[0], reason, by=self._desk.person, now=self._desk.now, key=uuid4().hex)
        except Refusal as error:
            self.error.setText(sentence(error))
            self.error.show()
        else:
            self._desk.stock_changed.emit()

    def _offer(self) -> None:
        row = self.table.chosen_row
        self.undo.setEnabled(row is not None and self._reversal(row) is not None)
