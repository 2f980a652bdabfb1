"""The forms of Sites and cameras: warehouse, room with its hours, what the warehouse needs. See camera_forms.py for cameras."""

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit

from storage.places import Room, Site, add_room, add_site
from storage.rules.hours import WeekHours
from storage.rules.rights import Act
from storage.stock.classes import BallotType, Purpose
from storage.stock.entitlements import enter_need
from storage.watch.hours import hours_of, set_hours
from ui.forms.choice import Choice
from ui.forms.form import Form, WrongInput, required_sheets
from ui.forms.sheets import SheetsEdit
from ui.forms.two_persons import need_second
from ui.forms.week import WeekEdit
from ui.frame.desk import Desk
from ui.look.card import label
from ui.words.names import name_of
from ui.words.speech import _, whole
from ui.words.times import zone_name

_ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")


class SiteForm(Form):
    """Enters a warehouse."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Add warehouse"), self._enter)
        self._desk = desk
        self.code, self.name, self.zone = QLineEdit(), QLineEdit(), Choice(_("Time zone"))
        self.code.setPlaceholderText("31.75")
        for zone in _ZONES:
            self.zone.addItem(f"{zone_name(zone)}  ({zone})", zone)
        self.add(_("Name"), self.name)
        self.add(_("Code of the regency or city"), self.code)
        self.add(_("Time zone"), self.zone)

    def _enter(self, _key: str) -> str:
        site = add_site(self._desk.database, self.code.text(), self.name.text(), self.zone.currentData(), now=self._desk.now)
        for field in (self.code, self.name):
            field.clear()
        return _("{name} is entered. Choose it at the left to give it rooms.").format(name=site.name)


class RoomForm(Form):
    """Enters a room of the chosen warehouse, with its hours."""

    def __init__(self, desk: Desk, site: Callable[[], Site | None]) -> None:
        super().__init__(_("Add room"), self._enter)
        self._desk, self._site = desk, site
        self.name, self.week = QLineEdit(), WeekEdit()
        self.where = label("", "muted")
        self.add_plain(self.where)
        self.add(_("Name of the room"), self.name)
        self.add(_("Open; at all other times the room is armed"), self.week)

    def _enter(self, _key: str) -> str:
        site = self._site()
        if site is None:
            raise WrongInput(self.name, _("Choose the warehouse at the left first."))
        desk, hours = self._desk, self.week.hours()
        second = None
        if hours != WeekHours():  # without hours it is always armed, which anybody may do alone who sets up rooms
            said = _("{person} enters the room {room} in {site}, which is not armed during the hours given.")
            said = said.format(person=desk.person.name, room=self.name.text().strip(), site=site.name)
            second = need_second(self.week, desk, said, Act.CHANGE_HOURS, site.id)
        room = add_room(desk.database, site.id, self.name.text(), now=desk.now)
        if second is not None:
            set_hours(desk.database, room.id, hours, now=desk.now, by=desk.person, second=second)
        self.name.clear()
        return _("{room} in {site} is entered. Choose it at the left to give it cameras.").format(room=room.name, site=site.name)


class HoursForm(Form):
    """Changes the hours of the chosen room from now on."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Change hours"), self._enter)
        self._desk = desk
        self._room: Room | None = None
        self.where, self.week = label("", "muted"), WeekEdit()
        self.add_plain(self.where)
        self.add(_("Open; at all other times the room is armed"), self.week)

    def show_room(self, room: Room) -> None:
        """Shows the hours of a room."""
        self._room = room
        self.where.setText(_("Hours of {room} from now on; what has been judged stays as it is.").format(room=room.name))
        self.week.show_hours(hours_of(self._desk.database, room.id, self._desk.now))

    def _enter(self, _key: str) -> str:
        if self._room is None:
            raise WrongInput(self.week, _("Choose the room at the left first."))
        desk = self._desk
        said = _("{person} changes the hours of {room} from now on.").format(person=desk.person.name, room=self._room.name)
        second = need_second(self.week, desk, said, Act.CHANGE_HOURS, self._room.site_id)
        set_hours(desk.database, self._room.id, self.week.hours(), now=desk.now, by=desk.person, second=second)
        return _("The hours of {room} hold from now on.").format(room=self._room.name)


class NeedForm(Form):
    """Enters what the chosen warehouse needs of a ballot class; a class that is new is entered with it."""

    def __init__(self, desk: Desk, site: Callable[[], Site | None]) -> None:
        super().__init__(_("Save need"), self._enter)
        self._desk, self._site = desk, site
        self.where = label("", "muted")
        self.election, self.district = QLineEdit(), QLineEdit()
        self.type, self.purpose, self.sheets = Choice(_("Type")), Choice(_("Purpose")), SheetsEdit(_("Sheets needed"))
        for ballot_type in BallotType:
            self.type.addItem(ballot_type.label, ballot_type.value)
        for purpose in Purpose:
            self.purpose.addItem(name_of(purpose), purpose.value)
        self.election.setPlaceholderText("Pemilu 2029")
        self.district.setPlaceholderText("DKI JAKARTA I")
        self.add_plain(self.where)
        self.add(_("Election"), self.election)
        self.add_side_by_side((_("Type"), self.type), (_("Purpose"), self.purpose))
        self.add(_("Electoral district; empty where the whole country is one"), self.district)
        self.add(_("Sheets needed, reserve included"), self.sheets)

    def _enter(self, key: str) -> str:
        site = self._site()
        if site is None:
            raise WrongInput(self.election, _("Choose the warehouse at the left first."))
        sheets = required_sheets(self.sheets)
        kind, purpose = BallotType(self.type.currentData()), Purpose(self.purpose.currentData())
        ballot = enter_need(
            self._desk.database,
            site.id,
            election=self.election.text(),
            type_=kind,
            district=self.district.text(),
            purpose=purpose,
            sheets=sheets,
            by=self._desk.person,
            now=self._desk.now,
            key=key,
        )
        for field in (self.district, self.sheets):
            field.clear()
        return _("{site} needs {sheets} sheets of {ballot}.").format(site=site.name, sheets=whole(sheets), ballot=ballot.name)
