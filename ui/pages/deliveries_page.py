"""Deliveries: what came, and was it what the note declares?"""

from PySide6.QtWidgets import QLineEdit

from storage.places import Site
from storage.stock.deliveries import Delivery, list_deliveries, receive_delivery
from ui.forms.ballots import class_names, classes_of
from ui.forms.delivery_lines import DeliveryLines
from ui.forms.form import Form, WrongInput
from ui.forms.recent import Recent
from ui.frame.desk import Desk
from ui.look.table import Column
from ui.look.theme import GRID
from ui.pages.books_page import BooksPage
from ui.words.speech import _, whole
from ui.words.times import day_time

_LEAST_WIDTH = 76 * GRID


class DeliveriesPage(BooksPage):
    """The form of a delivery note, and the deliveries so far."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Deliveries"))
        self._names: dict[int, str] = {}
        self.note = QLineEdit()
        self.note.setAccessibleName(_("Delivery note number"))
        self.note.setMaxLength(60)
        self.lines = DeliveryLines()
        self.form = Form(_("Receive delivery"), self._post)
        self.form.add_side_by_side((_("Delivery note number"), self.note), (_("When it happened"), self.when))
        self.form.add_plain(self.lines, 1)
        card = self._card = self.add_form(_("Receive a delivery"), _LEAST_WIDTH, self.form)
        card.body.setStretch(0, 1)
        card.body.setStretch(1, 0)
        self.recent: Recent[Delivery] = Recent(
            desk,
            "deliveries",
            _("Deliveries so far"),
            columns=self._columns(),
            empty=_("No delivery has been received in this warehouse yet."),
            reversal=self._reversal,
            struck=lambda row: row.reversed,
        )
        self.columns.addWidget(card)
        self.columns.addWidget(self.recent, 1)

    def show_site(self, site: Site) -> None:
        self._names = class_names(self.desk.database)
        self.lines.offer(classes_of(self.desk.database, site.id))
        self._card.setFixedWidth(max(_LEAST_WIDTH, self.lines.least_width + 4 * GRID + 2))
        self.recent.show_rows(list_deliveries(self.desk.database, site.id))

    def _post(self, key: str) -> str:
        desk = self.desk
        if desk.site is None or not self.note.text().strip():
            raise WrongInput(self.note, _("Enter the number of the delivery note."))
        lines, note = self.lines.lines(), self.note.text().strip()
        happened_at = self.when.instant(desk.now)
        late = self.ask_if_late(happened_at)
        receive_delivery(
            *(desk.database, desk.site.id, note, lines),
            by=desk.person,
            now=desk.now,
            happened_at=happened_at,
            key=key,
            second=late.second,
            reason=late.reason,
        )
        self.note.clear()
        self.lines.empty()
        return _("Delivery note {note}: {received} sheets received, {short} short, {over} over.").format(
            note=note,
            received=whole(sum(line.received for line in lines)),
            short=whole(sum(line.short for line in lines)),
            over=whole(sum(line.over for line in lines)),
        )

    def _reversal(self, row: Delivery) -> tuple[int, str] | None:
        if row.reversed:
            return None
        return row.event_id, _("A reversal of delivery note {note} is written: its {sheets} sheets leave the unsorted stock.").format(
            note=row.note_number, sheets=whole(sum(line.received for line in row.lines))
        )

    def _columns(self) -> list[Column[Delivery]]:
        zone = self.desk.zone
        return [
            Column(_("Delivery note"), lambda row: row.note_number),
            Column(_("Declared"), lambda row: whole(sum(line.declared for line in row.lines)), number=True),
            Column(_("Received"), lambda row: whole(sum(line.received for line in row.lines)), number=True),
            Column(_("Short"), lambda row: whole(sum(line.short for line in row.lines)), number=True),
            Column(_("Over"), lambda row: whole(sum(line.over for line in row.lines)), number=True),
            Column(_("Happened"), lambda row: day_time(row.happened_at, zone)),
            Column(_("State"), lambda row: _("reversed") if row.reversed else _("booked")),
            Column(_("By"), lambda row: row.person),
            Column(_("Classes"), lambda row: ", ".join(self._names.get(line.class_id, "") for line in row.lines)),
        ]
