"""Tables of places and people: regions, sites, rooms, cameras, persons."""

import sqlalchemy as sa

from storage.schema.base import Instant, metadata

region = sa.Table(
    "region",
    metadata,
    # The official code: 31 province, 31.75 regency, 31.75.01 district, 31.75.01.1001 village.
    sa.Column("code", sa.String(16), primary_key=True),
    sa.Column("level", sa.String(8), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("parent_code", sa.ForeignKey("region.code"), index=True),
    sa.CheckConstraint("level IN ('province', 'regency', 'district', 'village')", name="level"),
    sa.CheckConstraint("(level = 'province') = (parent_code IS NULL)", name="parent"),
)

site = sa.Table(
    "site",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("code", sa.String(24), nullable=False, unique=True),
    sa.Column("name", sa.String(80), nullable=False),
    # An IANA zone (Asia/Jakarta): opening hours are read in it.
    sa.Column("zone", sa.String(40), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    # Where it lies; empty for printers and for sites entered before there were regions.
    sa.Column("region_code", sa.ForeignKey("region.code"), index=True),
    # pending: named in a plan, not yet agreed; nothing is sent to it.
    sa.Column("status", sa.String(12), nullable=False, server_default="confirmed"),
    sa.CheckConstraint("kind IN ('printer', 'warehouse', 'kecamatan', 'kelurahan', 'tps', 'transit')", name="kind"),
    sa.CheckConstraint("status IN ('confirmed', 'pending')", name="status"),
)

room = sa.Table(
    "room",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("site_id", sa.ForeignKey("site.id"), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.UniqueConstraint("site_id", "name"),
)

camera = sa.Table(
    "camera",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("room_id", sa.ForeignKey("room.id"), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    # Without user and password: the user stands beside it, the password in no table at all.
    sa.Column("address", sa.String(400), nullable=False),
    sa.Column("username", sa.String(80), nullable=False, server_default=""),
    sa.Column("created_at", Instant, nullable=False),
    # Of the small stream that it sends beside, with the same user; empty if it has none.
    sa.Column("sub_address", sa.String(400), nullable=False, server_default=""),
    sa.UniqueConstraint("room_id", "name"),
)

person = sa.Table(
    "person",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(80), nullable=False, unique=True),
    sa.Column("created_at", Instant, nullable=False),
)
