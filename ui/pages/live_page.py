"""Live: is anyone where nobody should be?"""

from datetime import datetime, timedelta

from camera.events import Box
from storage.places import Room, list_cameras, list_rooms
from storage.watch.events import event_boxes, events_between
from storage.watch.hours import HoursChange, hours_changes
from storage.watch.switching import switched_off
from ui.frame.desk import Desk
from ui.look.card import Card, OrEmpty, label
from ui.pages.page import Page
from ui.watch.covered import LastNights
from ui.watch.night import room_nights
from ui.watch.night_bars import NightBars
from ui.watch.tile import FRESH, face_of
from ui.watch.wall import Wall
from ui.watch.watched import watched_states
from ui.words.speech import _
from ui.words.times import day_time

_NIGHT_EVERY_S = 5
# So long a change of hours stands below the rooms: whoever comes in the morning sees what was done the afternoon before.
CHANGES = timedelta(hours=24)


class LivePage(Page):
    """The wall of live pictures of the chosen warehouse, and below it the last twelve hours of its rooms."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Live"))
        self._legend = label(_("below: blue line = armed, orange = after hours, hatched = blind"), "muted")
        self.head.addWidget(self._legend)
        self._titles: dict[int, str] = {}
        self._rooms: list[Room] = []
        self._ticks = 0
        self.wall = Wall(desk.tokens)
        self.bars = NightBars(desk.tokens)
        action = (_("Add a camera"), lambda: desk.page_wanted.emit("places")) if desk.sets_up else None
        self.content = OrEmpty(self.wall, _("This warehouse has no cameras yet. A supervisor enters them under Sites and cameras."), action)
        self.body.addWidget(self.content, 1)
        night = Card()
        night.body.addWidget(self.bars)
        self._last_nights = LastNights(desk.database)
        self.last_night = label("", "muted")
        self.last_night.setWordWrap(True)
        night.body.addWidget(self.last_night)
        self.hours_changed = label("", "warning")
        self.hours_changed.setWordWrap(True)
        night.body.addWidget(self.hours_changed)
        self.body.addWidget(night)
        self._night = night
        self.wall.opened.connect(self._open_alarm)
        self.wall.arranged.connect(self._ask_for_pictures)
        desk.site_changed.connect(self.follow)
        desk.places_changed.connect(self.follow)
        desk.alarms_changed.connect(self.follow)
        desk.event_seen.connect(self._show_boxes)

    def refresh(self) -> None:
        site = self.desk.site
        self._rooms = list_rooms(self.desk.database, site.id) if site else []
        rooms = {room.id: room.name for room in self._rooms}
        cameras = [camera for camera in list_cameras(self.desk.database) if camera.room_id in rooms]
        self._titles = {camera.id: f"{rooms[camera.room_id]}  ·  {camera.name}" for camera in cameras}
        self.wall.show_cameras(list(self._titles))
        self.content.show_content(bool(cameras))
        self._night.setVisible(bool(rooms))
        self._legend.setVisible(bool(rooms))
        self._ask_for_pictures()
        self._show_faces()
        self._show_nights(self.desk.now)
        self._show_last_night()

    def poll(self) -> None:
        live = self.desk.services.live
        for camera_id in self._titles:
            picture = live.newest(camera_id) if live else None
            if picture is not None:
                self.wall.show_picture(camera_id, picture)
        self.wall.fade(self.desk.now)

    def tick(self, now: datetime) -> None:
        self._ticks += 1
        self._show_faces()
        self._last_nights.work(self._rooms, now)
        self._show_last_night()
        if self._ticks % _NIGHT_EVERY_S == 0:
            self._show_nights(now)

    def leave(self) -> None:
        super().leave()
        if self.desk.services.live:
            self.desk.services.live.show({})

    def _ask_for_pictures(self) -> None:
        if self.desk.services.live and self.open:
            self.desk.services.live.show(self.wall.sizes())

    def _show_faces(self) -> None:
        now = self.desk.now
        states, off = watched_states(self.desk.database, now), switched_off(self.desk.database)
        alarms = {alarm.camera_id: alarm for alarm in reversed(self.desk.book.waiting)}
        faces = {
            camera_id: face_of(
                *(title, states.get(camera_id), alarms.get(camera_id), self.wall.picture_at(camera_id), now), off=off.get(camera_id)
            )
            for camera_id, title in self._titles.items()
        }
        self.wall.show_faces(faces)

    def _show_boxes(self, event_id: int) -> None:
        """Outlines where an event that goes on was seen last."""
        now = self.desk.now
        event = next((event for event in events_between(self.desk.database, now - FRESH, now + FRESH) if event.id == event_id), None)
        boxes = event_boxes(self.desk.database, event_id) if self.open and event else []
        if event is not None and event.camera_id is not None and boxes:
            newest = tuple(Box(box.x, box.y, box.width, box.height) for box in boxes if box.at == boxes[-1].at)
            self.wall.show_boxes(event.camera_id, newest, now)

    def _show_nights(self, now: datetime) -> None:
        desk = self.desk
        if desk.site:
            self.bars.show_nights(room_nights(desk.database, desk.site, now), now, desk.zone)
            changes = hours_changes(desk.database, desk.site.id, now - CHANGES, now)
            self.hours_changed.setVisible(bool(changes))
            self.hours_changed.setText("\n".join(self._said_change(change) for change in changes))

    def _said_change(self, change: HoursChange) -> str:
        who = ", ".join(filter(None, (change.person, change.second)))
        said = _("The hours of {room} were changed on {time} by {persons}; what came before is judged by the hours of its time.")
        return said.format(room=change.room, time=day_time(change.at, self.desk.zone), persons=who)

    def _show_last_night(self) -> None:
        said = self._last_nights.lines(self._rooms)
        self.last_night.setVisible(bool(said))
        self.last_night.setText(said)

    def _open_alarm(self, camera_id: int) -> None:
        alarm = next((alarm for alarm in self.desk.book.waiting if alarm.camera_id == camera_id), None)
        if alarm is not None:
            self.desk.kept["alarm"] = str(alarm.id)
            self.desk.page_wanted.emit("alarms")
