"""Alarms: what do I do now?"""

from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListView, QSplitter, QVBoxLayout, QWidget

from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.watch.alarms import Alarm, Step, Verdict, alarm_log, get_alarm, give_verdict
from storage.watch.events import alarm_boxes
from storage.watch.recorders import clock_steps, settle_clock
from ui.forms.choice import Choice
from ui.forms.two_persons import ask_second
from ui.frame.desk import Desk
from ui.look.card import Card, OrEmpty, button, label, say_as
from ui.look.table import Column, Table
from ui.look.theme import GRID, ROW_HEIGHT
from ui.pages.alarm_list import STILL, AlarmList, AlarmRow
from ui.pages.page import Page
from ui.watch.alarm_facts import facts
from ui.watch.clip import ClipView
from ui.watch.evidence_export import EvidenceExport
from ui.watch.footage import AROUND, OpenedClip, Stills, clip_of
from ui.watch.footage_keeping import FootageKeeping
from ui.words.names import name_of
from ui.words.sentences import sentence
from ui.words.speech import _
from ui.words.times import clock_time, zone_name

# The least length that can be seen on the line below the clip.
_SEEN_ON_A_LINE = timedelta(seconds=1)


class AlarmsPage(Page):
    """The list, newest unacknowledged first; the clip, the facts, the verdict and the log of the chosen one."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Alarms"))
        self._chosen: Alarm | None = None
        self._stills: Stills | None = None
        self.filter = Choice(_("Which alarms"))
        self.filter.addItem(_("All alarms"), "all")
        self.filter.addItem(_("Without a verdict"), "open")
        self.filter.setCurrentIndex(max(0, self.filter.findData(desk.kept.get("alarms", "all"))))
        self.head.addWidget(self.filter)
        self.model = AlarmList(desk)
        self.rows = AlarmRow(desk)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(self.rows)
        self.list.setAccessibleName(_("Alarms"))
        self.clip = ClipView(desk.tokens)
        self.facts = label("")
        self.facts.setWordWrap(True)
        self.note = QLineEdit()
        self.note.setAccessibleName(_("Note"))
        self.note.setPlaceholderText(_("Note (N): what you found; then Enter and 1 to 4"))
        self.note.setMaxLength(400)
        for done in ("Return", "Enter", "Escape"):
            leave = QShortcut(QKeySequence(done), self.note)
            leave.setContext(Qt.ShortcutContext.WidgetShortcut)
            leave.activated.connect(self.setFocus)
        self.said = label("", "success")
        self.said.setWordWrap(True)
        self.said.hide()
        self.log: Table[Step] = Table("alarm_log", _("Who did what"), self._log_columns(), desk.services.settings)
        self.keeping = FootageKeeping(desk)
        self.exporting = EvidenceExport(desk, self._say)
        self._play = button(_("Pause"), self._pause)
        self.confirm = button(_("The computer's clock is right"), self.confirm_clock)
        self.confirm.hide()
        self._fill_body()
        self._add_keys()
        self.filter.currentIndexChanged.connect(self._follow_filter)
        self.list.selectionModel().currentChanged.connect(self._follow_list)
        self.clip.moved.connect(self._show_time)
        desk.alarms_changed.connect(self.follow)

    def refresh(self) -> None:
        shown = self.desk.book.alarms
        if self.desk.kept.get("alarms") == "open":
            shown = tuple(alarm for alarm in shown if alarm.verdict is None)
        wanted = self.desk.kept.get("alarm", "")
        self.list.selectionModel().blockSignals(True)
        self.model.show_alarms(shown)
        self.list.selectionModel().blockSignals(False)
        self._content.show_content(bool(shown))
        place = next((at for at, alarm in enumerate(shown) if str(alarm.id) == wanted), 0)
        if shown:
            self.list.setCurrentIndex(self.model.index(place))
            self._show_alarm(shown[place])
        else:
            self._show_alarm(None)
        self._want_stills()

    def poll(self) -> None:
        self.exporting.poll()
        for alarm_id, picture in self._stills.found() if self._stills else ():
            self.rows.keep_still(alarm_id, picture)
            self.list.viewport().update()

    def tick(self, now: datetime) -> None:
        self.list.viewport().update()
        self._want_stills()
        if self._chosen and self._chosen.ended_at is None:
            self._show_span(self._chosen)

    def leave(self) -> None:
        super().leave()
        self.clip.stop()
        self.exporting.stop()
        self._chosen = None
        if self._stills:
            self._stills.stop()
            self._stills = None

    @property
    def alarm_looked_at(self) -> int | None:
        return self._chosen.id if self._chosen else None

    def has_clip(self) -> bool:
        """Whether a picture of the chosen alarm's clip is on the screen."""
        return self.clip.picture_at is not None

    def judge(self, verdict: Verdict) -> None:
        """Keeps the verdict with the note that stands in the field."""
        alarm = self._chosen
        if alarm is None or not self.desk.guards:
            return
        try:
            give_verdict(self.desk.database, alarm.id, verdict, self.note.text(), by=self.desk.person, now=self.desk.now)
        except Refusal as error:
            self._say("error", sentence(error))
            self.note.setFocus()
            return
        self.note.clear()
        self._say("success", _("Verdict kept: {verdict}.").format(verdict=name_of(verdict)))
        self.desk.kept["alarm"] = str(alarm.id)
        self.desk.read_alarms()

    def confirm_clock(self) -> None:
        """Somebody has looked: the clock of the computer was set rightly, the recorder may go by it."""
        said = _("{person} confirms that the computer's clock is right; the recorder goes by it.").format(person=self.desk.person.name)
        second = ask_second(self, self.desk, said, Act.CONFIRM_CLOCK, None)
        if second is None:
            return
        try:
            settle_clock(self.desk.database, by=self.desk.person, now=self.desk.now, second=second)
        except Refusal as error:
            self._say("error", sentence(error))
            return
        self._say("success", _("The recorder goes by the computer's clock from now on."))
        self.confirm.hide()

    def _fill_body(self) -> None:
        alarms = Card(tight=True)
        alarms.body.addWidget(self.list)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.clip, 1)
        line = QHBoxLayout()
        line.addWidget(self.facts, 1)
        self._time = label("", "muted")
        line.addWidget(self._time)
        line.addWidget(self.keeping)
        line.addWidget(self.exporting)
        line.addWidget(self._play)
        line.addWidget(self.confirm)
        column.addLayout(line)
        column.addWidget(self._verdict_card())
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setHandleWidth(GRID)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(alarms)
        splitter.addWidget(right)
        splitter.setSizes([380, 800])
        splitter.setStretchFactor(1, 1)
        self._content = OrEmpty(splitter, _("No alarm so far. When something moves in an armed room, it appears here."))
        self.body.addWidget(self._content, 1)

    def _verdict_card(self) -> Card:
        card = Card()
        verdicts = QHBoxLayout()
        verdicts.setSpacing(GRID)
        for number, verdict in enumerate(Verdict, start=1):
            verdicts.addWidget(button(f"{number}  {name_of(verdict)}", partial(self.judge, verdict)))
        answers = QWidget()
        column = QVBoxLayout(answers)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.note)
        column.addLayout(verdicts)
        if not self.desk.guards:
            answers.hide()
        card.body.addWidget(answers)
        self._log_or_empty = OrEmpty(self.log, _("Nobody has answered this alarm yet."))
        # Of one height, whatever is said: the buttons above never move under a hand.
        below = QWidget()
        below.setFixedHeight(5 * ROW_HEIGHT)
        said_and_log = QVBoxLayout(below)
        said_and_log.setContentsMargins(0, 0, 0, 0)
        said_and_log.setSpacing(GRID)
        said_and_log.addWidget(self.said)
        said_and_log.addWidget(self._log_or_empty, 1)
        card.body.addWidget(below)
        return card

    def _add_keys(self) -> None:
        for number, verdict in enumerate(Verdict, start=1):
            self._on_key(str(number), partial(self.judge, verdict))
        self._on_key("N", self.note.setFocus)
        self._on_key("P", self._pause)

    def _on_key(self, key: str, action: object) -> None:
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(action)

    def _follow_filter(self) -> None:
        self.desk.kept["alarms"] = str(self.filter.currentData())
        self.refresh()

    def _follow_list(self) -> None:
        index = self.list.currentIndex()
        if index.isValid():
            self._show_alarm(self.model.alarms[index.row()])

    def _show_alarm(self, alarm: Alarm | None) -> None:
        before, self._chosen = self._chosen, alarm
        self.keeping.show_alarm(alarm)
        self.exporting.show_alarm(alarm)
        if alarm is None:
            self.clip.stop()
            return
        self.desk.kept["alarm"] = str(alarm.id)
        zone = self.desk.zone
        self.facts.setText(facts(alarm, self.desk.place_of(alarm.room_id), zone, zone_name(zone.key)))
        held = alarm.kind == "clock_jump" and alarm.camera_id is None and bool(clock_steps(self.desk.database))
        self.confirm.setVisible(held and self.desk.may(Act.CONFIRM_CLOCK))
        steps = alarm_log(self.desk.database, alarm.id)
        self.log.show_rows(steps)
        self._log_or_empty.show_content(bool(steps))
        if before is None or before.id != alarm.id:
            self.said.hide()
            self._start_clip(alarm)
        self._show_span(alarm)

    def _show_span(self, alarm: Alarm) -> None:
        """When and where something moved; grows while it goes on."""
        end = max(alarm.ended_at or self.desk.now, alarm.started_at + _SEEN_ON_A_LINE)
        self.clip.show_range((alarm.started_at - AROUND, alarm.started_at, end, end + AROUND))
        self.clip.show_boxes(alarm_boxes(self.desk.database, alarm.id))

    def _start_clip(self, alarm: Alarm) -> None:
        services, database = self.desk.services, self.desk.database
        # Read anew for each round: the alarm may have ended, or somebody may have come back.
        opened = OpenedClip(database, self.desk.person)
        self.clip.play(
            lambda: opened.noted(
                clip_of(database, services.recordings, get_alarm(database, alarm.id), services.clock()), alarm.camera_id, services.clock()
            )
        )
        self._play.setText(_("Pause"))

    def _pause(self) -> None:
        self.clip.pause(self.clip.playing)
        self._play.setText(_("Pause") if self.clip.playing else _("Play"))

    def _show_time(self) -> None:
        if self.clip.picture_at:
            self._time.setText(clock_time(self.clip.picture_at, self.desk.zone))

    def _want_stills(self) -> None:
        if self._stills is None:
            self._stills = Stills(self.desk.database, self.desk.services.recordings, STILL)
        for alarm in self.model.alarms[:40]:
            if alarm.ended_at is not None or self.desk.now - alarm.started_at > timedelta(seconds=3):
                self._stills.want(alarm)

    def _say(self, how: str, said: str) -> None:
        say_as(self.said, how, said)

    def _log_columns(self) -> list[Column[Step]]:
        zone = self.desk.zone
        return [
            Column(_("Time"), lambda step: clock_time(step.at, zone)),
            Column(_("By"), lambda step: step.person),
            Column(_("What"), lambda step: name_of(step.verdict or step.step)),
            Column(_("Note"), lambda step: step.note),
        ]
