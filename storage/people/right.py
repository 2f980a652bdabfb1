"""Asking for the right where the work is done: every operation of storage says which act it is, and asks before anything else."""

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ParamSpec, TypeVar, cast

import sqlalchemy as sa

from storage.database import Database
from storage.rules.refusal import Refusal
from storage.rules.rights import RIGHTS, Act, seconds
from storage.schema.footage import footage_lock
from storage.schema.ledger import stock_event
from storage.schema.people import confirmation, role_grant
from storage.schema.places import camera, person, room
from storage.schema.watch import alarm

# How long an answer of the second person holds.
CONFIRMED_FOR = timedelta(minutes=10)

Given = ParamSpec("Given")
Result = TypeVar("Result")


class NotAllowed(Refusal):
    """Somebody may not do this; nothing was done."""


class NeedsSecond(Refusal):
    """This is done by two persons, and the second has not answered for it."""


@dataclass(frozen=True)
class Operation:
    """What is done by one function of storage, by its module and name."""

    name: str
    act: Act
    call: Callable[..., object]


# Every operation that asks for a right.
OPERATIONS: list[Operation] = []
# What is being done: within it, other operations are parts of it and ask for nothing more.
_DOING: ContextVar[Act | None] = ContextVar("doing", default=None)


def right(act: Act) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Lets an operation be called only by those who may do the act at the site that it is about.

    The operation's first argument is a Database or a connection. Who calls: `by`, or the `by` of `entry`, or else whom that Database is
    signed in for. Where it is signed in for nobody, the program itself works: the recorder, the demonstration. Where it is signed in,
    nobody else's name can be given, and what needs two persons, or names a second, needs that person's confirmation; it is used up.

    The site is that of `site_id`, or of the room, camera, alarm or event that is named; without one, a role at any site is enough.
    Raises NotAllowed or NeedsSecond.
    """

    def decorate(operation: Callable[Given, Result]) -> Callable[Given, Result]:
        signature = inspect.signature(operation)

        @functools.wraps(operation)
        def asked(*args: Given.args, **kwargs: Given.kwargs) -> Result:
            if _DOING.get() is not None:
                return operation(*args, **kwargs)
            token = _DOING.set(act)
            try:
                with _allowed(act, args[0], signature.bind_partial(*args, **kwargs).arguments):
                    return operation(*args, **kwargs)
            finally:
                _DOING.reset(token)

        OPERATIONS.append(Operation(f"{operation.__module__}.{operation.__qualname__}", act, asked))
        return asked

    return decorate


def roles_of(connection: sa.Connection, person_id: int, site_id: int | None) -> set[str]:
    """The roles that a person has now at a site; None: at any."""
    own = role_grant.c
    here = sa.true() if site_id is None else sa.or_(own.site_id.is_(None), own.site_id == site_id)
    return set(connection.scalars(sa.select(own.role).where(own.person_id == person_id, own.until_at.is_(None), here)))


def check_right(connection: sa.Connection, act: Act, person_id: int, site_id: int | None) -> None:
    """Raises NotAllowed unless the person has a role that allows the act at the site."""
    if not roles_of(connection, person_id, site_id) & RIGHTS[act].roles:
        raise NotAllowed("{person} may not do this: {act}.", person=_name(connection, person_id), act=act.value)


@contextmanager
def _allowed(act: Act, handle: object, said: Mapping[str, Any]) -> Iterator[None]:
    """Asks for the right, then lets the work be done; a confirmation is used up before, and is as new again if the work is refused."""
    entry = said.get("entry")
    second, now = (said.get(name, getattr(entry, name, None)) for name in ("second", "now"))
    doer, site_id = _asked(act, handle, said, second)
    confirmed = getattr(second, "confirmation_id", None)
    if doer is None or confirmed is None:
        yield
        return
    with _writing(handle) as connection:
        _use(connection, confirmed, (act, doer, second.id, site_id), now)
    try:
        yield
    except Refusal:
        if isinstance(handle, Database):  # on a connection the caller's transaction ends with the refusal
            with handle.write() as connection:
                connection.execute(confirmation.update().where(confirmation.c.id == confirmed).values(used_at=None))
        raise


def _asked(act: Act, handle: object, said: Mapping[str, Any], second: object) -> tuple[int | None, int | None]:
    """Who does it, None for the program itself, and at which site. Raises NotAllowed or NeedsSecond."""
    by = said.get("by", getattr(said.get("entry"), "by", None))
    with _reading(handle) as (connection, signed_in):
        if by is not None and signed_in is not None and by.id != signed_in:
            raise NotAllowed("{person} is not the one who has signed in.", person=by.name)
        doer = signed_in if by is None else by.id
        if doer is None:
            return None, None
        site_id = _site(connection, said)
        check_right(connection, act, doer, site_id)
        confirmed = getattr(second, "confirmation_id", None)
        if signed_in is not None and confirmed is None and (second is not None or RIGHTS[act].two):
            raise NeedsSecond("This is done by two persons: {act}. The second confirms it with a secret of their own.", act=act.value)
    return doer, site_id


def _use(connection: sa.Connection, confirmation_id: int, wanted: tuple[Act, int, int, int | None], now: datetime) -> None:
    """Uses up a confirmation. Raises NeedsSecond unless it was given for this act of these two, a short time ago, and never used."""
    act, first_id, second_id, site_id = wanted
    own = confirmation.c
    row = connection.execute(sa.select(confirmation).where(own.id == confirmation_id)).one_or_none()
    if row is None or (row.act, row.first_id, row.second_id, row.given) != (act.value, first_id, second_id, 1):
        raise NeedsSecond("The second person has confirmed something else.")
    if row.site_id is not None and site_id is not None and row.site_id != site_id:
        raise NeedsSecond("The second person has confirmed something else.")
    if abs(now - row.answered_at) > CONFIRMED_FOR:
        raise NeedsSecond("The second person confirmed this too long ago. Ask again.")
    if not roles_of(connection, second_id, site_id) & seconds(act):
        raise NotAllowed("{person} may not do this: {act}.", person=_name(connection, second_id), act=act.value)
    used = connection.execute(confirmation.update().where(own.id == confirmation_id, own.used_at.is_(None)).values(used_at=now))
    if used.rowcount == 0:
        raise NeedsSecond("A confirmation serves once. Ask the second person again.")


@contextmanager
def _reading(handle: object) -> Iterator[tuple[sa.Connection, int | None]]:
    if isinstance(handle, Database):
        with handle.read() as connection:
            yield connection, handle.signed_in
    else:
        connection = cast(sa.Connection, handle)
        yield connection, connection.get_execution_options().get("signed_in")


@contextmanager
def _writing(handle: object) -> Iterator[sa.Connection]:
    if isinstance(handle, Database):
        with handle.write() as connection:
            yield connection
    else:
        yield cast(sa.Connection, handle)


_ROOM = sa.select(room.c.site_id)
_CAMERA = _ROOM.join(camera, camera.c.room_id == room.c.id)
_EVENT = sa.select(stock_event.c.site_id)
# How the site of an operation is found by the argument that names what it is about.
_SITES: dict[str, Callable[[int], sa.Select[tuple[int]]]] = {
    "room_id": lambda key: _ROOM.where(room.c.id == key),
    "camera_id": lambda key: _CAMERA.where(camera.c.id == key),
    "alarm_id": lambda key: _CAMERA.join(alarm, alarm.c.camera_id == camera.c.id).where(alarm.c.id == key),
    "lock_id": lambda key: _CAMERA.join(footage_lock, footage_lock.c.camera_id == camera.c.id).where(footage_lock.c.id == key),
    **dict.fromkeys(("count_id", "request_id", "packing_id", "consignment_id"), lambda key: _EVENT.where(stock_event.c.id == key)),
    "stock_event_id": lambda key: _EVENT.where(stock_event.c.id == key),
}


def _site(connection: sa.Connection, said: Mapping[str, Any]) -> int | None:
    if isinstance(said.get("site_id"), int):
        return int(said["site_id"])
    for name, find in _SITES.items():
        if isinstance(said.get(name), int):
            found: int | None = connection.scalar(find(said[name]))  # type: ignore[assignment]
            return found
    return None


def _name(connection: sa.Connection, person_id: int) -> str:
    return connection.scalar(sa.select(person.c.name).where(person.c.id == person_id)) or str(person_id)
