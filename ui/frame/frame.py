"""What stands around a page and around the panel for signing in alike: the bar, and what everybody must see at once."""

from datetime import datetime

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.frame.banner import Banner
from ui.frame.bar import Bar
from ui.frame.disk_bar import DiskBar
from ui.frame.lookout import Lookout
from ui.frame.trouble import Trouble
from ui.look.card import label
from ui.look.theme import GRID


class Frame(QWidget):
    """`below` takes the rail, `content` the page."""

    def __init__(self, lookout: Lookout) -> None:
        super().__init__()
        self.lookout = lookout
        self.bar, self.banner, self.disk, self.trouble = Bar(lookout), Banner(lookout), DiskBar(lookout), Trouble()
        self.no_recorder = label("", "error")
        self.no_recorder.setWordWrap(True)
        self.no_recorder.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        self.below = QHBoxLayout()
        self.below.setSpacing(0)
        right = QVBoxLayout()
        right.setSpacing(0)
        above = QVBoxLayout()
        above.setContentsMargins(2 * GRID, GRID, 2 * GRID, 0)
        above.setSpacing(GRID)
        for widget in (self.banner, self.no_recorder, self.disk, self.trouble):
            above.addWidget(widget)
        right.addLayout(above)
        self.content = QVBoxLayout()
        right.addLayout(self.content, 1)
        self.below.addLayout(right, 1)
        column.addLayout(self.below, 1)

    def tick(self, now: datetime) -> None:
        """Once a second: ages, clock, rooms."""
        self.bar.tick(now)
        self.banner.show_newest()
        self.disk.tick()

    def show_alarms(self) -> None:
        """The alarms, or the warehouse, are others now."""
        self.banner.show_newest()
        self.bar.tick(self.lookout.now)

    def fill_choices(self) -> None:
        """The warehouses are others now."""
        self.bar.fill_choices()
        self.bar.tick(self.lookout.now)

    def say_no_recorder(self, said: str) -> None:
        """Says that nothing is recorded; an empty sentence takes it away."""
        self.no_recorder.setText(said)
        self.no_recorder.setAccessibleName(said)
        self.no_recorder.setVisible(bool(said))
