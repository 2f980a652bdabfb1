"""Counts: enter what you see. No figure of the books stands where one counts; the results are on a sheet of their own."""

from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QWidget

from storage.places import Site
from storage.rules.movement import COUNTED
from storage.rules.refusal import Refusal
from storage.stock.counts import TEAMS, Count, accept_count, begin_count, list_counts, record_sheet
from ui.forms.ballots import ClassBox, class_names, classes_of
from ui.forms.dialog import ask_reason
from ui.forms.form import Form, WrongInput, required_sheets
from ui.forms.recent import Recent
from ui.forms.sheets import SheetsEdit
from ui.frame.desk import Desk
from ui.look.card import button, label
from ui.look.theme import GRID
from ui.pages.books_page import BooksPage
from ui.pages.counts_table import count_columns, variance_words
from ui.words.names import name_of
from ui.words.sentences import sentence
from ui.words.speech import _
from ui.words.times import day_time


class CountsPage(BooksPage):
    """The blind form, one team after the other; on the second sheet what was counted, its variance, and its acceptance by somebody else."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Stock count"))
        self._names: dict[int, str] = {}
        self._counts: list[Count] = []
        self._open: Count | None = None
        self.ballot = ClassBox()
        self.turn = label("", "heading")
        self.told = label("", "muted")
        self.begin = Form(_("Begin to count"), self._begin)
        self.begin.add(_("Ballot class"), self.ballot)
        self.begin.add_plain(self.turn)
        self.begin.add_plain(self.told)
        self.start = self.begin.button
        self.fields = {state: SheetsEdit(name_of(state)) for state in COUNTED}
        self.form = Form(_("Save count"), self._post)
        for state, field in self.fields.items():
            self.form.add(name_of(state), field)
        self.recent: Recent[Count] = Recent(
            desk,
            "counts",
            _("Counts so far"),
            columns=count_columns(self._names, desk.zone),
            empty=_("Nothing has been counted in this warehouse yet."),
            reversal=self._reversal,
            struck=lambda row: row.reversed,
        )
        self.accept = button(_("Accept variance…"), self._accept)
        if not desk.keeps_books:
            self.accept.hide()
        self.recent.head.insertWidget(2, self.accept)
        self._fill_sheets()
        self.begin.posted.connect(self.fields[COUNTED[0]].setFocus)
        self.ballot.currentIndexChanged.connect(self._turn)
        self.recent.table.chosen.connect(self._offer)

    def show_site(self, site: Site) -> None:
        self._names.clear()
        self._names.update(class_names(self.desk.database))
        self._counts = list_counts(self.desk.database, site.id)
        kept = self.desk.kept.get("counts", "")
        self.ballot.fill(classes_of(self.desk.database, site.id), int(kept) if kept else None)
        self.recent.show_rows(self._counts)
        self._offer()

    def _fill_sheets(self) -> None:
        entry = QWidget()
        line = QHBoxLayout(entry)
        line.setContentsMargins(0, GRID, 0, 0)
        card = self.add_form(_("Enter what you counted"), 46 * GRID, self.begin, self.form)
        line.addWidget(card, 0, Qt.AlignmentFlag.AlignTop)
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

    def _turn(self) -> None:
        """Whose turn it is with the chosen class. What was typed belongs to one count and goes with it."""
        class_id, before = self.ballot.class_id, self._open
        if class_id is not None:
            self.desk.kept["counts"] = str(class_id)
        of_class = [count for count in self._counts if count.class_id == class_id]
        self._open = next((count for count in of_class if count.next_team is not None), None)
        if before is not None and (self._open is None or self._open.id != before.id):
            self._empty()
        if self._open is None:
            self._show_not_begun(of_class[0] if of_class else None)
        else:
            self._show_open(self._open)

    def _show_not_begun(self, last: Count | None) -> None:
        """last: the newest count of the class, which asks for no further figures."""
        self.turn.setText(_("Not being counted now"))
        told = _("Begin before the first sheet is counted: what is moved afterwards is then told from what is missing.")
        if last is not None and not (last.accepted or last.reversed):
            if last.counted is None:
                last_one = _("In the count of {time} all teams found different figures: begin anew.")
            else:
                last_one = _("The count of {time} is complete and waits under Results and variance.")
            told = last_one.format(time=day_time(last.began_at, self.desk.zone)) + " " + told
        self.told.setText(told)
        self._let(begin=True, enter=False)

    def _show_open(self, count: Count) -> None:
        team, person = count.next_team, self.desk.person
        since = _("Counted since {time}.").format(time=day_time(count.began_at, self.desk.zone))
        differ = " " + _("The teams before found different figures.") if team == TEAMS[-1] else ""
        counted_already = any(sheet.person_id == person.id for sheet in count.sheets)
        if counted_already:
            turn = _("Somebody else must enter the figures of team {team}")
            to_do = _("{person} has entered those of another team already.")
        else:
            turn = _("Team {team} enters now")
            to_do = _("Enter what lies in the store, 0 where there is nothing.")
        self.turn.setText(turn.format(team=team))
        self.told.setText(since + differ + " " + to_do.format(person=person.name))
        self._let(begin=False, enter=not counted_already)

    def _let(self, *, begin: bool, enter: bool) -> None:
        self.start.setEnabled(begin)
        self.start.setVisible(begin)
        for field in self.fields.values():
            field.setEnabled(enter)
        self.form.button.setEnabled(enter)

    def _empty(self) -> None:
        for field in self.fields.values():
            field.enter(None)

    def _begin(self, key: str) -> str:
        """The counting begins now: what moves from here on is no variance."""
        desk, class_id = self.desk, self.ballot.class_id
        if desk.site is None or class_id is None:
            raise WrongInput(self.ballot, _("Choose a ballot class."))
        begin_count(desk.database, desk.site.id, class_id, by=desk.person, now=desk.now, key=key)
        self.form.success.hide()
        return ""

    def _post(self, key: str) -> str:
        desk, count = self.desk, self._open
        if count is None or count.next_team is None:
            raise WrongInput(self.ballot, _("Begin to count first."))
        counted = {state: required_sheets(field) for state, field in self.fields.items()}
        try:
            record_sheet(desk.database, count.id, count.next_team, counted, by=desk.person, now=desk.now, key=key)
        except Refusal:
            self.refresh()  # at another window somebody may have entered the same team's figures, or withdrawn the count
            raise
        self._empty()
        # Without its figures: whoever enters those of the next team may look at this screen.
        return _("{ballot}: what team {team} counted is saved.").format(ballot=self._names[count.class_id], team=count.next_team)

    def _accept(self) -> None:
        row = self.recent.table.chosen_row
        if row is None or row.variance is None:
            return
        self.recent.error.hide()
        said = _("The variance of {ballot} is written into the books: {variance}.").format(
            ballot=self._names[row.class_id], variance=variance_words(row.variance)
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
        self.accept.setEnabled(row is not None and row.counted is not None and not row.accepted and not row.reversed)

    def _reversal(self, row: Count) -> tuple[int, str] | None:
        if row.accepted or row.reversed:
            return None
        return row.id, _("A reversal is written: the count of {ballot} no longer counts.").format(ballot=self._names[row.class_id])
