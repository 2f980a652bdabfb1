"""The bar above everything: warehouse, rooms, alarms, recording, time, person, language. The same on every page, and while it is locked."""

from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QFrame, QHBoxLayout, QSizePolicy

from storage.places import list_cameras
from storage.watch.hours import room_states
from ui.forms.choice import Choice
from ui.frame.asked import AskedBadge
from ui.frame.desk import Desk
from ui.frame.lookout import Lookout
from ui.frame.person_menu import PersonMenu
from ui.frame.room_strip import RoomStrip
from ui.look.card import button, label
from ui.look.chip import Chip
from ui.look.mark import Mark, Tone
from ui.look.theme import GRID
from ui.watch.watched import watched_states
from ui.words.speech import Language, _, _n, language, whole
from ui.words.times import clock_with_zone, span, zone_name


class Bar(QFrame):
    """Reads its facts once a second. person: the menu of whom the desk belongs to; None where nobody has signed in."""

    language_chosen = Signal(str)

    def __init__(self, desk: Lookout) -> None:
        super().__init__()
        self._desk = desk
        self.setObjectName("bar")
        tokens = desk.tokens
        self.sites = Choice(_("Warehouse"))
        self.rooms = RoomStrip(tokens)
        self.alarms = Chip(tokens, Mark(Tone.CALM, ""))
        self.recording = Chip(tokens, Mark(Tone.CALM, ""))
        self.clock = label("", "clock")
        self.person = PersonMenu(desk) if isinstance(desk, Desk) else None
        self.asked = AskedBadge(desk) if isinstance(desk, Desk) else None
        self.sites.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.sites.setMinimumWidth(14 * GRID)
        self.sites.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        line = QHBoxLayout(self)
        line.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        line.setSpacing(GRID)
        if desk.services.demo:
            line.addWidget(Chip(tokens, Mark(Tone.CALM, "DEMO")))
        line.addWidget(self.sites)
        line.addWidget(self.rooms, 1)
        line.addWidget(self.alarms)
        line.addWidget(self.recording)
        if not desk.services.sound.audible:
            muted = Chip(tokens, Mark(Tone.WARNING, _("no sound")))
            muted.setToolTip(_("This computer has nothing that plays the alarm's sound (paplay or aplay). Watch the banner."))
            line.addWidget(muted)
        line.addWidget(self.clock)
        if self.asked:
            line.addWidget(self.asked)
        if self.person:
            line.addWidget(self.person)
        self._add_languages(line)
        self.fill_choices()
        self.sites.activated.connect(lambda at: desk.choose_site(self.sites.itemData(at)))

    def fill_choices(self) -> None:
        """Reads the warehouses that one can choose."""
        self.sites.clear()
        for site in self._desk.sites():
            self.sites.addItem(site.name, site.id)
        self.sites.setEnabled(self.sites.count() > 0)
        if self._desk.site is None:
            self.sites.addItem(_("No warehouse yet"))
        else:
            self.sites.setCurrentIndex(self.sites.findData(self._desk.site.id))

    def tick(self, now: datetime) -> None:
        """Shows the state of rooms, alarms, recording and the time."""
        desk = self._desk
        site_id = desk.site.id if desk.site else None
        self.rooms.show_rooms([state for state in room_states(desk.database, now) if state.site_id == site_id], desk.zone)
        if self.asked:
            self.asked.tick(now)
        self._show_alarms(now)
        self._show_recording(now)
        self.clock.setText(clock_with_zone(now, desk.zone.key))
        self.clock.setAccessibleName(_("Time in {zone}").format(zone=zone_name(desk.zone.key)))

    def _show_alarms(self, now: datetime) -> None:
        waiting = len(self._desk.book.waiting)
        if waiting:
            age = span(self._desk.book.oldest_age(now))
            said = _n("{n} alarm", "{n} alarms", waiting) + ", " + _("oldest {age}").format(age=age)
            self.alarms.show_mark(Mark(Tone.ALARM, said))
        else:
            self.alarms.show_mark(Mark(Tone.CALM, _("no alarms")))

    def _show_recording(self, now: datetime) -> None:
        cameras = len(list_cameras(self._desk.database))
        live = sum(state.state == "live" and not state.reason for state in watched_states(self._desk.database, now).values())
        tone = Tone.CALM if live >= cameras else Tone.BLIND
        self.recording.show_mark(Mark(tone, f"REC {whole(live)}/{whole(cameras)}"))

    def _add_languages(self, line: QHBoxLayout) -> None:
        group = QButtonGroup(self)
        both = QHBoxLayout()
        both.setSpacing(0)
        self.languages = {}
        names: tuple[tuple[Language, str], ...] = (("id", "Bahasa Indonesia"), ("en", "English"))
        for code, name in names:
            made = button(code.upper(), partial(self.language_chosen.emit, code), "flat")
            made.setCheckable(True)
            made.setChecked(code == language())
            made.setAccessibleName(name)
            made.setToolTip(name)
            made.setFixedWidth(5 * GRID)
            made.setStyleSheet("padding: 0;")
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            group.addButton(made)
            both.addWidget(made)
            self.languages[code] = made
        line.addLayout(both)
