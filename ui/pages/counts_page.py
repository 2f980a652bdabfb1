"""Counts: enter what you see. No figure of the books stands where one counts; the results are on a sheet of their own."""

from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QWidget

from storage.places import Site
from storage.rules.posting import PHYSICAL, State
from storage.rules.refusal import Refusal
from storage.stock.counts import Beginning, Count, accept_count, begin_count, list_counts, record_count
from ui.forms.ballots import ClassBox, class_names, classes_of
from ui.forms.dialog import ask_reason
from ui.forms.form import Form, WrongInput, required_sheets
from ui.forms.recent import Recent
from ui.forms.sheets import SheetsEdit
from ui.frame.desk import Desk
from ui.look.card import button, label
from ui.look.table import Column
from ui.look.theme import GRID
from ui.pages.books_page import BooksPage
from ui.words.names import name_of
from ui.words.sentences import sentence
from ui.words.speech import _, signed, whole
from ui.words.times import day_time, short_time


class CountsPage(BooksPage):
    """The blind form; on the second sheet what was counted, its variance, and its acceptance by somebody else."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Stock count"))
        self._names: dict[int, str] = {}
        self.ballot = ClassBox()
        self.fields = {state: SheetsEdit(name_of(state)) for state in PHYSICAL}
        self._beginning: Beginning | None = None
        self._begun_class: int | None = None
        self.start = button(_("Begin to count"), self._start)
        self.told = label("", "muted")
        self.told.setWordWrap(True)
        self.form = Form(_("Save count"), self._post)
        self.form.add(_("Ballot class"), self.ballot)
        self.form.add_plain(self.start)
        self.form.add_plain(self.told)
        for state, field in self.fields.items():
            self.form.add(name_of(state), field)
        self.recent: Recent[Count] = Recent(
            desk,
            "counts",
            _("Counts so far"),
            columns=self._columns(),
            empty=_("Nothing has been counted in this warehouse yet."),
            reversal=self._reversal,
            struck=lambda row: row.reversed,
        )
        self.accept = button(_("Accept variance…"), self._accept)
        self.accept.setVisible(desk.keeps_books)
        self.recent.head.insertWidget(2, self.accept)
        self._fill_sheets()
        self.ballot.currentIndexChanged.connect(self._turn)
        self._wait()
        self.recent.table.chosen.connect(self._offer)

    def show_site(self, site: Site) -> None:
        self._names = class_names(self.desk.database)
        self.ballot.fill(classes_of(self.desk.database, site.id))
        self.recent.show_rows(list_counts(self.desk.database, site.id))
        self._offer()

    def _fill_sheets(self) -> None:
        entry = QWidget()
        line = QHBoxLayout(entry)
        line.setContentsMargins(0, GRID, 0, 0)
        line.addWidget(self.add_form(_("Enter what you counted"), self.form, 46 * GRID), 0, Qt.AlignmentFlag.AlignTop)
        line.addStretch(1)
        results = QWidget()
        column = QHBoxLayout(results)
        column.setContentsMargins(0, GRID, 0, 0)
        column.addWidget(self.recent)
        self.sheets = QTabWidget()
        self.sheets.setDocumentMode(True)
        self.sheets.tabBar().setDrawBase(False)
        self.sheets.addTab(entry, _("Count"))
        self.sheets.setTabVisible(0, self.desk.keeps_books)
        self.sheets.addTab(results, _("Results and variance"))
        self.columns.addWidget(self.sheets)

    def _start(self) -> None:
        """The counting begins now: what moves from here on is no variance."""
        desk = self.desk
        self._beginning, self._begun_class = begin_count(desk.database, now=desk.now), self.ballot.class_id
        since = short_time(self._beginning.at, desk.zone)
        self.told.setText(_("Counting since {time}. Enter what lies in the room, 0 where there is nothing.").format(time=since))
        self._show_begun()
        self.fields[State.UNSORTED].setFocus()

    def _turn(self) -> None:
        """Another class is another count; the same list filled anew is not."""
        if self.ballot.class_id != self._begun_class:
            self._wait()

    def _wait(self) -> None:
        """Nothing can be entered before the counting has begun."""
        self._beginning = self._begun_class = None
        self.told.setText(_("Press this before the first sheet is counted: what is moved afterwards is then told from what is missing."))
        self._show_begun()

    def _show_begun(self) -> None:
        begun = self._beginning is not None
        self.start.setEnabled(not begun)
        self.form.button.setEnabled(begun)
        for field in self.fields.values():
            field.setEnabled(begun)

    def _post(self, key: str) -> str:
        desk, class_id = self.desk, self.ballot.class_id
        if desk.site is None or class_id is None:
            raise WrongInput(self.ballot, _("Choose a ballot class."))
        if self._beginning is None:
            raise WrongInput(self.start, _("Begin to count first."))
        counted = {state: required_sheets(field) for state, field in self.fields.items()}
        record_count(
            desk.database,
            desk.site.id,
            class_id,
            beginning=self._beginning,
            unsorted=counted[State.UNSORTED],
            good=counted[State.GOOD],
            damaged=counted[State.DAMAGED],
            by=desk.person,
            now=desk.now,
            key=key,
        )
        for field in self.fields.values():
            field.enter(None)
        self._wait()
        return _("{ballot}: {sheets} sheets counted and saved.").format(ballot=self._names[class_id], sheets=whole(sum(counted.values())))

    def _accept(self) -> None:
        row = self.recent.table.chosen_row
        if row is None:
            return
        self.recent.error.hide()
        variance = ", ".join(f"{name_of(state)} {signed(sheets) or '0'}" for state, sheets in row.variance.items())
        said = _("The variance of {ballot} is written into the books: {variance}.").format(
            ballot=self._names[row.class_id], variance=variance
        )
        reason = ask_reason(self, said, _("Accept"))
        if reason is None:
            return
        try:
            accept_count(self.desk.database, row.id, reason, by=self.desk.person, now=self.desk.now, key=uuid4().hex)
        except Refusal as error:
            self.recent.error.setText(sentence(error))
            self.recent.error.show()
        else:
            self.desk.stock_changed.emit()

    def _offer(self) -> None:
        row = self.recent.table.chosen_row
        self.accept.setEnabled(row is not None and not row.accepted and not row.reversed)

    def _reversal(self, row: Count) -> tuple[int, str] | None:
        if row.accepted or row.reversed:
            return None
        return row.id, _("A reversal is written: the count of {ballot} no longer counts.").format(ballot=self._names[row.class_id])

    def _columns(self) -> list[Column[Count]]:
        zone = self.desk.zone
        counted = [_counted(state) for state in PHYSICAL]
        variance = [_variance(state) for state in PHYSICAL]
        return [
            Column(_("Ballot class"), lambda row: self._names[row.class_id]),
            Column(_("Counted"), lambda row: day_time(row.counted_at, zone)),
            *counted,
            *variance,
            Column(_("State"), _state),
            Column(_("By"), lambda row: row.person),
        ]


def _counted(state: State) -> Column[Count]:
    return Column(name_of(state), lambda row: whole(row.counted.get(state, 0)), number=True)


def _variance(state: State) -> Column[Count]:
    return Column(f"± {name_of(state)}", lambda row: signed(row.variance.get(state, 0)) or "0", number=True)


def _state(row: Count) -> str:
    if row.reversed:
        return _("reversed")
    if row.accepted:
        return _("accepted")
    return _("to be accepted") if any(row.variance.values()) else _("agrees")
