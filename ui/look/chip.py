"""States as filled chips: a shape and a word on a colour, so that the colour is never the only sign."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.look.mark import Mark, Tone
from ui.look.theme import Paint, Tokens

HEIGHT = 24
_PAD = 8.0
_SHAPE = 10.0


def paint_of(tokens: Tokens, tone: Tone) -> Paint:
    """The colours of a tone; a blind camera is as urgent as an alarm."""
    return {
        Tone.ALARM: tokens.alarm,
        Tone.BLIND: tokens.alarm,
        Tone.WARNING: tokens.warning,
        Tone.INFO: tokens.info,
        Tone.GOOD: tokens.good,
        Tone.CALM: tokens.calm,
    }[tone]


def chip_width(metrics: QFontMetricsF, mark: Mark) -> float:
    """How wide a chip becomes, in pixels."""
    return _PAD + _SHAPE + 6 + metrics.horizontalAdvance(mark.word) + _PAD + 2


def draw_chip(painter: QPainter, left: float, top: float, mark: Mark, tokens: Tokens, *, height: float = HEIGHT) -> QRectF:
    """Draws a chip with the painter's font; returns the place it took."""
    paint = paint_of(tokens, mark.tone)
    place = QRectF(left, top, chip_width(QFontMetricsF(painter.font()), mark), height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(paint.fill))
    painter.drawRoundedRect(place, 4, 4)
    _draw_shape(painter, QPointF(left + _PAD + _SHAPE / 2, top + height / 2), mark.tone, QColor(paint.text))
    painter.setPen(QColor(paint.text))
    text = place.adjusted(_PAD + _SHAPE + 6, 0, 0, 0)
    painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, mark.word)
    painter.restore()
    return place


def _draw_shape(painter: QPainter, centre: QPointF, tone: Tone, colour: QColor) -> None:
    half = _SHAPE / 2
    shape = QPainterPath()
    square = QRectF(centre.x() - half, centre.y() - half, _SHAPE, _SHAPE)
    if tone in (Tone.ALARM, Tone.WARNING):
        shape.moveTo(centre.x(), centre.y() - half)
        shape.lineTo(centre.x() + half, centre.y() + half)
        shape.lineTo(centre.x() - half, centre.y() + half)
        shape.closeSubpath()
    elif tone is Tone.BLIND:
        shape.addRect(square.adjusted(1, 1, -1, -1))
    else:
        shape.addEllipse(square.adjusted(1, 1, -1, -1))
    if tone is Tone.CALM:
        pen = painter.pen()
        pen.setStyle(Qt.PenStyle.SolidLine)
        pen.setColor(colour)
        pen.setWidthF(1.6)
        painter.strokePath(shape, pen)
    else:
        painter.fillPath(shape, colour)


class Chip(QWidget):
    """One chip as a widget of its own; reads aloud as its word."""

    def __init__(self, tokens: Tokens, mark: Mark) -> None:
        super().__init__()
        self._tokens = tokens
        self._mark = mark
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_mark(mark)

    def show_mark(self, mark: Mark) -> None:
        """Says something else from now on."""
        self._mark = mark
        self.setAccessibleName(mark.word)
        self.updateGeometry()
        self.update()

    @property
    def mark(self) -> Mark:
        """What the chip says."""
        return self._mark

    def sizeHint(self) -> QSize:
        return QSize(int(chip_width(QFontMetricsF(self.font()), self._mark)) + 1, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setFont(self.font())
            draw_chip(painter, 0, 0, self._mark, self._tokens)
