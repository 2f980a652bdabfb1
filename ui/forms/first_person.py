"""The first start: nobody has a secret yet, so whoever sits there becomes the administrator, with a secret of their own."""

from PySide6.QtCore import Signal

from storage.people.person import Role, list_people
from storage.people.sign_in import enter, enter_first
from ui.forms.form import Form
from ui.forms.person_choice import PersonChoice
from ui.forms.secret import NewSecret
from ui.look.card import label
from ui.services import Services
from ui.words.speech import _


class FirstPersonForm(Form):
    """Asks for one name and a secret; the administrator enters everybody else later.

    In a database of an earlier version there are persons, and none has a secret: the first administrator is proposed, or else whoever
    leads the warehouse; another name can be typed.
    """

    entered = Signal(object)

    def __init__(self, services: Services) -> None:
        super().__init__(_("Begin"), self._enter)
        self._services = services
        people = list_people(services.database)
        said = (
            _("So far nobody needed a secret here. The administrator gets the first one, and then gives one to everybody else.")
            if people
            else _("Nobody is entered yet. Enter the administrator, who then enters warehouses, cameras and persons.")
        )
        self.add_plain(label(said))
        self.name = PersonChoice(_("Name of the administrator"), people)
        self.add(_("Name of the administrator"), self.name)
        self.secret = NewSecret(self, _("Secret"))
        self.add_plain(label(_("There is no default secret, and nobody can read it later: keep it in mind."), "muted"))
        self.last = self.secret.again
        first = [person for role in (Role.ADMINISTRATOR, Role.SUPERVISOR) for person in people if role in person.roles_at(None)]
        if first:
            self.name.choose(first[0].id)

    def start(self) -> None:
        """Puts the cursor where something is to be typed."""
        (self.secret.once if self.name.typed else self.name).setFocus()

    def _enter(self, _key: str) -> str:
        services = self._services
        new = self.secret.checked()
        person = enter_first(services.database, self.name.typed, new, now=services.clock())
        self.secret.clear()
        self.entered.emit(enter(services.database, person.id, new, now=services.clock()))
        return ""
