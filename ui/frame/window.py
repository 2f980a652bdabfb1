"""The window: who sits at it, and the clocks that keep what it shows true. Alarms are heard whether somebody has signed in or not."""

from PySide6.QtCore import QLocale, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QStackedWidget

from storage.people.person import Person, list_people
from storage.people.right import NotAllowed
from storage.people.sign_in import leave, nobody_has_a_secret
from ui.forms.first_person import FirstPersonForm
from ui.forms.shift_form import ShiftForm
from ui.forms.sign_in_form import SignInForm
from ui.frame.banner import Banner
from ui.frame.bar import Bar
from ui.frame.desk import Desk
from ui.frame.disk_bar import DiskBar
from ui.frame.frame import Frame
from ui.frame.gate import Gate
from ui.frame.idle import Idle
from ui.frame.lookout import Lookout
from ui.frame.person_menu import LOCK_KEYS
from ui.frame.rail import Rail
from ui.frame.recorder_watch import RecorderWatch
from ui.frame.trouble import Trouble
from ui.frame.workplace import Workplace
from ui.look.style import style_sheet
from ui.look.theme import GRID, Tokens, palette, text_font, tokens_for
from ui.pages.page import Page
from ui.pages.people_page import PeoplePage
from ui.services import Services
from ui.watch.alarm_book import AlarmBook
from ui.words.sentences import sentence
from ui.words.speech import Language, _, language, set_language

POLL_MS = 50
TICK_MS = 1000
RECORDER_MS = 2000
# An alarm that nobody acknowledges is heard again after this many seconds.
SOUND_AGAIN_S = 15
# So many dialogs and menus stand above one another at most.
_MOST_DIALOGS = 4


class Window(QMainWindow):
    """Opens with the gate: nobody has signed in. Then a workplace stands there, or the gate before it.

    Signing in as another person or choosing a language builds all of it anew; what a page keeps in the desk is found again.
    """

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self.book = AlarmBook()
        self._workplace: Workplace | None = None
        self.gate: Gate | None = None
        self._kept: dict[str, str] = {}
        self._sounded_s = 0
        self._idle = Idle(services.clock)
        self._recorder_watch = RecorderWatch(services)
        self._no_recorder = ""
        # A font of the window alone never reaches the widgets that the style sheet paints.
        QApplication.setFont(text_font(QApplication.font(), self.screen().geometry().width()))
        self.setMinimumSize(120 * GRID, 75 * GRID)
        self._layers = QStackedWidget()
        self.setCentralWidget(self._layers)
        self._acknowledge_key = self._on_key("Space", self.acknowledge_newest)
        self._show_gate()
        self._on_key(LOCK_KEYS, self.lock)
        for number in range(1, 13):
            for keys in (f"F{number}", f"Ctrl+{number}") if number < 10 else (f"F{number}",):
                self._on_key(keys, lambda number=number: self._open_by_number(number))
        self._poll_timer = self._timer(POLL_MS, self.poll)
        self._tick_timer = self._timer(TICK_MS, self.tick)
        self._recorder_timer = self._timer(RECORDER_MS, self.watch_recorder)
        self.tick()

    @property
    def workplace(self) -> Workplace:
        """The place of whoever has signed in, shown or locked."""
        if self._workplace is None:
            raise RuntimeError("nobody has signed in")
        return self._workplace

    @property
    def desk(self) -> Desk:
        """What belongs to whoever has signed in."""
        return self.workplace.desk

    @property
    def pages(self) -> dict[str, Page]:
        """The pages of whoever has signed in."""
        return self.workplace.pages

    @property
    def page_name(self) -> str:
        """The page that is shown."""
        return self.workplace.page_name

    @property
    def rail(self) -> Rail:
        """The names of the pages."""
        return self.workplace.rail

    @property
    def bar(self) -> Bar:
        """What stands above everything."""
        return self.shown.bar

    @property
    def banner(self) -> Banner:
        """What stands above the page while an alarm waits."""
        return self.shown.banner

    @property
    def disk(self) -> DiskBar:
        """What stands above the page while the disk is full."""
        return self.shown.disk

    @property
    def no_recorder(self) -> QLabel:
        """What stands above the page while nothing is recorded."""
        return self.shown.no_recorder

    @property
    def trouble(self) -> Trouble:
        """What kept the window from reading or writing."""
        return self.shown.trouble

    @property
    def shown(self) -> Frame:
        """The gate, or the workplace where none stands before it."""
        return self.gate or self.workplace

    @property
    def locked(self) -> bool:
        """Whether somebody has signed in, and the gate stands before their place."""
        return self._workplace is not None and self.gate is not None

    def open_page(self, name: str) -> None:
        """Shows a page of the person's rail; a name that is not on it changes nothing."""
        self.workplace.open_page(name)

    def acknowledge_newest(self) -> None:
        """Acknowledges the alarm that is looked at, if it waits; else the newest that does. Nobody can who has not signed in."""
        if self.gate is None:
            self.workplace.acknowledge_newest()

    def sit_down(self, person: Person) -> None:
        """Whoever has just given their secret works here from now on; whoever was locked out finds everything as it was."""
        self._idle.touch()
        if self.locked and self.desk.person == person:
            self._close_gate()
            return
        self.services.settings.setValue("person", person.id)
        desk = Desk(self.services, person, self.book)
        desk.kept = self._kept
        queued = Qt.ConnectionType.QueuedConnection
        desk.alarm_came.connect(self._sound)
        desk.alarms_changed.connect(self._offer_keys)
        desk.places_changed.connect(self._follow_rights, queued)
        desk.site_changed.connect(self._follow_rights, queued)
        # Where nothing is entered yet, that is what there is to do.
        page_name = self.page_name if self._workplace else "places" if desk.site is None else ""
        self._show_workplace(desk, page_name)

    def lock(self, *, idle: bool = False) -> None:
        """Puts the gate before the pages. idle: because nobody was here."""
        if self._workplace is None or (self.gate is not None and not isinstance(self.gate.form, ShiftForm)):
            return
        person = self.desk.person
        self.trouble.guard(lambda: leave(self.services.database, person.id, now=self.desk.now, idle=idle))
        said = _("Nobody was here for a while. {person} goes on where they were; whoever else signs in takes the place.") if idle else ""
        said = said or _("{person} has locked the window and goes on where they were; whoever else signs in takes the place.")
        self._show_gate(said.format(person=person.name))

    def sign_out(self, said: str = "") -> None:
        """Nobody works here any more; the watch goes on. said: why, where it was not wished."""
        if self._workplace is None:
            return
        person = self.desk.person
        self.trouble.guard(lambda: leave(self.services.database, person.id, now=self.services.clock()))
        self._clear_away()
        self._show_gate(said)

    def hand_over(self) -> None:
        """Puts the form for a change of shift in place of the pages."""
        if self.gate is None:
            self._put_gate(_("Hand over the shift"), ShiftForm(self.desk))

    def choose_language(self, code: Language) -> None:
        """Says everything in another language; remembered for the next start.

        Where the window is locked only the gate does: whoever goes on finds their pages as they were, in the language that they had.
        """
        self._speak(code)
        if self.gate is None:
            self._show_workplace(self.desk, self.page_name)
        elif isinstance(self.gate.form, ShiftForm):
            self._put_gate(_("Hand over the shift"), ShiftForm(self.desk))
        else:
            self._show_gate()

    def poll(self) -> None:
        """Takes what the recorder tells, and the newest pictures."""
        self.trouble.guard(self._poll)

    def tick(self) -> None:
        """Once a second: ages, clock, rooms; and the alarms too, should a notice have been lost."""
        self.trouble.tick()
        self.trouble.guard(self._tick)
        if self._idle.tick() >= self.services.lock_after_s:
            self._close_dialogs()
            self.trouble.guard(lambda: self.lock(idle=True))

    def watch_recorder(self) -> None:
        """Every two seconds: has one started where none beats, and says so."""
        self.trouble.guard(self._watch_recorder)

    def closeEvent(self, event: QCloseEvent) -> None:
        for timer in (self._poll_timer, self._tick_timer, self._recorder_timer):
            timer.stop()
        if self._workplace is not None:
            self._workplace.rest()
            if self.gate is None:
                self.trouble.guard(lambda: leave(self.services.database, self.desk.person.id, now=self.services.clock()))
        super().closeEvent(event)

    def _show_gate(self, said: str = "") -> None:
        """Asks for the first person where nobody has a secret yet, else for a name and a secret."""
        if nobody_has_a_secret(self.services.database):
            title = _("First secret") if list_people(self.services.database) else _("First start")
            self._put_gate(title, FirstPersonForm(self.services))
            return
        title = _("Locked") if self._workplace else _("Sign in")
        self._put_gate(title, SignInForm(self.services, self._likely(), said))

    def _put_gate(self, title: str, form: FirstPersonForm | SignInForm | ShiftForm) -> None:
        if self._workplace is not None and self.gate is None:
            self._workplace.rest()
        self._take_gate_away()
        likely = self._likely()
        tokens = tokens_for(likely.role if likely else None)
        lookout = Lookout(self.services, self.services.database, self.book, tokens)
        lookout.alarm_came.connect(self._sound)
        self.gate = Gate(lookout, title, form)
        self.gate.entered.connect(self._let_in, Qt.ConnectionType.QueuedConnection)
        if isinstance(form, ShiftForm):
            self.gate.called_off.connect(self._close_gate, Qt.ConnectionType.QueuedConnection)
        self._show(self.gate, tokens)

    def _let_in(self, person: Person) -> None:
        self.trouble.guard(lambda: self.sit_down(person))

    def _close_gate(self) -> None:
        """Back to the workplace that stands behind it."""
        self._take_gate_away()
        self._speak(self.workplace.language)
        self._show(self.workplace, self.desk.tokens)
        self.workplace.resume()

    def _show_workplace(self, desk: Desk, page_name: str) -> None:
        if self._workplace is not None:
            self._workplace.rest()
        made = Workplace(desk, page_name)
        self._clear_away()
        self._workplace = made
        person = made.bar.person
        if person is not None:
            queued = Qt.ConnectionType.QueuedConnection
            person.lock_wanted.connect(self.lock, queued)
            person.hand_over_wanted.connect(self.hand_over, queued)
            person.own_secret_wanted.connect(self._change_own_secret, queued)
            person.leave_wanted.connect(self.sign_out, queued)
        self._show(self._workplace, desk.tokens)

    def _show(self, frame: Frame, tokens: Tokens) -> None:
        """Puts the frame in front, in its theme and language."""
        self.setLocale(QLocale(QLocale.Language.Indonesian) if language() == "id" else QLocale(QLocale.Language.English))
        self.setWindowTitle("Jaga Gudang - DEMO: Jakarta 2024" if self.services.demo else "Jaga Gudang")
        self.setPalette(palette(tokens))
        self.setStyleSheet(style_sheet(tokens))
        if self._layers.indexOf(frame) < 0:
            self._layers.addWidget(frame)
            frame.bar.language_chosen.connect(self.choose_language, Qt.ConnectionType.QueuedConnection)
        self._layers.setCurrentWidget(frame)
        frame.show_alarms()
        frame.say_no_recorder(self._no_recorder)
        self._offer_keys()

    def _speak(self, code: Language) -> None:
        set_language(code)
        self.services.settings.setValue("language", code)

    def _take_gate_away(self) -> None:
        if self.gate is not None:
            self._layers.removeWidget(self.gate)
            self.gate.deleteLater()
            self.gate = None

    def _clear_away(self) -> None:
        self._take_gate_away()
        if self._workplace is not None:
            self._workplace.rest()
            self._layers.removeWidget(self._workplace)
            self._workplace.deleteLater()
            self._workplace = None

    def _likely(self) -> Person | None:
        """Who sits here, or sat here last; else the first guard."""
        if self._workplace is not None:
            return self.desk.person
        people = [person for person in list_people(self.services.database) if person.grants]
        kept = str(self.services.settings.value("person", ""))
        guards = (person for person in people if person.role == "guard")
        return next((person for person in people if str(person.id) == kept), None) or next(guards, None)

    def _poll(self) -> None:
        tables = set()
        for notice in self.services.notices.drain() if self.services.notices else ():
            tables.add(notice.table)
            if notice.table == "watch_event" and self._workplace is not None:
                self.desk.event_seen.emit(notice.id)
        if tables & {"alarm", "watch_event"}:
            self.shown.lookout.read_alarms()
        if self.gate is None and self.workplace.page is not None:
            self.workplace.page.poll()

    def _tick(self) -> None:
        try:
            self.shown.lookout.read_alarms()
        except NotAllowed as refusal:
            if self.gate is not None:
                raise
            self.sign_out(sentence(refusal))
        self._repeat_sound()
        self._offer_keys()
        self.shown.tick(self.services.clock())

    def _watch_recorder(self) -> None:
        self._no_recorder = self._recorder_watch.look()
        self.shown.say_no_recorder(self._no_recorder)

    def _follow_rights(self) -> None:
        """Another warehouse was chosen, or a role given or ended: perhaps there are other pages now."""
        if self.gate is None and self._workplace is not None and self._workplace.out_of_date:
            self._show_workplace(self.desk, self.page_name)

    def _change_own_secret(self) -> None:
        self.open_page("people")
        page = self.pages["people"]
        if isinstance(page, PeoplePage):
            page.show_own_secret()

    def _close_dialogs(self) -> None:
        """What stands above the window would show what the gate hides."""
        for _layer in range(_MOST_DIALOGS):
            above = QApplication.activePopupWidget() or QApplication.activeModalWidget()
            if above is not None:
                above.close()

    def _offer_keys(self) -> None:
        self._acknowledge_key.setEnabled(bool(self.book.waiting) and self.gate is None)

    def _sound(self) -> None:
        self._sounded_s = 0
        self.services.sound.play()

    def _repeat_sound(self) -> None:
        self._sounded_s += 1
        if self.book.waiting and self._sounded_s >= SOUND_AGAIN_S:
            self._sound()

    def _open_by_number(self, number: int) -> None:
        if self.gate is None:
            self.workplace.open_by_number(number)

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
