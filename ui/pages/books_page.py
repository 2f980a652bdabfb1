"""What the pages that write the books share: a form at the left, what was written lately at the right, both of one warehouse."""

from datetime import datetime

from PySide6.QtWidgets import QHBoxLayout, QWidget

from storage.places import Site
from storage.stock.classes import list_classes
from ui.forms.form import Form
from ui.forms.when import WhenEdit
from ui.frame.desk import Desk
from ui.look.card import Card, OrEmpty
from ui.look.theme import GRID
from ui.pages.page import Page
from ui.words.speech import _


class BooksPage(Page):
    """The base of Deliveries, Sorting and Reprints. Without a warehouse it shows one sentence."""

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

    def add_form(self, heading: str, form: Form, width: int) -> Card:
        """Puts a form into a card of a fixed width; whoever may not post does not see it."""
        card = Card(heading)
        card.body.addWidget(form)
        card.body.addStretch(1)
        card.setFixedWidth(width)
        card.setVisible(self.desk.keeps_books)
        form.posted.connect(self.desk.stock_changed)
        form.posted.connect(lambda: self.when.clear_entry(self.desk.now))
        return card
