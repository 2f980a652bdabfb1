"""The picture of a camera on which zones and masks are drawn, with the mouse or with the keyboard."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from camera.events import Box
from storage.watch.views import MOST_CORNERS
from ui.look.theme import GRID, Tokens
from ui.watch.areas import Area, AreaKind, Areas, Corner, within
from ui.watch.wall import draw_boxes, fitted
from ui.words.speech import _, whole

# The picture's shape as long as there is none.
_SHAPE = (16, 9)
_HANDLE = 10.0
# How near to a corner the mouse must come, in pixels.
_REACH = 12.0
_STEP, _LONG_STEP = 0.01, 0.05
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class AreaCanvas(QWidget):
    """changed: an area was changed; chosen: another area or corner was chosen; drawing: one begins or ends to draw an area."""

    changed = Signal()
    chosen = Signal()
    drawing = Signal()

    def __init__(self, tokens: Tokens, areas: Areas) -> None:
        super().__init__()
        self._tokens = tokens
        self._areas = areas
        self._picture: QImage | None = None
        self._boxes: Sequence[Box] = ()
        self._drawn_kind: AreaKind | None = None
        self._drawn: list[Corner] = []
        self._mouse: Corner | None = None
        self._dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(QSize(320, 180))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.follow()

    @property
    def draws(self) -> AreaKind | None:
        """What kind of area is being drawn; None if none is."""
        return self._drawn_kind

    @property
    def has_picture(self) -> bool:
        """Whether there is a picture to draw on."""
        return self._picture is not None

    def show_picture(self, picture: QImage, boxes: Sequence[Box] = ()) -> None:
        """Another picture, and where on it something moved."""
        self._picture, self._boxes = picture, boxes
        self.update()

    def draw(self, kind: AreaKind) -> None:
        """Begins an area: each click sets a corner."""
        self._drawn_kind, self._drawn = kind, []
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocus()
        self.drawing.emit()
        self.follow()

    def give_up(self) -> None:
        """Draws nothing any more."""
        self._drawn_kind, self._drawn = None, []
        self.unsetCursor()
        self.drawing.emit()
        self.follow()

    def follow(self) -> None:
        """The areas were changed by somebody else: shows and says how they are now."""
        self.setAccessibleName(self.said())
        self.update()

    def said(self) -> str:
        """Where one is, and what can be done there."""
        if self._drawn_kind is not None:
            return _("Click corner after corner; Enter or the first corner again ends the area. Enter at once gives a rectangle.")
        area, at, corner = self._areas.chosen, self._areas.at, self._areas.corner
        if area is None or at is None or corner is None:
            return _("The whole picture is watched.")
        x, y = area.corners[corner]
        where = _("{area}, corner {number} of {count} at {x} %, {y} %.").format(
            area=self._areas.name(at), number=whole(corner + 1), count=whole(len(area.corners)), x=round(100 * x), y=round(100 * y)
        )
        return where + " " + _("Arrows move it, Page Up and Page Down choose another, Insert adds one, Delete removes it.")

    def field(self) -> QRect:
        """Where the picture is."""
        width, height = (self._picture.width(), self._picture.height()) if self._picture else _SHAPE
        return fitted(self.rect(), width, height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self._drawn_kind is not None and self._key_while_drawing(key):
            return
        if key in _ARROWS and self._areas.chosen is not None:
            step = _LONG_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP
            self._areas.move(*(step * by for by in _ARROWS[key]))
            self._tell_changed()
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._areas.step(1 if key == Qt.Key.Key_PageDown else -1)
            self._tell_chosen()
        elif (key == Qt.Key.Key_Insert and self._areas.add_corner()) or (key == Qt.Key.Key_Delete and self._areas.delete_corner()):
            self._tell_changed()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        place = self._share(event.position())
        if self._drawn_kind is not None:
            self._draw_corner(place)
            return
        found = self._areas.corner_near(place, self._reach())
        if found is not None:
            self._areas.choose(*found)
            self._dragging = True
        elif self._areas.edge_near(place, self._reach()) is None:
            self._areas.choose(self._areas.area_at(place))
        self._tell_chosen()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse = self._share(event.position())
        if self._dragging:
            self._areas.put(self._mouse)
            self._tell_changed()
        elif self._drawn_kind is not None:
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragging = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On an edge of the chosen area: one more corner there."""
        place = self._share(event.position())
        edge = self._areas.edge_near(place, self._reach()) if self._drawn_kind is None else None
        if edge is None or self._areas.corner_near(place, self._reach()) is not None:
            self.mousePressEvent(event)
            return
        self._areas.corner = edge
        if self._areas.add_corner(place):
            self._tell_changed()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(self._tokens.picture.fill))
            field = self.field()
            if self._picture is None:
                painter.setPen(QColor(self._tokens.picture.text))
                said = _("No picture of this camera yet; zones can be drawn all the same.")
                painter.drawText(
                    field.adjusted(2 * GRID, 0, -2 * GRID, 0), int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), said
                )
            else:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(field, self._picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_areas(painter, field)
            draw_boxes(painter, field, self._boxes, self._tokens, 1.0)
            self._paint_drawn(painter)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(self._tokens.focus), 2))
                painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _key_while_drawing(self, key: Qt.Key) -> bool:
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._end_drawing()
        elif key == Qt.Key.Key_Escape:
            self.give_up()
        elif key == Qt.Key.Key_Backspace and self._drawn:
            self._drawn.pop()
            self.update()
        else:
            return False
        return True

    def _draw_corner(self, place: Corner) -> None:
        reach = self._reach()
        first = self._drawn[0] if len(self._drawn) > 2 else None
        closes = first is not None and abs(place[0] - first[0]) < reach[0] and abs(place[1] - first[1]) < reach[1]
        if not closes:
            self._drawn.append(place)
        if closes or len(self._drawn) == MOST_CORNERS:
            self._end_drawing()
        self.update()

    def _end_drawing(self) -> None:
        if self._drawn_kind is not None:
            self._areas.add(self._drawn_kind, self._drawn)
            self.give_up()
            self._tell_changed()

    def _tell_changed(self) -> None:
        self.follow()
        self.changed.emit()

    def _tell_chosen(self) -> None:
        self.follow()
        self.chosen.emit()

    def _share(self, point: QPointF) -> Corner:
        field = self.field()
        return within(((point.x() - field.left()) / field.width(), (point.y() - field.top()) / field.height()))

    def _reach(self) -> Corner:
        field = self.field()
        return _REACH / field.width(), _REACH / field.height()

    def _points(self, corners: Sequence[Corner], field: QRect) -> QPolygonF:
        return QPolygonF([QPointF(field.left() + x * field.width(), field.top() + y * field.height()) for x, y in corners])

    def _paint_areas(self, painter: QPainter, field: QRect) -> None:
        """What is not watched is darkened; masks are hatched as well."""
        zones, masks = (self._path(kind, field) for kind in (AreaKind.ZONE, AreaKind.MASK))
        whole_field = QPainterPath()
        whole_field.addRect(QRectF(field))
        unwatched = (whole_field.subtracted(zones) if not zones.isEmpty() else QPainterPath()).united(masks)
        shade = QColor(self._tokens.picture.fill)
        shade.setAlphaF(0.6)
        painter.fillPath(unwatched, shade)
        painter.fillPath(masks, QBrush(QColor(self._tokens.picture.text), Qt.BrushStyle.BDiagPattern))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for number, area in enumerate(self._areas.all):
            colour = self._tokens.info.fill if area.kind is AreaKind.ZONE else self._tokens.picture.text
            painter.setPen(QPen(QColor(colour), 3 if number == self._areas.at else 1.5))
            painter.drawPolygon(self._points(area.corners, field))
        if self._areas.chosen is not None:
            self._paint_handles(painter, self._areas.chosen, field)
            self._paint_sizes(painter, self._areas.chosen, field)

    def _path(self, kind: AreaKind, field: QRect) -> QPainterPath:
        """All areas of a kind together."""
        whole_path = QPainterPath()
        for area in self._areas.all:
            if area.kind is kind:
                path = QPainterPath()
                path.addPolygon(self._points([*area.corners, area.corners[0]], field))
                whole_path = whole_path.united(path)
        return whole_path

    def _paint_handles(self, painter: QPainter, area: Area, field: QRect) -> None:
        ink, ground = QColor(self._tokens.picture.text), QColor(self._tokens.picture.fill)
        for number, point in enumerate(self._points(area.corners, field).toList()):
            handle = QRectF(point.x() - _HANDLE / 2, point.y() - _HANDLE / 2, _HANDLE, _HANDLE)
            painter.setPen(QPen(ground if number == self._areas.corner else ink, 1.5))
            painter.setBrush(ink if number == self._areas.corner else ground)
            painter.drawRect(handle)

    def _paint_sizes(self, painter: QPainter, area: Area, field: QRect) -> None:
        """How tall the smallest thing is that counts: one stands at the zone's highest point, one at its lowest."""
        far, near = min(area.corners, key=lambda corner: corner[1]), max(area.corners, key=lambda corner: corner[1])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._tokens.warning.fill), 1.5, Qt.PenStyle.DashLine))
        for (x, y), size_pct in ((far, area.least_far_pct), (near, area.least_near_pct)):
            height = size_pct / 100 * field.height()
            foot = QPointF(field.left() + x * field.width(), field.top() + y * field.height())
            if height:
                painter.drawRect(QRectF(foot.x() - height * 0.2, foot.y() - height, height * 0.4, height))

    def _paint_drawn(self, painter: QPainter) -> None:
        if self._drawn_kind is None:
            return
        field = self.field()
        corners = [*self._drawn, self._mouse] if self._mouse is not None else self._drawn
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._tokens.warning.fill), 2))
        painter.drawPolyline(self._points(corners, field))
        for point in self._points(self._drawn, field).toList():
            painter.drawEllipse(point, 4, 4)
