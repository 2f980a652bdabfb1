"""A delivery that is fifty sheets short: from the truck to books that say there is enough for election day."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from storage.database import Database
from storage.ledger.card import stock_card
from storage.ledger.position import stock_lines, totals
from storage.people.person import Role, add_person
from storage.places import add_site
from storage.rules.movement import State
from storage.rules.refusal import Refusal
from storage.stock.classes import BallotType, Purpose, add_class
from storage.stock.counts import accept_count, begin_count, list_counts, record_sheet
from storage.stock.deliveries import DeliveryLine, list_deliveries, receive_delivery
from storage.stock.entitlements import set_entitlement
from storage.stock.reprints import list_reprints, receive_reprint, reprint_ceiling, request_reprint
from storage.stock.sorting import sort_ballots

JAKARTA = ZoneInfo("Asia/Jakarta")


def test_short_delivery(database: Database) -> None:
    monday = datetime(2026, 11, 2, 8, 0, tzinfo=JAKARTA)
    budi = add_person(database, "Budi Santoso", Role.OFFICER, now=monday)
    rina = add_person(database, "Rina Kartika", Role.OFFICER, now=monday)
    agus = add_person(database, "Agus Pratama", Role.SUPERVISOR, now=monday)
    site = add_site(database, "31.75", "Gudang KPU Jakarta Timur", "Asia/Jakarta", now=monday)
    ballot = add_class(database, "Pemilu 2024", BallotType.DPR, "DKI JAKARTA I", Purpose.REGULAR)
    set_entitlement(database, site.id, ballot.id, 10_000, by=budi, now=monday, key="need form")

    # Monday. The note says 10,000; the officer counts 9,950 from the truck. The form is sent twice.
    at = monday + timedelta(hours=2)
    note = [DeliveryLine(ballot.id, 10_000, 9_950)]
    sent = [
        receive_delivery(database, site.id, "SJ/0117", note, by=budi, now=at, happened_at=monday, key="delivery form") for _ in range(2)
    ]
    assert sent[0] == sent[1]
    [delivery] = list_deliveries(database, site.id)
    assert (delivery.lines[0].short, delivery.lines[0].over) == (50, 0)
    [line] = stock_lines(database)
    assert (line.received, line.short, line.unsorted, line.missing) == (9_950, 50, 9_950, 10_000)

    # Tuesday and Wednesday. Sorting finds 12 damaged sheets.
    for day, good, damaged in ((1, 6_000, 7), (2, 3_938, 5)):
        at = monday + timedelta(days=day, hours=9)
        sort_ballots(database, site.id, ballot.id, good=good, damaged=damaged, by=budi, now=at, happened_at=at, key=f"sorting {day}")
    [line] = stock_lines(database)
    assert (line.unsorted, line.good, line.damaged, line.short) == (0, 9_938, 12, 50)

    # Thursday. A reprint of 62 sheets, 50 for the short and 12 for the damaged ones, and not one more.
    at = monday + timedelta(days=3)
    assert reprint_ceiling(database, site.id, ballot.id) == 62
    with pytest.raises(Refusal, match="at most 12 damaged sheets of DPR DKI JAKARTA I can still be requested, not 13"):
        request_reprint(database, site.id, ballot.id, for_damaged=13, for_short=50, by=budi, now=at, key="greedy form")
    request = request_reprint(database, site.id, ballot.id, for_damaged=12, for_short=50, by=budi, now=at, key="request form")
    with pytest.raises(Refusal, match="at most 0 short sheets"):
        request_reprint(database, site.id, ballot.id, for_damaged=0, for_short=1, by=budi, now=at, key="second form")
    assert stock_lines(database)[0].reprint_open == 62

    # The week after. The printer sends them in two parcels; it cannot send more. They are sorted, all good.
    for day, sheets in ((8, 40), (9, 22)):
        at = monday + timedelta(days=day)
        receive_reprint(database, request, sheets, by=budi, now=at, happened_at=at, key=f"parcel {day}")
    with pytest.raises(Refusal, match="Only 0 sheets of this request are still to come, not 1"):
        receive_reprint(database, request, 1, by=budi, now=at, happened_at=at, key="parcel too many")
    assert [(reprint.received, reprint.open) for reprint in list_reprints(database, site.id)] == [(62, 0)]
    sort_ballots(database, site.id, ballot.id, good=62, damaged=0, by=budi, now=at, happened_at=at, key="sorting of reprints")

    # Thursday. Budi and Rina count apart without seeing the books; Agus accepts, for a counter may not. They agree with the books.
    at = monday + timedelta(days=10)
    count = begin_count(database, site.id, ballot.id, by=budi, now=at, key="count form")
    found = {State.UNSORTED: 0, State.GOOD: 10_000, State.DAMAGED: 12}
    for team, counter in enumerate((budi, rina), start=1):
        record_sheet(database, count, team, found, by=counter, now=at, key=f"sheet {team}")
    with pytest.raises(Refusal, match="accepted by somebody else than Budi Santoso"):
        accept_count(database, count, "", by=budi, now=at, key="own acceptance")
    accept_count(database, count, "", by=agus, now=at, key="acceptance")
    [counted] = list_counts(database, site.id)
    assert counted.accepted
    assert counted.variance is not None and set(counted.variance.values()) == {0}

    # The books: enough for everybody, the 12 damaged sheets still in the store, nothing owed by the printer.
    [line] = stock_lines(database)
    assert (line.need, line.good, line.missing) == (10_000, 10_000, 0)
    assert (line.declared, line.received, line.short, line.over, line.reprinted) == (10_000, 9_950, 50, 0, 62)
    assert (line.unsorted, line.damaged, line.reprint_open) == (0, 12, 0)
    assert totals(database).received == 10_012
    newest = stock_card(database, site.id, ballot.id)[0]
    assert newest.balance_after == {
        State.PRINTER: -10_012, State.SHORT_CLAIM: 0, State.UNSORTED: 0, State.GOOD: 10_000, State.DAMAGED: 12,
    }  # fmt: skip
