"""How fast the audit trail is read: `./run benchmark audit [--quick]`. The last line is one JSON object; the rest is on standard error.

A book of 200,000 entries (20,000 with --quick), a quarter of them packed boxes, the others records; one person wrote a single entry, the
oldest. Every figure is of this machine at this time: compare ratios, not figures.
"""

import argparse
import json
import tempfile
from datetime import timedelta
from pathlib import Path

from storage.audit.trail import Filter, all_entries, count_entries, log_entries
from storage.chain import put_record
from storage.database import Database, open_database
from storage.people.person import Role, add_person
from tests.benchmarks.book import NOW, jakarta_book
from tests.benchmarks.ledger import median_ms, pack_all, seconds, told

ENTRIES = 200_000
BOXES_A_STATION = 4
# Records in one transaction.
PAGE = 5_000


def measure(database: Database, entries: int) -> dict[str, float]:
    """Fills the database, then reads it."""
    book = jakarta_book(database, entries // 4 // BOXES_A_STATION)
    site_id = book.warehouses[0].site_id
    rare, often = (add_person(database, name, Role.GUARD, now=NOW).id for name in ("Rare", "Often"))
    _records(database, site_id, 1, rare)
    told("packing")
    pack_all(database, book)
    told("writing records")
    _records(database, site_id, entries * 3 // 4, often)
    last = next(entry.id for entry in log_entries(database, site_id, Filter(who=rare)))
    told("reading")
    figures = {
        "first_window_ms": median_ms(lambda: log_entries(database, site_id)),
        "by_person_ms": median_ms(lambda: log_entries(database, site_id, Filter(who=often))),
        "by_rare_person_ms": median_ms(lambda: log_entries(database, site_id, Filter(who=rare))),
        "by_act_ms": median_ms(lambda: log_entries(database, site_id, Filter(act="packing"))),
        "one_hour_ms": median_ms(lambda: log_entries(database, site_id, Filter(NOW, NOW + timedelta(hours=1)))),
        "last_window_ms": median_ms(lambda: log_entries(database, site_id, before=last + 200)),
        "count_ms": median_ms(lambda: count_entries(database, site_id)),
    }
    return {"entries": count_entries(database), **figures, "all_s": round(seconds(lambda: list(all_entries(database, site_id))), 2)}


def _records(database: Database, site_id: int, count: int, person_id: int) -> None:
    for first in range(0, count, PAGE):
        with database.write() as connection:
            for number in range(first, min(first + PAGE, count)):
                said = {"camera": 1, "note": f"number {number}"}
                put_record(connection, site_id, "gap", said, at=NOW + timedelta(seconds=30 * number), by=person_id)


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(Path(folder))
        print(json.dumps(measure(database, ENTRIES // 10 if options.quick else ENTRIES)))
        database.close()


if __name__ == "__main__":
    main()
