"""The chart of need against good: for each row an outlined bar of what is needed, filled as far as good sheets are ready for it."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.look.theme import Tokens
from ui.stock.stock_figures import Figures
from ui.words.speech import _, whole

_ROW_PX = 26


def axis_steps(largest: int, most: int = 2) -> list[int]:
    """Round figures from 0 up to at most `largest`, no more than `most` steps: 1, 2 or 5 times a power of ten."""
    if largest <= 0:
        return [0]
    step = 1
    factors = (2, 2.5, 2)
    turn = 0
    while largest / step > most:
        step = int(step * factors[turn % 3])
        turn += 1
    return list(range(0, largest + 1, step))


def share_word(row: Figures) -> str:
    """How much of the need is there, rounded down so that 100 % means all of it: 36 %; empty where nothing is needed."""
    return f"{row.ready * 100 // row.need} %" if row.need else ""


class NeedChart(QWidget):
    """One bar a row, the first row on top, its share at its end."""

    def __init__(self, tokens: Tokens, font: QFont) -> None:
        super().__init__()
        self._tokens = tokens
        self._font = font
        self.plot = pg.PlotWidget(background=tokens.panel)
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.invertY(True)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setStyle(tickFont=font, tickLength=0)
            axis.setTextPen(QColor(tokens.text if side == "left" else tokens.muted))
            axis.setPen(QColor(tokens.line))
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 8, 8)
        column.addWidget(self.plot)

    def show_figures(self, rows: Sequence[Figures]) -> None:
        """Shows these rows."""
        tokens, plot = self._tokens, self.plot
        plot.clear()
        largest = max((max(row.need, row.ready) for row in rows), default=0)
        places = list(range(len(rows)))
        ready = [min(row.ready, row.need) if row.need else row.ready for row in rows]
        for widths, fill, line, height in (
            ([row.need for row in rows], tokens.raised, tokens.edge, 0.62),
            (ready, tokens.info.fill, tokens.info.fill, 0.34),
        ):
            bars = pg.BarGraphItem(x0=0, width=widths, y=places, height=height, brush=QColor(fill), pen=pg.mkPen(line))
            plot.addItem(bars)
        for place, row in zip(places, rows, strict=True):
            figure = pg.TextItem(share_word(row), color=QColor(tokens.text), anchor=(0, 0.5))
            figure.setFont(self._font)
            figure.setPos(max(row.need, row.ready), place)
            plot.addItem(figure)
        plot.getAxis("left").setTicks([[(place, row.name) for place, row in zip(places, rows, strict=True)]])
        plot.getAxis("bottom").setTicks([[(step, whole(step)) for step in axis_steps(largest)]])
        plot.setXRange(0, max(1, largest) * 1.3, padding=0)
        plot.setYRange(-0.7, len(rows) - 0.3, padding=0)
        self.setMinimumHeight(min(8, len(rows)) * _ROW_PX)
        told = [_("{name}: {good} good of {need}").format(name=row.name, good=whole(row.ready), need=whole(row.need)) for row in rows]
        self.setAccessibleName("; ".join(told))
