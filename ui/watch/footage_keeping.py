"""Whether the footage of an alarm is locked, and the button that locks it or lets it go."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.watch.alarms import Alarm
from storage.watch.locks import FootageLock, alarm_time, lock_footage, locks_between, release
from storage.watch.removal import removed_between
from ui.forms.dialog import ask_reason
from ui.forms.two_persons import ask_second
from ui.frame.desk import Desk
from ui.look.card import button
from ui.look.chip import Chip
from ui.look.mark import Mark, Tone
from ui.look.theme import GRID
from ui.words.sentences import sentence
from ui.words.speech import _


class FootageKeeping(QWidget):
    """Hidden for an alarm that has no footage of its own."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._alarm: Alarm | None = None
        self._locks: list[FootageLock] = []
        self.chip = Chip(desk.tokens, Mark(Tone.INFO, _("footage kept")))
        self.keep = button(_("Keep footage"), self._keep)
        self.let_go = button(_("No longer keep"), self._release)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID)
        for part in (self.chip, self.keep, self.let_go):
            line.addWidget(part)

    def show_alarm(self, alarm: Alarm | None) -> None:
        """Reads what is locked of an alarm's footage."""
        self._alarm = alarm
        camera_id = alarm.camera_id if alarm else None
        self.setVisible(camera_id is not None)
        if alarm is None or camera_id is None:
            return
        database, times = self._desk.database, alarm_time(alarm, self._desk.now)
        self._locks = locks_between(database, camera_id, *times)
        removed = removed_between(database, camera_id, *times)
        self.chip.show_mark(Mark(Tone.WARNING, _("footage no longer kept")) if removed else Mark(Tone.INFO, _("footage kept")))
        self.chip.setVisible(bool(self._locks) or removed)
        self.chip.setToolTip("\n".join(f"{lock.locked_by}: {lock.reason}" for lock in self._locks))
        self.keep.setVisible(not self._locks and not removed and self._desk.watches)
        self.let_go.setVisible(bool(self._locks) and self._desk.may(Act.RELEASE_FOOTAGE))

    def _keep(self) -> None:
        alarm = self._alarm
        if alarm is None or alarm.camera_id is None:
            return
        said = _("The footage of this alarm, 10 seconds before and after it included, stays until a supervisor lets it go.")
        reason = ask_reason(self, said, _("Keep footage"))
        if reason is not None:
            try:
                times = alarm_time(alarm, self._desk.now)
                lock_footage(self._desk.database, alarm.camera_id, *times, reason, by=self._desk.person, now=self._desk.now)
            except Refusal as refusal:
                self._desk.troubled.emit(sentence(refusal))
            self.show_alarm(alarm)

    def _release(self) -> None:
        alarm, desk = self._alarm, self._desk
        if alarm is None:
            return
        said = _("{person} lets the footage go that {keeper} has kept: {reason}")
        try:
            for lock in self._locks:
                announced = said.format(person=desk.person.name, keeper=lock.locked_by, reason=lock.reason)
                second = ask_second(self, desk, announced, Act.RELEASE_FOOTAGE, desk.site_of_room(alarm.room_id))
                if second is None:
                    break
                release(desk.database, lock.id, by=desk.person, now=desk.now, second=second)
        except Refusal as refusal:
            self._desk.troubled.emit(sentence(refusal))
        self.show_alarm(self._alarm)
