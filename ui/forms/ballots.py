"""The ballot classes that a warehouse works with, and the field to choose one."""

from PySide6.QtWidgets import QComboBox

from storage.database import Database
from storage.ledger.position import stock_lines
from storage.stock.classes import BallotClass, list_classes
from ui.forms.choice import Choice
from ui.words.speech import _


def class_names(database: Database) -> dict[int, str]:
    """The name of every class by its id."""
    return {ballot.id: ballot.name for ballot in list_classes(database)}


def classes_of(database: Database, site_id: int) -> list[BallotClass]:
    """The classes that the warehouse needs or has; all, as long as nothing says which."""
    classes = list_classes(database)
    here = {line.class_id for line in stock_lines(database, site_id)}
    return [ballot for ballot in classes if ballot.id in here] or classes


class ClassBox(Choice):
    """Chooses a class of the warehouse."""

    def __init__(self) -> None:
        super().__init__(_("Ballot class"))
        self.setMinimumContentsLength(12)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def fill(self, classes: list[BallotClass], first: int | None = None) -> None:
        """Offers these classes; the chosen one stays chosen where it is among them. first: chosen as long as there were none to choose."""
        chosen = first if self.class_id is None else self.class_id
        self.blockSignals(True)
        self.clear()
        for ballot in classes:
            self.addItem(ballot.name, ballot.id)
        self.setCurrentIndex(max(0, self.findData(chosen)) if classes else -1)
        self.blockSignals(False)
        self.currentIndexChanged.emit(self.currentIndex())

    @property
    def class_id(self) -> int | None:
        """The chosen class's id; None where there is none to choose."""
        chosen = self.currentData()
        return chosen if isinstance(chosen, int) else None
