"""The voters of each polling station, and what a warehouse needs for them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from storage.chain import lock_sites
from storage.ledger.journal import Draft, Entry, Facts, post
from storage.people.right import right
from storage.rules.entitlement import entitled_sheets
from storage.rules.movement import EventKind
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.places import site
from storage.schema.stock import ballot_class, class_area, polling_station
from storage.stock.classes import reserve_of
from storage.stock.entitlements import Electorate, Need, enter_needs

# More than any law allows at one polling station; a figure above it is a slip of the hand.
MOST_VOTERS = 800


@dataclass(frozen=True)
class Station:
    """A polling station of the roll. site_id: its site; code: as it is printed."""

    site_id: int
    code: str
    voters: int


@right(Act.BOOK)
def enter_roll(connection: sa.Connection, site_id: int, election: str, stations: Sequence[Station], entry: Entry) -> int:
    """Keeps the voters of the polling stations that a warehouse serves; the event's id. A station's voters are entered once.

    Raises Refusal for no stations, one that is named twice or has voters already, or an impossible number of voters.
    """
    reserve_of(connection, election)
    lock_sites(connection, [site_id])
    if not stations or len({station.site_id for station in stations}) < len(stations):
        raise Refusal("Name each polling station once.")
    for station in stations:
        if not 0 < station.voters <= MOST_VOTERS:
            raise Refusal("Station {code} cannot have {voters} voters.", code=station.code, voters=station.voters)
    known = {
        row.site_id
        for row in connection.execute(sa.select(polling_station.c.site_id).where(polling_station.c.election == election))
    }  # fmt: skip
    for station in stations:
        if station.site_id in known:
            raise Refusal("The voters of station {code} have been entered already.", code=station.code)
    facts: Facts = {
        "voters_roll": [
            {
                "election": election, "stations": len(stations), "voters": sum(station.voters for station in stations),
                "sha256": roll_hash(stations),
            }
        ],
        "polling_station": [{"election": election, "site_id": station.site_id, "voters": station.voters} for station in stations],
    }  # fmt: skip
    return post(connection, Draft(EventKind.VOTERS, site_id, entry, facts=facts))


def roll_hash(stations: Sequence[Station]) -> str:
    """SHA-256 in hexadecimal over "code,voters", one station a line, in the order of the codes."""
    lines = "".join(f"{station.code},{station.voters}\n" for station in sorted(stations, key=lambda station: station.code))
    return hashlib.sha256(lines.encode()).hexdigest()


def needs_of(connection: sa.Connection, election: str, region_code: str) -> list[Need]:
    """What the stations below a region need of each regular class that they vote on, with their voters and stations."""
    rate = reserve_of(connection, election)
    voters = _voters_by_district(connection, election, region_code)
    areas: dict[int, list[str]] = {}
    query = sa.select(class_area).join(ballot_class, ballot_class.c.id == class_area.c.class_id)
    regular = query.where(ballot_class.c.election == election, ballot_class.c.purpose == "regular").order_by(class_area.c.class_id)
    for row in connection.execute(regular):
        areas.setdefault(row.class_id, []).append(row.region_code)
    found = []
    for class_id, codes in areas.items():
        stations = [people for code, each in voters.items() if code.startswith(tuple(codes)) for people in each]
        if stations:
            electorate = Electorate(sum(stations), len(stations), rate)
            found.append(Need(class_id, entitled_sheets(stations, rate), electorate))
    return found


def _voters_by_district(connection: sa.Connection, election: str, region_code: str) -> Mapping[str, list[int]]:
    """The voters of each station by the code of its village."""
    query = (
        sa.select(site.c.region_code, polling_station.c.voters)
        .join(site, site.c.id == polling_station.c.site_id)
        .where(polling_station.c.election == election, site.c.region_code.startswith(region_code, autoescape=True))
    )
    found: dict[str, list[int]] = {}
    for code, people in connection.execute(query):
        found.setdefault(code, []).append(people)
    return found


@right(Act.BOOK)
def enter_needs_of(connection: sa.Connection, site_id: int, election: str, region_code: str, entry: Entry) -> int:
    """Enters what the stations below a region need as the need of a warehouse; the event's id."""
    needs = needs_of(connection, election, region_code)
    if not needs:
        raise Refusal("No polling station of {region} votes on any class of {election}.", region=region_code, election=election)
    return enter_needs(connection, site_id, needs, entry)
