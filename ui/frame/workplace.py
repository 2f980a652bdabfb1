"""The place of whoever has signed in: rail and pages. Locking hides it; nothing that was typed is lost by that."""

from datetime import datetime

from PySide6.QtWidgets import QStackedWidget

from storage.watch.alarms import acknowledge
from ui.frame.desk import Desk
from ui.frame.frame import Frame
from ui.frame.rail import Rail
from ui.frame.rota import entries_for
from ui.pages.page import Page
from ui.words.speech import language


class Workplace(Frame):
    """page_name: which page is opened; the first that the person has if it is none of theirs."""

    def __init__(self, desk: Desk, page_name: str) -> None:
        super().__init__(desk)
        self.desk = desk
        self.page: Page | None = None
        self._rests = False
        self.language = language()
        entries = entries_for(desk.person.roles_at(desk.site.id if desk.site else None))
        self.rail = Rail([(entry.name, entry.title()) for entry in entries], desk.tokens)
        self.below.insertWidget(0, self.rail)
        self._stack = QStackedWidget()
        self.content.addWidget(self._stack)
        self.pages: dict[str, Page] = {entry.name: entry.make(desk) for entry in entries}
        for page in self.pages.values():
            self._stack.addWidget(page)
        self.rail.chosen.connect(self.open_page)
        self.banner.acknowledge.connect(self.acknowledge_newest)
        self.banner.opened.connect(self._open_newest)
        desk.alarms_changed.connect(self.show_alarms)
        desk.page_wanted.connect(self.open_page)
        desk.troubled.connect(self._say_trouble)
        desk.places_changed.connect(self.fill_choices)
        desk.site_changed.connect(self.show_alarms)
        super().tick(desk.now)
        self.open_page(page_name if page_name in self.pages else entries[0].name)

    @property
    def page_name(self) -> str:
        """The page that is shown."""
        return next(name for name, page in self.pages.items() if page is self.page)

    @property
    def out_of_date(self) -> bool:
        """Whether the person has other pages now than when it was built: another warehouse was chosen, or a role given or ended."""
        roles = self.desk.person.roles_at(self.desk.site.id if self.desk.site else None)
        return [entry.name for entry in entries_for(roles)] != list(self.pages)

    def open_page(self, name: str) -> None:
        """Shows a page of the person's rail; a name that is not on it changes nothing."""
        page = self.pages.get(name)
        if page is None:
            return
        self.rail.mark(name)
        if page is not self.page:
            if self.page is not None:
                self.page.leave()
            self.page = page
            self._stack.setCurrentWidget(page)
            self.trouble.guard(page.enter)

    def open_by_number(self, number: int) -> None:
        """Shows the page at this place of the rail, counted from 1."""
        names = self.rail.names
        if number <= len(names):
            self.open_page(names[number - 1])

    def acknowledge_newest(self) -> None:
        """Acknowledges the alarm that is looked at, if it waits; else the newest that does."""
        waiting = self.desk.book.waiting
        if waiting and self.desk.guards:
            looked_at = self.page.alarm_looked_at if self.page else None
            chosen = next((alarm for alarm in waiting if alarm.id == looked_at), waiting[0])
            self.trouble.guard(lambda: acknowledge(self.desk.database, chosen.id, by=self.desk.person, now=self.desk.now))
            self.trouble.guard(self.desk.read_alarms)

    def tick(self, now: datetime) -> None:
        super().tick(now)
        if self.page is not None:
            self.page.tick(now)

    def rest(self) -> None:
        """It is hidden: the page stops what runs for it, and keeps what was typed."""
        if self.page is not None and not self._rests:
            self._rests = True
            self.page.leave()

    def resume(self) -> None:
        """It is shown again."""
        self._rests = False
        if self.page is not None:
            self.trouble.guard(self.page.enter)

    def _open_newest(self) -> None:
        waiting = self.desk.book.waiting
        if waiting:
            self.desk.kept["alarm"] = str(waiting[0].id)
            self.open_page("alarms")

    def _say_trouble(self, said: str) -> None:
        self.trouble.say(said)
