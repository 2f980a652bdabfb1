"""The window: bar, rail, banner and pages, and the two clocks that keep them true."""

from PySide6.QtCore import QLocale, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from storage.people.person import list_people
from storage.watch.alarms import acknowledge
from ui.frame.banner import Banner
from ui.frame.bar import Bar
from ui.frame.desk import Desk
from ui.frame.disk_bar import DiskBar
from ui.frame.rail import Rail
from ui.frame.recorder_watch import RecorderWatch
from ui.frame.rota import entries_for
from ui.frame.trouble import Trouble
from ui.look.card import label
from ui.look.style import style_sheet
from ui.look.theme import GRID, palette, text_font
from ui.pages.page import Page
from ui.services import Services
from ui.words.speech import Language, language, set_language

POLL_MS = 50
TICK_MS = 1000
RECORDER_MS = 2000
# An alarm that nobody acknowledges is heard again after this many seconds.
SOUND_AGAIN_S = 15


class Window(QMainWindow):
    """Choosing another person or language builds all of it anew; what a page keeps in the desk is found again."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.desk = Desk(services)
        self.pages: dict[str, Page] = {}
        self._page: Page | None = None
        self._sounded_s = 0
        self._recorder_watch = RecorderWatch(services)
        # A font of the window alone never reaches the widgets that the style sheet paints.
        QApplication.setFont(text_font(QApplication.font(), self.screen().geometry().width()))
        self.setMinimumSize(120 * GRID, 75 * GRID)
        # Where nothing is entered yet, that is what there is to do.
        self._build("places" if self.desk.site is None else "")
        self._acknowledge_key = self._on_key("Space", self.acknowledge_newest)
        for number in range(1, 9):
            for keys in (f"F{number}", f"Ctrl+{number}"):
                self._on_key(keys, lambda number=number: self._open_by_number(number))
        self.desk.alarms_changed.connect(self._show_alarms)
        self.desk.alarm_came.connect(self._sound)
        self.desk.page_wanted.connect(self.open_page)
        self.desk.troubled.connect(self._say_trouble)
        self.desk.places_changed.connect(self._fill_choices)
        self.desk.site_changed.connect(self._show_alarms)
        self._poll_timer = self._timer(POLL_MS, self.poll)
        self._tick_timer = self._timer(TICK_MS, self.tick)
        self._recorder_timer = self._timer(RECORDER_MS, self.watch_recorder)
        self.tick()

    @property
    def page_name(self) -> str:
        """The page that is shown."""
        return next(name for name, page in self.pages.items() if page is self._page)

    def open_page(self, name: str) -> None:
        """Shows a page of the person's rail; a name that is not on it changes nothing."""
        page = self.pages.get(name)
        if page is None:
            return
        self.rail.mark(name)
        if page is not self._page:
            if self._page is not None:
                self._page.leave()
            self._page = page
            self._stack.setCurrentWidget(page)
            self.trouble.guard(page.enter)

    def acknowledge_newest(self) -> None:
        """Acknowledges the alarm that is looked at, if it waits; else the newest that does."""
        waiting = self.desk.book.waiting
        if waiting and self.desk.guards:
            looked_at = self._page.alarm_looked_at if self._page else None
            chosen = next((alarm for alarm in waiting if alarm.id == looked_at), waiting[0])
            self.trouble.guard(lambda: acknowledge(self.desk.database, chosen.id, by=self.desk.person, now=self.desk.now))
            self.trouble.guard(self.desk.read_alarms)

    def choose_person(self, person_id: int) -> None:
        """Another person sits down: other pages, another theme."""
        person = next((person for person in list_people(self.desk.database) if person.id == person_id), None)
        if person is not None and person.id != self.desk.person.id:
            self.desk.person = person
            self.desk.services.settings.setValue("person", person.id)
            self._build(self.page_name)

    def choose_language(self, code: Language) -> None:
        """Says everything in another language; remembered for the next start."""
        set_language(code)
        self.desk.services.settings.setValue("language", code)
        self._build(self.page_name)

    def poll(self) -> None:
        """Takes what the recorder tells, and the newest pictures."""
        self.trouble.guard(self._poll)

    def tick(self) -> None:
        """Once a second: ages, clock, rooms; and the alarms too, should a notice have been lost."""
        self.trouble.tick()
        self.trouble.guard(self._tick)

    def watch_recorder(self) -> None:
        """Every two seconds: has one started where none beats, and says so."""
        self.trouble.guard(self._watch_recorder)

    def closeEvent(self, event: QCloseEvent) -> None:
        for timer in (self._poll_timer, self._tick_timer, self._recorder_timer):
            timer.stop()
        if self._page is not None:
            self._page.leave()
        super().closeEvent(event)

    def _build(self, page_name: str) -> None:
        """Puts bar, rail, banner and pages in place for the person and the language."""
        desk, tokens = self.desk, self.desk.tokens
        if self._page is not None:
            self._page.leave()
        self.setLocale(QLocale(QLocale.Language.Indonesian) if language() == "id" else QLocale(QLocale.Language.English))
        self.setWindowTitle("Jaga Gudang - DEMO: Jakarta 2024" if desk.services.demo else "Jaga Gudang")
        self.setPalette(palette(tokens))
        self.setStyleSheet(style_sheet(tokens))
        entries = entries_for(desk.person.roles_at(desk.site.id if desk.site else None))
        self.bar, self.banner, self.trouble, self.disk = Bar(desk), Banner(desk), Trouble(), DiskBar(desk)
        self.no_recorder = label("", "error")
        self.no_recorder.setWordWrap(True)
        self.no_recorder.hide()
        self.rail = Rail([(entry.name, entry.title()) for entry in entries], tokens)
        self._stack = QStackedWidget()
        self.pages = {entry.name: entry.make(desk) for entry in entries}
        for page in self.pages.values():
            self._stack.addWidget(page)
        self._page = None
        self.setCentralWidget(self._laid_out())
        self.bar.person_chosen.connect(self.choose_person, Qt.ConnectionType.QueuedConnection)
        self.bar.language_chosen.connect(self.choose_language, Qt.ConnectionType.QueuedConnection)
        self.rail.chosen.connect(self.open_page)
        self.banner.acknowledge.connect(self.acknowledge_newest)
        self.banner.opened.connect(self._open_newest)
        self.bar.tick(desk.now)
        self.banner.show_newest()
        self.disk.tick()
        self.open_page(page_name if page_name in self.pages else entries[0].name)

    def _laid_out(self) -> QWidget:
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        below = QHBoxLayout()
        below.setSpacing(0)
        below.addWidget(self.rail)
        right = QVBoxLayout()
        right.setSpacing(0)
        above_page = QVBoxLayout()
        above_page.setContentsMargins(2 * GRID, GRID, 2 * GRID, 0)
        above_page.setSpacing(GRID)
        above_page.addWidget(self.banner)
        above_page.addWidget(self.no_recorder)
        above_page.addWidget(self.disk)
        above_page.addWidget(self.trouble)
        right.addLayout(above_page)
        right.addWidget(self._stack, 1)
        below.addLayout(right, 1)
        column.addLayout(below, 1)
        return whole

    def _poll(self) -> None:
        tables = set()
        for notice in self.desk.services.notices.drain() if self.desk.services.notices else ():
            tables.add(notice.table)
            if notice.table == "watch_event":
                self.desk.event_seen.emit(notice.id)
        if tables & {"alarm", "watch_event"}:
            self.desk.read_alarms()
        if self._page is not None:
            self._page.poll()

    def _tick(self) -> None:
        now = self.desk.now
        self.desk.read_alarms()
        self._repeat_sound()
        self.bar.tick(now)
        self.banner.show_newest()
        self.disk.tick()
        self._acknowledge_key.setEnabled(bool(self.desk.book.waiting))
        if self._page is not None:
            self._page.tick(now)

    def _watch_recorder(self) -> None:
        said = self._recorder_watch.look()
        self.no_recorder.setText(said)
        self.no_recorder.setAccessibleName(said)
        self.no_recorder.setVisible(bool(said))

    def _show_alarms(self) -> None:
        self.banner.show_newest()
        self.bar.tick(self.desk.now)
        self._acknowledge_key.setEnabled(bool(self.desk.book.waiting))

    def _say_trouble(self, said: str) -> None:
        self.trouble.say(said)

    def _fill_choices(self) -> None:
        self.bar.fill_choices()
        self.bar.tick(self.desk.now)

    def _sound(self) -> None:
        self._sounded_s = 0
        self.desk.services.sound.play()

    def _repeat_sound(self) -> None:
        self._sounded_s += 1
        if self.desk.book.waiting and self._sounded_s >= SOUND_AGAIN_S:
            self._sound()

    def _open_newest(self) -> None:
        waiting = self.desk.book.waiting
        if waiting:
            self.desk.kept["alarm"] = str(waiting[0].id)
            self.open_page("alarms")

    def _open_by_number(self, number: int) -> None:
        names = self.rail.names
        if number <= len(names):
            self.open_page(names[number - 1])

    def _on_key(self, keys: str, action: object) -> QShortcut:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.activated.connect(action)
        return shortcut

    def _timer(self, interval_ms: int, action: object) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval_ms)
        timer.timeout.connect(action)
        timer.start()
        return timer
