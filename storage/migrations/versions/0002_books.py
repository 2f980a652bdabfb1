"""The books as a chained ledger: movements in place of postings, needs as events, containers, consignments, closes.

What the first schema's books said is kept event by event, with its numbers; every event gets its link, and an event of the kind `schema`
in each site says from where on the rules of this schema hold.
"""

from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from alembic import op

from storage.ledger.links import chained_events
from storage.rules.chain import START
from storage.schema.chained import FACTS

revision = "0002"
down_revision = "0001"

# Those of the first schema, each before the ones that it refers to.
OLD = (
    *("count_acceptance", "reprint_receipt", "delivery_line", "stock_count", "reprint_request", "posting", "delivery"),
    *("balance", "entitlement", "stock_event", "ballot_class"),
)
Row = dict[str, Any]
PHYSICAL = ("unsorted", "good", "damaged")
KINDS = "kind IN ('printer', 'warehouse', 'kecamatan', 'kelurahan', 'tps', 'transit')"
STATUSES = "status IN ('confirmed', 'pending')"


def upgrade() -> None:
    """Reads the old books, makes the new tables, writes what was read, chains it, and only then makes the triggers."""
    connection = op.get_bind()
    old = {table: [dict(row._mapping) for row in connection.execute(sa.text(f"SELECT * FROM {table}"))] for table in OLD}
    for table in OLD:
        op.drop_table(table)
    tables, triggers = _frozen(connection.dialect.name)
    region = next(text for text in tables if text.startswith("CREATE TABLE region"))
    op.execute(sa.text(region))
    _rebuild_site(connection)
    for text in tables:
        if text != region:
            connection.exec_driver_sql(text)
    _Books(connection, old).write()
    for text in triggers:
        connection.exec_driver_sql(text)
    if connection.dialect.name == "sqlite":
        astray = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if astray:
            raise ValueError(f"rows refer to what is not there: {astray[:5]}")


def _frozen(dialect: str) -> tuple[list[str], list[str]]:
    """The statements of this schema as they were released."""
    text = Path(__file__).with_name(f"0002_{dialect}.sql").read_text(encoding="utf-8")
    parts = [part.strip() for part in text.split("\n-- next\n")]
    middle = parts.index("-- triggers")
    return parts[:middle], parts[middle + 1 :]


def _rebuild_site(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_site_kind"), "site")
        op.alter_column("site", "code", type_=sa.String(24))
        op.add_column("site", sa.Column("region_code", sa.String(16)))
        op.add_column("site", sa.Column("status", sa.String(12), server_default="confirmed", nullable=False))
        op.create_foreign_key(op.f("fk_site_region_code"), "site", "region", ["region_code"], ["code"])
        op.create_check_constraint(op.f("ck_site_kind"), "site", KINDS)
        op.create_check_constraint(op.f("ck_site_status"), "site", STATUSES)
    else:
        op.create_table(
            "site_new",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("kind", sa.String(length=16), nullable=False),
            sa.Column("code", sa.String(length=24), nullable=False),
            sa.Column("name", sa.String(length=80), nullable=False),
            sa.Column("zone", sa.String(length=40), nullable=False),
            sa.Column("created_at", sa.String(27), nullable=False),
            sa.Column("region_code", sa.String(length=16), nullable=True),
            sa.Column("status", sa.String(length=12), server_default="confirmed", nullable=False),
            sa.CheckConstraint(KINDS, name=op.f("ck_site_kind")),
            sa.CheckConstraint(STATUSES, name=op.f("ck_site_status")),
            sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_site_region_code")),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
            sa.UniqueConstraint("code", name=op.f("uq_site_code")),
        )
        columns = "id, kind, code, name, zone, created_at"
        connection.exec_driver_sql(f"INSERT INTO site_new ({columns}) SELECT {columns} FROM site")
        op.drop_table("site")
        # Those that refer to the table by its name shall go on doing so.
        connection.exec_driver_sql("PRAGMA legacy_alter_table = ON")
        op.rename_table("site_new", "site")
        connection.exec_driver_sql("PRAGMA legacy_alter_table = OFF")
    op.create_index("ix_site_region_code", "site", ["region_code"])


class _Books:
    """The old books on their way into the new tables."""

    def __init__(self, connection: sa.Connection, old: dict[str, list[Row]]) -> None:
        self._connection = connection
        self._old = old
        self._movements: dict[int, list[Row]] = {}
        self._now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def write(self) -> None:
        """Everything, and the links."""
        elections = sorted({row["election"] for row in self._old["ballot_class"]})
        self._insert("election", [{"name": name, "reserve_num": 1, "reserve_den": 50, "polling_day": None} for name in elections])
        self._insert("ballot_class", self._old["ballot_class"])
        self._insert("stock_event", [row | {"second_id": None} for row in self._old["stock_event"]])
        self._insert("delivery", [row | {"order_id": None} for row in self._old["delivery"]])
        self._insert("delivery_line", [row | {"misrouted": 0} for row in self._old["delivery_line"]])
        self._insert("reprint_request", self._old["reprint_request"])
        self._insert("reprint_receipt", self._old["reprint_receipt"])
        self._write_counts()
        self._write_movements()
        self._write_balances()
        self._write_needs()
        self._write_links()

    def _write_counts(self) -> None:
        """A count of then had one team; what it found is the sheet of the same event."""
        counts = self._old["stock_count"]
        self._insert("stock_count", [{key: row[key] for key in ("event_id", "class_id", "position", "began_at")} for row in counts])
        found = [{key: row[key] for key in ("event_id", *PHYSICAL)} for row in counts]
        self._insert("count_sheet", [row | {"count_id": row["event_id"], "team": 1, "surplus": 0, "packed": 0} for row in found])
        self._insert("count_acceptance", [row | {"sheet_id": row["count_id"]} for row in self._old["count_acceptance"]])

    def _write_movements(self) -> None:
        posted = defaultdict(list)
        for row in self._old["posting"]:
            posted[row["event_id"]].append(row)
        for event in sorted(self._old["stock_event"], key=lambda event: event["id"]):
            if event["kind"] == "reversal":
                moves = [_opposite(move) for move in self._movements[event["reverses_id"]]]
            else:
                moves = _movements(posted[event["id"]], by_variance=event["kind"] == "count_acceptance")
            self._movements[event["id"]] = moves
            self._insert("movement", [{"event_id": event["id"], "from_container_id": None, "to_container_id": None} | row for row in moves])

    def _write_balances(self) -> None:
        """From the movements; what the old table said must be the same."""
        sums: dict[tuple[int, int, str], int] = defaultdict(int)
        last: dict[tuple[int, int, str], int] = {}
        for row in self._connection.execute(sa.text("SELECT * FROM movement ORDER BY id")):
            for side, sign in (("from", -1), ("to", 1)):
                key = (getattr(row, f"{side}_site_id"), row.class_id, getattr(row, f"{side}_state"))
                sums[key] += sign * row.quantity
                last[key] = row.id
        kept = {(row["site_id"], row["class_id"], row["state"]): row["quantity"] for row in self._old["balance"] if row["quantity"]}
        if kept != {key: sheets for key, sheets in sums.items() if sheets}:
            raise ValueError("the balances are not the sums of the postings; this database was changed by hand")
        rows = [(*key, sheets, 0, last[key]) for key, sheets in sums.items()]
        names = ("site_id", "class_id", "state", "quantity", "contained", "movement_id")
        self._insert("balance", [dict(zip(names, row, strict=True)) for row in rows])

    def _write_needs(self) -> None:
        """The needs become events, and each site says from where on the new rules hold."""
        sites = [row.id for row in self._connection.execute(sa.text("SELECT id FROM site ORDER BY id"))]
        needs = defaultdict(list)
        for row in self._old["entitlement"]:
            needs[row["site_id"]].append(row)
        used = {event["site_id"] for event in self._old["stock_event"]} | set(needs)
        for site_id in sites:
            if needs[site_id]:
                event_id = self._say("need", site_id)
                lines = [{"event_id": event_id, "class_id": row["class_id"], "sheets": row["sheets"]} for row in needs[site_id]]
                empty = dict.fromkeys(("voters", "stations", "reserve_num", "reserve_den"))
                self._insert("need_line", [line | empty for line in lines])
            if site_id in used:
                self._say("schema", site_id)

    def _say(self, kind: str, site_id: int) -> int:
        """An event of the change of schema itself, in the name of whoever is responsible for the books."""
        person_id = self._connection.scalar(
            sa.text("SELECT id FROM person ORDER BY CASE role WHEN 'supervisor' THEN 1 WHEN 'officer' THEN 2 ELSE 3 END, id")
        )
        if person_id is None:
            row = {"id": 1, "name": "Jaga Gudang", "role": "supervisor", "created_at": self._now}
            self._insert("person", [row])
            person_id = 1
        event_id = 1 + (self._connection.scalar(sa.text("SELECT max(id) FROM stock_event")) or 0)
        said = {"id": event_id, "site_id": site_id, "kind": kind, "happened_at": self._now, "recorded_at": self._now}
        whose = {"person_id": person_id, "second_id": None, "reason": "0002", "reverses_id": None, "holds_from": None}
        self._insert("stock_event", [said | whose | {"key": f"0002-{kind}-{site_id}"}])
        return event_id

    def _write_links(self) -> None:
        heads: dict[int, tuple[int, bytes]] = {}
        links = []
        for chained in chained_events(self._connection, FACTS.keys() - {"witness_signature"}):
            event_id, site_id, kind = cast(tuple[int, int, str], chained.event[:3])
            number, before = heads.get(site_id, (0, START))
            digest = chained.hash(before, number + 1)
            heads[site_id] = (number + 1, digest)
            links.append({"event_id": event_id, "site_id": site_id, "number": number + 1, "kind": kind, "hash": digest})
        self._insert("chain_link", links)

    def _insert(self, table: str, rows: list[Row]) -> None:
        if rows:
            columns = ", ".join(rows[0])
            marks = ", ".join(f":{column}" for column in rows[0])
            self._connection.execute(sa.text(f"INSERT INTO {table} ({columns}) VALUES ({marks})"), rows)


def _movements(postings: list[Row], *, by_variance: bool) -> list[Row]:
    """What leaves is matched with what arrives; a count's variance is the other side of each of its states."""
    moves = []
    for class_id in sorted({row["class_id"] for row in postings}):
        lines = [row for row in postings if row["class_id"] == class_id]
        site_id = lines[0]["site_id"]
        if by_variance:
            for row in lines:
                if row["state"] != "variance":
                    ends = ("variance", row["state"]) if row["quantity"] > 0 else (row["state"], "variance")
                    moves.append(_move(class_id, site_id, ends, abs(row["quantity"])))
            continue
        giving = [[row["state"], -row["quantity"]] for row in lines if row["quantity"] < 0]
        taking = [[row["state"], row["quantity"]] for row in lines if row["quantity"] > 0]
        while giving and taking:
            sheets = min(giving[0][1], taking[0][1])
            moves.append(_move(class_id, site_id, (giving[0][0], taking[0][0]), sheets))
            for side in (giving, taking):
                side[0][1] -= sheets
                if side[0][1] == 0:
                    side.pop(0)
    return moves


def _move(class_id: int, site_id: int, ends: tuple[str, str], sheets: int) -> Row:
    return {
        "class_id": class_id, "quantity": sheets,
        "from_site_id": site_id, "from_state": ends[0], "to_site_id": site_id, "to_state": ends[1],
    }  # fmt: skip


def _opposite(move: Row) -> Row:
    return _move(move["class_id"], move["from_site_id"], (move["to_state"], move["from_state"]), move["quantity"])
