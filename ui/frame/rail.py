"""The rail at the left: the pages of the person's role, an icon and a word each."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QVBoxLayout

from ui.look.icons import ICONS, UNITS
from ui.look.theme import GRID, Tokens

_HEIGHT = 5 * GRID
_ICON_LEFT = 2.0 * GRID
_TEXT_LEFT = 5.5 * GRID


class RailButton(QAbstractButton):
    """One page's place on the rail. key: what is pressed to reach it, shown as a hint."""

    def __init__(self, name: str, title: str, key: str, tokens: Tokens) -> None:
        super().__init__()
        self._name = name
        self._tokens = tokens
        self.setText(title)
        self.setCheckable(True)
        self.setAccessibleName(title)
        self.setToolTip(f"{title} ({key})")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        font = self.font()
        font.setBold(True)
        return QSize(int(_TEXT_LEFT) + QFontMetrics(font).horizontalAdvance(self.text()) + 2 * GRID, _HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._tokens
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ink = QColor(tokens.text if self.isChecked() else tokens.muted)
            if self.isChecked():
                painter.fillRect(self.rect(), QColor(tokens.chosen.fill))
                painter.fillRect(0, 0, 4, self.height(), QColor(tokens.focus))
                ink = QColor(tokens.chosen.text)
            elif self.underMouse():
                painter.fillRect(self.rect(), QColor(tokens.raised))
            if self.hasFocus():
                painter.setPen(QPen(QColor(tokens.focus), 2))
                painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
            painter.save()
            painter.translate(_ICON_LEFT, (self.height() - UNITS) / 2)
            pen = QPen(ink, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
            painter.strokePath(ICONS[self._name](), pen)
            painter.restore()
            font = self.font()
            font.setBold(self.isChecked())
            painter.setFont(font)
            painter.setPen(ink)
            painter.drawText(QRectF(_TEXT_LEFT, 0, self.width() - _TEXT_LEFT, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text())


class Rail(QFrame):
    """pages: name and title of each page, from top to bottom."""

    chosen = Signal(str)

    def __init__(self, pages: Sequence[tuple[str, str]], tokens: Tokens) -> None:
        super().__init__()
        self.setObjectName("rail")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID, 1, GRID)
        column.setSpacing(0)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, RailButton] = {}
        for number, (name, title) in enumerate(pages, start=1):
            made = RailButton(name, title, f"F{number}", tokens)
            made.clicked.connect(lambda _checked=False, name=name: self.chosen.emit(name))
            self._group.addButton(made)
            self._buttons[name] = made
            column.addWidget(made)
        column.addStretch(1)

    @property
    def names(self) -> tuple[str, ...]:
        """The pages on the rail, from top to bottom."""
        return tuple(self._buttons)

    def mark(self, name: str) -> None:
        """Shows which page is open."""
        self._buttons[name].setChecked(True)
