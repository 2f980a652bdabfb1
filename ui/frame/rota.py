"""Which pages there are, who sees them, and in which order they stand on the rail."""

from collections.abc import Callable
from dataclasses import dataclass

from storage.people.person import Role
from storage.rules.rights import EVERYBODY
from ui.frame.desk import Desk
from ui.pages.alarms_page import AlarmsPage
from ui.pages.audit_page import AuditPage
from ui.pages.counts_page import CountsPage
from ui.pages.deliveries_page import DeliveriesPage
from ui.pages.live_page import LivePage
from ui.pages.page import Page
from ui.pages.people_page import PeoplePage
from ui.pages.places_page import PlacesPage
from ui.pages.reprints_page import ReprintsPage
from ui.pages.rooms_page import RoomsPage
from ui.pages.sorting_page import SortingPage
from ui.pages.stock_page import StockPage
from ui.words.speech import _

_READERS = frozenset({Role.SUPERVISOR, Role.AUDITOR})
_WATCH = _READERS | {Role.GUARD}
_BOOKS = _READERS | {Role.OFFICER}


@dataclass(frozen=True)
class Entry:
    """A page's place on the rail. title: asked for when the rail is built, so that it is in the language spoken then."""

    name: str
    title: Callable[[], str]
    make: Callable[[Desk], Page]
    roles: frozenset[Role]


ENTRIES = (
    Entry("live", lambda: _("Live"), LivePage, _WATCH),
    Entry("alarms", lambda: _("Alarms"), AlarmsPage, _WATCH),
    Entry("stock", lambda: _("Stock"), StockPage, _BOOKS),
    Entry("deliveries", lambda: _("Deliveries"), DeliveriesPage, _BOOKS),
    Entry("sorting", lambda: _("Sort and fold"), SortingPage, _BOOKS),
    Entry("reprints", lambda: _("Reprints"), ReprintsPage, _BOOKS),
    Entry("counts", lambda: _("Stock count"), CountsPage, _BOOKS),
    Entry("rooms", lambda: _("Rooms"), RoomsPage, _WATCH | {Role.OFFICER}),
    Entry("places", lambda: _("Sites and cameras"), PlacesPage, _READERS | {Role.ADMINISTRATOR}),
    Entry("audit", lambda: _("Audit trail"), AuditPage, _READERS),
    Entry("people", lambda: _("Persons"), PeoplePage, EVERYBODY),
)


def entries_for(roles: frozenset[Role]) -> tuple[Entry, ...]:
    """The pages of somebody with these roles."""
    return tuple(entry for entry in ENTRIES if roles & entry.roles)
