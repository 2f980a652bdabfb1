"""The tree of regions: province, regency or city, district, village, by their official codes."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from storage.rules.refusal import Refusal
from storage.schema.places import region

LEVELS = ("province", "regency", "district", "village")
# Provinces that do not keep the time of Jakarta. Source: Presidential Decree 41/1987; later provinces as those they came from.
_CENTRAL = {"51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"}
_EASTERN = {"81", "82", "91", "92", "93", "94", "95", "96", "97"}


@dataclass(frozen=True)
class Region:
    """code: 31, 31.75, 31.75.01, 31.75.01.1001; each level's code begins with that of the one above."""

    code: str
    level: str
    name: str

    @property
    def parent_code(self) -> str | None:
        """The code of the region that it lies in; None for a province."""
        return self.code.rpartition(".")[0] or None


def zone_of(code: str) -> str:
    """The time zone of a region by the code of its province."""
    province = code[:2]
    return "Asia/Makassar" if province in _CENTRAL else "Asia/Jayapura" if province in _EASTERN else "Asia/Jakarta"


def enter_regions(connection: sa.Connection, regions: Iterable[Region]) -> int:
    """Enters the regions that are not known yet, those above first; how many were new.

    Raises Refusal for a level that does not fit the code, a region without the one above, or one known by another name.
    """
    known: dict[str, str] = {row.code: row.name for row in connection.execute(sa.select(region.c.code, region.c.name))}
    rows = []
    for this in sorted(regions, key=lambda this: this.code):
        if this.level not in LEVELS or this.code.count(".") != LEVELS.index(this.level) or not this.name:
            raise Refusal("Region {code} is no {level}.", code=this.code, level=this.level)
        if this.parent_code is not None and this.parent_code not in known:
            raise Refusal("Region {code} lies in {parent}, which is not known.", code=this.code, parent=this.parent_code)
        if known.get(this.code, this.name) != this.name:
            raise Refusal("Region {code} is known as {name}.", code=this.code, name=known[this.code])
        if this.code not in known:
            known[this.code] = this.name
            rows.append({"code": this.code, "level": this.level, "name": this.name, "parent_code": this.parent_code})
    if rows:
        connection.execute(region.insert(), rows)
    return len(rows)
