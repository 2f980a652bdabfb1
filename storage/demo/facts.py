"""The facts of the demo: Jakarta's regencies, districts, electoral districts, and the voters of each polling station.

Regencies, districts, electoral districts and each regency's voters and stations are published figures; how the voters spread over
the stations of a regency is made up.
"""

import json
import lzma
from dataclasses import dataclass
from pathlib import Path

FACTS = Path(__file__).with_name("jakarta_2024.json.xz")
STATIONS = 30_766
VOTERS = 8_252_897


@dataclass(frozen=True)
class District:
    """A kecamatan. dpr, dprd: its electoral districts ("II", 7); voters: of each of its polling stations."""

    code: str
    name: str
    dpr: str
    dprd: int
    voters: tuple[int, ...]

    @property
    def regency(self) -> str:
        """The regency's code: 31.75."""
        return self.code[:5]


@dataclass(frozen=True)
class Facts:
    """regencies: official name by code."""

    regencies: dict[str, str]
    districts: tuple[District, ...]


def load_facts(path: Path = FACTS) -> Facts:
    """Reads the shipped facts. Raises ValueError where they are not the published number of stations and voters."""
    tables = json.loads(lzma.decompress(path.read_bytes()))
    districts = tuple(
        District(code, row["name"], row["dpr"], row["dprd"], tuple(row["voters"])) for code, row in tables["districts"].items()
    )
    stations = sum(len(district.voters) for district in districts)
    voters = sum(sum(district.voters) for district in districts)
    if (len(tables["regencies"]), stations, voters) != (6, STATIONS, VOTERS):
        raise ValueError(f"{path.name} has {stations} stations and {voters} voters, not {STATIONS} and {VOTERS}")
    return Facts(tables["regencies"], districts)
