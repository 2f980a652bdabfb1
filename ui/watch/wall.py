"""The wall: one widget that paints every tile. Only what changed is painted again; the order never changes by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from camera.events import Box
from ui.look.chip import HEIGHT, draw_chip
from ui.look.theme import GRID, Tokens
from ui.services import Picture
from ui.watch.tile import Face

STRIP = 32
BOX_LIFE = timedelta(seconds=1)


@dataclass
class Tile:
    """One camera's place on the wall. strength: how much of its boxes is still to be seen, 0 to 1."""

    camera_id: int
    place: QRect = field(default_factory=QRect)
    face: Face | None = None
    picture: Picture | None = None
    boxes: tuple[Box, ...] = ()
    boxes_at: datetime | None = None
    strength: float = 0.0

    @property
    def picture_place(self) -> QRect:
        return self.place.adjusted(0, 0, 0, -STRIP)


def grid_columns(count: int, width: int, height: int) -> int:
    """The number of columns with which `count` equal 16:9 tiles become largest in a field of this size."""

    def picture_width(columns: int) -> float:
        rows = -(-count // columns)
        wide = (width - GRID * (columns - 1)) / columns
        high = (height - GRID * (rows - 1)) / rows - STRIP
        return min(wide, high * 16 / 9)

    return max(range(1, max(1, count) + 1), key=picture_width)


class Wall(QWidget):
    """Shows the newest picture of each camera with its state."""

    opened = Signal(int)
    arranged = Signal()

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens
        self._tiles: dict[int, Tile] = {}
        self.setMinimumSize(QSize(320, 220))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_cameras(self, camera_ids: Sequence[int]) -> None:
        """Gives each of these cameras a tile, in this order."""
        self._tiles = {camera_id: self._tiles.get(camera_id, Tile(camera_id)) for camera_id in camera_ids}
        self._arrange()

    def sizes(self) -> dict[int, tuple[int, int]]:
        """For each camera the size of its picture on the screen, in device pixels."""
        ratio = self.devicePixelRatioF()
        places = {tile.camera_id: tile.picture_place for tile in self._tiles.values()}
        return {camera: (int(place.width() * ratio), int(place.height() * ratio)) for camera, place in places.items() if place.isValid()}

    def show_faces(self, faces: Mapping[int, Face]) -> None:
        """New words for the tiles; those that say the same are left alone."""
        for camera_id, face in faces.items():
            tile = self._tiles[camera_id]
            if tile.face != face:
                same_picture = tile.face is not None and (tile.face.lost, tile.face.alarmed) == (face.lost, face.alarmed)
                tile.face = face
                self.update(tile.place.adjusted(0, tile.picture_place.height(), 0, 0) if same_picture else tile.place)
        told = "; ".join(_told(tile.face) for tile in self._tiles.values() if tile.face)
        if told != self.accessibleName():
            self.setAccessibleName(told)

    def show_picture(self, camera_id: int, picture: Picture) -> None:
        """A newer picture of a camera."""
        tile = self._tiles[camera_id]
        if tile.picture is not picture:
            tile.picture = picture
            self.update(tile.picture_place)

    def show_boxes(self, camera_id: int, boxes: tuple[Box, ...], at: datetime) -> None:
        """Where something moved; fades away within a second."""
        if tile := self._tiles.get(camera_id):
            tile.boxes, tile.boxes_at = boxes, at

    def fade(self, now: datetime) -> None:
        """Lets boxes fade; forgets those that are gone."""
        for tile in self._tiles.values():
            if tile.boxes_at is not None:
                tile.strength = max(0.0, 1 - (now - tile.boxes_at) / BOX_LIFE)
                self.update(tile.picture_place)
                if not tile.strength:
                    tile.boxes, tile.boxes_at = (), None

    def tile(self, camera_id: int) -> Tile:
        """The tile of a camera."""
        return self._tiles[camera_id]

    def picture_at(self, camera_id: int) -> datetime | None:
        """When the picture that is shown was taken."""
        picture = self._tiles[camera_id].picture
        return picture.at if picture else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for tile in self._tiles.values():
            if tile.place.contains(event.position().toPoint()):
                self.opened.emit(tile.camera_id)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), QColor(self._tokens.ground))
            painter.setFont(self.font())
            for tile in self._tiles.values():
                if event.rect().intersects(tile.place):
                    self._paint_picture(painter, tile)
                    self._paint_strip(painter, tile)

    def _arrange(self) -> None:
        count = len(self._tiles)
        if count:
            columns = grid_columns(count, self.width(), self.height())
            rows = -(-count // columns)
            wide = (self.width() - GRID * (columns - 1)) // columns
            high = (self.height() - GRID * (rows - 1)) // rows
            wide = min(wide, int((high - STRIP) * 16 / 9))
            high = min(high, int(wide * 9 / 16) + STRIP)
            left = (self.width() - columns * wide - GRID * (columns - 1)) // 2
            for number, tile in enumerate(self._tiles.values()):
                row, column = divmod(number, columns)
                tile.place = QRect(left + column * (wide + GRID), row * (high + GRID), wide, high)
        self.update()
        self.arranged.emit()

    def _paint_picture(self, painter: QPainter, tile: Tile) -> None:
        place, face = tile.picture_place, tile.face
        lost = face is None or bool(face.lost)
        painter.fillRect(place, QColor(self._tokens.picture.fill))
        if not lost and tile.picture is not None:
            pixels = tile.picture.rgb32
            height, width = pixels.shape[:2]
            painter.drawImage(fitted(place, width, height), QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32))
            self._paint_boxes(painter, tile)
        elif face is not None:
            painter.setPen(QColor(self._tokens.picture.text))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(place.adjusted(2 * GRID, GRID, -2 * GRID, -GRID), int(flags), face.lost)
        if face is not None and face.alarmed:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._tokens.alarm.fill), 4))
            painter.drawRect(place.adjusted(2, 2, -2, -2))

    def _paint_boxes(self, painter: QPainter, tile: Tile) -> None:
        if tile.boxes and tile.picture is not None:
            height, width = tile.picture.rgb32.shape[:2]
            draw_boxes(painter, fitted(tile.picture_place, width, height), tile.boxes, self._tokens, min(1.0, tile.strength))

    def _paint_strip(self, painter: QPainter, tile: Tile) -> None:
        strip = QRect(tile.place.left(), tile.place.bottom() - STRIP + 1, tile.place.width(), STRIP)
        painter.fillRect(strip, QColor(self._tokens.panel))
        if tile.face is None:
            return
        chip = draw_chip(painter, strip.left() + 4, strip.top() + (STRIP - HEIGHT) / 2, tile.face.mark, self._tokens)
        metrics = QFontMetrics(painter.font())
        right = strip.adjusted(0, 0, -GRID, 0)
        painter.setPen(QColor(self._tokens.muted))
        painter.drawText(right, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), tile.face.moved)
        left = int(chip.right()) + GRID
        free = right.right() - metrics.horizontalAdvance(tile.face.moved) - GRID - left
        painter.setPen(QColor(self._tokens.text))
        title = metrics.elidedText(tile.face.title, Qt.TextElideMode.ElideRight, free)
        painter.drawText(QRect(left, strip.top(), max(0, free), STRIP), int(Qt.AlignmentFlag.AlignVCenter), title)
        rest = QRect(left, strip.top(), max(0, free), STRIP).adjusted(metrics.horizontalAdvance(title) + 2 * GRID, 0, 0, 0)
        if metrics.horizontalAdvance(tile.face.how) <= rest.width():
            painter.setPen(QColor(self._tokens.muted))
            painter.drawText(rest, int(Qt.AlignmentFlag.AlignVCenter), tile.face.how)


def _told(face: Face) -> str:
    return f"{face.title}: {face.mark.word}" + (f" ({face.how})" if face.how else "")


def fitted(place: QRect, width: int, height: int) -> QRect:
    """The largest field of the shape width x height in the middle of a place."""
    scale = min(place.width() / width, place.height() / height)
    wide, high = round(width * scale), round(height * scale)
    return QRect(place.left() + (place.width() - wide) // 2, place.top() + (place.height() - high) // 2, wide, high)


def draw_boxes(painter: QPainter, picture: QRect, boxes: Sequence[Box], tokens: Tokens, strength: float) -> None:
    """Thin outlines in shares of a picture. strength: 0 not seen, 1 full."""
    colour = QColor(tokens.warning.fill)
    colour.setAlphaF(strength)
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for box in boxes:
        left, top = picture.left() + box.x * picture.width(), picture.top() + box.y * picture.height()
        painter.drawRect(QRectF(left, top, box.width * picture.width(), box.height * picture.height()))
