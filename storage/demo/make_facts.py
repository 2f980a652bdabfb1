"""Makes the compact facts that the project ships: `python -m storage.demo.make_facts FOLDER`.

FOLDER holds regions.csv (code, level, name) and polling_stations.csv (code, village_code, voters).
"""

import csv
import json
import lzma
import sys
from pathlib import Path

from storage.demo.facts import FACTS, load_facts

# Electoral districts. Source: KPU regulation 6/2023, annexes.
DPR = {"31.75": "I", "31.71": "II", "31.74": "II", "31.01": "III", "31.72": "III", "31.73": "III"}
DPRD_OF_REGENCY = {"31.71": 1, "31.01": 2}
DPRD_OF_DISTRICT = {
    2: ("Koja", "Cilincing", "Kelapa Gading"),
    3: ("Penjaringan", "Tanjung Priok", "Pademangan"),
    4: ("Cakung", "Pulogadung", "Matraman"),
    5: ("Jatinegara", "Duren Sawit", "Kramatjati"),
    6: ("Cipayung", "Ciracas", "Makasar", "Pasar Rebo"),
    7: ("Setiabudi", "Kebayoran Baru", "Kebayoran Lama", "Cilandak", "Pesanggrahan"),
    8: ("Tebet", "Pancoran", "Mampang Prapatan", "Pasar Minggu", "Jagakarsa"),
    9: ("Cengkareng", "Kalideres", "Tambora"),
    10: ("Kebon Jeruk", "Kembangan", "Pal Merah", "Grogol Petamburan", "Taman Sari"),
}


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
                district = {"name": row["name"], "dpr": DPR[regency], "dprd": _dprd(regency, row["name"]), "voters": voters[row["code"]]}
                districts[row["code"]] = district
    with (folder / "polling_stations.csv").open(encoding="utf-8", newline="") as stations:
        for row in csv.DictReader(stations):
            voters[row["village_code"][:8]].append(int(row["voters"]))
    text = json.dumps({"regencies": regencies, "districts": districts}, ensure_ascii=False, separators=(",", ":"))
    target.write_bytes(lzma.compress(text.encode(), preset=9))
    load_facts(target)


def _dprd(regency: str, name: str) -> int:
    if regency in DPRD_OF_REGENCY:
        return DPRD_OF_REGENCY[regency]
    return next(number for number, names in DPRD_OF_DISTRICT.items() if name in names)


if __name__ == "__main__":
    make_facts(Path(sys.argv[1]), FACTS)
