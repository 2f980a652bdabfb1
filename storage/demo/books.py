"""Writes the demo's books: six warehouses, thirty ballot classes, and a month of work that arrives at 33,747,852 sheets received."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from storage.database import Database
from storage.demo.chronicle import JAKARTA, Course, Warehouse, chronicle
from storage.demo.facts import load_facts
from storage.demo.history import History, Plan, make_history
from storage.demo.needs import ELECTION, ClassKey, Need, class_keys, needs
from storage.demo.people import write_people
from storage.ledger.journal import Entry
from storage.ledger.position import totals
from storage.people.person import named
from storage.places import add_site
from storage.stock import entitlements
from storage.stock.classes import BallotType, Purpose, enter_class
from storage.stock.entitlements import enter_needs

# Announced by KPU DKI Jakarta on 2024-01-26.
RECEIVED = 33_747_852
SEED = 2024
NAMES = {
    "31.01": "Gudang KPU Kepulauan Seribu",
    "31.71": "Gudang KPU Jakarta Pusat",
    "31.72": "Gudang KPU Jakarta Utara",
    "31.73": "Gudang KPU Jakarta Barat",
    "31.74": "Gudang KPU Jakarta Selatan",
    "31.75": "Gudang KPU Jakarta Timur",
}
SORTED_PCT = {"31.01": 100, "31.71": 100, "31.72": 100, "31.73": 91, "31.74": 67, "31.75": 42}
REPRINTED_PCT = {"31.01": 100, "31.71": 100, "31.72": 60, "31.73": 50, "31.74": 0, "31.75": 0}
FIRST_DELIVERY = {BallotType.PPWP: 0, BallotType.DPD: 1, BallotType.DPR: 2, BallotType.DPRD_PROVINSI: 4}
SHORT = {
    ("31.01", BallotType.PPWP, ""): 50,
    ("31.71", BallotType.DPR, "DKI JAKARTA II"): 300,
    ("31.72", BallotType.PPWP, ""): 950,
    ("31.73", BallotType.DPD, "DKI JAKARTA"): 430,
    ("31.74", BallotType.DPRD_PROVINSI, "DKI JAKARTA 7"): 640,
    ("31.75", BallotType.PPWP, ""): 750,
    ("31.75", BallotType.DPRD_PROVINSI, "DKI JAKARTA 5"): 1_200,
}
OVER = {("31.72", BallotType.DPR, "DKI JAKARTA III"): 25}
# Part of its last delivery has not come: as many sheets as came elsewhere beyond the need, in reprints for damaged ones.
LATE = ("31.75", BallotType.DPRD_PROVINSI, "DKI JAKARTA 6")


def write_books(database: Database, *, now: datetime, progress: Callable[[int, int], None]) -> None:
    """Fills an empty database with the demo's people, warehouses, classes, needs and a history that ends before now.

    progress: called with the number of entries written and to be written.

    Raises Refusal if the database has the demo's people or warehouses already; ValueError if the books do not add up.
    """
    began_at = now - timedelta(days=60)
    write_people(database, now=began_at)
    budi, rina, agus = (named(database, name) for name in ("Budi Santoso", "Rina Kartika", "Agus Pratama"))
    warehouses = {}
    for number, (code, name) in enumerate(NAMES.items()):
        site = add_site(database, code, name, JAKARTA.key, now=began_at)
        warehouses[code] = Warehouse(site.id, code, (budi, rina)[number % 2])
    needed = needs(load_facts())
    histories = make_histories(needed)
    with database.write() as connection:
        classes: dict[ClassKey, int] = {}
        for key in class_keys(Purpose.REGULAR) + class_keys(Purpose.RE_VOTE):
            classes[key] = enter_class(connection, ELECTION, key.type, key.district, key.purpose).id
        for code, warehouse in warehouses.items():
            lines = [need for need in needed if need.regency == code]
            entered = [entitlements.Need(classes[need.ballot], need.sheets, need.electorate) for need in lines]
            enter_needs(connection, warehouse.site_id, entered, Entry(agus, began_at, began_at, f"demo-need-{code}"))
        courses = [Course(warehouses[need.regency], classes[need.ballot], need, histories[need]) for need in needed]
        actions = chronicle(courses, (budi, rina), agus, now, random.Random(SEED))
        for number, action in enumerate(actions, start=1):
            action.write(connection, Entry(action.by, action.entered_at, action.happened_at, f"demo-{number:05d}"))
            progress(number, len(actions))
    received = totals(database).received
    if received != RECEIVED:
        raise ValueError(f"the demo's books received {received} sheets, not {RECEIVED}")


def make_histories(needed: list[Need]) -> dict[Need, History]:
    """The history of each need; all together receive exactly what is needed in all."""
    late = next(need for need in needed if _line(need) == LATE and need.ballot.purpose is Purpose.REGULAR)
    histories = {need: _history(need, needed) for need in needed if need is not late}
    beyond = sum(history.received - need.sheets for need, history in histories.items())
    histories[late] = _history(late, needed, outstanding=beyond)
    return histories


def _history(need: Need, needed: list[Need], outstanding: int = 0) -> History:
    rng = random.Random(f"{SEED} {need.regency} {need.ballot}")
    sorted_pct = SORTED_PCT[need.regency]
    if need.ballot.purpose is Purpose.RE_VOTE:
        return make_history(Plan(need.sheets, 100 if sorted_pct == 100 else 0, first_delivery=15, batches=1), rng)
    if sorted_pct < 100:
        sorted_pct += rng.randint(-6, 6)
    # Classes that come on one delivery note come in as many batches.
    largest = max(other.sheets for other in needed if (other.regency, other.ballot.type) == (need.regency, need.ballot.type))
    plan = Plan(
        need.sheets,
        sorted_pct,
        FIRST_DELIVERY[need.ballot.type],
        batches=max(2, min(7, 1 + round(largest / 400_000))),
        short=SHORT.get(_line(need), 0),
        over=OVER.get(_line(need), 0),
        reprinted_pct=REPRINTED_PCT[need.regency],
        outstanding=outstanding,
    )
    return make_history(plan, rng)


def _line(need: Need) -> tuple[str, BallotType, str]:
    return (need.regency, need.ballot.type, need.ballot.district)
