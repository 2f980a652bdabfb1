"""The forms of what two persons do to a room for a while: disarm it, suspend a camera's alarms, unlock it before witnesses."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from PySide6.QtWidgets import QLineEdit

from storage.places import Camera, Room
from storage.rules.rights import Act
from storage.rules.suspending import LONGEST
from storage.stock.witnesses import Institution, Witness
from storage.watch.suspending import MOST_REASON, disarm_room, suspend_alarms
from storage.watch.unlocking import unlock_room
from ui.forms.choice import Choice
from ui.forms.form import Form, WrongInput
from ui.forms.signature import SignatureEdit
from ui.forms.two_persons import need_second
from ui.frame.desk import Desk
from ui.look.card import label
from ui.words.names import name_of
from ui.words.speech import _, _n
from ui.words.times import day_time, short_time, zone_name

_LENGTHS = (timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2), timedelta(hours=4), LONGEST)


class _ForAWhile(Form):
    """What is chosen, for how long, and why."""

    def __init__(self, desk: Desk, action_word: str, what: str, said: str, do: Callable[[int, str, datetime, str], str]) -> None:
        super().__init__(action_word, self._enter)
        self._desk, self._do = desk, do
        self.what, self.length, self.reason = Choice(what), Choice(_("For how long")), QLineEdit()
        self.reason.setMaxLength(MOST_REASON)
        for length in _LENGTHS:
            self.length.addItem(_said_length(length), length)
        self.add_plain(label(said, "muted"))
        self.add(what, self.what)
        self.add(_("For how long; then it ends by itself"), self.length)
        self.add(_("Reason"), self.reason)
        self.last = self.reason

    def show_things(self, things: Sequence[tuple[str, int]]) -> None:
        """What can be chosen: its name and its number; what was chosen stays so."""
        _fill(self.what, things)
        self.button.setEnabled(bool(things))

    def _enter(self, _key: str) -> str:
        number, reason = self.what.currentData(), self.reason.text().strip()
        if number is None:
            raise WrongInput(self.what, _("There is nothing to choose yet. Enter rooms and cameras first."))
        if not reason:
            raise WrongInput(self.reason, _("Say why this is needed."))
        until_at = self._desk.now + self.length.currentData()
        told = self._do(number, self.what.currentText(), until_at, reason)
        self.reason.clear()
        return told

    def _said_until(self, at: datetime) -> str:
        zone = self._desk.zone
        return f"{day_time(at, zone)} {zone_name(zone.key)}"


class DisarmForm(_ForAWhile):
    """Disarms a room of the warehouse."""

    def __init__(self, desk: Desk) -> None:
        said = _("Nobody is called because of movement in the room. It is filmed and kept; tampering and lost pictures still ring.")
        super().__init__(desk, _("Disarm the room"), _("Room"), said, self._disarm)

    def _disarm(self, number: int, name: str, until_at: datetime, reason: str) -> str:
        desk = self._desk
        said = _("{person} disarms {room} until {time}: nobody is called because of movement there. Reason: {reason}")
        said = said.format(person=desk.person.name, room=name, time=self._said_until(until_at), reason=reason)
        second = need_second(self.reason, desk, said, Act.DISARM, desk.site_of_room(number))
        disarm_room(desk.database, number, until_at, reason, by=desk.person, now=desk.now, second=second)
        return _("{room} is disarmed until {time}.").format(room=name, time=short_time(until_at, desk.zone))


class SuspendForm(_ForAWhile):
    """Suspends the alarms of a camera of the warehouse."""

    def __init__(self, desk: Desk) -> None:
        said = _("Nobody is called because of movement before this camera. It is filmed and kept; tampering and a lost picture still ring.")
        super().__init__(desk, _("Suspend its alarms"), _("Camera"), said, self._suspend)
        self._rooms: dict[int, int] = {}

    def show_cameras(self, cameras: Sequence[Camera]) -> None:
        """The cameras that can be chosen."""
        self._rooms = {camera.id: camera.room_id for camera in cameras}
        self.show_things([(f"{camera.name}, {camera.room}", camera.id) for camera in cameras])

    def _suspend(self, number: int, name: str, until_at: datetime, reason: str) -> str:
        desk = self._desk
        said = _("{person} suspends the alarms of {camera} until {time}: nobody is called because of movement there. Reason: {reason}")
        said = said.format(person=desk.person.name, camera=name, time=self._said_until(until_at), reason=reason)
        second = need_second(self.reason, desk, said, Act.SUSPEND_ALARMS, desk.site_of_room(self._rooms.get(number)))
        suspend_alarms(desk.database, number, until_at, reason, by=desk.person, now=desk.now, second=second)
        return _("The alarms of {camera} are suspended until {time}.").format(camera=name, time=short_time(until_at, desk.zone))


class UnlockForm(Form):
    """Keeps that a room of the warehouse is unlocked before two witnesses, who sign."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Unlock the room"), self._enter)
        self._desk = desk
        self.room, self.reason = Choice(_("Room")), QLineEdit()
        self.reason.setMaxLength(MOST_REASON)
        self.add_plain(label(_("The room stays armed: where its hours do not say otherwise, disarm it too."), "muted"))
        self.add(_("Room"), self.room)
        self.add(_("Reason"), self.reason)
        self.witnesses = []
        for title in (_("Witness"), _("Second witness")):
            name, institution, signature = QLineEdit(), Choice(_("Institution")), SignatureEdit(desk.tokens, _("Signature"))
            name.setMaxLength(80)
            for one in Institution:
                institution.addItem(name_of(one), one.value)
            self.add_side_by_side((title, name), (_("Institution"), institution))
            self.add(_("Signature"), signature)
            self.witnesses.append((name, institution, signature))

    def show_rooms(self, rooms: Sequence[Room]) -> None:
        """The rooms that can be chosen; what was chosen stays so."""
        _fill(self.room, [(room.name, room.id) for room in rooms])
        self.button.setEnabled(bool(rooms))

    def _enter(self, _key: str) -> str:
        desk, number, reason = self._desk, self.room.currentData(), self.reason.text().strip()
        if not reason:
            raise WrongInput(self.reason, _("Say why this is needed."))
        witnesses = [
            Witness(name.text().strip(), Institution(institution.currentData()), signature.png)
            for name, institution, signature in self.witnesses
            if name.text().strip()
        ]
        unnamed = next((name for name, _institution, _signature in self.witnesses if not name.text().strip()), None)
        if unnamed is not None:
            raise WrongInput(unnamed, _("A room is unlocked before two witnesses. Name both."))
        said = _("{person} unlocks {room} before {witnesses}. Reason: {reason}")
        named = ", ".join(f"{witness.name} ({name_of(witness.institution)})" for witness in witnesses)
        said = said.format(person=desk.person.name, room=self.room.currentText(), witnesses=named, reason=reason)
        second = need_second(self.reason, desk, said, Act.UNLOCK_ROOM, desk.site_of_room(number))
        unlock_room(desk.database, number, reason, witnesses, by=desk.person, now=desk.now, second=second)
        self.reason.clear()
        for name, _institution, signature in self.witnesses:
            name.clear()
            signature.sheet.clear()
        return _("{room} is unlocked. Say here when it is locked again.").format(room=self.room.currentText())


def _fill(choice: Choice, things: Sequence[tuple[str, int]]) -> None:
    chosen = choice.currentData()
    choice.clear()
    for name, number in things:
        choice.addItem(name, number)
    choice.setCurrentIndex(max(0, choice.findData(chosen)) if things else -1)


def _said_length(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    if minutes < 60:
        return _n("{n} minute", "{n} minutes", minutes)
    return _n("{n} hour", "{n} hours", minutes // 60)
