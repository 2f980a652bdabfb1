"""The forms of Persons: a new one, roles given and ended, secrets given; and everybody's own secret."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit

from storage.people.person import Grant, Person, Role, add_person, end_role, grant_role
from storage.people.sign_in import change_secret, checked_secret, give_secret
from storage.places import list_sites
from ui.forms.choice import Choice
from ui.forms.form import Form, WrongInput
from ui.forms.secret import NewSecret, SecretEdit
from ui.frame.desk import Desk
from ui.look.card import label
from ui.words.names import name_of
from ui.words.speech import _

Chosen = Callable[[], Person | None]


class WhichRole:
    """Two fields: a role, and at which warehouse."""

    def __init__(self, form: Form, desk: Desk) -> None:
        self._desk = desk
        self.role, self.where = Choice(_("Role")), Choice(_("Where"))
        for role in Role:
            self.role.addItem(name_of(role), role.value)
        form.add_side_by_side((_("Role"), self.role), (_("Where"), self.where))
        self.fill()

    def fill(self) -> None:
        """Reads the warehouses that there are."""
        kept = self.where.currentData()
        self.where.clear()
        self.where.addItem(_("At every warehouse"), None)
        for site in list_sites(self._desk.database):
            self.where.addItem(site.name, site.id)
        self.where.setCurrentIndex(max(0, self.where.findData(kept)))

    @property
    def grant(self) -> Grant:
        """What is chosen."""
        return Grant(Role(self.role.currentData()), self.where.currentData())


class NewPersonForm(Form):
    """Enters a person with a first role, and with a secret if it is typed here already."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Add person"), self._enter)
        self._desk = desk
        self.name = QLineEdit()
        self.name.setMaxLength(80)
        self.add(_("Name"), self.name)
        self.which = WhichRole(self, desk)
        self.secret = NewSecret(self, _("First secret"))
        self.add_plain(label(_("Let the person type it themselves. It may stay empty; until there is one nobody can sign in so."), "muted"))

    def _enter(self, _key: str) -> str:
        desk, grant, name = self._desk, self.which.grant, self.name.text().strip()
        new = "" if self.secret.empty else self.secret.checked()
        if new and name:
            checked_secret(new, name)
        person = add_person(desk.database, name, grant.role, site_id=grant.site_id, by=desk.person, now=desk.now)
        if new:
            give_secret(desk.database, person.id, new, by=desk.person, now=desk.now)
        self.name.clear()
        self.secret.clear()
        if new:
            return _("{name} is entered and can sign in.").format(name=person.name)
        return _("{name} is entered. Give them a secret, so that they can sign in.").format(name=person.name)


class GrantForm(Form):
    """Gives the chosen person one more role."""

    def __init__(self, desk: Desk, chosen: Chosen) -> None:
        super().__init__(_("Give role"), self._give)
        self._desk, self._chosen = desk, chosen
        self.which = WhichRole(self, desk)

    def _give(self, _key: str) -> str:
        person, grant = _person(self._chosen, self.which.role), self.which.grant
        grant_role(self._desk.database, person.id, grant, by=self._desk.person, now=self._desk.now)
        return _("{name} is {role} from now on.").format(name=person.name, role=name_of(grant.role))


class EndRoleForm(Form):
    """Takes a role from the chosen person. call: how a role and its warehouse are called."""

    def __init__(self, desk: Desk, chosen: Chosen, call: Callable[[Grant], str]) -> None:
        super().__init__(_("Withdraw role"), self._end)
        self._desk, self._chosen, self._call = desk, chosen, call
        self._grants: list[Grant] = []
        self.held = Choice(_("Role held"))
        self.add(_("Role held"), self.held)

    def show_person(self, person: Person) -> None:
        """Offers the roles of a person."""
        self._grants = sorted(person.grants, key=lambda grant: (grant.role.value, grant.site_id or 0))
        self.held.clear()
        self.held.addItems([self._call(grant) for grant in self._grants])
        self.button.setEnabled(bool(self._grants))

    def _end(self, _key: str) -> str:
        person, at = _person(self._chosen, self.held), self.held.currentIndex()
        if at < 0:
            raise WrongInput(self.held, _("Choose the role."))
        grant = self._grants[at]
        end_role(self._desk.database, person.id, grant, by=self._desk.person, now=self._desk.now)
        return _("{name} is {role} no longer.").format(name=person.name, role=name_of(grant.role))


class GiveSecretForm(Form):
    """Gives the chosen person a first secret, or a new one."""

    def __init__(self, desk: Desk, chosen: Chosen) -> None:
        super().__init__(_("Give secret"), self._give)
        self._desk, self._chosen = desk, chosen
        self.secret = NewSecret(self, _("New secret"))

    def _give(self, _key: str) -> str:
        person = _person(self._chosen, self.secret.once)
        give_secret(self._desk.database, person.id, self.secret.checked(), by=self._desk.person, now=self._desk.now)
        self.secret.clear()
        return _("{name} signs in with the new secret from now on.").format(name=person.name)


class OwnSecretForm(Form):
    """Everybody changes their own."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Change my secret"), self._change)
        self._desk = desk
        self.old = SecretEdit(_("Present secret"))
        self.add(_("Present secret"), self.old)
        self.secret = NewSecret(self, _("New secret"))

    def _change(self, _key: str) -> str:
        new = self.secret.checked()
        change_secret(self._desk.database, self._desk.person.id, self.old.take(), new, now=self._desk.now)
        self.secret.clear()
        return _("The new secret holds from now on.")


def _person(chosen: Chosen, field: QLineEdit | Choice) -> Person:
    person = chosen()
    if person is None:
        raise WrongInput(field, _("Choose the person at the left first."))
    return person
