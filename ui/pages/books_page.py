"""What the pages that write the books share: a form at the left, what was written lately at the right, both of one warehouse."""

from datetime import datetime

from PySide6.QtWidgets import QHBoxLayout, QWidget

from storage.ledger.journal import PROMPT_S
from storage.people.confirmation import may_confirm
from storage.people.person import list_people
from storage.places import Site
from storage.rules.rights import Act
from storage.stock.classes import list_classes
from ui.forms.dialog import Answer, ask_second_and_reason
from ui.forms.form import Form, WrongInput
from ui.forms.two_persons import ask_second
from ui.forms.when import WhenEdit
from ui.frame.desk import Desk
from ui.look.card import Card, OrEmpty
from ui.look.theme import GRID
from ui.pages.page import Page
from ui.words.speech import _
from ui.words.times import day_time


class BooksPage(Page):
    """The base of Deliveries, Sorting, Reprints and Stock count. Without a warehouse it shows one sentence."""

    def __init__(self, desk: Desk, title: str) -> None:
        super().__init__(desk, title)
        self.when = WhenEdit(_("When it happened"), desk.now, desk.zone)
        content = QWidget()
        self.columns = QHBoxLayout(content)
        self.columns.setContentsMargins(0, 0, 0, 0)
        self.columns.setSpacing(GRID)
        action = (_("Enter a warehouse"), lambda: desk.page_wanted.emit("places")) if desk.sets_up else None
        self._content = OrEmpty(content, "", action)
        self.body.addWidget(self._content, 1)
        for changed in (desk.stock_changed, desk.places_changed, desk.site_changed):
            changed.connect(self.follow)

    def refresh(self) -> None:
        site = self.desk.site
        classes = list_classes(self.desk.database)
        if site is None:
            self._content.say(_("There is no warehouse yet. A supervisor enters it under Sites and cameras."), with_action=True)
        elif not classes:
            self._content.say(_("No ballot class has been entered yet, so there is nothing to book."), with_action=False)
        self._content.show_content(site is not None and bool(classes))
        if site is not None and classes:
            self.show_site(site)

    def show_site(self, site: Site) -> None:
        """Reads what belongs to this warehouse, and shows it."""

    def tick(self, now: datetime) -> None:
        self.when.follow(now)

    def add_form(self, heading: str, width: int, *forms: Form) -> Card:
        """Puts a form, or several one below the other, into a card of a fixed width; whoever may not post does not see it."""
        card = Card(heading)
        for form in forms:
            card.body.addWidget(form)
            form.posted.connect(self.desk.stock_changed)
            form.posted.connect(lambda: self.when.clear_entry(self.desk.now))
        card.body.addStretch(1)
        card.setFixedWidth(width)
        if not self.desk.keeps_books:
            card.hide()
        return card

    def ask_if_late(self, happened_at: datetime) -> Answer:
        """Asks for the reason and a second person where something is entered late; what is entered promptly needs neither.

        Raises WrongInput if that was called off.
        """
        desk = self.desk
        if (desk.now - happened_at).total_seconds() <= PROMPT_S:
            return Answer()
        site_id = desk.site.id if desk.site else None
        others = [person for person in list_people(desk.database) if may_confirm(person, Act.BOOK, site_id, desk.person)]
        said = _("This happened on {time}, more than a day ago: it is entered with the reason, and a second person answers for it too.")
        answer = ask_second_and_reason(self, said.format(time=day_time(happened_at, desk.zone)), _("Enter late"), others)
        second = answer.second if answer else None
        if second is not None:
            second = ask_second(self, desk, said.format(time=day_time(happened_at, desk.zone)), Act.BOOK, site_id, likely=second)
        if answer is None or second is None:
            raise WrongInput(self.when, _("Nothing was entered: what happened more than a day ago needs a reason and a second person."))
        return Answer(answer.reason, second)
