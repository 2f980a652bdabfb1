"""Sites and cameras: which rooms are watched by which cameras, and when are they open?"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QTabWidget, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from storage.places import Camera, Room, Site, list_cameras, list_rooms, list_sites
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.watch.retention import Outlook, outlooks
from storage.watch.switching import MOST_REASON, SwitchedOff, switch_off, switch_on, switched_off
from ui.forms.camera_forms import CameraForm, LoginForm, SubStreamForm
from ui.forms.dialog import ask_reason
from ui.forms.form import Form
from ui.forms.place_forms import HoursForm, NeedForm, RoomForm, SiteForm
from ui.forms.retention_form import RetentionForm
from ui.forms.two_persons import ask_second
from ui.frame.desk import Desk
from ui.look.card import Card, OrEmpty, button
from ui.look.theme import GRID
from ui.pages.backup_card import BackupCard
from ui.pages.camera_finder import CameraFinder, Proposal
from ui.pages.page import Page
from ui.pages.view_editor import ViewEditor
from ui.watch.kept import free_bytes, said_kept
from ui.watch.watched import said_how, said_off, watched_states
from ui.words.sentences import sentence
from ui.words.speech import _, _n
from ui.words.times import zone_name

_PLACE = Qt.ItemDataRole.UserRole
_CAMERA_TAB = 3


class PlacesPage(Page):
    """The tree of warehouses, rooms and cameras; forms that add to what is chosen in it. For a supervisor also what a camera watches."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Sites and cameras"))
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setIndentation(2 * GRID)
        self.tree.setAccessibleName(_("Warehouses, rooms and cameras"))
        self.sites = SiteForm(desk)
        self.rooms = RoomForm(desk, lambda: self._site)
        self.hours = HoursForm(desk)
        self.retention = RetentionForm(desk)
        self._outlooks: dict[int, Outlook] = {}
        self.cameras = CameraForm(desk, lambda: self._room)
        self.sub_streams, self.logins = SubStreamForm(desk), LoginForm(desk)
        self.watch = button(_("What is watched"), self.open_editor)
        self.switch = button(_("Switch camera off"), self.switch_camera)
        self.editor: ViewEditor | None = None
        self.search = button(_("Find cameras"), self.open_finder)
        self.finder: CameraFinder | None = None
        self.needs = NeedForm(desk, lambda: self._site)
        self.backups = BackupCard(desk)
        self._site: Site | None = None
        self._room: Room | None = None
        self._camera: Camera | None = None
        self._off: dict[int, SwitchedOff] = {}
        self._fill_body()
        self.tree.currentItemChanged.connect(self._follow_tree)
        self.tree.itemActivated.connect(self._open_item)

    def refresh(self) -> None:
        cameras = list_cameras(self.desk.database)
        states = watched_states(self.desk.database, self.desk.now)
        self._off = switched_off(self.desk.database)
        free = free_bytes(self.desk.services.recordings)
        self._outlooks = {outlook.room_id: outlook for outlook in outlooks(self.desk.database, self.desk.now, free)}
        kept = self.desk.kept.get("places", f"{self.desk.site.id}/" if self.desk.site else "")
        self.tree.blockSignals(True)
        self.tree.clear()
        sites = list_sites(self.desk.database)
        chosen = None
        for site in sites:
            top = _item(self.tree, f"{site.name}   ·   {site.code}   ·   {zone_name(site.zone)}", (site, None, None))
            chosen = top if kept == f"{site.id}/" or chosen is None else chosen
            for room in list_rooms(self.desk.database, site.id):
                of_room = [camera for camera in cameras if camera.room_id == room.id]
                parts = room.name, _n("{n} camera", "{n} cameras", len(of_room)), self._said_footage(room)
                item = _item(top, "   ·   ".join(filter(None, parts)), (site, room, None))
                chosen = item if kept == f"{site.id}/{room.id}" else chosen
                for camera in of_room:
                    state = states.get(camera.id)
                    off = self._off.get(camera.id)
                    how = said_off(off) if off else said_how(state) if state else ""
                    one = _item(item, "   ·   ".join(filter(None, (camera.name, camera.address, how))), (site, room, camera))
                    chosen = one if kept == f"{site.id}/{room.id}/{camera.id}" else chosen
        self.tree.expandAll()
        if chosen is not None:
            self.tree.setCurrentItem(chosen)
        self.tree.blockSignals(False)
        self._content.show_content(bool(sites))
        self.backups.refresh()
        self._follow_tree()

    def poll(self) -> None:
        self.backups.poll()
        if self.editor is not None:
            self.editor.poll()
        if self.finder is not None:
            self.finder.poll()

    def leave(self) -> None:
        super().leave()
        self.close_editor()
        self.close_finder()

    def open_editor(self) -> None:
        """Shows in place of the tree what the chosen camera watches."""
        if self._camera is not None and self.editor is None:
            try:
                self.editor = ViewEditor(self.desk, self._camera)
            except Refusal as refusal:
                self.desk.troubled.emit(sentence(refusal))
                return
            self.editor.closed.connect(self.close_editor)
            self._layers.addWidget(self.editor)
            self._layers.setCurrentWidget(self.editor)
            self.editor.canvas.setFocus()

    def switch_camera(self) -> None:
        """Switches the chosen camera off, for a reason that is asked, or on again."""
        if self._camera is None:
            return
        camera, database, now = self._camera, self.desk.database, self.desk.now
        try:
            if camera.id in self._off:
                switch_on(database, camera.id, by=self.desk.person, now=now)
            else:
                said = _("{camera} in {room} is not recorded until it is switched on again. Its gap bears your name and the reason.")
                reason = ask_reason(self, said.format(camera=camera.name, room=camera.room), _("Switch camera off"), most=MOST_REASON)
                site_id = self._site.id if self._site else None
                announced = said.format(camera=camera.name, room=camera.room)
                second = ask_second(self, self.desk, announced, Act.SWITCH_OFF, site_id) if reason else None
                if reason and second is not None:
                    switch_off(database, camera.id, reason, by=self.desk.person, now=now, second=second)
        except Refusal as refusal:
            self.desk.troubled.emit(sentence(refusal))
        self.refresh()

    def close_editor(self) -> None:
        """Back to the tree."""
        if self.editor is not None:
            self.editor.stop()
            self._layers.removeWidget(self.editor)
            self.editor.deleteLater()
            self.editor = None
            self.tree.setFocus()

    def open_finder(self) -> None:
        """Shows in place of the tree which cameras are in the network."""
        if self.finder is None:
            self.finder = CameraFinder(self.desk)
            self.finder.closed.connect(self.close_finder)
            self.finder.proposed.connect(self._propose)
            self._layers.addWidget(self.finder)
            self._layers.setCurrentWidget(self.finder)
            self.finder.address.setFocus()

    def close_finder(self) -> None:
        """Back to the tree."""
        if self.finder is not None:
            self.finder.stop()
            self._layers.removeWidget(self.finder)
            self.finder.deleteLater()
            self.finder = None
            self.tree.setFocus()

    def _propose(self, proposal: Proposal) -> None:
        self.close_finder()
        self.tabs.setCurrentIndex(_CAMERA_TAB)
        self.cameras.propose(proposal.address, proposal.sub_address, proposal.username, proposal.password)

    def _fill_body(self) -> None:
        places = Card(_("Warehouses, rooms and cameras"), tight=True)
        self._content = OrEmpty(self.tree, _("There is no warehouse yet. Enter the first one at the right."))
        places.body.addWidget(self._content)
        if not (self.desk.sets_up and self.desk.watches):
            self.watch.hide()
        if not self.desk.sets_up:
            self.search.hide()
        places.head.addWidget(self.search)
        if not self.desk.sets_up:
            self.switch.hide()
        places.head.addWidget(self.switch)
        places.head.addWidget(self.watch)
        left = QVBoxLayout()
        left.setSpacing(GRID)
        left.addWidget(places, 1)
        left.addWidget(self.backups)
        overview = QWidget()
        line = QHBoxLayout(overview)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID)
        line.addLayout(left, 1)
        forms = Card()
        forms.setFixedWidth(68 * GRID)
        if not self.desk.sets_up:
            forms.hide()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        titles = (_("Warehouse"), _("Room"), _("Hours"), _("Camera"), _("Ballots"))
        for title, form in zip(titles, (self.sites, self.rooms, self.hours, self.cameras, self.needs), strict=True):
            more: dict[Form, tuple[Form, ...]] = {self.cameras: (self.sub_streams, self.logins), self.hours: (self.retention,)}
            sheet = form, *more.get(form, ())
            self.tabs.addTab(_sheet(*sheet), title)
            for one in sheet:
                one.posted.connect(self._entered)
        self.tabs.setTabVisible(titles.index(_("Ballots")), self.desk.keeps_books)
        forms.body.addWidget(self.tabs)
        line.addWidget(forms)
        self._layers = QStackedWidget()
        self._layers.addWidget(overview)
        self.body.addWidget(self._layers, 1)

    def _open_item(self, item: QTreeWidgetItem) -> None:
        if item.data(0, _PLACE)[2] is not None and not self.watch.isHidden():
            self.open_editor()

    def _entered(self) -> None:
        self.desk.read_places()
        self.refresh()

    def _follow_tree(self) -> None:
        item = self.tree.currentItem()
        self._site, self._room, self._camera = item.data(0, _PLACE) if item else (None, None, None)
        if self._site:
            places = (self._site, *filter(None, (self._room, self._camera)))
            self.desk.kept["places"] = "/".join(str(place.id) for place in places) + ("" if self._room else "/")
        for act in (self.watch, self.switch):
            act.setEnabled(self._camera is not None)
        is_off = self._camera is not None and self._camera.id in self._off
        self.switch.setText(_("Switch camera on") if is_off else _("Switch camera off"))
        for form in (self.sub_streams, self.logins):
            form.setVisible(self._camera is not None)
            if self._camera:
                form.show_camera(self._camera)
        site = self._site.name if self._site else _("Choose the warehouse at the left first.")
        room = self._room.name if self._room else _("Choose the room at the left first.")
        self.needs.where.setText(_("For: {place}").format(place=site) if self._site else site)
        self.rooms.where.setText(_("In: {place}").format(place=site) if self._site else site)
        self.cameras.where.setText(_("In: {place}").format(place=f"{room}, {site}") if self._room else room)
        for of_room in (self.hours, self.retention):
            of_room.button.setEnabled(self._room is not None)
        if self._room:
            self.hours.show_room(self._room)
            self.retention.show_room(self._room, self._outlooks.get(self._room.id))
        else:
            self.hours.where.setText(room)
            self.retention.show_none(room)

    def _said_footage(self, room: Room) -> str:
        outlook = self._outlooks.get(room.id)
        return _("Footage: {kept}").format(kept=said_kept(outlook)) if outlook and outlook.kept_bytes else ""


def _item(above: QTreeWidget | QTreeWidgetItem, text: str, place: tuple[Site, Room | None, Camera | None]) -> QTreeWidgetItem:
    item = QTreeWidgetItem(above, [text])
    item.setData(0, _PLACE, place)
    item.setToolTip(0, text)
    return item


def _sheet(*forms: Form) -> QScrollArea:
    inside = QWidget()
    inside.setObjectName("scrolled")
    column = QVBoxLayout(inside)
    column.setContentsMargins(0, GRID, 0, 0)
    column.setSpacing(4 * GRID)
    for form in forms:
        column.addWidget(form)
    column.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(inside)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
