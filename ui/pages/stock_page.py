"""Stock: how many, where, in what state?"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QTreeWidget, QTreeWidgetItem

from storage.ledger.card import CardRow, stock_card
from storage.ledger.position import StockLine, stock_lines
from storage.places import list_sites
from ui.forms.ballots import class_names
from ui.frame.desk import Desk
from ui.look.card import Card, OrEmpty, label
from ui.look.table import Table
from ui.look.theme import GRID
from ui.pages.page import Page
from ui.pages.stock_table import card_columns, figure_columns
from ui.stock.need_chart import NeedChart
from ui.stock.stock_figures import Figures, rows_of_all, rows_of_site, total
from ui.words.speech import _, whole

_PLACE = Qt.ItemDataRole.UserRole


class StockPage(Page):
    """Tree of warehouses and classes; the figures of the chosen warehouse; the stock card of the chosen class; need against good."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, _("Stock"))
        self.sums = label("", "muted")
        self.head.addWidget(self.sums)
        settings = desk.services.settings
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setIndentation(GRID + 4)
        self.tree.setRootIsDecorated(False)
        self.tree.setAccessibleName(_("Warehouses and ballot classes"))
        self.figures: Table[Figures] = Table("figures", _("Stock by state"), figure_columns(_("Ballot class")), settings)
        self.card: Table[CardRow] = Table("stock_card", _("Stock card"), card_columns(desk.zone), settings)
        self.chart = NeedChart(desk.tokens, self.font())
        self._lines: list[StockLine] = []
        self._names: dict[int, str] = {}
        self._fill_body()
        self.tree.currentItemChanged.connect(self._follow_tree)
        self.figures.chosen.connect(self._show_card)
        desk.stock_changed.connect(self.follow)
        desk.places_changed.connect(self.follow)
        desk.site_changed.connect(self._follow_site)

    def refresh(self) -> None:
        sites = {site.id for site in list_sites(self.desk.database)}
        self._lines = [line for line in stock_lines(self.desk.database) if line.site_id in sites]
        self._names = class_names(self.desk.database)
        self._content.show_content(bool(self._lines))
        all_of_it = total("", self._lines)
        self.sums.setText(
            _("{received} sheets received in all, {good} good of {need} needed").format(
                received=whole(all_of_it.received + all_of_it.reprinted), good=whole(all_of_it.ready), need=whole(all_of_it.need)
            )
        )
        self._fill_tree()
        self._show_figures()

    def _fill_body(self) -> None:
        tree = Card(tight=True)
        tree.body.addWidget(self.tree)
        figures = Card(tight=True)
        figures.body.addWidget(self.figures)
        self._card_card = Card(_("Stock card"), tight=True)
        self._card_or_empty = OrEmpty(self.card, _("Choose a ballot class above to see every movement of it."))
        self._card_card.body.addWidget(self._card_or_empty)
        chart = Card(_("Good against need"), tight=True)
        chart.body.addWidget(self.chart)
        below = _split(Qt.Orientation.Horizontal, self._card_card, chart, shares=(6, 5))
        right = _split(Qt.Orientation.Vertical, figures, below, shares=(3, 2))
        action = (_("Receive a delivery"), lambda: self.desk.page_wanted.emit("deliveries")) if self.desk.keeps_books else None
        self._content = OrEmpty(_split(Qt.Orientation.Horizontal, tree, right, shares=(2, 10)), _("Nothing is in the books yet."), action)
        self.body.addWidget(self._content, 1)

    def _fill_tree(self) -> None:
        wanted = self.desk.kept.get("stock", str(self.desk.site.id) if self.desk.site else "")
        self.tree.blockSignals(True)
        self.tree.clear()
        root = QTreeWidgetItem([_("All warehouses")])
        root.setData(0, _PLACE, "")
        self.tree.addTopLevelItem(root)
        chosen = root
        for site in list_sites(self.desk.database):
            item = QTreeWidgetItem(root, [site.name])
            item.setData(0, _PLACE, str(site.id))
            chosen = item if wanted.split("/")[0] == str(site.id) else chosen
            for line in (line for line in self._lines if line.site_id == site.id):
                leaf = QTreeWidgetItem(item, [self._names[line.class_id]])
                leaf.setToolTip(0, self._names[line.class_id])
                leaf.setData(0, _PLACE, f"{site.id}/{line.class_id}")
                chosen = leaf if wanted == f"{site.id}/{line.class_id}" else chosen
        root.setExpanded(True)
        chosen.setExpanded(True)
        self.tree.setCurrentItem(chosen)
        self.tree.blockSignals(False)

    def _follow_tree(self) -> None:
        item = self.tree.currentItem()
        if item is not None:
            self.desk.kept["stock"] = item.data(0, _PLACE)
            item.setExpanded(True)
            self._show_figures()

    def _follow_site(self) -> None:
        self.desk.kept.pop("stock", None)
        self.follow()

    def _show_figures(self) -> None:
        item = self.tree.currentItem()
        site, _slash, class_id = str(item.data(0, _PLACE) if item else "").partition("/")
        if site:
            rows = rows_of_site([line for line in self._lines if line.site_id == int(site)], self._names)
        else:
            rows = rows_of_all(self._lines, list_sites(self.desk.database))
        self.figures.name_things(_("Ballot class") if site else _("Warehouse"))
        self.figures.clearSelection()
        self.figures.show_rows(rows)
        self.chart.show_figures(rows)
        chosen = next((place for place, row in enumerate(rows) if str(row.class_id) == class_id), 0)
        self.figures.selectRow(chosen)
        self._show_card()

    def _show_card(self) -> None:
        row = self.figures.chosen_row
        rows = stock_card(self.desk.database, row.site_id, row.class_id) if row and row.class_id is not None else []
        self.card.show_rows(rows)
        self._card_or_empty.show_content(bool(rows))
        self._card_card.heading.setText(_("Stock card") + (f"  ·  {row.name}" if rows and row else ""))


def _split(way: Qt.Orientation, first: Card | QSplitter, second: Card | QSplitter, *, shares: tuple[int, int]) -> QSplitter:
    splitter = QSplitter(way)
    splitter.setHandleWidth(GRID)
    splitter.setChildrenCollapsible(False)
    for place, widget in enumerate((first, second)):
        splitter.addWidget(widget)
        splitter.setStretchFactor(place, shares[place])
    splitter.setSizes([share * 100 for share in shares])
    return splitter
