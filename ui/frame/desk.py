"""What the pages share: the person, the warehouse, the theme, the newest alarms, and word of what has changed."""

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal

from storage.people.person import Person
from storage.places import Site, list_cameras, list_rooms, list_sites
from storage.rules.rights import Act
from storage.watch.alarms import list_alarms
from ui.look.theme import Tokens, tokens_for
from ui.services import Services
from ui.watch.alarm_book import AlarmBook
from ui.words.speech import _


class Desk(QObject):
    """One person's place at the window.

    kept: what each page wants to find again after it was rebuilt, such as a filter, by a name of its own.
    """

    alarms_changed = Signal()
    alarm_came = Signal()
    stock_changed = Signal()
    places_changed = Signal()
    site_changed = Signal()
    event_seen = Signal(int)
    page_wanted = Signal(str)
    troubled = Signal(str)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self.database = services.database
        self.person: Person = services.person
        self.book = AlarmBook()
        self.kept: dict[str, str] = {}
        self.site: Site | None = self._first_site()
        self._place_names: dict[int, str] = self._read_place_names()

    @property
    def tokens(self) -> Tokens:
        """The theme of the person's role."""
        return tokens_for(self.person.role)

    @property
    def now(self) -> datetime:
        """This instant by the program's clock."""
        return self.services.clock()

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which times are shown: the warehouse's."""
        return self.site.tz if self.site else ZoneInfo("Asia/Jakarta")

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
        """Whether this person may enter warehouses, rooms, cameras and persons."""
        return self.may(Act.SET_UP_PLACES)

    def may(self, act: Act) -> bool:
        """Whether this person may do an act at the warehouse that is chosen; storage asks again."""
        return self.person.may(act, self.site.id if self.site else None)

    def choose_site(self, site_id: int) -> None:
        """Works on another warehouse from now on; remembered for the next start."""
        self.site = next((site for site in list_sites(self.database) if site.id == site_id), self.site)
        self.services.settings.setValue("site", site_id)
        self.site_changed.emit()

    def read_places(self) -> None:
        """Reads again after a warehouse, room, camera or person was entered."""
        if self.site is None:
            self.site = self._first_site()
        self._place_names = self._read_place_names()
        self.places_changed.emit()

    def place_of(self, room_id: int | None) -> str:
        """The room's name; with its warehouse's as soon as there are rooms in more than one. None: the recorder itself."""
        return _("Recorder") if room_id is None else self._place_names.get(room_id, "")

    def read_alarms(self) -> None:
        """Reads the alarm list; tells if an alarm came that nobody has seen."""
        before = self.book.alarms
        came = self.book.read(list_alarms(self.database))
        if self.book.alarms != before:
            self.alarms_changed.emit()
        if came:
            self.alarm_came.emit()

    def _first_site(self) -> Site | None:
        """The warehouse of last time; else the first that has a camera; else the first."""
        sites = list_sites(self.database)
        kept = str(self.services.settings.value("site", ""))
        watched = {camera.room_id for camera in list_cameras(self.database)}
        with_camera = (site for site in sites if any(room.id in watched for room in list_rooms(self.database, site.id)))
        return next((site for site in sites if str(site.id) == kept), None) or next(with_camera, None) or next(iter(sites), None)

    def _read_place_names(self) -> dict[int, str]:
        rooms = [(site, room) for site in list_sites(self.database) for room in list_rooms(self.database, site.id)]
        one_site = len({site.id for site, _room in rooms}) == 1
        return {room.id: room.name if one_site else f"{room.name}, {site.name}" for site, room in rooms}
