"""The picture of a signature: written with mouse, pen or finger, or taken from a file that was scanned."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from storage.rules.refusal import Refusal
from storage.stock.witnesses import MOST_BYTES
from ui.look.card import button
from ui.look.theme import GRID, PAPER, Tokens
from ui.words.speech import _

# Pixels of the picture; on the screen it is half as large.
SIZE = QSize(640, 192)


class SignatureEdit(QWidget):
    """A white sheet to sign on. Black ink on white in either theme, as it will be printed."""

    def __init__(self, tokens: Tokens, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.sheet = _Sheet(tokens, name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.sheet)
        line = QHBoxLayout()
        line.addWidget(button(_("From a file…"), self._choose))
        line.addWidget(button(_("Clear"), self.sheet.clear))
        line.addStretch(1)
        column.addLayout(line)

    @property
    def png(self) -> bytes | None:
        """The picture as PNG; None while nothing stands there."""
        return self.sheet.png()

    def take_file(self, file: Path) -> None:
        """Shows a picture in place of what was written. Raises Refusal for a file that is no PNG picture or too large."""
        try:
            data = file.read_bytes() if file.stat().st_size <= MOST_BYTES else b""
        except OSError as error:
            raise Refusal("The file {file} cannot be read: {why}.", file=file.name, why=error.strerror) from error
        if not data:
            raise Refusal("The picture {file} is empty or larger than {most} bytes.", file=file.name, most=MOST_BYTES)
        self.sheet.show_picture(data, file.name)

    def _choose(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, _("Picture of the signature"), "", "PNG (*.png)")
        if chosen:
            try:
                self.take_file(Path(chosen))
            except Refusal as refusal:
                self.sheet.say(refusal)


class _Sheet(QWidget):
    """What is signed on."""

    def __init__(self, tokens: Tokens, name: str) -> None:
        super().__init__()
        self._tokens = tokens
        self._strokes: list[list[QPointF]] = []
        self._file: bytes | None = None
        self._picture: QImage | None = None
        self._said = ""
        self.setAccessibleName(name)
        self.setFixedHeight(SIZE.height() // 2)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def png(self) -> bytes | None:
        """As SignatureEdit says."""
        if self._file is not None:
            return self._file
        if not any(len(stroke) > 1 for stroke in self._strokes):
            return None
        image = QImage(SIZE, QImage.Format.Format_Grayscale8)
        image.fill(QColor(PAPER.fill))
        with QPainter(image) as painter:
            painter.scale(SIZE.width() / self.width(), SIZE.height() / self.height())
            self._draw(painter)
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub knows names as bytes only
        return bytes(data.data())

    def clear(self) -> None:
        """A blank sheet."""
        self._strokes, self._file, self._picture, self._said = [], None, None, ""
        self.update()

    def show_picture(self, data: bytes, name: str) -> None:
        """As SignatureEdit.take_file, of what the file held."""
        picture = QImage.fromData(data)
        if picture.isNull():
            raise Refusal("{file} is no PNG picture.", file=name)
        self.clear()
        self._file, self._picture = data, picture
        self.update()

    def say(self, refusal: Refusal) -> None:
        """Says on the sheet why there is no picture."""
        from ui.words.sentences import sentence

        self.clear()
        self._said = sentence(refusal)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._file is not None or self._said:
            self.clear()
        self._strokes.append([event.position()])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._strokes:
            self._strokes[-1].append(event.position())
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(PAPER.fill))
            painter.setPen(QColor(self._tokens.edge))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
            if self._picture is not None:
                size = QSize(self._picture.size()).scaled(self.size() - QSize(8, 8), Qt.AspectRatioMode.KeepAspectRatio)
                painter.drawImage(QRectF(4, 4, size.width(), size.height()), self._picture)
            elif self._strokes:
                self._draw(painter)
            else:
                painter.setPen(QColor(PAPER.text))
                painter.drawText(
                    self.rect().adjusted(GRID, 0, -GRID, 0),
                    Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
                    self._said or _("Sign here"),
                )

    def _draw(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor("black"), 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        for stroke in self._strokes:
            painter.drawPolyline(stroke)
