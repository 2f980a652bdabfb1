"""Tables of the books: ballot classes, what each warehouse needs, the journal of events with their postings, and the balances.

Every fact hangs on one row of `stock_event`, so that who, when, why, the idempotency key and a reversal are the same for all of them.
Ballot classes, entitlements and balances apart, the tables are append-only: triggers made by the migration hold that. Tables with more
than one key column have no rowid, for a row could be replaced by its rowid past those triggers.
"""

import sqlalchemy as sa

from storage.rules.quantity import MOST_SHEETS
from storage.schema.base import Instant, metadata

_STATES = "state IN ('unsorted', 'good', 'damaged', 'printer', 'short_claim', 'variance')"
_VIRTUAL = "state IN ('printer', 'short_claim', 'variance')"

ballot_class = sa.Table(
    "ballot_class",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("election", sa.String(40), nullable=False),
    sa.Column("type", sa.String(16), nullable=False),
    # The electoral district (dapil); empty where the whole country votes on one ballot.
    sa.Column("district", sa.String(80), nullable=False),
    sa.Column("purpose", sa.String(8), nullable=False),
    sa.CheckConstraint("type IN ('ppwp', 'dpr', 'dpd', 'dprd_provinsi', 'dprd_kabko')", name="type"),
    sa.CheckConstraint("purpose IN ('regular', 're_vote')", name="purpose"),
    sa.UniqueConstraint("election", "type", "district", "purpose"),
)

entitlement = sa.Table(
    "entitlement",
    metadata,
    sa.Column("site_id", sa.ForeignKey("site.id"), primary_key=True),
    sa.Column("class_id", sa.ForeignKey("ballot_class.id"), primary_key=True),
    sa.Column("sheets", sa.BigInteger, nullable=False),
    sa.CheckConstraint(f"sheets BETWEEN 0 AND {MOST_SHEETS}", name="sheets"),
)

stock_event = sa.Table(
    "stock_event",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("site_id", sa.ForeignKey("site.id"), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("happened_at", Instant, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False),
    sa.Column("reason", sa.String(400), nullable=False, server_default=""),
    sa.Column("reverses_id", sa.ForeignKey("stock_event.id"), unique=True),
    # From which event on this one holds, where that is earlier than its own place: a reversal holds from what it reverses, an
    # accepted count from where the books stood when the counting began.
    sa.Column("holds_from", sa.Integer),
    sa.Column("key", sa.String(80), nullable=False, unique=True),
    sa.CheckConstraint(
        "kind IN ('delivery', 'sorting', 'reprint_request', 'reprint_receipt', 'count', 'count_acceptance', 'reversal')", name="kind"
    ),
    sa.CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reversal"),
    sa.CheckConstraint("holds_from < id", name="holds_from"),
    sa.CheckConstraint("happened_at <= recorded_at", name="order"),
    sa.Index("ix_stock_event_site_id_kind", "site_id", "kind"),
)

posting = sa.Table(
    "posting",
    metadata,
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), primary_key=True),
    sa.Column("site_id", sa.ForeignKey("site.id"), primary_key=True),
    sa.Column("class_id", sa.ForeignKey("ballot_class.id"), primary_key=True),
    sa.Column("state", sa.String(12), primary_key=True),
    sa.Column("quantity", sa.BigInteger, nullable=False),
    sa.CheckConstraint("quantity <> 0", name="quantity"),
    sa.CheckConstraint(_STATES, name="state"),
    # The stock card and a count's position read one class of one site in the order of events.
    sa.Index("ix_posting_site_id_class_id_event_id", "site_id", "class_id", "event_id", "state", "quantity"),
    sqlite_with_rowid=False,
)

balance = sa.Table(
    "balance",
    metadata,
    sa.Column("site_id", sa.ForeignKey("site.id"), primary_key=True),
    sa.Column("class_id", sa.ForeignKey("ballot_class.id"), primary_key=True),
    sa.Column("state", sa.String(12), primary_key=True),
    sa.Column("quantity", sa.BigInteger, nullable=False),
    sa.CheckConstraint(_STATES, name="state"),
    sa.CheckConstraint(f"quantity >= 0 OR {_VIRTUAL}", name="quantity"),
)

delivery = sa.Table(
    "delivery",
    metadata,
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), primary_key=True),
    sa.Column("note_number", sa.String(60), nullable=False, index=True),
)

delivery_line = sa.Table(
    "delivery_line",
    metadata,
    sa.Column("event_id", sa.ForeignKey("delivery.event_id"), primary_key=True),
    sa.Column("class_id", sa.ForeignKey("ballot_class.id"), primary_key=True),
    sa.Column("declared", sa.BigInteger, nullable=False),
    sa.Column("received", sa.BigInteger, nullable=False),
    sa.CheckConstraint("declared >= 0 AND received >= 0 AND declared + received > 0", name="sheets"),
    sqlite_with_rowid=False,
)

reprint_request = sa.Table(
    "reprint_request",
    metadata,
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), primary_key=True),
    sa.Column("class_id", sa.ForeignKey("ballot_class.id"), nullable=False),
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
    # The newest event in the books when the counting began; 0 before the first.
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("began_at", Instant, nullable=False),
    sa.Column("unsorted", sa.BigInteger, nullable=False),
    sa.Column("good", sa.BigInteger, nullable=False),
    sa.Column("damaged", sa.BigInteger, nullable=False),
    sa.CheckConstraint("unsorted >= 0 AND good >= 0 AND damaged >= 0", name="sheets"),
)

count_acceptance = sa.Table(
    "count_acceptance",
    metadata,
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), primary_key=True),
    sa.Column("count_id", sa.ForeignKey("stock_count.event_id"), nullable=False, index=True),
)
