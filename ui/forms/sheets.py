"""The field for a number of sheets: digits only, grouped while one types, empty until something is entered."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from ui.words.speech import whole

_MOST_DIGITS = 9


def sheets_in(text: str) -> int | None:
    """The number in what was typed, whatever stands between its digits; None if there are no digits."""
    digits = "".join(character for character in text if "0" <= character <= "9")
    return int(digits[:_MOST_DIGITS]) if digits else None


class SheetsEdit(QLineEdit):
    """A number of sheets, never negative, never a fraction."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setMinimumWidth(104)
        self.textEdited.connect(self._group)

    @property
    def sheets(self) -> int | None:
        """What was entered; None while the field is empty: nothing entered is not zero."""
        return sheets_in(self.text())

    def enter(self, sheets: int | None) -> None:
        """Puts a number into the field, or empties it."""
        self.setText("" if sheets is None else whole(sheets))

    def _group(self, text: str) -> None:
        """Groups the digits and keeps the cursor behind the digit that it stood behind."""
        before = sum(character.isdigit() for character in text[: self.cursorPosition()])
        grouped = "" if (sheets := sheets_in(text)) is None else whole(sheets)
        self.setText(grouped)
        place = 0
        while before > 0 and place < len(grouped):
            before -= grouped[place].isdigit()
            place += 1
        self.setCursorPosition(place)
