"""What each guard of the books was made to refuse, written past the acts: one provocation for each guard, by its name."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import sqlalchemy as sa

from storage.ledger.journal import Draft, post
from storage.rules.movement import EventKind, Movement, State
from storage.schema.ledger_guards import FACT_KINDS, NEEDED_FACTS
from tests.storage.scene import Scene

Provocation = Callable[[Scene, sa.Connection], object]
PROVOKED: dict[str, Provocation] = {}
GOOD, DAMAGED, TRANSIT = State.GOOD, State.DAMAGED, State.IN_TRANSIT


def provokes(name: str) -> Callable[[Provocation], Provocation]:
    """Says which guard refuses what the function writes."""

    def named(provocation: Provocation) -> Provocation:
        assert name not in PROVOKED, name
        PROVOKED[name] = provocation
        return provocation

    return named


# --- rows of a table: those that would fit are written for an event that has its link, and for one of another kind

# What must differ from the newest row of a table, so that nothing but the guard minds a second one.
FRESH: dict[str, Callable[[Scene], Mapping[str, object]]] = {
    "container": lambda _scene: {"id": 9_999, "code": "K-NEW"},
    "seal": lambda _scene: {"number": "SEAL-NEW"},
    "packing": lambda scene: {"station_id": scene.depot.stations[3], "entitled": 102, "sheets": 102},
    "unpacking": lambda scene: {"packing_id": scene.ids["packing"]},
    "consignment": lambda _scene: {"number": "BA-NEW"},
    "polling_station": lambda scene: {"site_id": scene.depot.other},
    "placement": lambda scene: {"container_id": scene.ids["open"], "parent_id": None},
    "witness_signature": lambda _scene: {"name": "Nina"},
    "stock_close": lambda scene: {"closed_until": f"{scene.closed_at + timedelta(seconds=1):%Y-%m-%dT%H:%M:%S.%fZ}"},
}


def insert(connection: sa.Connection, table: str, row: Mapping[str, object]) -> None:
    columns = ", ".join(row)
    connection.execute(sa.text(f"INSERT INTO {table} ({columns}) VALUES ({', '.join(':' + column for column in row)})"), dict(row))


def fresh(scene: Scene, connection: sa.Connection, table: str) -> dict[str, object]:
    """A row like the newest of its table."""
    newest = connection.execute(sa.text(f"SELECT * FROM {table} ORDER BY event_id DESC LIMIT 1")).mappings().one()
    row: dict[str, object] = dict(newest)
    if table in FRESH:
        row |= FRESH[table](scene)
    if table == "seal_break":
        unbroken = "SELECT max(number) FROM seal WHERE number NOT IN (SELECT seal_number FROM seal_break)"
        row["seal_number"] = connection.scalar(sa.text(unbroken))
    return row


def event(scene: Scene, connection: sa.Connection, kind: str) -> int:
    """An event that has no link yet."""
    entry = scene.entry()
    number = (connection.scalar(sa.text("SELECT max(event_id) FROM chain_link")) or 0) + 1
    at, person_id = f"{entry.now:%Y-%m-%dT%H:%M:%S.%fZ}", entry.by.id
    row = {"id": number, "site_id": scene.depot.here, "kind": kind, "happened_at": at, "recorded_at": at}
    insert(connection, "stock_event", row | {"person_id": person_id, "reason": "", "key": entry.key})
    return number


def link(scene: Scene, connection: sa.Connection, event_id: int, kind: str, *, after: int = 1) -> None:
    """after: so many places after the last link."""
    last = "SELECT max(number) FROM chain_link WHERE site_id = :site"
    number = (connection.scalar(sa.text(last), {"site": scene.depot.here}) or 0) + after
    insert(connection, "chain_link", {"event_id": event_id, "site_id": scene.depot.here, "number": number, "kind": kind, "hash": bytes(32)})


def _of_tables() -> None:
    for table in FACT_KINDS:

        def sealed(scene: Scene, connection: sa.Connection, table: str = table) -> None:
            insert(connection, table, fresh(scene, connection, table))

        def kind(scene: Scene, connection: sa.Connection, table: str = table) -> None:
            insert(connection, table, fresh(scene, connection, table) | {"event_id": event(scene, connection, "schema")})

        provokes(f"{table}_sealed")(sealed)
        provokes(f"{table}_kind")(kind)


def _of_kinds() -> None:
    """Each kind of event without a fact that it needs; those that move sheets move some, or another guard would mind first."""
    moves: dict[str, Callable[[Scene], tuple[Movement, ...]]] = {
        "inspection": lambda scene: scene.move(5, GOOD, DAMAGED),
        "dispatch": lambda scene: scene.move(100, GOOD, TRANSIT, scene.ids["sealed"], scene.ids["sealed"]),
        "arrival": lambda scene: scene.move(100, TRANSIT, GOOD, scene.ids["sent"], scene.ids["sent"], to_site=scene.depot.other),
        "return": lambda scene: scene.move(100, TRANSIT, GOOD, scene.ids["sent"], scene.ids["sent"]),
        "loss": lambda scene: scene.move(100, TRANSIT, State.LOST, scene.ids["sent"], scene.ids["sent"]),
        "adjustment": lambda scene: scene.move(5, GOOD, State.VARIANCE),
        "destruction": lambda scene: scene.move(5, DAMAGED, State.DESTROYED),
    }
    witnesses: list[Mapping[str, object]] = [{"name": "Wahyu", "institution": "polri"}, {"name": "Dewi", "institution": "bawaslu"}]
    facts: dict[str, Callable[[Scene], dict[str, list[Mapping[str, object]]]]] = {
        "opening": lambda _scene: {"witness": witnesses},
        "destruction": lambda _scene: {"witness": witnesses},
        "loss": lambda scene: {"consignment_end": [{"consignment_id": scene.ids["dispatch"]}]},
    }
    for kind in NEEDED_FACTS:

        def bare(scene: Scene, connection: sa.Connection, kind: str = kind) -> None:
            site_id = scene.depot.other if kind == "arrival" else scene.depot.here
            two_persons = kind in ("adjustment", "destruction", "close")
            said = facts[kind](scene) if kind in facts else {}
            moved = moves[kind](scene) if kind in moves else ()
            post(connection, Draft(EventKind(kind), site_id, scene.entry(two=two_persons), moved, said))

        provokes(f"{kind}_facts")(bare)


_of_tables()
_of_kinds()
