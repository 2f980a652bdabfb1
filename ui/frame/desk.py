"""What the pages share: the person, the warehouse, the theme, the newest alarms, and word of what has changed."""

from PySide6.QtCore import Signal

from storage.people.person import Person, list_people
from storage.places import Site, list_sites
from storage.rules.rights import Act
from ui.frame.lookout import Lookout
from ui.look.theme import tokens_for
from ui.services import Services
from ui.watch.alarm_book import AlarmBook


class Desk(Lookout):
    """One person's place at the window. Its database is signed in for that person.

    kept: what each page wants to find again after it was rebuilt, such as a filter, by a name of its own.
    """

    stock_changed = Signal()
    places_changed = Signal()
    event_seen = Signal(int)
    page_wanted = Signal(str)
    troubled = Signal(str)

    def __init__(self, services: Services, person: Person, book: AlarmBook) -> None:
        self.person = person
        self.kept: dict[str, str] = {}
        super().__init__(services, services.database.used_by(person.id), book, tokens_for(person.role))

    @property
    def manned(self) -> bool:
        """Somebody has signed in."""
        return True

    @property
    def keeps_books(self) -> bool:
        """Whether this person may post stock."""
        return self.may(Act.BOOK)

    @property
    def guards(self) -> bool:
        """Whether this person may answer alarms."""
        return self.may(Act.ANSWER_ALARM)

    @property
    def watches(self) -> bool:
        """Whether this person sees the cameras and alarms."""
        return self.may(Act.KEEP_FOOTAGE)

    @property
    def sets_up(self) -> bool:
        """Whether this person may enter warehouses, rooms and cameras."""
        return self.may(Act.SET_UP_PLACES)

    def may(self, act: Act) -> bool:
        """Whether this person may do an act at the warehouse that is chosen; storage asks again."""
        return self.person.may(act, self.site.id if self.site else None)

    def sites(self) -> list[Site]:
        """Those at which this person has a role."""
        return [site for site in list_sites(self.database) if self.person.roles_at(site.id)]

    def read_places(self) -> None:
        """Reads again after a warehouse, room, camera, person or role was entered."""
        self.person = next((person for person in list_people(self.database) if person.id == self.person.id), self.person)
        if self.site is None:
            self.site = self._first_site()
        self._place_names = self._read_place_names()
        self.places_changed.emit()
