"""Tryton's stock module at the same work, inside its own server process; `tryton.py` runs this in the environment of `tryton.lock`.

    tryton_moves.py create FILE           makes a database with the module stock and writes it to FILE
    tryton_moves.py measure FILE MOVES    does so many moves in a copy of it; the last line is one JSON object

Tryton is given its best: the database in memory, one commit for BATCH moves (with 100 and with 1,000 it was slower), no checking of access,
and `Move.do` without `Move.assign_try`, so that it does not ask whether a location holds what is taken from it.
"""

import argparse
import json
import sqlite3
import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from trytond import backend
from trytond.pool import Pool
from trytond.transaction import Transaction

MEMORY = ":memory:"
BATCH = 250
ROOMS = 20
REPEATS = 7
# The first balance is read after so many moves, or half of them if there are not twice as many.
EARLY_MOVES = 2_000
# Sheets received into a room by every other move, and carried on to the next room by the move after it.
RECEIVED, CARRIED = 500, 200
# The user with whom Tryton sets itself up.
ROOT = 0


@dataclass(frozen=True)
class Stock:
    """Numbers of Tryton's rows: who moves what in which unit, from where, and the rooms below the warehouse."""

    user: int
    company: int
    currency: int
    product: int
    unit: int
    supplier: int
    warehouse: int
    rooms: list[int]

    def move(self, number: int) -> dict[str, Any]:
        """The number-th move. A room receives before anything is carried out of it, so no balance is ever negative."""
        turn, carried = divmod(number, 2)
        room, following = self.rooms[turn % ROOMS], self.rooms[(turn + 1) % ROOMS]
        common = {"product": self.product, "unit": self.unit, "company": self.company}
        if carried:
            return {**common, "quantity": CARRIED, "from_location": room, "to_location": following}
        price = {"unit_price": Decimal(1), "currency": self.currency}
        return {**common, **price, "quantity": RECEIVED, "from_location": self.supplier, "to_location": room}

    def transaction(self, readonly: bool = False) -> Any:
        """One transaction of the user, as the server begins it for a request."""
        return Transaction().start(MEMORY, self.user, context={"company": self.company}, readonly=readonly)


def create_database(file: Path) -> None:
    """Makes Tryton's tables, its module stock and what that depends on; a file that is there is replaced."""
    database = backend.Database(MEMORY).connect()
    database.init()
    Pool(MEMORY).init(update=["ir", "res", "stock"], lang=["en"], activatedeps=True)
    file.unlink(missing_ok=True)
    kept = sqlite3.connect(file)
    database.get_connection().backup(kept)
    kept.close()


def open_copy(file: Path) -> None:
    """Copies the database into memory, where it stays for this process, and starts Tryton on it."""
    kept = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)
    kept.backup(backend.Database(MEMORY).connect().get_connection())
    kept.close()
    Pool(MEMORY).init()


def set_up() -> Stock:
    """A company with a user, a product counted in units, and rooms in the storage zone of Tryton's own warehouse."""
    with Transaction().start(MEMORY, ROOT):
        get = Pool().get
        (currency,) = get("currency.currency").create([{"name": "Rupiah", "symbol": "Rp", "code": "IDR"}])
        get("currency.currency.rate").create([{"currency": currency.id, "rate": Decimal(1), "date": date.min}])
        (party,) = get("party.party").create([{"name": "Warehouse"}])
        (company,) = get("company.company").create([{"party": party.id, "currency": currency.id}])
        (user,) = get("res.user").create([{"login": "officer", "companies": [("add", [company.id])], "company": company.id}])
        (unit,) = get("product.uom").search([("name", "=", "Unit")])
        (template,) = get("product.template").create([{"name": "Ballot", "type": "goods", "default_uom": unit.id}])
        (product,) = get("product.product").create([{"template": template.id}])
        location = get("stock.location")
        supplier, warehouse, storage = (location.search([("code", "=", code)])[0] for code in ("SUP", "WH", "STO"))
        rooms = location.create([{"name": f"Room {n}", "type": "storage", "parent": storage.id} for n in range(ROOMS)])
        return Stock(user.id, company.id, currency.id, product.id, unit.id, supplier.id, warehouse.id, [room.id for room in rooms])


def do_moves(stock: Stock, first: int, end: int) -> float:
    """Creates and does the moves from first until before end, BATCH in a transaction; seconds on the wall."""
    begun = time.perf_counter()
    for start in range(first, end, BATCH):
        with stock.transaction():
            move = Pool().get("stock.move")
            move.do(move.create([stock.move(number) for number in range(start, min(start + BATCH, end))]))
    return time.perf_counter() - begun


def room_balance(stock: Stock, room: int) -> float:
    """Sheets in one room, in a transaction of its own."""
    with stock.transaction(readonly=True), Transaction().set_context(stock_date_end=Pool().get("ir.date").today()):
        found = Pool().get("product.product").products_by_location([room], grouping_filter=([stock.product],))
        return float(found[room, stock.product])


def warehouse_balance(stock: Stock) -> float:
    """Sheets in the warehouse with all its rooms, in a transaction of its own: the figure that Tryton's product form shows."""
    with stock.transaction(readonly=True), Transaction().set_context(locations=[stock.warehouse]):
        return float(Pool().get("product.product")(stock.product).quantity)


def check(stock: Stock, moves: int) -> None:
    """Compares every balance with what this program sent. Raises SystemExit if one differs."""
    expected: Counter[int] = Counter()
    for number in range(moves):
        move = stock.move(number)
        expected[move["to_location"]] += move["quantity"]
        expected[move["from_location"]] -= move["quantity"]
    expected[stock.warehouse] = -expected[stock.supplier]
    found = {room: room_balance(stock, room) for room in stock.rooms} | {stock.warehouse: warehouse_balance(stock)}
    wrong = {location: (quantity, expected[location]) for location, quantity in found.items() if quantity != expected[location]}
    if wrong:
        raise SystemExit(f"balances differ after {moves} moves, location: (found, expected) {wrong}")


def median_ms(work: Callable[[], object]) -> float:
    """The median of REPEATS runs, in milliseconds."""
    times = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return round(statistics.median(times) * 1_000, 2)


def balance_times(stock: Stock, moves: int) -> tuple[float, float]:
    """Milliseconds of the balance of the warehouse and of one room after so many moves; each balance is right first."""
    check(stock, moves)
    return median_ms(lambda: warehouse_balance(stock)), median_ms(lambda: room_balance(stock, stock.rooms[0]))


def measure(file: Path, moves: int) -> dict[str, float]:
    """The figures that `tryton.measure_tryton` describes, without install_s."""
    begun = time.perf_counter()
    open_copy(file)
    stock = set_up()
    setup_s = time.perf_counter() - begun
    early = min(EARLY_MOVES, moves // 2)
    moves_s = do_moves(stock, 0, early)
    early_balance_ms, early_room_balance_ms = balance_times(stock, early)
    moves_s += do_moves(stock, early, moves)
    balance_ms, room_balance_ms = balance_times(stock, moves)
    return {
        "moves_per_s": round(moves / moves_s, 1), "moves": moves, "batch": BATCH, "rooms": ROOMS,
        "balance_ms": balance_ms, "room_balance_ms": room_balance_ms,
        "early_moves": early, "early_balance_ms": early_balance_ms, "early_room_balance_ms": early_room_balance_ms,
        "setup_s": round(setup_s, 2),
    }  # fmt: skip


def main() -> None:
    """Reads what to do from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("create").add_argument("file", type=Path)
    measuring = commands.add_parser("measure")
    measuring.add_argument("file", type=Path)
    measuring.add_argument("moves", type=int)
    options = parser.parse_args()
    file = options.file.resolve()
    if options.command == "create":
        create_database(file)
    else:
        print(json.dumps(measure(file, options.moves)))


if __name__ == "__main__":
    main()
