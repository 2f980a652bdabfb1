"""The field for a person's name: chosen from a list, or typed."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit

from storage.people.person import Person
from ui.forms.choice import Choice
from ui.forms.form import WrongInput
from ui.words.names import said_of
from ui.words.speech import _


class PersonChoice(Choice):
    """people: who is offered; what is typed may be a part of a name as long as it is only one person's."""

    def __init__(self, name: str, people: Sequence[Person]) -> None:
        super().__init__(name)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._people = tuple(people)
        for person in people:
            self.addItem(said_of(person), person.id)
        field = QLineEdit()
        self.setLineEdit(field)
        completer = QCompleter(self.model(), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        field.setCompleter(completer)
        field.setAccessibleName(name)
        field.setPlaceholderText(_("Choose or type a name"))
        self.setCurrentIndex(-1)

    @property
    def typed(self) -> str:
        """What stands in the field: the name alone, without roles."""
        person = self._found()
        return person.name if person else self.currentText().strip()

    def choose(self, person_id: int) -> None:
        """Puts a person's name into the field."""
        self.setCurrentIndex(self.findData(person_id))

    def person(self) -> Person:
        """The person whose name stands in the field. Raises WrongInput where it is nobody's."""
        person = self._found()
        if person is None:
            raise WrongInput(self, _("Choose a name from the list, or type one that only one person has."))
        return person

    def _found(self) -> Person | None:
        text = self.currentText().strip().casefold()
        exact = [person for person in self._people if text in (person.name.casefold(), said_of(person).casefold())]
        alike = exact or [person for person in self._people if text and text in person.name.casefold()]
        return alike[0] if len(alike) == 1 else None
