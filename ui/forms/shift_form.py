"""Handing the shift over: the one who leaves and the one who comes both give their secret, before the same screen."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from storage.evidence.hand_over import hand_over
from storage.people.confirmation import confirm, may_confirm
from storage.people.person import list_people
from storage.people.sign_in import Seat, enter, leave, prove
from storage.rules.rights import Act
from ui.forms.dialog import MOST_REASON
from ui.forms.form import Form, WrongInput
from ui.forms.person_choice import PersonChoice
from ui.forms.secret import SecretEdit
from ui.frame.desk import Desk
from ui.look.card import label
from ui.words.speech import _, _n


class ShiftForm(Form):
    """The recorder, the alarms and the live pictures go on meanwhile; nothing is signed out before both secrets have been right."""

    entered = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Hand over"), self._hand_over)
        self._desk = desk
        site_id = desk.site.id if desk.site else None
        people = [person for person in list_people(desk.database) if may_confirm(person, Act.HAND_OVER, site_id, desk.person)]
        said = _("{person} hands the shift over. Both read this, and both give their own secret.").format(person=desk.person.name)
        self.add_plain(label(said))
        waiting = len(desk.book.waiting)
        open_alarms = _n("{n} alarm waits for an answer.", "{n} alarms wait for an answer.", waiting) if waiting else _("No alarm waits.")
        self.add_plain(label(open_alarms, "muted"))
        self.remark = QLineEdit()
        self.remark.setMaxLength(MOST_REASON)
        self.own_secret = SecretEdit("")
        self.name = PersonChoice(_("Who takes over"), people)
        self.secret = SecretEdit("")
        self.add(_("What the next shift must know; may stay empty"), self.remark)
        self.add(_("Secret of {person}").format(person=desk.person.name), self.own_secret)
        self.add(_("Who takes over"), self.name)
        self.add(_("Secret of the one who takes over"), self.secret)
        self.last = self.secret
        if not people:
            self.add_plain(label(_("Nobody else here may take the shift over: an administrator enters another guard first."), "muted"))
            self.button.setEnabled(False)

    def start(self) -> None:
        """Puts the cursor into the first field."""
        self.remark.setFocus()

    def _hand_over(self, _key: str) -> str:
        desk = self._desk
        if desk.site is None:
            raise WrongInput(self.remark, _("There is no warehouse yet, so there is no shift to hand over."))
        coming = self.name.person()
        own, other = self.own_secret.text(), self.secret.text()
        for field in (self.own_secret, self.secret):
            field.take()
        prove(desk.database, desk.person.id, own, now=desk.now, seat=Seat())
        said = _("{leaving} hands the shift in {site} over to {coming}.")
        said = said.format(leaving=desk.person.name, site=desk.site.name, coming=coming.name)
        site_id, now = desk.site.id, desk.now
        second = confirm(desk.database, Act.HAND_OVER, said, by=desk.person, second_id=coming.id, given=other, now=now, site_id=site_id)
        hand_over(desk.database, site_id, by=desk.person, second=second, remark=self.remark.text().strip(), now=now)
        leave(desk.services.database, desk.person.id, now=now)
        self.entered.emit(enter(desk.services.database, coming.id, other, now=now))
        return ""
