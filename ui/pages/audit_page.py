"""Audit trail: who did what, when, before whom?"""

import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPlainTextEdit, QSplitter

from storage.audit.trail import ANYBODY, WINDOW, Filter, LogEntry, all_entries, count_entries, log_entries
from storage.audit.writing import write_log
from storage.people.person import list_people
from storage.rules.movement import EventKind
from storage.rules.refusal import Refusal
from ui.forms.choice import Choice
from ui.forms.clock import ClockEdit
from ui.frame.desk import Desk
from ui.look.card import Card, OrEmpty, button, label, say_as
from ui.look.table import Column, Table
from ui.look.theme import GRID
from ui.pages.page import Page
from ui.watch.errand import Errand
from ui.words.log_words import act_word, in_short, record_names
from ui.words.sentences import sentence
from ui.words.speech import _, whole
from ui.words.times import day_time

# What is shown at first.
DAYS = 7


class AuditPage(Page):
    """The log of the chosen warehouse, newest first; what is scrolled to is read. A chosen entry stands below with all it says."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Audit trail"))
        self.table: Table[LogEntry] = Table("audit", _("Audit trail"), self._columns(), desk.services.settings)
        self.since, self.until = (_DayEdit(name) for name in (_("From day"), _("To day")))
        self.who, self.act = Choice(_("Person")), Choice(_("What was done"))
        self.whole = QPlainTextEdit()
        self.said = label("", "success")
        self.said.hide()
        self.export = button(_("Export…"), self._ask_file)
        self.cancel = button(_("Cancel"), self._stop)
        self.cancel.hide()
        self._errand: Errand[int] | None = None
        self._file: Path | None = None
        self._more = False
        self._fill_choices()
        self._fill_body()
        self.table.chosen.connect(self._show_whole)
        self.table.verticalScrollBar().valueChanged.connect(self._follow_scrolling)
        for changed in (self.since.dateChanged, self.until.dateChanged, self.who.currentIndexChanged, self.act.currentIndexChanged):
            changed.connect(lambda *_args: self.follow())
        for news in (desk.site_changed, desk.places_changed):
            news.connect(self.follow)

    def refresh(self) -> None:
        self.said.hide()
        self._fill_people()
        entries = self._read(None)
        self.table.show_rows(entries)
        self.content.show_content(bool(entries))
        if entries:
            self.table.choose_line(0)
        self._show_whole()

    def poll(self) -> None:
        errand = self._errand
        if errand is None:
            return
        self.cancel.setText(_("Cancel ({percent} %)").format(percent=whole(int(100 * errand.share))))
        if not errand.over:
            return
        self._errand = None
        self.export.show()
        self.cancel.hide()
        if errand.fault:
            self._say("error", sentence(errand.fault))
        elif errand.result is not None and self._file is not None:
            self._say("success", _("{count} entries are in {file}.").format(count=whole(errand.result), file=self._file.name))

    def leave(self) -> None:
        super().leave()
        self._stop()

    def export_to(self, file: Path) -> None:
        """Writes all that the filter finds, however far one has scrolled."""
        database, site_id, wanted, zone = self.desk.database, self._site_id, self.wanted(), self.desk.zone
        columns = self._columns()

        def write(tell: Callable[[float], None], cancelled: Callable[[], bool]) -> int:
            most = max(1, count_entries(database, site_id, wanted))
            header = [*(column.title for column in columns), _("Hash"), _("Whole entry")]

            def row(entry: LogEntry) -> list[str | int | None]:
                told = (act_word(entry.act), _who(entry), entry.second, ", ".join(entry.about), in_short(entry, zone))
                everything = json.dumps(entry.facts, ensure_ascii=False)
                return [entry.number, f"{entry.at.astimezone(zone):%Y-%m-%d %H:%M:%S}", *told, entry.hash.hex(), everything]

            entries = all_entries(database, site_id, wanted)
            return write_log(file, entries, header, row, title=_("Audit trail"), tell=lambda done: tell(done / most), cancelled=cancelled)

        self._file, self._errand = file, Errand(write)
        self.said.hide()
        self.export.hide()
        self.cancel.show()

    @property
    def _site_id(self) -> int | None:
        return self.desk.site.id if self.desk.site else None

    def wanted(self) -> Filter:
        """What the fields above the table ask for."""
        zone = self.desk.zone
        first, last = (datetime.combine(edit.day, time(), zone) for edit in (self.since, self.until))
        return Filter(first, last + timedelta(days=1), self.who.currentData(), self.act.currentData())

    def _read(self, before: int | None) -> list[LogEntry]:
        entries = log_entries(self.desk.database, self._site_id, self.wanted(), before=before)
        self._more = len(entries) == WINDOW
        return entries

    def _follow_scrolling(self, value: int) -> None:
        """Reads on when the last line is near."""
        bar, rows = self.table.verticalScrollBar(), self.table.rows
        if not self._more or not rows or value < bar.maximum() - bar.pageStep():
            return
        self._more = False  # until it is known
        try:
            self.table.add_rows(self._read(rows[-1].id))
        except Refusal as refusal:
            self.desk.troubled.emit(sentence(refusal))

    def _show_whole(self) -> None:
        entry = self.table.chosen_row
        self.whole.setPlainText(json.dumps(entry.facts, ensure_ascii=False, indent=2) if entry else "")

    def _ask_file(self) -> None:
        proposed = f"audit-{self.since.day:%Y%m%d}-{self.until.day:%Y%m%d}.csv"
        kinds = _("CSV table (*.csv);;Excel workbook (*.xlsx);;JSON (*.json)")
        chosen, _kind = QFileDialog.getSaveFileName(self, _("Export the audit trail"), proposed, kinds)
        if chosen:
            self.export_to(Path(chosen))

    def _stop(self) -> None:
        if self._errand:
            self._errand.cancel()

    def _say(self, how: str, said: str) -> None:
        say_as(self.said, how, said)

    def _columns(self) -> list[Column[LogEntry]]:
        zone = self.desk.zone
        return [
            Column(_("No."), lambda entry: whole(entry.number), number=True, hint=_("Place in the chain of the warehouse")),
            Column(_("Written"), lambda entry: f"{day_time(entry.at, zone)}:{entry.at.astimezone(zone):%S}"),
            Column(_("What was done"), lambda entry: act_word(entry.act)),
            Column(_("By"), _who),
            Column(_("Second person"), lambda entry: entry.second),
            Column(_("About"), lambda entry: ", ".join(entry.about)),
            Column(_("In short"), lambda entry: in_short(entry, zone)),
        ]

    def _fill_choices(self) -> None:
        self._fill_people()
        self.act.addItem(_("Everything"), None)
        kinds = {act_word(kind): kind for kind in (*(kind.value for kind in EventKind), *record_names())}
        for word in sorted(kinds, key=str.casefold):
            self.act.addItem(word, kinds[word])
        today = self.desk.now.astimezone(self.desk.zone).date()
        self.since.show_day(today - timedelta(days=DAYS))
        self.until.show_day(today)

    def _fill_people(self) -> None:
        """Who there is now; who was chosen stays so."""
        chosen = self.who.currentData()
        self.who.blockSignals(True)
        self.who.clear()
        self.who.addItem(_("Persons and program"), None)
        self.who.addItem(_("Persons alone"), ANYBODY)
        for person in list_people(self.desk.database):
            self.who.addItem(person.name, person.id)
        self.who.setCurrentIndex(max(0, self.who.findData(chosen)))
        self.who.blockSignals(False)

    def _fill_body(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(GRID)
        for field in (self.since, self.until, self.who, self.act):
            line.addWidget(label(field.accessibleName(), "muted"))
            line.addWidget(field)
        line.addStretch(1)
        line.addWidget(self.export)
        line.addWidget(self.cancel)
        self.body.addLayout(line)
        self.body.addWidget(self.said)
        self.whole.setReadOnly(True)
        self.whole.setAccessibleName(_("Whole entry"))
        self.whole.setTabChangesFocus(True)
        self.whole.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        entry = Card(_("Whole entry"))
        entry.body.addWidget(self.whole)
        shown = Card(tight=True)
        shown.body.addWidget(self.table)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(shown)
        parts.addWidget(entry)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 1)
        self.content = OrEmpty(parts, _("Nothing was written in these days that fits. Choose more days, or everything."))
        self.body.addWidget(self.content, 1)


class _DayEdit(ClockEdit):
    """A day."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "dd/MM/yyyy")
        self.setFixedWidth(14 * GRID)

    @property
    def day(self) -> date:
        """The day that stands there."""
        return date(self.date().year(), self.date().month(), self.date().day())

    def show_day(self, day: date) -> None:
        """Another day."""
        self.setDate(QDate(day.year, day.month, day.day))


def _who(entry: LogEntry) -> str:
    return entry.person or _("the program")
