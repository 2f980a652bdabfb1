"""A window with one sentence and one button, for what keeps the program from starting."""

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout

from ui.look.card import button, label
from ui.look.style import style_sheet
from ui.look.theme import GRID, LIGHT, palette, text_font
from ui.words.speech import _


class Notice(QDialog):
    """Closes with its button, Enter or Escape."""

    def __init__(self, said: str) -> None:
        super().__init__()
        self.setWindowTitle("Jaga Gudang")
        self.setFont(text_font(self.font()))
        self.setPalette(palette(LIGHT))
        self.setStyleSheet(style_sheet(LIGHT))
        self.setMinimumWidth(60 * GRID)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        told = label(said)
        told.setWordWrap(True)
        told.setAccessibleName(said)
        column.addWidget(told)
        foot = QHBoxLayout()
        foot.addStretch(1)
        close = button(_("Close"), self.accept, "primary")
        close.setDefault(True)
        foot.addWidget(close)
        column.addLayout(foot)
