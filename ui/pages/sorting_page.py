"""Sorting: how much is still unsorted, and what did sorting find?"""

from PySide6.QtCore import Qt

from storage.ledger.position import stock_lines
from storage.places import Site
from storage.stock.sorting import Sorting, list_sortings, sort_ballots
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


class SortingPage(BooksPage):
    """The form of one sorting, and the sortings so far."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Sort and fold"))
        self._names: dict[int, str] = {}
        self._unsorted: dict[int, int] = {}
        self.ballot = ClassBox()
        self.good = SheetsEdit(_("Good sheets"))
        self.damaged = SheetsEdit(_("Damaged sheets"))
        self.left = label("", "muted")
        self.left.setWordWrap(True)
        self.form = Form(_("Book sorting"), self._post)
        self.form.add(_("Ballot class"), self.ballot)
        self.form.add_plain(self.left)
        self.form.add_side_by_side((_("Good sheets"), self.good), (_("Damaged sheets"), self.damaged))
        self.form.add(_("When it happened"), self.when)
        self.recent: Recent[Sorting] = Recent(
            desk,
            "sortings",
            _("Sortings so far"),
            columns=self._columns(),
            empty=_("Nothing has been sorted in this warehouse yet."),
            reversal=self._reversal,
            struck=lambda row: row.reversed,
        )
        self.columns.addWidget(self.add_form(_("Enter what sorting found"), 46 * GRID, self.form), 0, Qt.AlignmentFlag.AlignTop)
        self.columns.addWidget(self.recent, 1)
        self.ballot.currentIndexChanged.connect(self._show_left)
        for field in (self.good, self.damaged):
            field.textChanged.connect(self._show_left)

    def show_site(self, site: Site) -> None:
        self._names = class_names(self.desk.database)
        self._unsorted = {line.class_id: line.unsorted for line in stock_lines(self.desk.database, site.id)}
        self.ballot.fill(classes_of(self.desk.database, site.id))
        self._show_left()
        self.recent.show_rows(list_sortings(self.desk.database, site.id))

    def _show_left(self) -> None:
        class_id = self.ballot.class_id
        here = self._unsorted.get(class_id, 0) if class_id is not None else 0
        entered = (self.good.sheets or 0) + (self.damaged.sheets or 0)
        self.left.setText(
            _("{here} sheets are unsorted; {left} are left after this entry.").format(here=whole(here), left=whole(max(0, here - entered)))
        )

    def _post(self, key: str) -> str:
        desk, class_id = self.desk, self.ballot.class_id
        if desk.site is None or class_id is None:
            raise WrongInput(self.ballot, _("Choose a ballot class."))
        good, damaged = required_sheets(self.good), required_sheets(self.damaged)
        happened_at = self.when.instant(desk.now)
        late = self.ask_if_late(happened_at)
        sort_ballots(
            *(desk.database, desk.site.id, class_id),
            good=good,
            damaged=damaged,
            by=desk.person,
            now=desk.now,
            happened_at=happened_at,
            key=key,
            second=late.second,
            reason=late.reason,
        )
        self.good.enter(None)
        self.damaged.enter(None)
        return _("{ballot}: {good} good and {damaged} damaged sheets booked.").format(
            ballot=self._names[class_id], good=whole(good), damaged=whole(damaged)
        )

    def _reversal(self, row: Sorting) -> tuple[int, str] | None:
        if row.reversed:
            return None
        return row.event_id, _("A reversal is written: {good} good and {damaged} damaged sheets of {ballot} become unsorted again.").format(
            good=whole(row.good), damaged=whole(row.damaged), ballot=self._names[row.class_id]
        )

    def _columns(self) -> list[Column[Sorting]]:
        zone = self.desk.zone
        return [
            Column(_("Ballot class"), lambda row: self._names[row.class_id]),
            Column(_("Happened"), lambda row: day_time(row.happened_at, zone)),
            Column(_("Good"), lambda row: whole(row.good), number=True),
            Column(_("Damaged"), lambda row: whole(row.damaged), number=True),
            Column(_("State"), lambda row: _("reversed") if row.reversed else _("booked")),
            Column(_("By"), lambda row: row.person),
            Column(_("Team"), lambda row: row.team),
        ]
