"""Tables of the ledger itself: events, their movements, the chain that seals them, and the balances that follow.

An event is written in this order: its row, its facts (storage/schema/stock.py and goods.py), its movements, and last its link in the
chain of its site. The link seals it: triggers refuse whatever comes afterwards, and an event without a link cannot be committed.
All of it is append-only. Balances and contents are moved by the database alone, with each movement.
"""

import sqlalchemy as sa

from storage.schema.base import Instant, metadata

STATES = (
    "'unsorted', 'good', 'damaged', 'surplus', 'packed', 'in_transit', 'delivered', 'lost', 'destroyed', "
    "'printer', 'short_claim', 'variance'"
)
VIRTUAL = "'printer', 'short_claim', 'variance'"
KINDS = (
    "'schema', 'need', 'voters', 'print_order', 'delivery', 'sorting', 'inspection', 'reprint_request', 'reprint_receipt', "
    "'repack', 'placement', 'sealing', 'opening', 'packing', 'unpacking', 'surplus', 'dispatch', 'arrival', 'return', 'loss', "
    "'count', 'count_sheet', 'count_acceptance', 'adjustment', 'destruction', 'close', 'reversal'"
)
TWO_PERSON_KINDS = "'adjustment', 'destruction', 'close'"

chain_link = sa.Table(
    "chain_link",
    metadata,
    sa.Column("event_id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("site_id", sa.ForeignKey("site.id"), nullable=False),
    # 1, 2, 3 ... in each site.
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    # SHA-256 over the hash of the link before and everything this event says; storage/rules/chain.py.
    sa.Column("hash", sa.LargeBinary(32), nullable=False),
    sa.UniqueConstraint("site_id", "number"),
    sa.CheckConstraint("length(hash) = 32", name="hash"),
    sa.CheckConstraint("number > 0", name="number"),
    # The last event of the stock is looked for whenever one is entered, be there ever so many records after it.
    sa.Index(
        "ix_chain_link_stock",
        "site_id",
        "number",
        sqlite_where=sa.text("kind <> 'record'"),
        postgresql_where=sa.text("kind <> 'record'"),
    ),
)

stock_event = sa.Table(
    "stock_event",
    metadata,
    # Committed only with its link.
    sa.Column(
        "id",
        sa.Integer,
        sa.ForeignKey("chain_link.event_id", deferrable=True, initially="DEFERRED"),
        primary_key=True,
        autoincrement="ignore_fk",
    ),
    sa.Column("site_id", sa.ForeignKey("site.id"), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("happened_at", Instant, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False),
    # Who answers for it besides, where two persons are asked for.
    sa.Column("second_id", sa.ForeignKey("person.id")),
    sa.Column("reason", sa.String(400), nullable=False, server_default=""),
    sa.Column("reverses_id", sa.ForeignKey("stock_event.id"), unique=True),
    # From which event on this one holds, where that is earlier than its own place: a reversal holds from what it reverses, an
    # accepted count from where the books stood when the counting began.
    sa.Column("holds_from", sa.Integer),
    sa.Column("key", sa.String(80), nullable=False, unique=True),
    sa.CheckConstraint(f"kind IN ({KINDS})", name="kind"),
    sa.CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reversal"),
    sa.CheckConstraint("holds_from < id", name="holds_from"),
    sa.CheckConstraint("happened_at <= recorded_at", name="order"),
    sa.CheckConstraint("second_id <> person_id", name="second"),
    sa.CheckConstraint(f"kind NOT IN ({TWO_PERSON_KINDS}) OR (second_id IS NOT NULL AND reason <> '')", name="two_persons"),
    sa.Index("ix_stock_event_site_id_kind", "site_id", "kind"),
)

# Sheets that go from one place and state to another: what leaves here arrives there, in the same class. An event is balanced by its form.
movement = sa.Table(
    "movement",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), nullable=False, index=True),
    sa.Column("class_id", sa.ForeignKey("ballot_class.id"), nullable=False),
    sa.Column("quantity", sa.BigInteger, nullable=False),
    sa.Column("from_site_id", sa.ForeignKey("site.id"), nullable=False),
    sa.Column("from_state", sa.String(12), nullable=False),
    # The container the sheets leave and the one they enter; empty for loose sheets. The same in both: they move within it.
    sa.Column("from_container_id", sa.ForeignKey("container.id")),
    sa.Column("to_site_id", sa.ForeignKey("site.id"), nullable=False),
    sa.Column("to_state", sa.String(12), nullable=False),
    sa.Column("to_container_id", sa.ForeignKey("container.id")),
    sa.CheckConstraint("quantity > 0", name="quantity"),
    sa.CheckConstraint(f"from_state IN ({STATES}) AND to_state IN ({STATES})", name="state"),
    sa.CheckConstraint(
        "from_state <> to_state OR from_site_id <> to_site_id OR coalesce(from_container_id, 0) <> coalesce(to_container_id, 0)",
        name="somewhere",
    ),
    # The stock card, a balance of the past and a count's position read one class of one site in the order of events.
    sa.Index("ix_movement_from", "from_site_id", "class_id", "from_state", "event_id", "quantity"),
    sa.Index("ix_movement_to", "to_site_id", "class_id", "to_state", "event_id", "quantity"),
    sa.Index(
        "ix_movement_from_container",
        "from_container_id",
        sqlite_where=sa.text("from_container_id IS NOT NULL"),
        postgresql_where=sa.text("from_container_id IS NOT NULL"),
    ),
    sa.Index(
        "ix_movement_to_container",
        "to_container_id",
        sqlite_where=sa.text("to_container_id IS NOT NULL"),
        postgresql_where=sa.text("to_container_id IS NOT NULL"),
    ),
)

# Sheets per place, class and state: the sum of the movements, kept by triggers.
balance = sa.Table(
    "balance",
    metadata,
    sa.Column("site_id", sa.ForeignKey("site.id"), primary_key=True),
    sa.Column("class_id", sa.ForeignKey("ballot_class.id"), primary_key=True),
    sa.Column("state", sa.String(12), primary_key=True),
    sa.Column("quantity", sa.BigInteger, nullable=False),
    # The part of it that lies in containers; the rest is loose.
    sa.Column("contained", sa.BigInteger, nullable=False),
    # The movement that changed it last; 0 before the first.
    sa.Column("movement_id", sa.Integer, nullable=False),
    sa.CheckConstraint(f"state IN ({STATES})", name="state"),
    sa.CheckConstraint(f"quantity >= 0 OR state IN ({VIRTUAL})", name="quantity"),
    sa.CheckConstraint(f"contained BETWEEN 0 AND quantity OR (contained = 0 AND state IN ({VIRTUAL}))", name="contained"),
    sqlite_with_rowid=False,
)

# Sheets in a container, likewise; a row says also where the container is.
content = sa.Table(
    "content",
    metadata,
    sa.Column("container_id", sa.ForeignKey("container.id"), primary_key=True),
    sa.Column("class_id", sa.ForeignKey("ballot_class.id"), primary_key=True),
    sa.Column("site_id", sa.ForeignKey("site.id"), primary_key=True),
    sa.Column("state", sa.String(12), primary_key=True),
    sa.Column("quantity", sa.BigInteger, nullable=False),
    sa.Column("movement_id", sa.Integer, nullable=False),
    sa.CheckConstraint("quantity >= 0", name="quantity"),
    sqlite_with_rowid=False,
)

# What a kind of event may do with sheets; filled by the migration from storage/rules/movement.py. A reversal does the opposite.
legal_move = sa.Table(
    "legal_move",
    metadata,
    sa.Column("kind", sa.String(20), primary_key=True),
    sa.Column("from_state", sa.String(12), primary_key=True),
    sa.Column("to_state", sa.String(12), primary_key=True),
    sqlite_with_rowid=False,
)
