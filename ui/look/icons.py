"""The rail's icons, drawn as lines on a square of 20 units; no picture files."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

UNITS = 20.0


def _lines(*chains: tuple[tuple[float, float], ...]) -> QPainterPath:
    path = QPainterPath()
    for chain in chains:
        path.moveTo(QPointF(*chain[0]))
        for point in chain[1:]:
            path.lineTo(QPointF(*point))
    return path


def _live() -> QPainterPath:
    path = QPainterPath()
    for x in (2, 11):
        for y in (3, 11):
            path.addRoundedRect(QRectF(x, y, 7, 6), 1, 1)
    return path


def _alarms() -> QPainterPath:
    path = _lines(((10, 2.5), (18, 17), (2, 17), (10, 2.5)), ((10, 8), (10, 12)))
    path.addEllipse(QRectF(9.6, 14, 0.8, 0.8))
    return path


def _audit() -> QPainterPath:
    path = _lines(((3, 4), (17, 4)), ((3, 8), (9, 8)), ((3, 12), (8, 12)), ((3, 16), (8, 16)), ((15.6, 14.6), (18, 17)))
    path.addEllipse(QRectF(10, 9, 6.5, 6.5))
    return path


def _rooms() -> QPainterPath:
    path = _lines(((4, 18), (4, 2), (14, 2), (14, 18)), ((1.5, 18), (18.5, 18)))
    path.addEllipse(QRectF(10.4, 9.4, 1.2, 1.2))
    return path


def _stock() -> QPainterPath:
    return _lines(((3, 7), (10, 3), (17, 7), (17, 14), (10, 18), (3, 14), (3, 7), (10, 11), (17, 7)), ((10, 11), (10, 18)))


def _deliveries() -> QPainterPath:
    return _lines(((2, 12), (2, 17), (18, 17), (18, 12)), ((10, 2), (10, 12)), ((6, 8.5), (10, 12.5), (14, 8.5)))


def _sorting() -> QPainterPath:
    ways = _lines(((2, 10), (8, 10), (13, 4), (18, 4)), ((8, 10), (13, 16), (18, 16)))
    ways.addPath(_lines(((15.5, 1.5), (18, 4), (15.5, 6.5)), ((15.5, 13.5), (18, 16), (15.5, 18.5))))
    return ways


def _reprints() -> QPainterPath:
    path = QPainterPath()
    path.arcMoveTo(QRectF(3, 3, 14, 14), 60)
    path.arcTo(QRectF(3, 3, 14, 14), 60, 290)
    path.addPath(_lines(((13.5, 0.8), (13.5, 4.2), (17, 4.2))))
    return path


def _counts() -> QPainterPath:
    return _lines(*(chain for y in (5, 10, 15) for chain in (((2, y), (3.5, y + 1.5), (6, y - 1.5)), ((9, y), (18, y)))))


def _places() -> QPainterPath:
    return _lines(((2, 8), (10, 3), (18, 8), (18, 17), (2, 17), (2, 8)), ((6, 17), (6, 11), (14, 11), (14, 17)), ((6, 14), (14, 14)))


def _people() -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QRectF(6.5, 2.5, 7, 7))
    path.addPath(_lines(((2.5, 18), (2.5, 16), (5.5, 12.5), (14.5, 12.5), (17.5, 16), (17.5, 18))))
    return path


ICONS: dict[str, Callable[[], QPainterPath]] = {
    "live": _live,
    "alarms": _alarms,
    "audit": _audit,
    "rooms": _rooms,
    "stock": _stock,
    "deliveries": _deliveries,
    "sorting": _sorting,
    "reprints": _reprints,
    "counts": _counts,
    "places": _places,
    "people": _people,
}
