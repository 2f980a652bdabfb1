"""What is seen from the window whoever sits there, and while nobody does: the warehouse, its rooms, the newest alarms."""

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal

from storage.database import Database
from storage.places import Site, list_cameras, list_rooms, list_sites
from storage.watch.alarms import list_alarms
from ui.look.theme import LIGHT, Tokens
from ui.services import Services
from ui.watch.alarm_book import AlarmBook
from ui.words.speech import _


class Lookout(QObject):
    """database: as whom it is read; the program's own where nobody has signed in. book: the alarms, the same for all who sit here in turn.

    tokens: the theme in which it is shown.
    """

    alarms_changed = Signal()
    alarm_came = Signal()
    site_changed = Signal()

    def __init__(self, services: Services, database: Database, book: AlarmBook, tokens: Tokens = LIGHT) -> None:
        super().__init__()
        self.services = services
        self.database = database
        self.book = book
        self.tokens = tokens
        self.site: Site | None = self._first_site()
        self._sites_of_rooms: dict[int, int] = {}
        self._place_names: dict[int, str] = self._read_place_names()

    @property
    def now(self) -> datetime:
        """This instant by the program's clock."""
        return self.services.clock()

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which times are shown: the warehouse's."""
        return self.site.tz if self.site else ZoneInfo("Asia/Jakarta")

    @property
    def manned(self) -> bool:
        """Whether somebody has signed in here."""
        return False

    @property
    def guards(self) -> bool:
        """Whether whoever sits here may answer alarms: nobody does, so no."""
        return False

    @property
    def watches(self) -> bool:
        """Whether the alarms stand in the banner: everybody who comes by shall see them."""
        return True

    def sites(self) -> list[Site]:
        """The warehouses that can be chosen."""
        return list_sites(self.database)

    def choose_site(self, site_id: int) -> None:
        """Another warehouse from now on; remembered for the next start."""
        self.site = next((site for site in self.sites() if site.id == site_id), self.site)
        self.services.settings.setValue("site", site_id)
        self.site_changed.emit()

    def place_of(self, room_id: int | None) -> str:
        """The room's name; with its warehouse's as soon as there are rooms in more than one. None: the recorder itself."""
        return _("Recorder") if room_id is None else self._place_names.get(room_id, "")

    def site_of_room(self, room_id: int | None) -> int | None:
        """To which warehouse a room belongs; None for the recorder itself."""
        return None if room_id is None else self._sites_of_rooms.get(room_id)

    def read_alarms(self) -> None:
        """Reads the alarm list; tells if an alarm came that nobody has seen."""
        before = self.book.alarms
        came = self.book.read(list_alarms(self.database), self.now)
        if self.book.alarms != before:
            self.alarms_changed.emit()
        if came:
            self.alarm_came.emit()

    def _first_site(self) -> Site | None:
        """The warehouse of last time; else the first that has a camera; else the first."""
        sites = self.sites()
        kept = str(self.services.settings.value("site", ""))
        watched = {camera.room_id for camera in list_cameras(self.database)}
        with_camera = (site for site in sites if any(room.id in watched for room in list_rooms(self.database, site.id)))
        return next((site for site in sites if str(site.id) == kept), None) or next(with_camera, None) or next(iter(sites), None)

    def _read_place_names(self) -> dict[int, str]:
        rooms = [(site, room) for site in list_sites(self.database) for room in list_rooms(self.database, site.id)]
        self._sites_of_rooms = {room.id: site.id for site, room in rooms}
        one_site = len({site.id for site, _room in rooms}) == 1
        return {room.id: room.name if one_site else f"{room.name}, {site.name}" for site, room in rooms}
