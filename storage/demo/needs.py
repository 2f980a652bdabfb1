"""What the demo's warehouses need: 15 ballot classes for election day, and the same 15 marked for a re-vote."""

from dataclasses import dataclass

from storage.demo.facts import District, Facts
from storage.rules.entitlement import entitled_sheets
from storage.stock.classes import BallotType, Purpose
from storage.stock.entitlements import Electorate

ELECTION = "Pemilu 2024"
RE_VOTE_SHEETS = 1_000


@dataclass(frozen=True, order=True)
class ClassKey:
    """A ballot class before it has an id."""

    purpose: Purpose
    type: BallotType
    district: str


@dataclass(frozen=True)
class Need:
    """Sheets of a class for a regency's warehouse; electorate: None for re-vote sheets, which no voters call for."""

    regency: str
    ballot: ClassKey
    sheets: int
    electorate: Electorate | None


def class_keys(purpose: Purpose) -> list[ClassKey]:
    """The 15 classes of a purpose in the order of the ballots: president, DPR, DPD, DPRD."""
    return [
        ClassKey(purpose, BallotType.PPWP, ""),
        *(ClassKey(purpose, BallotType.DPR, f"DKI JAKARTA {number}") for number in ("I", "II", "III")),
        ClassKey(purpose, BallotType.DPD, "DKI JAKARTA"),
        *(ClassKey(purpose, BallotType.DPRD_PROVINSI, f"DKI JAKARTA {number}") for number in range(1, 11)),
    ]


def needs(facts: Facts) -> list[Need]:
    """The need of each warehouse for each class that is voted on in its regency, and the re-vote sheets it holds.

    Re-vote sheets are 1,000 per electoral unit: the president's in each regency, the others where most voters of the electoral
    district live.
    """
    found = []
    for key in class_keys(Purpose.REGULAR):
        for regency, voters in _voters(facts, key).items():
            found.append(Need(regency, key, entitled_sheets(voters), Electorate(sum(voters), len(voters))))
    for key in class_keys(Purpose.RE_VOTE):
        voters_of = _voters(facts, key)
        largest = max(voters_of, key=lambda regency: sum(voters_of[regency]))
        holders = list(voters_of) if key.type is BallotType.PPWP else [largest]
        found += [Need(regency, key, RE_VOTE_SHEETS, None) for regency in holders]
    return found


def _voters(facts: Facts, key: ClassKey) -> dict[str, list[int]]:
    """The stations' voters who vote on a class, by regency."""
    found: dict[str, list[int]] = {}
    for district in facts.districts:
        if _votes_on(district, key):
            found.setdefault(district.regency, []).extend(district.voters)
    return found


def _votes_on(district: District, key: ClassKey) -> bool:
    if key.type is BallotType.DPR:
        return key.district == f"DKI JAKARTA {district.dpr}"
    if key.type is BallotType.DPRD_PROVINSI:
        return key.district == f"DKI JAKARTA {district.dprd}"
    return True
