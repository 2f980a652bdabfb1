"""What happened more than a day ago is entered with a reason and a second person, or not at all."""

from datetime import timedelta

from PySide6.QtWidgets import QLabel

from storage.ledger.card import stock_card
from storage.people.person import Role, add_person
from storage.places import add_site
from storage.stock.classes import BallotType, Purpose, add_class
from storage.stock.deliveries import list_deliveries
from storage.stock.reprints import list_reprints
from storage.stock.sorting import list_sortings
from tests.ui.officer import answer_question, deliver, fill_delivery, is_asked, offered, second_agrees, set_time, when_asked
from tests.ui.warehouse import ALWAYS_THERE, BEGUN, Bare, House
from ui.forms.dialog import Question
from ui.pages.deliveries_page import DeliveriesPage
from ui.pages.reprints_page import ReprintsPage
from ui.pages.sorting_page import SortingPage
from ui.pages.stock_page import StockPage

DAY = timedelta(days=1)


def test_a_late_delivery_names_the_second_person(house: House) -> None:
    window = house.open(Role.OFFICER)
    page = fill_delivery(window, house, "SJ-17", 1000, 980)
    happened_at = house.clock().replace(second=0) - 2 * DAY
    set_time(page.when, happened_at)
    seen: list[str] = []

    def answer(question: Question) -> None:
        seen.extend(offered(question.second))
        seen.append(" ".join(told.text() for told in question.findChildren(QLabel)))
        assert not question.confirm.isEnabled()
        question.reason.setText("the road was flooded")
        assert not question.confirm.isEnabled(), "a reason alone is not enough"
        question.second.setCurrentIndex(1)
        question.reason.setText(" ")
        assert not question.confirm.isEnabled(), "a second person alone is not enough"
        question.reason.setText("the road was flooded")
        question.confirm.click()

    when_asked(answer)
    second_agrees(house, house.people[Role.SUPERVISOR])
    page.form.button.click()
    assert page.form.success.text().startswith("Delivery note SJ-17: 980 sheets received")
    assert seen[:-1] == ["Choose the second person", "Agus (supervisor)"], "neither Budi himself nor who keeps no books"
    assert "20/11/2026 02:51" in seen[-1]
    (delivery,) = list_deliveries(house.database, house.site.id)
    assert delivery.happened_at == happened_at
    (row,) = stock_card(house.database, house.site.id, house.ballot.id)
    assert (row.person, row.second, row.reason) == ("Budi", "Agus", "the road was flooded")
    window.open_page("stock")
    stock = window.pages["stock"]
    assert isinstance(stock, StockPage)
    stock.card.selectRow(0)
    assert "\tBudi, Agus\t" in stock.card.copied()


def test_a_late_delivery_that_is_called_off_keeps_what_was_typed(house: House) -> None:
    window = house.open(Role.OFFICER)
    page = fill_delivery(window, house, "SJ-17", 1000, 980)
    happened_at = house.clock().replace(second=0) - 2 * DAY
    set_time(page.when, happened_at)
    when_asked(lambda question: question.reject())
    page.form.button.click()
    assert list_deliveries(house.database, house.site.id) == []
    assert page.form.error.text() == "Nothing was entered: what happened more than a day ago needs a reason and a second person."
    assert page.when.property("wrong") is True
    assert page.note.text() == "SJ-17"
    assert [field.sheets for field in page.lines.field(house.ballot.id)] == [1000, 980]
    assert page.when.instant(house.clock()) == happened_at
    answer_question("the road was flooded", "Agus")
    second_agrees(house, house.people[Role.SUPERVISOR])
    page.form.button.click()
    assert page.form.success.isVisible() and page.when.property("wrong") is False
    assert len(list_deliveries(house.database, house.site.id)) == 1
    assert page.when.instant(house.clock()) == house.clock(), "the next delivery happens now again"


def test_within_a_day_nobody_is_asked(house: House) -> None:
    window = house.open(Role.OFFICER)
    house.clock.at = house.clock.at.replace(second=0)
    page = fill_delivery(window, house, "SJ-17", 1000, 1000)
    set_time(page.when, house.clock() - DAY - timedelta(minutes=1))
    assert is_asked(page.form.button.click)
    assert list_deliveries(house.database, house.site.id) == []
    set_time(page.when, house.clock() - DAY)
    assert not is_asked(page.form.button.click)
    (row,) = stock_card(house.database, house.site.id, house.ballot.id)
    assert (row.second, row.reason) == (None, "")


def test_sortings_and_reprints_that_come_late_ask_too(house: House) -> None:
    window = house.open(Role.OFFICER, **ALWAYS_THERE)
    deliver(window, house, "SJ-17", 1000, 970)
    window.open_page("reprints")
    reprints = window.pages["reprints"]
    assert isinstance(reprints, ReprintsPage)
    reprints.for_damaged.enter(0)
    reprints.for_short.enter(30)
    reprints.ask.button.click()
    house.clock.advance(3 * DAY.total_seconds())
    window.open_page("sorting")
    sorting = window.pages["sorting"]
    assert isinstance(sorting, SortingPage)
    sorting.good.enter(900)
    sorting.damaged.enter(0)
    set_time(sorting.when, house.clock() - 2 * DAY)
    answer_question("the list was left at the warehouse", "Agus")
    second_agrees(house, house.people[Role.SUPERVISOR])
    sorting.form.button.click()
    assert sorting.form.success.isVisible()
    window.open_page("reprints")
    reprints.recent.table.selectRow(0)
    reprints.sheets.enter(30)
    set_time(reprints.when, house.clock() - 2 * DAY)
    when_asked(lambda question: question.reject())
    reprints.receive.button.click()
    assert reprints.receive.error.isVisible() and reprints.sheets.sheets == 30
    answer_question("so was this one", "Agus")
    second_agrees(house, house.people[Role.SUPERVISOR])
    reprints.receive.button.click()
    (sorted_once,) = list_sortings(house.database, house.site.id)
    (request,) = list_reprints(house.database, house.site.id)
    assert (sorted_once.good, request.received) == (900, 30)
    newest, before, _delivery = stock_card(house.database, house.site.id, house.ballot.id)
    assert [(row.second, row.reason) for row in (before, newest)] == [
        ("Agus", "the list was left at the warehouse"),
        ("Agus", "so was this one"),
    ]


def test_where_nobody_else_keeps_the_books_a_late_entry_cannot_be_made(bare: Bare) -> None:
    agus = add_person(bare.database, "Agus", Role.SUPERVISOR, now=BEGUN)
    add_person(bare.database, "Sari", Role.GUARD, now=BEGUN)
    site = add_site(bare.database, "91.71", "Gudang Jayapura", "Asia/Jayapura", now=BEGUN)
    ballot = add_class(bare.database, "Pemilu 2029", BallotType.PPWP, "", Purpose.REGULAR)
    window = bare.open_for(agus)
    window.open_page("deliveries")
    page = window.pages["deliveries"]
    assert isinstance(page, DeliveriesPage)
    page.note.setText("SJ-1")
    for field in page.lines.field(ballot.id):
        field.enter(10)
    set_time(page.when, bare.clock() - 2 * DAY)
    said: list[str] = []

    def read(question: Question) -> None:
        said.extend(told.text() for told in question.findChildren(QLabel))
        assert not question.confirm.isVisible() and not question.reason.isVisible()

    when_asked(read)
    page.form.button.click()
    assert "Nobody else here may write in the books: enter a second officer or supervisor first." in said
    assert page.form.error.isVisible() and page.note.text() == "SJ-1"
    assert list_deliveries(bare.database, site.id) == []
