"""Conditions on events for use in queries: which stand, for no other has reversed them, and where they are."""

import sqlalchemy as sa

from storage.schema.ledger import stock_event

# Made once: a bulk of entries asks for them thousands of times.
_REVERSAL, _EVENT = stock_event.alias("reversal"), stock_event.alias("event")


def is_reversed(event_id: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Whether the event has been reversed, for use in a query; by the index of reversals, not by a list of all of them."""
    return sa.exists().where(_REVERSAL.c.reverses_id == event_id)


def stands(event_id: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Whether the event has not been reversed, for use in a query."""
    return sa.not_(is_reversed(event_id))


def site_of(event_id: sa.ColumnElement[int]) -> sa.ScalarSelect[int]:
    """The site of the event. By look-up and not by join: what one kind says is little beside all events, which SQLite does not know."""
    return sa.select(_EVENT.c.site_id).where(_EVENT.c.id == event_id).scalar_subquery()
