"""Tables of what makes the chain a log of everything: records beside the stock's events, the keys that sign it, and its checkpoints."""

import sqlalchemy as sa

from storage.schema.base import Instant, metadata

# What was done to people, places, watch and footage, by persons or by the program. It shares chain and numbers with the stock's events.
record = sa.Table(
    "record",
    metadata,
    # Committed only with its link.
    sa.Column(
        "event_id",
        sa.Integer,
        sa.ForeignKey("chain_link.event_id", deferrable=True, initially="DEFERRED"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("site_id", sa.ForeignKey("site.id"), nullable=False),
    sa.Column("act", sa.String(32), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("person_id", sa.ForeignKey("person.id")),  # empty: the program itself
    sa.Column("second_id", sa.ForeignKey("person.id")),
    # What it says, as JSON with sorted keys.
    sa.Column("body", sa.Text, nullable=False),
    sa.CheckConstraint("second_id <> person_id", name="second"),
    sa.Index("ix_record_site_id_at", "site_id", "at"),
)

signing_key = sa.Table(
    "signing_key",
    metadata,
    # The first 16 hexadecimal signs of the SHA-256 of the public key.
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("public_key", sa.String(64), nullable=False),  # 32 bytes in hexadecimal
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("computer", sa.String(80), nullable=False),
    sqlite_with_rowid=False,
)

checkpoint = sa.Table(
    "checkpoint",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("site_id", sa.ForeignKey("site.id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("at", Instant, nullable=False),
    # The whole signed text, as storage/rules/chain.py writes it.
    sa.Column("text", sa.String(400), nullable=False),
    # What it was made for: daily, shift, document, export.
    sa.Column("purpose", sa.String(12), nullable=False),
    # A time stamp of an authority over the text (RFC 3161, DER); empty where none was asked for.
    sa.Column("stamp", sa.LargeBinary),
    sa.CheckConstraint("purpose IN ('daily', 'shift', 'document', 'export', 'asked')", name="purpose"),
    sa.Index("ix_checkpoint_site_id_number", "site_id", "number"),
)

# Pictures of signatures, as PNG; what was signed holds the hash.
signature_picture = sa.Table(
    "signature_picture",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("png", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,  # else a row could be replaced by its hidden number
)
