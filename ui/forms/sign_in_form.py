"""Signing in: a name, chosen or typed, and the secret."""

from datetime import datetime, timedelta

from PySide6.QtCore import Signal

from storage.people.person import Person, list_people
from storage.people.sign_in import WrongSecret, enter, leave
from ui.forms.form import Form, WrongInput
from ui.forms.person_choice import PersonChoice
from ui.forms.secret import SecretEdit
from ui.look.card import label
from ui.services import Services
from ui.words.speech import _
from ui.words.times import span


class SignInForm(Form):
    """likely: whose name stands there already. said: why somebody must sign in, in one sentence; empty at the start.

    While somebody must wait after wrong secrets, the sentence counts the time down.
    """

    entered = Signal(object)

    def __init__(self, services: Services, likely: Person | None, said: str) -> None:
        super().__init__(_("Sign in"), self._enter)
        self._services = services
        self._wait: tuple[datetime, str] | None = None
        if said:
            self.add_plain(label(said))
        people = [person for person in list_people(services.database) if person.grants]
        self.name = PersonChoice(_("Name"), people)
        self.secret = SecretEdit(_("Secret"))
        self.add(_("Name"), self.name)
        self.add(_("Secret"), self.secret)
        self.last = self.secret
        if services.demo_secret:
            told = _("This is the demonstration. Everybody's secret is {secret}; it stands in the field already.")
            self.add_plain(label(told.format(secret=services.demo_secret), "muted"))
            self.secret.setText(services.demo_secret)
        if likely is not None:
            self.name.choose(likely.id)

    def start(self) -> None:
        """Puts the cursor where something is to be typed."""
        (self.secret if self.name.typed else self.name).setFocus()

    def tick(self, now: datetime) -> None:
        """Counts the time down that somebody must wait."""
        if self._wait is not None:
            until, name = self._wait
            if now < until:
                self._say_wait(until - now, name)
            else:
                self._wait = None
                self.error.hide()

    def _enter(self, _key: str) -> str:
        services, now = self._services, self._services.clock()
        self._wait = None
        person = self.name.person()
        try:
            person = enter(services.database, person.id, self.secret.take(), now=now)
        except WrongSecret as error:
            seconds = error.values.get("seconds")
            if isinstance(seconds, int):
                self._wait = now + timedelta(seconds=seconds), person.name
                raise WrongInput(self.secret, _said_wait(timedelta(seconds=seconds), person.name)) from error
            self.secret.setFocus()
            raise
        if not person.grants:
            leave(services.database, person.id, now=now)
            raise WrongInput(self.name, _("{person} has no role any more: an administrator gives one.").format(person=person.name))
        self.entered.emit(person)
        return ""

    def _say_wait(self, wait: timedelta, name: str) -> None:
        said = _said_wait(wait, name)
        if said != self.error.text():
            self.fail(said)


def _said_wait(wait: timedelta, name: str) -> str:
    said = _("There were too many wrong secrets for {person}. Try again in {wait}.")
    return said.format(person=name, wait=span(wait))
