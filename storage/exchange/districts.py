"""Electoral districts: which regions vote on which ballot. From a table beside the regions; those of DKI Jakarta are shipped."""

import csv
from collections.abc import Sequence
from pathlib import Path

from storage.regions import Region
from storage.rules.refusal import Refusal
from storage.stock.classes import BallotType

Areas = dict[tuple[BallotType, str], list[str]]

# Source: KPU regulation 6/2023, annexes.
JAKARTA_DPR = {"31.75": "I", "31.71": "II", "31.74": "II", "31.01": "III", "31.72": "III", "31.73": "III"}
JAKARTA_DPRD_OF_REGENCY = {"31.71": 1, "31.01": 2}
JAKARTA_DPRD_OF_DISTRICT = {
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


def jakarta_dprd(regency: str, district: str) -> int:
    """The number of the electoral district of DPRD DKI Jakarta in which a district lies. Raises KeyError for one that is not there."""
    if regency in JAKARTA_DPRD_OF_REGENCY:
        return JAKARTA_DPRD_OF_REGENCY[regency]
    found = {name.upper(): number for number, names in JAKARTA_DPRD_OF_DISTRICT.items() for name in names}
    return found[district.upper()]


def district_areas(path: Path, regions: Sequence[Region]) -> Areas:
    """Which regions vote on each ballot, by type and electoral district.

    path: a table with the columns type, district, region_code, one line a region; where it is missing the shipped districts of DKI
    Jakarta serve, and elsewhere only the ballots that need none: PPWP for all, DPD for each province.

    Raises Refusal for a wrong line.
    """
    areas: Areas = {
        (BallotType.PPWP, ""): [],
    }
    for province in (this for this in regions if this.level == "province"):
        areas[BallotType.PPWP, ""].append(province.code)
        areas[BallotType.DPD, province.name] = [province.code]
    if path.exists():
        return areas | _read(path, {this.code for this in regions})
    if [this.code for this in regions if this.level == "province"] == ["31"]:
        return areas | _jakarta(regions)
    return areas


def _read(path: Path, known: set[str]) -> Areas:
    areas: Areas = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file)
            for row in table:
                type_, district, code = (str(row.get(name) or "").strip() for name in ("type", "district", "region_code"))
                if type_ not in {kind.value for kind in BallotType} or code not in known:
                    raise Refusal("{file}, line {line}: an unknown type or region.", file=path.name, line=table.line_num)
                areas.setdefault((BallotType(type_), district), []).append(code)
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refusal("{file} is no table of text in UTF-8.", file=path.name) from error
    return areas


def _jakarta(regions: Sequence[Region]) -> Areas:
    areas: Areas = {}
    for this in regions:
        if this.level == "regency" and this.code in JAKARTA_DPR:
            areas.setdefault((BallotType.DPR, f"DKI JAKARTA {JAKARTA_DPR[this.code]}"), []).append(this.code)
        if this.level == "district":
            number = jakarta_dprd(this.code[:5], this.name)
            areas.setdefault((BallotType.DPRD_PROVINSI, f"DKI JAKARTA {number}"), []).append(this.code)
    return dict(sorted(areas.items(), key=lambda area: (list(BallotType).index(area[0][0]), len(area[0][1]), area[0][1])))
