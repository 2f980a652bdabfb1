"""How fast the books are: `./run benchmark ledger [--quick]`. The last line is one JSON object; what goes on is told on standard error.

Boxes of Jakarta's polling stations are packed from cartons, one event each, in bulk and one commit each; the whole is verified; then a
book of national size is loaded and read, and Tryton's stock module does moves beside it. Every figure is of this machine at this time:
compare ratios, not figures.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from storage.database import Database, open_database
from storage.ledger.as_of import balances
from storage.ledger.card import stock_card
from storage.ledger.check import check_balances, check_books, check_chain
from storage.ledger.journal import once
from storage.ledger.position import totals
from storage.stock.packing import Box, enter_packing, enter_packings
from tests.benchmarks.book import Book, Warehouse, jakarta_book, national_book
from tests.benchmarks.tryton import TrytonMissing, measure_tryton

REPEATS = 7
# Boxes packed in one transaction.
PAGE = 10_000


def told(said: str) -> None:
    """Says what is being done."""
    print(said, file=sys.stderr, flush=True)


def seconds(work: Callable[[], object]) -> float:
    """How long it takes, by the clock on the wall."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def median_ms(work: Callable[[], object]) -> float:
    """The median of several times, in milliseconds."""
    return round(statistics.median(seconds(work) for _ in range(REPEATS)) * 1_000, 2)


def pack_all(database: Database, book: Book, begun: int = 0, end: int | None = None) -> float:
    """Packs every box of the book, or those from begun until before end of each warehouse, PAGE boxes in a transaction; seconds."""
    return sum(
        seconds(partial(_pack_page, database, book, warehouse, first, min(first + PAGE, stop)))
        for warehouse in book.warehouses
        for stop in [warehouse.left if end is None else end]
        for first in range(begun, stop, PAGE)
    )


def _pack_page(database: Database, book: Book, warehouse: Warehouse, first: int, end: int) -> None:
    entry = replace(book.entry, key=f"bulk/{warehouse.site_id}/{first}")
    page = warehouse.boxes(first, end)
    once(database, entry.key, lambda c: enter_packings(c, warehouse.site_id, page, entry, cartons=warehouse.cartons)[0])


def pack_singly(database: Database, book: Book, boxes: int) -> float:
    """Packs the last boxes from loose sheets with a commit each, and takes them off the list; seconds."""
    warehouse = book.warehouses[0]
    singles = warehouse.boxes(warehouse.left - boxes, warehouse.left)
    warehouse.left -= boxes

    def one(box: Box) -> None:
        entry = replace(book.entry, key=f"single/{box.code}")
        once(database, entry.key, lambda c: enter_packing(c, warehouse.site_id, box, entry))

    def all_of_them() -> None:
        for box in singles:
            one(box)

    return seconds(all_of_them)


def jakarta(folder: Path, stations: int, singles: int) -> tuple[dict[str, object], float]:
    """The boxes of Jakarta: one commit each, in bulk, verified; with the events per second in bulk."""
    database = open_database(folder)
    told(f"cartons for {stations} stations")
    book = jakarta_book(database, stations)
    told("packing with a commit each")
    single_s = pack_singly(database, book, singles)
    boxes = book.warehouses[0].left
    told(f"packing {boxes} boxes in bulk")
    site_id, early = book.warehouses[0].site_id, boxes // 5
    bulk_s = pack_all(database, book, 0, early)
    early_balance_ms = median_ms(lambda: balances(database, site_id=site_id))
    bulk_s += pack_all(database, book, early)
    balance_ms = median_ms(lambda: balances(database, site_id=site_id))
    told("verifying")
    with database.read() as connection:
        verify_s = seconds(lambda: (check_chain(connection), check_balances(connection)))
    findings: list[object] = []
    check_s = seconds(lambda: findings.extend(check_books(database).findings))
    database.close()
    if findings:
        raise SystemExit(f"the books are wrong: {findings[:3]}")
    figures: dict[str, object] = {
        "bulk_events_per_s": round(boxes / bulk_s), "durable_events_per_s": round(singles / single_s), "verify_s": round(verify_s, 2),
        "rules_s": round(check_s, 2), "jakarta_boxes": boxes, "single_boxes": singles,
        "early_boxes": early, "early_balance_ms": early_balance_ms, "balance_ms": balance_ms,
    }  # fmt: skip
    return figures, boxes / bulk_s


def national(folder: Path, stations: int, warehouses: int) -> dict[str, object]:
    """A book of national size: loading, then the three readings that a page waits for."""
    database = open_database(folder)
    told(f"national: {stations} stations")
    begun = time.perf_counter()
    book = national_book(database, stations, warehouses)
    packed_s = pack_all(database, book)
    load_s = time.perf_counter() - begun
    told("reading")
    site_id, class_id = book.warehouses[0].site_id, book.class_ids[0]
    figures: dict[str, object] = {
        "national_balance_ms": median_ms(lambda: balances(database, site_id=site_id)),
        "card_page_ms": median_ms(lambda: stock_card(database, site_id, class_id)),
        "totals_ms": median_ms(lambda: totals(database)),
        "load_s": round(load_s, 1), "packing_s": round(packed_s, 1),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "file_mb": round(database.path.stat().st_size / 1e6),
        "national_boxes": sum(warehouse.left for warehouse in book.warehouses),
    }  # fmt: skip
    database.close()
    return figures


def beside_tryton(bulk_events_per_s: float, moves: int) -> dict[str, object]:
    """tryton_ratio: our events in bulk for one move of Tryton's; null where Tryton cannot be installed, tryton_why says why not."""
    told(f"Tryton: {moves} moves")
    try:
        found = measure_tryton(moves)
    except TrytonMissing as missing:
        return {"tryton_ratio": None, "tryton_why": str(missing)}
    return {"tryton_ratio": round(bulk_events_per_s / found["moves_per_s"], 1), "tryton": found}


def main() -> None:
    """Runs the parts, the national one in a process of its own for its memory."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--national", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    size = (3_000, 60, 6_000, 20) if options.quick else (30_766, 500, 823_220, 514)
    with tempfile.TemporaryDirectory() as folder:
        if options.national:
            print(json.dumps(national(Path(folder), size[2], size[3])))
            return
        figures, bulk_events_per_s = jakarta(Path(folder), size[0], size[1])
    command = [sys.executable, "-m", "tests.benchmarks.ledger", "--national", *(["--quick"] if options.quick else [])]
    output = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    figures |= json.loads(output.splitlines()[-1])
    figures |= beside_tryton(bulk_events_per_s, 400 if options.quick else 10_000)
    whole = {"jakarta_stations": size[0], "national_stations": size[2], "national_warehouses": size[3], "quick": options.quick}
    print(json.dumps(figures | {"size": whole}))


if __name__ == "__main__":
    main()
