"""Makes the compact facts that the project ships: `python -m storage.demo.make_facts FOLDER`.

FOLDER holds regions.csv (code, level, name) and polling_stations.csv (code, village_code, voters).
"""

import csv
import json
import lzma
import sys
from pathlib import Path

from storage.demo.facts import FACTS, load_facts
from storage.exchange.districts import JAKARTA_DPR, jakarta_dprd


def make_facts(folder: Path, target: Path) -> None:
    """Reads the two tables below folder and writes target; what was written is read back and checked.

    Raises OSError, KeyError or ValueError where the tables are missing or not as described.
    """
    regencies: dict[str, str] = {}
    districts: dict[str, dict[str, object]] = {}
    voters: dict[str, list[int]] = {}
    with (folder / "regions.csv").open(encoding="utf-8", newline="") as regions:
        for row in csv.DictReader(regions):
            if row["level"] == "regency":
                regencies[row["code"]] = row["name"]
            elif row["level"] == "district":
                regency = row["code"][:5]
                voters[row["code"]] = []
                district = {
                    "name": row["name"],
                    "dpr": JAKARTA_DPR[regency],
                    "dprd": jakarta_dprd(regency, row["name"]),
                    "voters": voters[row["code"]],
                }
                districts[row["code"]] = district
    with (folder / "polling_stations.csv").open(encoding="utf-8", newline="") as stations:
        for row in csv.DictReader(stations):
            voters[row["village_code"][:8]].append(int(row["voters"]))
    text = json.dumps({"regencies": regencies, "districts": districts}, ensure_ascii=False, separators=(",", ":"))
    target.write_bytes(lzma.compress(text.encode(), preset=9))
    load_facts(target)


if __name__ == "__main__":
    make_facts(Path(sys.argv[1]), FACTS)
