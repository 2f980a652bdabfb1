"""Tables of what the events say: elections and voters, needs and orders, deliveries, sorting, reprints, counts, closes.

Every row hangs on one row of `stock_event`, so that who, when, why, the idempotency key and a reversal are the same for all of them. Once
the event has its link in the chain, nothing can be added to it, changed or removed.
"""

import sqlalchemy as sa

from storage.rules.quantity import MOST_SHEETS
from storage.schema.base import Instant, metadata

election = sa.Table(
    "election",
    metadata,
    sa.Column("name", sa.String(40), primary_key=True),
    # The reserve as a fraction: 2/100, 25/1000.
    sa.Column("reserve_num", sa.Integer, nullable=False),
    sa.Column("reserve_den", sa.Integer, nullable=False),
    sa.Column("polling_day", sa.String(10)),  # 2024-02-14; empty where it is not known yet
    sa.CheckConstraint("reserve_num >= 0 AND reserve_den > 0 AND reserve_num <= reserve_den", name="reserve"),
)

ballot_class = sa.Table(
    "ballot_class",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("election", sa.ForeignKey("election.name"), nullable=False),
    sa.Column("type", sa.String(16), nullable=False),
    # The electoral district (dapil); empty where the whole country votes on one ballot.
    sa.Column("district", sa.String(80), nullable=False),
    sa.Column("purpose", sa.String(8), nullable=False),
    sa.CheckConstraint("type IN ('ppwp', 'dpr', 'dpd', 'dprd_provinsi', 'dprd_kabko', 'gubernur', 'bupati_walikota')", name="type"),
    sa.CheckConstraint("purpose IN ('regular', 're_vote')", name="purpose"),
    sa.UniqueConstraint("election", "type", "district", "purpose"),
)

# Who votes on a class: the stations whose code begins with one of its regions.
class_area = sa.Table(
    "class_area",
    metadata,
    sa.Column("class_id", sa.ForeignKey("ballot_class.id"), primary_key=True),
    sa.Column("region_code", sa.ForeignKey("region.code"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

voters_roll = sa.Table(
    "voters_roll",
    metadata,
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), primary_key=True),
    sa.Column("election", sa.ForeignKey("election.name"), nullable=False),
    sa.Column("stations", sa.Integer, nullable=False),
    sa.Column("voters", sa.BigInteger, nullable=False),
    # Over "code,voters" of its stations in the order of their codes, one a line.
    sa.Column("sha256", sa.String(64), nullable=False),
)

polling_station = sa.Table(
    "polling_station",
    metadata,
    sa.Column("election", sa.ForeignKey("election.name"), primary_key=True),
    sa.Column("site_id", sa.ForeignKey("site.id"), primary_key=True),
    sa.Column("event_id", sa.ForeignKey("voters_roll.event_id"), nullable=False, index=True),
    sa.Column("voters", sa.Integer, nullable=False),
    sa.CheckConstraint("voters >= 0", name="voters"),
    sqlite_with_rowid=False,
)

# What a site needs of a class; the newest that was not reversed holds. voters, stations: empty where the need does not follow from them.
need_line = sa.Table(
    "need_line",
    metadata,
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), primary_key=True),
    sa.Column("class_id", sa.ForeignKey("ballot_class.id"), primary_key=True),
    sa.Column("sheets", sa.BigInteger, nullable=False),
    sa.Column("voters", sa.BigInteger),
    sa.Column("stations", sa.Integer),
    sa.Column("reserve_num", sa.Integer),
    sa.Column("reserve_den", sa.Integer),
    sa.CheckConstraint(f"sheets BETWEEN 0 AND {MOST_SHEETS}", name="sheets"),
    sa.CheckConstraint(
        "(voters IS NULL) = (stations IS NULL) AND (voters IS NULL) = (reserve_num IS NULL) AND (voters IS NULL) = (reserve_den IS NULL)",
        name="electorate",
    ),
    sa.CheckConstraint(
        "voters IS NULL OR (sheets * reserve_den >= (reserve_den + reserve_num) * voters "
        "AND sheets * reserve_den <= (reserve_den + reserve_num) * voters + (reserve_den - 1) * stations)",
        name="possible",
    ),
    sa.Index("ix_need_line_class_id", "class_id"),
    sqlite_with_rowid=False,
)

print_order = sa.Table(
    "print_order",
    metadata,
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), primary_key=True),
    sa.Column("number", sa.String(60), nullable=False),
    sa.Column("printer_id", sa.ForeignKey("site.id"), nullable=False),
    sa.CheckConstraint("number <> ''", name="number"),
)

print_order_line = sa.Table(
    "print_order_line",
    metadata,
    sa.Column("event_id", sa.ForeignKey("print_order.event_id"), primary_key=True),
    sa.Column("class_id", sa.ForeignKey("ballot_class.id"), primary_key=True),
    sa.Column("sheets", sa.BigInteger, nullable=False),
    sa.CheckConstraint("sheets > 0", name="sheets"),
    sqlite_with_rowid=False,
)

delivery = sa.Table(
    "delivery",
    metadata,
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), primary_key=True),
    sa.Column("note_number", sa.String(60), nullable=False, index=True),
    sa.Column("order_id", sa.ForeignKey("print_order.event_id")),
)

delivery_line = sa.Table(
    "delivery_line",
    metadata,
    sa.Column("event_id", sa.ForeignKey("delivery.event_id"), primary_key=True),
    sa.Column("class_id", sa.ForeignKey("ballot_class.id"), primary_key=True),
    sa.Column("declared", sa.BigInteger, nullable=False),
    sa.Column("received", sa.BigInteger, nullable=False),
    # Of the received ones: those that lay among sheets declared as another class.
    sa.Column("misrouted", sa.BigInteger, nullable=False, server_default="0"),
    sa.CheckConstraint("declared >= 0 AND received >= 0 AND declared + received > 0", name="sheets"),
    sa.CheckConstraint("misrouted BETWEEN 0 AND received", name="misrouted"),
    sa.Index("ix_delivery_line_class_id", "class_id"),
    sqlite_with_rowid=False,
)

sorting_run = sa.Table(
    "sorting_run",
    metadata,
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), primary_key=True),
    sa.Column("team", sa.String(60), nullable=False),
)

# Damaged sheets of a sorting or an inspection by what is wrong with them.
damage_line = sa.Table(
    "damage_line",
    metadata,
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), primary_key=True),
    sa.Column("class_id", sa.ForeignKey("ballot_class.id"), primary_key=True),
    sa.Column("criterion", sa.String(12), primary_key=True),
    sa.Column("sheets", sa.BigInteger, nullable=False),
    sa.CheckConstraint(
        "criterion IN ('unclear', 'discoloured', 'stained', 'torn', 'creased', 'miscut', 'holed', 'incomplete')", name="criterion"
    ),
    sa.CheckConstraint("sheets > 0", name="sheets"),
    sqlite_with_rowid=False,
)

reprint_request = sa.Table(
    "reprint_request",
    metadata,
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), primary_key=True),
    sa.Column("class_id", sa.ForeignKey("ballot_class.id"), nullable=False, index=True),
    sa.Column("for_damaged", sa.BigInteger, nullable=False),
    sa.Column("for_short", sa.BigInteger, nullable=False),
    sa.CheckConstraint("for_damaged >= 0 AND for_short >= 0 AND for_damaged + for_short > 0", name="sheets"),
)

reprint_receipt = sa.Table(
    "reprint_receipt",
    metadata,
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), primary_key=True),
    sa.Column("request_id", sa.ForeignKey("reprint_request.event_id"), nullable=False, index=True),
    sa.Column("sheets", sa.BigInteger, nullable=False),
    # The part of `sheets` that settles the short claim.
    sa.Column("for_short", sa.BigInteger, nullable=False),
    sa.CheckConstraint("sheets > 0 AND for_short BETWEEN 0 AND sheets", name="sheets"),
)

stock_count = sa.Table(
    "stock_count",
    metadata,
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), primary_key=True),
    sa.Column("class_id", sa.ForeignKey("ballot_class.id"), nullable=False),
    # The newest event of the site's books when the counting began; 0 before the first.
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("began_at", Instant, nullable=False),
    # Whatever moves a class asks whether it has been counted since.
    sa.Index("ix_stock_count_class_id_began_at", "class_id", "began_at"),
)

# What one team found, entered blind.
count_sheet = sa.Table(
    "count_sheet",
    metadata,
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), primary_key=True),
    sa.Column("count_id", sa.ForeignKey("stock_count.event_id"), nullable=False, index=True),
    sa.Column("team", sa.Integer, nullable=False),
    sa.Column("unsorted", sa.BigInteger, nullable=False),
    sa.Column("good", sa.BigInteger, nullable=False),
    sa.Column("damaged", sa.BigInteger, nullable=False),
    sa.Column("surplus", sa.BigInteger, nullable=False),
    sa.Column("packed", sa.BigInteger, nullable=False),
    sa.CheckConstraint("team BETWEEN 1 AND 3", name="team"),
    sa.CheckConstraint("unsorted >= 0 AND good >= 0 AND damaged >= 0 AND surplus >= 0 AND packed >= 0", name="sheets"),
)

count_acceptance = sa.Table(
    "count_acceptance",
    metadata,
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), primary_key=True),
    sa.Column("count_id", sa.ForeignKey("stock_count.event_id"), nullable=False, index=True),
    # The later of the two sheets that agree.
    sa.Column("sheet_id", sa.ForeignKey("count_sheet.event_id"), nullable=False),
)

# What is signed on paper besides: an adjustment, a destruction, a loss.
minutes = sa.Table(
    "minutes",
    metadata,
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), primary_key=True),
    sa.Column("number", sa.String(60), nullable=False),
    sa.CheckConstraint("number <> ''", name="number"),
)

witness = sa.Table(
    "witness",
    metadata,
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), primary_key=True),
    sa.Column("name", sa.String(80), primary_key=True),
    sa.Column("institution", sa.String(12), nullable=False),
    sa.CheckConstraint("name <> ''", name="name"),
    sa.CheckConstraint("institution IN ('bawaslu', 'polri', 'tni', 'kpu', 'party', 'public')", name="institution"),
    sqlite_with_rowid=False,
)

# Nothing that happened before closed_until can be entered any more. final: all is gone that must be gone the day before polling.
stock_close = sa.Table(
    "stock_close",
    metadata,
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), primary_key=True),
    sa.Column("closed_until", Instant, nullable=False),
    sa.Column("final", sa.Integer, nullable=False),
    sa.CheckConstraint("final IN (0, 1)", name="final"),
)

# What a witness wrote with a pen, on the screen or on paper that was scanned.
witness_signature = sa.Table(
    "witness_signature",
    metadata,
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), primary_key=True),
    sa.Column("name", sa.String(80), primary_key=True),
    # Of the picture; chained, so that the picture cannot be changed unseen.
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.CheckConstraint("length(sha256) = 64", name="sha256"),
    sqlite_with_rowid=False,
)
