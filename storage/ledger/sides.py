"""The movements seen from the balances: each has two sides, one that loses and one that gains."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from storage.rules.movement import Movement, Place, State
from storage.schema.ledger import movement

Condition = Callable[[sa.ColumnElement[int], sa.ColumnElement[str]], sa.ColumnElement[bool]]


def sides(where: Condition | None = None) -> sa.Subquery:
    """Both sides of the movements: event_id, site_id, class_id, state, container_id, quantity (what is lost below zero).

    where: a condition on the side's site and state, put to each side where its index can be used; more about the movement itself may
    be said there too.
    """
    return sa.union_all(_side("from", -movement.c.quantity, where), _side("to", movement.c.quantity, where)).subquery("sides")


def _side(name: str, quantity: sa.ColumnElement[int], where: Condition | None) -> sa.Select[Any]:
    site, state, container = (movement.c[f"{name}_{column}"] for column in ("site_id", "state", "container_id"))
    half = sa.select(
        *(movement.c.event_id, site.label("site_id"), movement.c.class_id),
        *(state.label("state"), container.label("container_id"), quantity.label("quantity")),
    )  # fmt: skip
    return half if where is None else half.where(where(site, state))


def at_site(site_id: int, *class_ids: int) -> Condition:
    """The sides at a site, of some classes or all."""

    def here(site: sa.ColumnElement[int], _state: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
        return sa.and_(site == site_id, movement.c.class_id.in_(class_ids)) if class_ids else site == site_id

    return here


def moves_of(connection: sa.Connection, event_id: int) -> list[Movement]:
    """The movements of an event in their order."""
    rows = connection.execute(sa.select(movement).where(movement.c.event_id == event_id).order_by(movement.c.id))
    return [
        Movement(
            row.class_id,
            row.quantity,
            Place(row.from_site_id, State(row.from_state), row.from_container_id),
            Place(row.to_site_id, State(row.to_state), row.to_container_id),
        )
        for row in rows
    ]
