"""The governor election of Jakarta 2024: its published numbers played through the books of six warehouses, from the need to the last close.

Published are voters, polling stations, the reserve of 2.5 %, the ballots, what each regency received, and what was short and damaged
there together. The figures received add up to all ballots that were printed, so they are what the delivery notes said: the sheets that
were short are among them. A regency's need is then the figure of its notes, and what was counted in is that less the short sheets.

Not published are the voters and stations of each regency, so that only the sum can be compared with them; how the short and damaged
sheets of five regencies divide (here as in Jakarta Utara, 153 damaged of 11,087, rounded down); what was wrong with the damaged ones;
where the 2,000 ballots for a repeated vote were kept (here in Jakarta Pusat).
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.ledger.as_of import balances
from storage.ledger.check import check_books
from storage.ledger.journal import Entry, once
from storage.ledger.position import StockLine, stock_lines, totals
from storage.people.person import Person, Role, add_person
from storage.places import SiteKind, add_site
from storage.rules.entitlement import RESERVE, check_sheets, sheet_bounds
from storage.rules.movement import State
from storage.rules.refusal import Refusal
from storage.schema.stock import damage_line
from storage.stock.classes import BallotType, Purpose, enter_class, enter_election
from storage.stock.counts import enter_acceptance, enter_count, enter_sheet, list_counts
from storage.stock.deliveries import DeliveryLine, enter_delivery, list_deliveries
from storage.stock.disposal import enter_close, enter_destruction
from storage.stock.entitlements import Need, enter_needs
from storage.stock.orders import enter_order, list_orders
from storage.stock.reprints import Claims, enter_receipt, enter_request, list_reprints, open_claims, reprint_ceiling
from storage.stock.sorting import Criterion, enter_inspection, enter_sorting
from storage.stock.witnesses import Institution, Witness

JAKARTA = ZoneInfo("Asia/Jakarta")
VOTERS, STATIONS, RATE = 8_214_007, 14_835, Fraction(25, 1000)
BALLOTS, RE_VOTE, LACKING = 8_425_775, 2_000, 51_234
POLRI, BAWASLU = Witness("Iptu Wahyu", Institution.POLRI), Witness("Dewi Lestari", Institution.BAWASLU)


@dataclass(frozen=True)
class Regency:
    """noted: published as received; lacking: short and damaged together. damaged is published for Jakarta Utara alone."""

    code: str
    name: str
    noted: int
    lacking: int
    damaged: int

    @property
    def short(self) -> int:
        return self.lacking - self.damaged

    @property
    def counted_in(self) -> int:
        return self.noted - self.short


PUSAT = Regency("31.71", "Jakarta Pusat", 834_814, 4_237, 58)
UTARA = Regency("31.72", "Jakarta Utara", 1_380_420, 11_087, 153)
BARAT = Regency("31.73", "Jakarta Barat", 1_959_007, 10_184, 140)
SELATAN = Regency("31.74", "Jakarta Selatan", 1_794_204, 9_760, 134)
TIMUR = Regency("31.75", "Jakarta Timur", 2_435_878, 15_662, 216)
SERIBU = Regency("31.01", "Kepulauan Seribu", 21_452, 304, 4)
REGENCIES = (PUSAT, UTARA, BARAT, SELATAN, TIMUR, SERIBU)


@dataclass
class Books:
    """The books of the six warehouses. sites: by the code of their regency; counters: the officers; clock: of the day that is told."""

    database: Database
    sites: dict[str, int]
    printer: int
    ballot: int
    re_vote: int
    counters: tuple[Person, Person, Person]
    supervisor: Person
    clock: datetime
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def day(self, month: int, day: int, hour: int = 8) -> None:
        self.clock = datetime(2024, month, day, hour, 0, tzinfo=JAKARTA)

    def entry(self, by: Person | None = None, reason: str = "") -> Entry:
        """A minute after the one before; with a reason: signed by the supervisor too."""
        self.clock += timedelta(minutes=1)
        second = self.supervisor if reason else None
        return Entry(by or self.counters[0], self.clock, self.clock, f"form {next(self.numbers)}", second, reason)

    def do(self, act: Callable[..., int], *said: object, by: Person | None = None, reason: str = "", **more: object) -> int:
        """An act of the books in a transaction of its own; the event's id."""
        entry = self.entry(by, reason)
        return once(self.database, entry.key, lambda connection: act(connection, *said, entry=entry, **more))

    def line(self, regency: Regency, class_id: int | None = None) -> StockLine:
        ballot = class_id or self.ballot
        return next(line for line in stock_lines(self.database, self.sites[regency.code]) if line.class_id == ballot)

    def sort(self, regency: Regency, good: int, damaged: int = 0, class_id: int | None = None) -> None:
        criteria = {Criterion.CREASED: damaged // 3, Criterion.STAINED: damaged - damaged // 3}
        self.do(
            enter_sorting, self.sites[regency.code], class_id or self.ballot, good=good, damaged=damaged, criteria=criteria, team="meja 1"
        )

    def request(self, regency: Regency, damaged: int, short: int) -> int:
        return self.do(enter_request, self.sites[regency.code], self.ballot, for_damaged=damaged, for_short=short)


@pytest.fixture
def books(database: Database) -> Books:
    begin = datetime(2024, 10, 1, 8, 0, tzinfo=JAKARTA)
    sites = {
        regency.code: add_site(database, regency.code, f"Gudang KPU {regency.name}", "Asia/Jakarta", now=begin).id for regency in REGENCIES
    }
    printer = add_site(database, "CETAK-1", "PT Cetak", "Asia/Jakarta", now=begin, kind=SiteKind.PRINTER).id
    with database.write() as connection:
        enter_election(connection, "Pilgub DKI Jakarta 2024", RATE, date(2024, 11, 27))
        regular, re_vote = (
            enter_class(connection, "Pilgub DKI Jakarta 2024", BallotType.GUBERNUR, "DKI JAKARTA", purpose).id
            for purpose in (Purpose.REGULAR, Purpose.RE_VOTE)
        )
    budi, rina, sari = (add_person(database, name, Role.OFFICER, now=begin) for name in ("Budi Santoso", "Rina Kartika", "Sari Utami"))
    agus = add_person(database, "Agus Pratama", Role.SUPERVISOR, now=begin)
    return Books(database, sites, printer, regular, re_vote, (budi, rina, sari), agus, begin)


def test_the_published_figures_add_up() -> None:
    # What the regencies "received" is all that was printed: nothing is left that could have been short on top of it.
    assert sum(regency.noted for regency in REGENCIES) == BALLOTS
    assert sum(regency.lacking for regency in REGENCIES) == LACKING
    assert sum(regency.counted_in + regency.short for regency in REGENCIES) == BALLOTS
    assert (UTARA.damaged, UTARA.short) == (153, 10_934)
    assert all(regency.damaged == regency.lacking * UTARA.damaged // UTARA.lacking for regency in REGENCIES)

    # The total is possible for so many voters and stations with 2.5 % in reserve; with the 2 % of Pemilu 2024 it would not be.
    assert sheet_bounds(VOTERS, STATIONS, RATE) == (8_419_358, 8_433_821)
    check_sheets(BALLOTS, VOTERS, STATIONS, RATE)
    with pytest.raises(Refusal, match="it must be 8378288 to 8392825"):
        check_sheets(BALLOTS, VOTERS, STATIONS, RESERVE)
    # Nor if what was lacking had come in addition to it, or was to be taken off.
    for sheets in (BALLOTS + LACKING, BALLOTS - LACKING):
        with pytest.raises(Refusal, match="it must be 8419358 to 8433821"):
            check_sheets(sheets, VOTERS, STATIONS, RATE)


def test_pilgub_2024(books: Books) -> None:
    order_what_is_needed(books)
    receive_what_came(books)
    sort_what_came(books)
    requests = request_reprints(books)
    receive_reprints(books, requests)
    count_everything(books)
    destroy_the_damaged(books)
    close_the_books(books)


def order_what_is_needed(books: Books) -> None:
    # October. Each regency enters its need and orders it; ballots for a repeated vote are a class of their own and follow from no voters.
    for regency in REGENCIES:
        site = books.sites[regency.code]
        needed = {books.ballot: regency.noted} | ({books.re_vote: RE_VOTE} if regency is PUSAT else {})
        books.do(enter_needs, site, [Need(class_id, sheets) for class_id, sheets in needed.items()])
        books.do(enter_order, site, books.printer, f"SPK/{regency.code}", needed)
    ordered = [order.sheets for site in books.sites.values() for order in list_orders(books.database, site)]
    assert sum(sheets[books.ballot] for sheets in ordered) == BALLOTS
    assert sum(sheets.get(books.re_vote, 0) for sheets in ordered) == RE_VOTE
    assert totals(books.database).missing == totals(books.database).need == BALLOTS + RE_VOTE


def receive_what_came(books: Books) -> None:
    # The end of October. The notes say what was ordered; at the gate fewer sheets are counted in, and what is short is claimed.
    books.day(10, 28)
    for regency in REGENCIES:
        site = books.sites[regency.code]
        lines = [DeliveryLine(books.ballot, regency.noted, regency.counted_in)]
        lines += [DeliveryLine(books.re_vote, RE_VOTE, RE_VOTE)] if regency is PUSAT else []
        [order] = list_orders(books.database, site)
        books.do(enter_delivery, site, f"SJ/{regency.code}", lines, order_id=order.id)
    [delivery] = list_deliveries(books.database, books.sites[UTARA.code])
    assert [(line.declared, line.received, line.short, line.over) for line in delivery.lines] == [(1_380_420, 1_369_486, 10_934, 0)]
    line = books.line(UTARA)
    assert (line.short, line.damaged, line.unsorted) == (10_934, 0, 1_369_486), "nothing is damaged before it was looked at"
    assert totals(books.database).short == sum(regency.short for regency in REGENCIES)

    # Short sheets can be asked for already; damaged ones there are none.
    assert open_claims(books.database, books.sites[UTARA.code], books.ballot) == Claims(damaged=0, short=10_934)


def sort_what_came(books: Books) -> None:
    # Two days of sorting and folding. The damaged sheets turn up on the second, each with what is wrong with it.
    books.day(11, 1)
    for regency in REGENCIES:
        books.sort(regency, regency.counted_in // 2)
    books.day(11, 2)
    for regency in REGENCIES:
        books.sort(regency, regency.counted_in - regency.counted_in // 2 - regency.damaged, regency.damaged)
        line = books.line(regency)
        assert (line.declared, line.received) == (regency.noted, regency.counted_in)
        assert (line.unsorted, line.good) == (0, regency.noted - regency.lacking)
        assert (line.short, line.damaged, line.missing) == (regency.short, regency.damaged, regency.lacking)
    books.sort(PUSAT, RE_VOTE, class_id=books.re_vote)
    line = books.line(UTARA)
    assert (line.damaged, line.short) == (153, 10_934)
    with books.database.read() as connection:
        criteria = sa.select(damage_line.c.criterion, sa.func.sum(damage_line.c.sheets)).group_by(damage_line.c.criterion)
        assert {row[0]: int(row[1]) for row in connection.execute(criteria)} == {"creased": 233, "stained": 472}
    sums = totals(books.database)
    assert sums.damaged + sums.short == LACKING
    assert sums.damaged == sum(regency.damaged for regency in REGENCIES) == 705


def request_reprints(books: Books) -> dict[str, int]:
    """The requests by the code of their regency."""
    # Monday the 4th. A reprint for each damaged and each short sheet, and not one more; a damaged one is not asked for as short.
    books.day(11, 4)
    utara = books.sites[UTARA.code]
    assert open_claims(books.database, utara, books.ballot) == Claims(damaged=153, short=10_934)
    with pytest.raises(Refusal, match="at most 153 damaged sheets of Gubernur DKI JAKARTA can still be requested, not 154"):
        books.request(UTARA, 154, 10_933)
    with pytest.raises(Refusal, match="at most 10934 short sheets of Gubernur DKI JAKARTA can still be requested, not 11087"):
        books.request(UTARA, 0, 11_087)
    requests = {}
    for regency in REGENCIES:
        site = books.sites[regency.code]
        assert reprint_ceiling(books.database, site, books.ballot) == regency.lacking
        with pytest.raises(Refusal, match=f"at most {regency.short} short sheets"):
            books.request(regency, regency.damaged, regency.short + 1)
        requests[regency.code] = books.request(regency, regency.damaged, regency.short)
        assert reprint_ceiling(books.database, site, books.ballot) == 0
    [reprint] = list_reprints(books.database, utara)
    assert (reprint.for_damaged, reprint.for_short) == (153, 10_934)
    assert totals(books.database).reprint_open == LACKING
    return requests


def receive_reprints(books: Books, requests: dict[str, int]) -> None:
    # The printer sends two parcels to each warehouse. What came is sorted, all good; a third parcel has nothing to answer.
    books.day(11, 11)
    for regency in REGENCIES:
        request, first = requests[regency.code], regency.short // 2
        books.do(enter_receipt, request, first)
        owed = {row.state: row.sheets for row in balances(books.database, site_id=books.sites[regency.code])}[State.SHORT_CLAIM]
        assert owed == regency.short - first, "the first parcel is for short sheets, the damaged ones are not touched"
        line = books.line(regency)
        assert (line.unsorted, line.reprinted, line.reprint_open) == (first, first, regency.lacking - first)
        with pytest.raises(Refusal, match=f"Only {regency.lacking - first} sheets of this request are still to come"):
            books.do(enter_receipt, request, regency.lacking - first + 1)
    books.day(11, 12)
    for regency in REGENCIES:
        request, first = requests[regency.code], regency.short // 2
        books.do(enter_receipt, request, regency.lacking - first)
        with pytest.raises(Refusal, match="Only 0 sheets of this request are still to come, not 1"):
            books.do(enter_receipt, request, 1)
    books.day(11, 13)
    for regency in REGENCIES:
        books.sort(regency, regency.lacking)
        line = books.line(regency)
        assert (line.good, line.missing, line.reprinted, line.reprint_open) == (regency.noted, 0, regency.lacking, 0)
        # What was short and what was damaged stays told after it has been made good.
        assert (line.received, line.short, line.damaged) == (regency.counted_in, regency.short, regency.damaged)


def count_everything(books: Books) -> None:
    # A week later two teams count each warehouse without seeing the books. In Jakarta Timur one misses a bundle of 25; a third counts.
    budi, rina, sari = books.counters
    books.day(11, 18)
    for regency in REGENCIES:
        site = books.sites[regency.code]
        count = books.do(enter_count, site, books.ballot)
        there = {State.GOOD: regency.noted, State.DAMAGED: regency.damaged}
        books.do(enter_sheet, count, 1, there, by=budi)
        if regency is TIMUR:
            books.do(enter_sheet, count, 2, there | {State.GOOD: regency.noted - 25}, by=rina)
            with pytest.raises(Refusal, match="No two teams have found the same figures yet"):
                books.do(enter_acceptance, count, "", by=books.supervisor)
            books.do(enter_sheet, count, 3, there, by=sari)
        else:
            books.do(enter_sheet, count, 2, there, by=rina)
        with pytest.raises(Refusal, match="accepted by somebody else than Budi Santoso"):
            books.do(enter_acceptance, count, "", by=budi)
        books.do(enter_acceptance, count, "", by=books.supervisor)
        [counted] = list_counts(books.database, site)
        assert counted.accepted
        assert counted.variance is not None and set(counted.variance.values()) == {0}


def destroy_the_damaged(books: Books) -> None:
    # The day before polling. The books cannot be closed over damaged sheets; Polri and Bawaslu see them burn, neither alone.
    books.day(11, 26)
    for regency in REGENCIES:
        site, damaged = books.sites[regency.code], {(books.ballot, State.DAMAGED): regency.damaged}
        with pytest.raises(Refusal, match=f"{regency.damaged} sheets of Gubernur DKI JAKARTA are still damaged"):
            books.do(enter_close, site, books.clock, final=True, reason="H-1")
        for present in ([POLRI], [BAWASLU]):
            with pytest.raises(Refusal, match="witnessed by Polri and by Bawaslu"):
                books.do(enter_destruction, site, damaged, minutes="BA/1", witnesses=present, reason="damaged")
        books.do(enter_destruction, site, damaged, minutes=f"BA/{regency.code}", witnesses=[POLRI, BAWASLU], reason="damaged")


def close_the_books(books: Books) -> None:
    # The same evening. Every warehouse holds what its voters are entitled to, and the books are closed over it.
    books.day(11, 26, 18)
    for regency in REGENCIES:
        books.do(enter_close, books.sites[regency.code], books.clock, final=True, reason="H-1")
        line = books.line(regency)
        assert (line.need, line.good, line.missing) == (regency.noted, regency.noted, 0)
        assert (line.unsorted, line.damaged, line.surplus, line.reprint_open) == (0, 0, 0, 0)
        assert (line.short, line.destroyed) == (regency.short, regency.damaged)
    line = books.line(UTARA)
    assert (line.short, line.destroyed, line.reprinted) == (10_934, 153, 11_087)
    line = books.line(PUSAT, books.re_vote)
    assert (line.need, line.received, line.good, line.short, line.damaged) == (RE_VOTE, RE_VOTE, RE_VOTE, 0, 0)

    # The printer has sent what is needed and one sheet for each damaged one; it owes nothing, and no sheet is lost between the lines.
    sums: dict[State, int] = {}
    for row in balances(books.database):
        if row.class_id == books.ballot:
            sums[row.state] = sums.get(row.state, 0) + row.sheets
    assert sums == {State.GOOD: BALLOTS, State.DESTROYED: 705, State.PRINTER: -(BALLOTS + 705)}

    # Polling day. Somebody remembers a torn sheet of the day before: it was to be said before the close.
    books.day(11, 27)
    late = Entry(books.counters[0], books.clock, books.clock - timedelta(hours=20), "late form")
    torn = {Criterion.TORN: 1}
    with pytest.raises(Refusal, match="closed"), books.database.write() as connection:
        enter_inspection(connection, books.sites[UTARA.code], books.ballot, source=State.GOOD, criteria=torn, entry=late)
    report = check_books(books.database)
    assert report.findings == ()
    assert [head.site for head in report.heads] == sorted(books.sites)
