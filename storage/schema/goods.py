"""Tables of containers, their seals and their journeys: cartons, boxes, pallets, packing per polling station, consignments."""

import sqlalchemy as sa

from storage.schema.base import metadata

# Known by its code, which is what the QR label says. What is in it is in `content`, never a constant.
container = sa.Table(
    "container",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), nullable=False, index=True),
    sa.Column("code", sa.String(60), nullable=False, unique=True),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.CheckConstraint("kind IN ('carton', 'box', 'pallet')", name="kind"),
    sa.CheckConstraint("code <> ''", name="code"),
)

# Where a container stands: in which other, in which room; its newest row holds.
placement = sa.Table(
    "placement",
    metadata,
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), primary_key=True),
    sa.Column("container_id", sa.ForeignKey("container.id"), primary_key=True),
    sa.Column("parent_id", sa.ForeignKey("container.id")),
    sa.Column("room_id", sa.ForeignKey("room.id")),
    sa.Index("ix_placement_container_id", "container_id", "event_id"),
    sa.Index("ix_placement_parent_id", "parent_id"),
    sqlite_with_rowid=False,
)

seal = sa.Table(
    "seal",
    metadata,
    sa.Column("number", sa.String(40), primary_key=True),
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), nullable=False, index=True),
    sa.Column("container_id", sa.ForeignKey("container.id"), nullable=False, index=True),
    sa.CheckConstraint("number <> ''", name="number"),
    sqlite_with_rowid=False,
)

seal_break = sa.Table(
    "seal_break",
    metadata,
    sa.Column("seal_number", sa.ForeignKey("seal.number"), primary_key=True),
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), nullable=False, index=True),
    sqlite_with_rowid=False,
)

# A box for a polling station: entitled is what the station is due, sheets what lies in it; another figure needs a second person.
packing = sa.Table(
    "packing",
    metadata,
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), primary_key=True),
    sa.Column("station_id", sa.ForeignKey("site.id"), nullable=False),
    sa.Column("class_id", sa.ForeignKey("ballot_class.id"), nullable=False),
    sa.Column("container_id", sa.ForeignKey("container.id"), nullable=False, index=True),
    sa.Column("entitled", sa.Integer, nullable=False),
    sa.Column("sheets", sa.Integer, nullable=False),
    sa.CheckConstraint("entitled > 0 AND sheets > 0", name="sheets"),
    sa.Index("ix_packing_station_id_class_id", "station_id", "class_id"),
)

unpacking = sa.Table(
    "unpacking",
    metadata,
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), primary_key=True),
    sa.Column("packing_id", sa.ForeignKey("packing.event_id"), nullable=False, unique=True),
)

consignment = sa.Table(
    "consignment",
    metadata,
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), primary_key=True),
    sa.Column("number", sa.String(60), nullable=False, unique=True),
    sa.Column("to_site_id", sa.ForeignKey("site.id"), nullable=False),
    sa.Column("from_person", sa.String(80), nullable=False),
    sa.Column("to_person", sa.String(80), nullable=False),
    sa.Column("vehicle", sa.String(40), nullable=False, server_default=""),
    sa.Column("route", sa.String(120), nullable=False, server_default=""),
    sa.Column("escort", sa.String(80), nullable=False, server_default=""),
    sa.CheckConstraint("number <> '' AND from_person <> '' AND to_person <> '' AND from_person <> to_person", name="handover"),
)

# What became of containers of a consignment: arrival, return and loss are the event's kind.
consignment_end = sa.Table(
    "consignment_end",
    metadata,
    sa.Column("event_id", sa.ForeignKey("stock_event.id"), primary_key=True),
    sa.Column("consignment_id", sa.ForeignKey("consignment.event_id"), nullable=False, index=True),
)
