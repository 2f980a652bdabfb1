"""Reprints: what may still be asked for, and what is still to come?"""

from PySide6.QtWidgets import QVBoxLayout

from storage.places import Site
from storage.stock.reprints import Claims, Reprint, list_reprints, open_claims, receive_reprint, request_reprint
from ui.forms.ballots import ClassBox, class_names, classes_of
from ui.forms.form import Form, WrongInput, required_sheets
from ui.forms.recent import Recent
from ui.forms.sheets import SheetsEdit
from ui.frame.desk import Desk
from ui.look.card import label
from ui.look.table import Column
from ui.look.theme import GRID
from ui.pages.books_page import BooksPage
from ui.words.speech import _, whole
from ui.words.times import day_time


class ReprintsPage(BooksPage):
    """Two forms, ask and receive, and the requests so far."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Reprints"))
        self._names: dict[int, str] = {}
        self.ballot = ClassBox()
        self.ceiling = label("", "muted")
        self.ceiling.setWordWrap(True)
        self.for_damaged = SheetsEdit(_("For damaged sheets"))
        self.for_short = SheetsEdit(_("For short sheets"))
        self.ask = Form(_("Ask for reprint"), self._ask)
        self.ask.add(_("Ballot class"), self.ballot)
        self.ask.add_plain(self.ceiling)
        self.ask.add_side_by_side((_("For damaged sheets"), self.for_damaged), (_("For short sheets"), self.for_short))
        self.chosen = label("", "muted")
        self.chosen.setWordWrap(True)
        self.sheets = SheetsEdit(_("Sheets received"))
        self.receive = Form(_("Receive reprint"), self._receive)
        self.receive.add_plain(self.chosen)
        self.receive.add_side_by_side((_("Sheets received"), self.sheets), (_("When it happened"), self.when))
        self.recent: Recent[Reprint] = Recent(
            desk,
            "reprints",
            _("Requests"),
            columns=self._columns(),
            empty=_("No reprint has been asked for in this warehouse."),
            reversal=self._reversal,
        )
        self._fill_columns()
        self.ballot.currentIndexChanged.connect(self._show_ceiling)
        self.recent.table.chosen.connect(self._show_chosen)

    def show_site(self, site: Site) -> None:
        self._names = class_names(self.desk.database)
        self.ballot.fill(classes_of(self.desk.database, site.id))
        self._show_ceiling()
        self.recent.show_rows(list_reprints(self.desk.database, site.id))
        self._show_chosen()

    def _fill_columns(self) -> None:
        forms = QVBoxLayout()
        forms.setSpacing(GRID)
        forms.addWidget(self.add_form(_("Ask for a reprint"), 46 * GRID, self.ask))
        forms.addWidget(self.add_form(_("Receive a reprint"), 46 * GRID, self.receive))
        forms.addStretch(1)
        self.columns.addLayout(forms)
        self.columns.addWidget(self.recent, 1)

    def _claims(self) -> Claims:
        class_id = self.ballot.class_id
        if self.desk.site is None or class_id is None:
            return Claims(0, 0)
        return open_claims(self.desk.database, self.desk.site.id, class_id)

    def _show_ceiling(self) -> None:
        claims = self._claims()
        self.ceiling.setText(
            _("May still be asked for: {damaged} sheets for damaged and {short} for short ones.").format(
                damaged=whole(claims.damaged), short=whole(claims.short)
            )
        )

    def _show_chosen(self) -> None:
        row = self.recent.table.chosen_row
        self.receive.button.setEnabled(row is not None and row.open > 0)
        if row is None:
            self.chosen.setText(_("Choose the request in the list."))
        else:
            said = _("Request no. {number}, {ballot}: {open} sheets are still to come.")
            self.chosen.setText(said.format(number=whole(row.id), ballot=self._names[row.class_id], open=whole(row.open)))

    def _ask(self, key: str) -> str:
        desk, class_id = self.desk, self.ballot.class_id
        if desk.site is None or class_id is None:
            raise WrongInput(self.ballot, _("Choose a ballot class."))
        damaged, short = required_sheets(self.for_damaged), required_sheets(self.for_short)
        place = desk.database, desk.site.id, class_id
        request_reprint(*place, for_damaged=damaged, for_short=short, by=desk.person, now=desk.now, key=key)
        self.for_damaged.enter(None)
        self.for_short.enter(None)
        return _("{ballot}: a reprint of {sheets} sheets is asked for.").format(ballot=self._names[class_id], sheets=whole(damaged + short))

    def _receive(self, key: str) -> str:
        desk, row = self.desk, self.recent.table.chosen_row
        if row is None:
            raise WrongInput(self.recent.table, _("Choose the request in the list."))
        sheets = required_sheets(self.sheets)
        happened_at = self.when.instant(desk.now)
        late = self.ask_if_late(happened_at)
        receive_reprint(
            *(desk.database, row.id, sheets),
            by=desk.person,
            now=desk.now,
            happened_at=happened_at,
            key=key,
            second=late.second,
            reason=late.reason,
        )
        self.sheets.enter(None)
        return _("{ballot}: {sheets} reprinted sheets are unsorted stock now.").format(
            ballot=self._names[row.class_id], sheets=whole(sheets)
        )

    def _reversal(self, row: Reprint) -> tuple[int, str] | None:
        if row.received:
            return None
        return row.id, _("A reversal is written: the request for {sheets} sheets of {ballot} no longer counts.").format(
            sheets=whole(row.open), ballot=self._names[row.class_id]
        )

    def _columns(self) -> list[Column[Reprint]]:
        zone = self.desk.zone
        return [
            Column(_("Ballot class"), lambda row: self._names[row.class_id]),
            Column(_("Asked"), lambda row: day_time(row.requested_at, zone)),
            Column(_("For damaged"), lambda row: whole(row.for_damaged), number=True),
            Column(_("For short"), lambda row: whole(row.for_short), number=True),
            Column(_("Received"), lambda row: whole(row.received), number=True),
            Column(_("To come"), lambda row: whole(row.open), number=True),
            Column(_("No."), lambda row: whole(row.id), number=True),
        ]
