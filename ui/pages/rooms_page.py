"""Rooms: what does not ring now, which room is unlocked, and who answers for it?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from storage.places import list_cameras, list_rooms
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.watch.suspending import arm_room, end_suspension, suspensions
from storage.watch.unlocking import Unlocking, lock_room, unlockings
from ui.forms.suspending_forms import DisarmForm, SuspendForm, UnlockForm
from ui.frame.desk import Desk
from ui.look.card import Card, OrEmpty, button, label
from ui.look.table import Column, Table
from ui.look.theme import GRID
from ui.pages.page import Page
from ui.words.names import name_of
from ui.words.sentences import sentence
from ui.words.speech import _
from ui.words.times import day_time, short_time


@dataclass(frozen=True)
class Standing:
    """One thing that holds now. end: what ends it; until: None where it does not end by itself."""

    what: str
    how: str
    until: datetime | None
    persons: str
    reason: str
    end: Callable[[], None]

    @property
    def shown(self) -> tuple[object, ...]:
        """What the table shows of it."""
        return self.what, self.how, self.until, self.persons, self.reason


class RoomsPage(Page):
    """At the left what holds now and what was unlocked before; at the right, for who may, the forms that two persons answer for."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Rooms"))
        settings = desk.services.settings
        self.now: Table[Standing] = Table("rooms_now", _("Holds now"), self._now_columns(), settings)
        self.before: Table[Unlocking] = Table("rooms_unlocked", _("Unlocked before"), self._before_columns(), settings)
        self.end = button(_("End it now"), self.end_chosen)
        self.said = label("", "success")
        self.said.setWordWrap(True)
        self.said.hide()
        self.disarm, self.suspend, self.unlock = DisarmForm(desk), SuspendForm(desk), UnlockForm(desk)
        self._names: dict[int, str] = {}
        self._fill_body()
        self.now.chosen.connect(self._offer)
        for changed in (desk.site_changed, desk.places_changed):
            changed.connect(self.follow)

    def refresh(self) -> None:
        desk = self.desk
        rooms = list_rooms(desk.database, desk.site.id) if desk.site else []
        self._names = {room.id: room.name for room in rooms}
        cameras = [camera for camera in list_cameras(desk.database) if camera.room_id in self._names]
        self.disarm.show_things([(room.name, room.id) for room in rooms])
        self.suspend.show_cameras(cameras)
        self.unlock.show_rooms(rooms)
        if desk.site is None:
            self._content.say(_("There is no warehouse yet. A supervisor enters it under Sites and cameras."), with_action=True)
        else:
            self._content.say(_("This warehouse has no rooms yet. A supervisor enters them under Sites and cameras."), with_action=True)
        self._content.show_content(bool(rooms))
        self._read()

    def tick(self, now: datetime) -> None:
        self._read()

    def end_chosen(self) -> None:
        """Ends what is chosen: the room is armed or locked again, or the camera's alarms ring."""
        row = self.now.chosen_row
        if row is None:
            return
        try:
            row.end()
        except Refusal as refusal:
            self.desk.troubled.emit(sentence(refusal))
        else:
            self.said.setText(_("Ended: {what}, {how}.").format(what=row.what, how=row.how))
            self.said.show()
        self._read()

    def _read(self) -> None:
        desk = self.desk
        opened = [one for one in unlockings(desk.database) if one.room_id in self._names]
        cameras = {camera.id: camera.name for camera in list_cameras(desk.database)}
        rows = []
        for one in suspensions(desk.database, desk.now):
            if one.room_id not in self._names:
                continue
            room, persons = self._names[one.room_id], f"{one.person}, {one.second}"
            if one.camera_id is None:
                end = self._ending(arm_room, one.room_id)
                rows.append(Standing(room, _("disarmed"), one.ends_at, persons, one.reason, end))
            else:
                end = self._ending(end_suspension, one.camera_id)
                rows.append(Standing(f"{cameras[one.camera_id]}, {room}", _("alarms suspended"), one.ends_at, persons, one.reason, end))
        for open_one in opened:
            if open_one.locked_at is None:
                how = _("unlocked since {time}").format(time=day_time(open_one.from_at, desk.zone))
                persons, end = f"{open_one.person}, {open_one.second}", self._ending(lock_room, open_one.room_id)
                rows.append(Standing(self._names[open_one.room_id], how, None, persons, open_one.reason, end))
        if [row.shown for row in rows] != [row.shown for row in self.now.rows]:
            self.now.show_rows(rows)
            if rows and self.now.chosen_row is None:
                self.now.selectRow(0)
        locked = tuple(one for one in opened if one.locked_at is not None)
        if locked != self.before.rows:
            self.before.show_rows(locked)
        self._now_or_empty.show_content(bool(rows))
        self._before_or_empty.show_content(bool(locked))
        self._offer()

    def _ending(self, act: Callable[..., None], number: int) -> Callable[[], None]:
        desk = self.desk
        return lambda: act(desk.database, number, by=desk.person, now=desk.now)

    def _offer(self) -> None:
        self.end.setVisible(self.desk.may(Act.END_SUSPENSION))
        self.end.setEnabled(self.now.chosen_row is not None)

    def _fill_body(self) -> None:
        holds, before = Card(_("Holds now"), tight=True), Card(_("Unlocked before"), tight=True)
        self._now_or_empty = OrEmpty(self.now, _("Every room is armed and open as its hours say, and every room is locked."))
        self._before_or_empty = OrEmpty(self.before, _("No room was unlocked so far."))
        holds.head.addWidget(self.end)
        holds.body.addWidget(self._now_or_empty)
        before.body.addWidget(self._before_or_empty)
        left = QVBoxLayout()
        left.setSpacing(GRID)
        left.addWidget(self.said)
        left.addWidget(holds, 1)
        left.addWidget(before, 1)
        whole = QWidget()
        line = QHBoxLayout(whole)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID)
        line.addLayout(left, 1)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        offered = (
            (_("Disarm"), self.disarm, Act.DISARM),
            (_("Suspend alarms"), self.suspend, Act.SUSPEND_ALARMS),
            (_("Unlock"), self.unlock, Act.UNLOCK_ROOM),
        )
        for title, form, act in offered:
            form.posted.connect(self._read)
            if self.desk.may(act):
                self.tabs.addTab(_sheet(form), title)
        forms = Card()
        forms.setFixedWidth(60 * GRID)
        forms.body.addWidget(self.tabs)
        line.addWidget(forms)
        action = (_("Enter a room"), lambda: self.desk.page_wanted.emit("places")) if self.desk.sets_up else None
        self._content = OrEmpty(whole, "", action)
        self.body.addWidget(self._content, 1)
        # Not before it has a parent, or it would be a window for a moment and take the keyboard.
        forms.setVisible(self.tabs.count() > 0)

    def _now_columns(self) -> list[Column[Standing]]:
        zone = self.desk.zone
        return [
            Column(_("Room or camera"), lambda row: row.what),
            Column(_("State"), lambda row: row.how),
            Column(_("Until"), lambda row: short_time(row.until, zone) if row.until else _("it is locked again")),
            Column(_("By two persons"), lambda row: row.persons),
            Column(_("Reason"), lambda row: row.reason),
        ]

    def _before_columns(self) -> list[Column[Unlocking]]:
        zone = self.desk.zone
        return [
            Column(_("Room"), lambda row: self._names.get(row.room_id, "")),
            Column(_("From"), lambda row: day_time(row.from_at, zone)),
            Column(_("Locked again"), lambda row: day_time(row.locked_at, zone) if row.locked_at else ""),
            Column(_("By two persons"), lambda row: f"{row.person}, {row.second}"),
            Column(_("Witnesses"), lambda row: ", ".join(f"{one.name} ({name_of(one.institution)})" for one in row.witnesses)),
            Column(_("Reason"), lambda row: row.reason),
        ]


def _sheet(form: QWidget) -> QScrollArea:
    inside = QWidget()
    inside.setObjectName("scrolled")
    column = QVBoxLayout(inside)
    column.setContentsMargins(0, GRID, 0, 0)
    column.addWidget(form)
    column.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(inside)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
