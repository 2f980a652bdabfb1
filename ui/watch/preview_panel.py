"""What a view would have flagged: a stretch of recorded footage to choose, and the events that the eyes find in it now."""

from datetime import datetime, timedelta

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from camera.events import Box
from camera.footage.playback import File
from camera.footage.preview import Seen, Still
from storage.places import Camera
from storage.rules.refusal import Refusal
from storage.watch.events import newest_events
from storage.watch.seen import note_seen
from storage.watch.segments import footage_between, recorded_until
from storage.watch.views import CameraView
from ui.forms.choice import Choice
from ui.frame.desk import Desk
from ui.look.card import OrEmpty, button, label
from ui.look.table import Column, Table
from ui.look.theme import GRID, ROW_HEIGHT
from ui.watch.areas import eyes_view
from ui.watch.footage import Clip
from ui.watch.rehearsal import Rehearsal, Trial
from ui.words.names import name_of
from ui.words.sentences import sentence
from ui.words.speech import _, _n
from ui.words.times import clock_time, day_time, span

# The film of a stretch is kept in memory: 0.6 MB a second.
STRETCH = timedelta(minutes=2)
_BEFORE_EVENT = timedelta(seconds=20)
_EVENTS = 8
# A slider that is dragged asks when it rests.
DEBOUNCE_MS = 400
# Reading a stretch takes longer than looking at it.
_READING_SHARE = 0.8
_TABLE_ROWS = 4


class PreviewPanel(QWidget):
    """shown: there is another picture to be shown; see `picture`. asked: how often the footage was looked at."""

    shown = Signal()

    def __init__(self, desk: Desk, camera: Camera) -> None:
        super().__init__()
        self._desk = desk
        self._camera = camera
        self._rehearsal: Rehearsal | None = None
        self._trial: Trial | None = None
        self._told: Trial | None = None
        self._asked: CameraView | None = None
        self.asked = 0
        self._still: Still | None = None
        self.stretch = Choice(_("Stretch of the recording"))
        self.bar, self.cancel = QProgressBar(), button(_("Cancel"), self._cancel)
        self.said = label("", "muted")
        self.table = Table("preview", _("What would have been flagged"), self._columns(), desk.services.settings)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(DEBOUNCE_MS)
        self._wait.timeout.connect(self._start)
        self._lay_out()
        self._fill_stretches()
        self.stretch.currentIndexChanged.connect(self._wait.start)
        self.table.chosen.connect(self.shown)

    def ask(self, view: CameraView) -> None:
        """Asks what this view would have flagged, as soon as it has rested for a moment."""
        if view != self._asked and self.stretch.count():
            self._asked = view
            self._wait.start()

    def poll(self) -> None:
        """Takes what has been found since."""
        trial = self._trial
        if trial is None or trial is self._told:
            return
        read = trial.read_share
        self.bar.setValue(round(100 * (_READING_SHARE * read + (1 - _READING_SHARE) * trial.looked_share)))
        if trial.seen is not None:
            self._told = trial
            self._show(trial.seen)
        elif read < 1:
            self._say(_("Reading the recording: {share} %").format(share=int(100 * read)))
        else:
            self._say(_("Looking at it: {share} %").format(share=int(100 * trial.looked_share)))
        newest = trial.film.stills[-1] if trial.film.stills else None
        if newest is not self._still:
            self._still = newest
            self.shown.emit()

    def stop(self) -> None:
        """Ends what runs for it."""
        self._wait.stop()
        if self._rehearsal is not None:
            self._rehearsal.stop()
            self._rehearsal = None

    @property
    def waits(self) -> bool:
        """Whether an answer is still to come."""
        return self._wait.isActive() or (self._trial is not None and self._trial is not self._told)

    @property
    def chosen(self) -> Seen | None:
        """The chosen event."""
        return self.table.chosen_row

    @property
    def picture(self) -> tuple[Still | None, tuple[Box, ...]]:
        """Of the chosen event the picture in which most of it is seen, and where; without one the newest picture that has been read."""
        seen, trial = self.chosen, self._told
        if seen is None or trial is None:
            return self._still, ()
        at, boxes = max(seen.boxes, key=_extent, default=(seen.begun_at, ()))
        return trial.film.still_at(at), boxes

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(label(_("Would have been flagged:"), "heading"))
        head.addWidget(self.stretch)
        self.said.setWordWrap(True)
        head.addWidget(self.said, 1)
        self.bar.setFixedWidth(16 * GRID)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Progress"))
        head.addWidget(self.bar)
        head.addWidget(self.cancel)
        column.addLayout(head)
        self.content = OrEmpty(self.table, "")
        self.content.setFixedHeight((_TABLE_ROWS + 1) * ROW_HEIGHT + 2)
        column.addWidget(self.content)
        self.content.show_content(False)
        self._show_progress(False)

    def _fill_stretches(self) -> None:
        """The newest minutes, and those around the last events, where something is to be seen."""
        until_at = recorded_until(self._desk.database, self._camera.id)
        if until_at is None:
            self.stretch.hide()
            self.content.say(
                _("Nothing is recorded of this camera yet. As soon as there is, this shows what it would have flagged."), with_action=False
            )
            return
        self.stretch.addItem(_("the last two minutes recorded"), (until_at - STRETCH, until_at))
        for event in newest_events(self._desk.database, self._camera.id, _EVENTS):
            from_at = event.started_at - _BEFORE_EVENT
            title = f"{name_of(event.kind)}, {day_time(event.started_at, self._desk.zone)}"
            self.stretch.addItem(title, (from_at, from_at + STRETCH))

    def _start(self) -> None:
        if self._asked is None:
            return
        from_at, until_at = self.stretch.currentData()
        try:
            footage = footage_between(self._desk.database, self._camera.id, from_at, until_at)
            if footage:
                note_seen(self._desk.database, self._camera.id, from_at, until_at, by=self._desk.person, now=self._desk.now)
        except Refusal as refusal:
            self._say(sentence(refusal))
            return
        files = tuple(File(self._desk.services.recordings / part.path, part.started_at) for part in footage)
        if self._rehearsal is None:
            self._rehearsal = Rehearsal()
        self.asked += 1
        self._trial = self._rehearsal.ask(Clip(files, from_at, until_at), eyes_view(self._asked))
        self._show_progress(True)

    def _cancel(self) -> None:
        self._wait.stop()
        if self._rehearsal is not None:
            self._rehearsal.cancel()
        self._trial = None
        self._show_progress(False)
        self._say(_("Cancelled; another change or stretch asks again."))
        self.stretch.setFocus()

    def _show(self, seen: list[Seen]) -> None:
        self._show_progress(False)
        self.table.show_rows(seen)
        self.content.show_content(bool(seen))
        if not seen:
            film = self._told.film if self._told else None
            nothing = (
                _("Nothing would have been flagged here.") if film and film.looks else _("There is no picture of this stretch on the disk.")
            )
            self.content.say(nothing, with_action=False)
        length = sum((one.ended_at - one.begun_at for one in seen), timedelta())
        self._say(_n("{n} event", "{n} events", len(seen)) + (f", {span(length)}" if seen else ""))
        self.shown.emit()

    def _show_progress(self, runs: bool) -> None:
        self.bar.setVisible(runs)
        self.cancel.setVisible(runs)

    def _say(self, said: str) -> None:
        if said != self.said.text():
            self.said.setText(said)
            self.said.setAccessibleName(said)

    def _columns(self) -> list[Column[Seen]]:
        zone = self._desk.zone
        return [
            Column(_("Time"), lambda seen: clock_time(seen.begun_at, zone)),
            Column(_("Length"), lambda seen: span(_shown_length(seen.ended_at - seen.begun_at)), number=True),
            Column(_("Moved at most"), lambda seen: f"{max(1, round(seen.peak_pct))} %" if seen.peak_pct else "", number=True),
            Column(_("What"), lambda seen: name_of(seen.kind)),
        ]


def _shown_length(length: timedelta) -> timedelta:
    """An event that was seen in one moment lasted a second for people."""
    return max(length, timedelta(seconds=1))


def _extent(boxes: tuple[datetime, tuple[Box, ...]]) -> float:
    """How much of the picture boxes take."""
    return sum(box.width * box.height for box in boxes[1])
