"""Tables of who may do what: roles at sites, secrets, signing in, and acts that two persons answer for."""

import sqlalchemy as sa

from storage.schema.base import Instant, metadata

HOLDS = sa.text("until_at IS NULL")

role_grant = sa.Table(
    "role_grant",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("site_id", sa.ForeignKey("site.id")),  # empty: at every site
    sa.Column("from_at", Instant, nullable=False),
    sa.Column("until_at", Instant),  # empty while it holds
    sa.CheckConstraint("role IN ('guard', 'officer', 'supervisor', 'auditor', 'administrator')", name="role"),
    sa.CheckConstraint("until_at >= from_at", name="order"),
)

secret = sa.Table(
    "secret",
    metadata,
    # The newest of a person is the one that holds; earlier ones stay, so that an old one is not taken again.
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False, index=True),
    # As Argon2id writes it: its parameters, salt and hash.
    sa.Column("hash", sa.String(160), nullable=False),
    sa.Column("set_at", Instant, nullable=False),
    sa.Column("set_by", sa.ForeignKey("person.id"), nullable=False),
)

sign_in = sa.Table(
    "sign_in",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("outcome", sa.String(8), nullable=False),
    # A fact only: nobody is let in by it.
    sa.Column("computer", sa.String(80), nullable=False),
    sa.Column("os_login", sa.String(80), nullable=False),
    sa.CheckConstraint("outcome IN ('tried', 'proved', 'in', 'wrong', 'locked', 'out', 'idle')", name="outcome"),
    sa.Index("ix_sign_in_person_id_id", "person_id", "id"),
)

confirmation = sa.Table(
    "confirmation",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("act", sa.String(24), nullable=False),
    sa.Column("site_id", sa.ForeignKey("site.id")),
    # The sentence that both have read.
    sa.Column("said", sa.String(800), nullable=False),
    sa.Column("first_id", sa.ForeignKey("person.id"), nullable=False),
    sa.Column("asked_at", Instant, nullable=False),
    # Empty until somebody has answered with a secret of their own.
    sa.Column("second_id", sa.ForeignKey("person.id")),
    sa.Column("answered_at", Instant),
    sa.Column("given", sa.Integer),
    # It serves for one act; whoever tries it again is refused.
    sa.Column("used_at", Instant),
    sa.CheckConstraint("second_id <> first_id", name="second"),
    sa.CheckConstraint("(second_id IS NULL) = (given IS NULL) AND (answered_at IS NULL) = (given IS NULL)", name="answer"),
    sa.CheckConstraint("used_at IS NULL OR given = 1", name="used"),
    sa.Index("ix_confirmation_asked_at", "asked_at"),
)
