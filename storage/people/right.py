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
from storage.schema.goods import consignment
from storage.schema.ledger import stock_event
from storage.schema.people import confirmation, role_grant
from storage.schema.places import camera, person, room
from storage.schema.watch import alarm, watch_event

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
    # By what the site is found, as the argument is called or what it names; empty: a role at some site is enough.
    place: str


# Every operation that asks for a right.
OPERATIONS: list[Operation] = []
# What no person does.
PROGRAM_ONLY: list[Callable[..., object]] = []
# What is being done: within it, other operations are parts of it and ask for nothing more.
_DOING: ContextVar[Act | None] = ContextVar("doing", default=None)


def right(act: Act, **about: str) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """Lets an operation be called only by those who may do the act at the site that it is about.

    The operation's first argument is a Database or a connection. Who calls: `by`, or that of `entry` or `wanted`, or else whom that
    Database is signed in for. Where it is signed in for nobody, the program itself works: the recorder, the demonstration. Where it is
    signed in, nobody else's name can be given, and what needs two persons, or names a second, needs that person's confirmation; it is
    used up.

    The site is that of `site_id`, or of the room, camera, alarm or event that is named; without one, a role at any site is enough. about:
    what an argument names whose own name does not tell (a key of _SITES).

    Raises NotAllowed or NeedsSecond.
    """

    def decorate(operation: Callable[Given, Result]) -> Callable[Given, Result]:
        signature = inspect.signature(operation)
        names = {about.get(name, name) for name in signature.parameters}
        place = next((name for name in _PLACES if name in names), "")

        @functools.wraps(operation)
        def asked(*args: Given.args, **kwargs: Given.kwargs) -> Result:
            if _DOING.get() is not None:
                return operation(*args, **kwargs)
            token = _DOING.set(act)
            try:
                said = {about.get(name, name): value for name, value in signature.bind_partial(*args, **kwargs).arguments.items()}
                with _allowed(act, args[0], said):
                    return operation(*args, **kwargs)
            finally:
                _DOING.reset(token)

        OPERATIONS.append(Operation(f"{operation.__module__}.{operation.__qualname__}", act, asked, place))
        return asked

    return decorate


def program_only(work: Callable[Given, Result]) -> Callable[Given, Result]:
    """Lets only the program itself do it, such as the recorder: no role stands for it. The first argument is a Database.

    Raises NotAllowed where the Database is used by a person.
    """

    @functools.wraps(work)
    def asked(*args: Given.args, **kwargs: Given.kwargs) -> Result:
        check_program(cast(Database, args[0]))
        return work(*args, **kwargs)

    PROGRAM_ONLY.append(asked)
    return asked


def check_program(database: Database) -> None:
    """Raises NotAllowed where it is used by a person."""
    if database.signed_in is not None:
        raise NotAllowed("This is done by the program itself, and by no person.")


def roles_of(connection: sa.Connection, person_id: int, site_id: int | None) -> set[str]:
    """The roles that a person has now at a site; None: at any."""
    own = role_grant.c
    here = sa.true() if site_id is None else sa.or_(own.site_id.is_(None), own.site_id == site_id)
    return set(connection.scalars(sa.select(own.role).where(own.person_id == person_id, own.until_at.is_(None), here)))


def check_right(connection: sa.Connection, act: Act, person_id: int, site_id: int | None) -> None:
    """Raises NotAllowed unless the person has a role that allows the act at the site."""
    if not roles_of(connection, person_id, site_id) & RIGHTS[act].roles:
        raise NotAllowed("{person} may not do this: {act}.", person=_name(connection, person_id), act=act.value)


def check_here(connection: sa.Connection, act: Act, site_id: int) -> None:
    """Within an operation on several sites: as check_right at one of them, of whom the database is signed in for."""
    signed_in: int | None = connection.get_execution_options().get("signed_in")
    if signed_in is not None:
        check_right(connection, act, signed_in, site_id)


def sites_of(connection: sa.Connection, act: Act) -> set[int] | None:
    """Where whom the database is signed in for may do the act; None: everywhere, as the program itself may."""
    signed_in: int | None = connection.get_execution_options().get("signed_in")
    if signed_in is None:
        return None
    own, allowed = role_grant.c, RIGHTS[act].roles
    query = sa.select(own.site_id).where(own.person_id == signed_in, own.until_at.is_(None), own.role.in_(allowed))
    found = set(connection.scalars(query))
    return None if None in found else found


@contextmanager
def _allowed(act: Act, handle: object, said: Mapping[str, Any]) -> Iterator[None]:
    """Asks for the right, then lets the work be done; a confirmation is used up before, and is as new again if the work is refused."""
    second, now = _part(said, "second"), _part(said, "now")
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
    by = _part(said, "by")
    with _reading(handle) as (connection, signed_in):
        if by is not None and signed_in is not None and by.id != signed_in:
            raise NotAllowed("{person} is not the one who has signed in.", person=by.name)
        doer = signed_in if by is None else by.id
        if doer is None:
            return None, None
        site_id = _site(connection, said)
        check_right(connection, act, doer, site_id)
        if act is Act.SET_UP_PEOPLE:
            _check_reach(connection, doer, said)
        confirmed = getattr(second, "confirmation_id", None)
        if signed_in is not None and confirmed is None and (second is not None or RIGHTS[act].two):
            raise NeedsSecond("This is done by two persons: {act}. The second confirms it with a secret of their own.", act=act.value)
    return doer, site_id


def _check_reach(connection: sa.Connection, doer: int, said: Mapping[str, Any]) -> None:
    """Who sets up persons may do so wherever the role holds that is given or taken, or each one that they have whose secret it is.

    Else the administrator of one warehouse could become the supervisor of another.
    """
    own = role_grant.c
    held = sa.select(own.role, own.site_id).where(own.person_id == doer, own.until_at.is_(None))
    mine = {row.site_id for row in connection.execute(held) if row.role in RIGHTS[Act.SET_UP_PEOPLE].roles}
    if "grant" in said:
        theirs = {said["grant"].site_id}
    elif "person_id" in said:
        theirs = set(connection.scalars(sa.select(own.site_id).where(own.person_id == said["person_id"], own.until_at.is_(None)))) or {None}
    else:
        theirs = {said.get("site_id")}
    if None not in mine and not theirs <= mine:
        raise NotAllowed("{person} may set up persons of some warehouses only, and this reaches further.", person=_name(connection, doer))


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
    "watch_event_id": lambda key: _CAMERA.join(watch_event, watch_event.c.camera_id == camera.c.id).where(watch_event.c.id == key),
    **dict.fromkeys(
        ("count_id", "request_id", "packing_id", "consignment_id", "stock_event_id"), lambda key: _EVENT.where(stock_event.c.id == key)
    ),
    # Who takes a consignment over does so where it was sent to.
    "arriving_id": lambda key: sa.select(consignment.c.to_site_id).where(consignment.c.event_id == key),
}


# What says the place, in the order in which it is asked for.
_PLACES = ("grant", "person_id", "wanted", "site_id", *_SITES)


def _part(said: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - as various as the arguments
    """An argument, given alone or within the entry or the import."""
    return next(
        (found for found in (said.get(name), *(getattr(said.get(whole), name, None) for whole in ("entry", "wanted"))) if found), None
    )


def _site(connection: sa.Connection, said: Mapping[str, Any]) -> int | None:
    for name in ("site_id", *_SITES):
        key = said["wanted"].site.id if name == "site_id" and "wanted" in said else said.get(name)
        if key is None:
            continue
        if not isinstance(key, int):
            raise TypeError(f"{name} is a number, not {key!r}")  # the database would take "2" for 2, and nobody would have been asked
        found: int | None = key if name == "site_id" else connection.scalar(_SITES[name](key))  # type: ignore[assignment]
        return found
    return None


def _name(connection: sa.Connection, person_id: int) -> str:
    return connection.scalar(sa.select(person.c.name).where(person.c.id == person_id)) or str(person_id)
