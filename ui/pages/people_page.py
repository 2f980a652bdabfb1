"""Persons: who works here, as what, and who can sign in?"""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from storage.people.person import RANK, Grant, Person, list_people
from storage.people.sign_in import Standing, standings
from storage.places import list_sites
from storage.rules.refusal import Refusal
from storage.rules.rights import RIGHTS, Act
from ui.forms.person_forms import EndRoleForm, GiveSecretForm, GrantForm, NewPersonForm, OwnSecretForm
from ui.frame.desk import Desk
from ui.look.card import Card, OrEmpty, label
from ui.look.table import Column, Table
from ui.look.theme import GRID
from ui.pages.page import Page
from ui.words.names import name_of
from ui.words.sentences import sentence
from ui.words.speech import _, _n
from ui.words.times import day_time, short_time

_NEW_TAB = 1


@dataclass(frozen=True)
class PersonLine:
    """One line of the table."""

    person: Person
    standing: Standing


class PeoplePage(Page):
    """Everybody sees who there is and changes their own secret; an administrator does the rest."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Persons"))
        self._sites: dict[int, str] = {}
        columns = (
            Column[PersonLine](_("Name"), lambda line: line.person.name),
            Column[PersonLine](_("Roles"), lambda line: self._said_roles(line.person)),
            Column[PersonLine](_("Secret"), self._said_secret),
            Column[PersonLine](_("Last signed in"), self._said_last),
        )
        self.table: Table[PersonLine] = Table("people", _("Persons"), columns, desk.services.settings)
        self.lacking = label("", "warning")
        self.lacking.setWordWrap(True)
        self.rights = label("", "muted")
        self.rights.setWordWrap(True)
        self.chosen = label("", "heading")
        self.new, self.own = NewPersonForm(desk), OwnSecretForm(desk)
        self.grant = GrantForm(desk, lambda: self._chosen)
        self.end = EndRoleForm(desk, lambda: self._chosen, self._said_grant)
        self.give = GiveSecretForm(desk, lambda: self._chosen)
        self._fill_body()
        self.table.chosen.connect(self._follow_table)
        desk.places_changed.connect(self.follow)

    @property
    def _chosen(self) -> Person | None:
        line = self.table.chosen_row
        return line.person if line else None

    def refresh(self) -> None:
        self._sites = {site.id: site.name for site in list_sites(self.desk.database)}
        standing = standings(self.desk.database, now=self.desk.now)
        kept = self.desk.kept.get("person", str(self.desk.person.id))
        lines = [PersonLine(person, standing[person.id]) for person in list_people(self.desk.database) if person.id in standing]
        self.table.show_rows(lines)
        self._content.show_content(len(lines) > 1)
        at = next((at for at, line in enumerate(lines) if str(line.person.id) == kept), 0)
        self.table.choose_line(at)
        self._say_lacking([line for line in lines if line.person.grants and not line.standing.has_secret])
        for which in (self.new.which, self.grant.which):
            which.fill()
        self._follow_table()

    def show_own_secret(self) -> None:
        """Puts the cursor into the field of one's own secret."""
        self.tabs.setCurrentIndex(self.tabs.count() - 1)
        self.own.old.setFocus()

    def _fill_body(self) -> None:
        administers = self.desk.may(Act.SET_UP_PEOPLE)
        people = Card(_("Who works here"), tight=True)
        first = (_("Add person"), self._open_new) if administers else None
        self._content = OrEmpty(self.table, _("So far there is only you. Enter a guard, an officer and a supervisor."), first)
        people.body.addWidget(self._content, 1)
        may = Card(_("What the chosen person may do"))
        may.body.addWidget(self.rights)
        left = QVBoxLayout()
        left.setSpacing(GRID)
        left.addWidget(self.lacking)
        left.addWidget(people, 1)
        left.addWidget(may)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        if administers:
            self.tabs.addTab(_sheet(self.chosen, self.give, self.grant, self.end), _("Chosen person"))
            self.tabs.addTab(_sheet(self.new), _("New person"))
            for form in (self.give, self.grant, self.end, self.new):
                form.posted.connect(self._entered)
        only = label(_("Persons, roles and secrets are entered by an administrator; you can change your own secret here."), "muted")
        only.setWordWrap(True)
        self.tabs.addTab(_sheet(*([] if administers else [only]), self.own), _("My secret"))
        forms = Card()
        forms.setFixedWidth(60 * GRID)
        forms.body.addWidget(self.tabs)
        line = QHBoxLayout()
        line.setSpacing(GRID)
        line.addLayout(left, 1)
        line.addWidget(forms)
        self.body.addLayout(line, 1)

    def _open_new(self) -> None:
        self.tabs.setCurrentIndex(_NEW_TAB)
        self.new.name.setFocus()

    def _entered(self) -> None:
        try:
            self.desk.read_places()
            self.refresh()
        except Refusal as refusal:
            self.desk.troubled.emit(sentence(refusal))

    def _follow_table(self) -> None:
        person = self._chosen
        if person is None:
            return
        self.desk.kept["person"] = str(person.id)
        self.chosen.setText(person.name)
        self.end.show_person(person)
        self.rights.setText(_said_rights(person))

    def _say_lacking(self, lines: list[PersonLine]) -> None:
        names = ", ".join(line.person.name for line in lines)
        said = _n("{n} person has no secret yet and cannot sign in: ", "{n} persons have no secret yet and cannot sign in: ", len(lines))
        self.lacking.setText(f"{said}{names}.")
        self.lacking.setVisible(bool(lines) and self.desk.may(Act.SET_UP_PEOPLE))

    def _said_grant(self, grant: Grant) -> str:
        if grant.site_id is None:
            return name_of(grant.role)
        return f"{name_of(grant.role)}, {self._sites.get(grant.site_id, '')}"

    def _said_roles(self, person: Person) -> str:
        grants = sorted(person.grants, key=lambda grant: (RANK.index(grant.role), grant.site_id or 0))
        return "; ".join(self._said_grant(grant) for grant in grants) or _("no role")

    def _said_secret(self, line: PersonLine) -> str:
        until = line.standing.locked_until
        if until is not None:
            return _("locked until {time}").format(time=short_time(until, self.desk.zone))
        return _("given") if line.standing.has_secret else _("none yet")

    def _said_last(self, line: PersonLine) -> str:
        at = line.standing.last_in
        return day_time(at, self.desk.zone) if at else _("never")


def _said_rights(person: Person) -> str:
    """Two sentences: what somebody with these roles does alone, and what only with a second person."""
    acts = [act for act in Act if person.may(act)]
    alone = ", ".join(name_of(act).lower() for act in acts if not RIGHTS[act].two)
    by_two = ", ".join(name_of(act).lower() for act in acts if RIGHTS[act].two)
    said = (_("Alone: {acts}.").format(acts=alone or "-"), _("With a second person: {acts}.").format(acts=by_two or "-"))
    return "\n".join(said)


def _sheet(*parts: QWidget) -> QScrollArea:
    inside = QWidget()
    inside.setObjectName("scrolled")
    column = QVBoxLayout(inside)
    column.setContentsMargins(0, GRID, 0, 0)
    column.setSpacing(3 * GRID)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(inside)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
