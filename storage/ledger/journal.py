"""The one place where the books are written: an event, what it says, the sheets it moves, and the link that seals it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

import sqlalchemy as sa

from storage.chain import LOCK_SPACE, head, lock_sites, new_ids
from storage.database import Database
from storage.ledger.past import check_then
from storage.ledger.stores import Stores
from storage.people.person import Person
from storage.people.right import NotAllowed, roles_of
from storage.rules.chain import Value, link_hash, sealed_text, sorted_facts
from storage.rules.movement import EventKind, Movement, Place, State, check_movements
from storage.rules.refusal import Refusal
from storage.rules.rights import RIGHTS, Act
from storage.schema import goods, ledger, stock
from storage.schema.base import metadata
from storage.schema.chained import EVENT, FACTS, MOVEMENT
from storage.schema.ledger import stock_event
from storage.schema.places import site

# How long after it happened something may be entered as a matter of course, in seconds: on the same day or the next morning.
PROMPT_S = 24 * 3600

# Made once: every event asks for them.
_SITE = sa.select(site.c.id).where(site.c.id == sa.bindparam("site_id"))
_WITH_KEY = sa.select(stock_event.c.id).where(stock_event.c.key == sa.bindparam("key"))

# Rows by table, without the event's number; a column left out has its default.
Facts = Mapping[str, Sequence[Mapping[str, object]]]
# A container before its placement and seals, an order before its lines.
_IN_ORDER = [table.name for table in metadata.sorted_tables if table.name in FACTS]
_TABLES = {table.name: table for module in (goods, ledger, stock) for table in vars(module).values() if isinstance(table, sa.Table)}


@dataclass(frozen=True)
class Entry:
    """Who enters something (by), when it was entered (now) and had happened, and the idempotency key of the form.

    second: who answers for it besides, where two persons are asked for; reason: why, where it is asked for.
    """

    by: Person
    now: datetime
    happened_at: datetime
    key: str
    second: Person | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", self.reason.strip())


@dataclass(frozen=True)
class Draft:
    """An event that is about to be posted.

    holds_from: the id of the earlier event from which on it holds; None for the usual case, from its own place in the books on.
    takes_hold_at: for a reversal, when what it reverses had happened; None for when it happened itself.
    """

    kind: EventKind
    site_id: int
    entry: Entry
    movements: tuple[Movement, ...] = ()
    facts: Facts = field(default_factory=dict)
    reverses_id: int | None = None
    holds_from: int | None = None
    takes_hold_at: datetime | None = None


def once(database: Database, key: str, write: Callable[[sa.Connection], int]) -> int:
    """Writes an event in a transaction of its own, unless its idempotency key has been used: then nothing, and the first event's id.

    A double click, a retry, two windows racing with one form, and a connection that was lost in the middle of the commit all end as one
    event. Raises what `write` raises.
    """
    if not key:
        raise ValueError("an event needs an idempotency key")

    def work(connection: sa.Connection) -> int:
        _lock_key(connection, key)
        first = _event_with_key(connection, key)
        return write(connection) if first is None else first

    try:
        return database.run(work)
    except sa.exc.IntegrityError:
        # Another process may have written the same key between our look and our write.
        with database.read() as connection:
            first = _event_with_key(connection, key)
        if first is None:
            raise
        return first


def post(connection: sa.Connection, draft: Draft) -> int:
    """Writes one event as post_many does; its id."""
    return post_many(connection, [draft])[0]


def post_many(connection: sa.Connection, drafts: Sequence[Draft]) -> list[int]:
    """Writes events in this order, each with its facts, movements and link, in the caller's transaction; their ids.

    Raises Refusal for an unknown site, an instant in the future, what was counted or closed since, what is entered late without reason
    and second person, a person without the right, or where sheets would be missing; ValueError where an event cannot move sheets so.
    """
    site_ids = {place.site_id for draft in drafts for move in draft.movements for place in (move.source, move.target)}
    site_ids |= {draft.site_id for draft in drafts}
    lock_sites(connection, site_ids)
    for site_id in site_ids:
        check_site(connection, site_id)
    stores = Stores(connection, site_ids)
    stores.know_empty({cast(int, row["id"]) for draft in drafts for row in draft.facts.get("container", ())})
    places = (place for draft in drafts for move in draft.movements for place in (move.source, move.target))
    stores.look_into({place.container_id for place in places if place.container_id is not None})
    times = _Times()
    _check_rights(connection, drafts)
    for draft in drafts:
        check_movements(draft.kind, draft.site_id, draft.movements)
        _check_entry(stores, draft)
        stores.move(draft.movements)
    _check_then(connection, stores, drafts)
    event_ids = new_ids(connection, stock_event, len(drafts))
    movement_ids = iter(new_ids(connection, ledger.movement, sum(len(draft.movements) for draft in drafts)))
    events: list[tuple[Value, ...]] = []
    movements: list[tuple[Value, ...]] = []
    links: list[tuple[object, ...]] = []
    facts: dict[str, list[tuple[Value, ...]]] = {}
    heads = {site_id: head(connection, site_id) for site_id in {draft.site_id for draft in drafts}}
    for event_id, draft in zip(event_ids, drafts, strict=True):
        event = _event_row(event_id, draft, times)
        moved = [_movement_row(movement) for movement in draft.movements]
        said = {name: [_fact_row(name, row, times) for row in rows] for name, rows in draft.facts.items() if rows}
        number, before = heads[draft.site_id]
        ordered = {name: sorted_facts(said[name]) for name in sorted(said)}
        link = link_hash(before, number + 1, sealed_text(event, moved, ordered))
        heads[draft.site_id] = (number + 1, link)
        events.append(event)
        movements += [(next(movement_ids), event_id, *row) for row in moved]
        for name, rows in said.items():
            facts.setdefault(name, []).extend((event_id, *row) for row in rows)
        links.append((event_id, draft.site_id, number + 1, draft.kind.value, link))
    _insert(connection, "stock_event", EVENT, events)
    for name in _IN_ORDER:
        if name in facts:
            _insert(connection, name, ("event_id", *FACTS[name]), facts[name])
    _insert(connection, "movement", ("id", "event_id", *MOVEMENT), movements)
    _insert(connection, "chain_link", ("event_id", "site_id", "number", "kind", "hash"), links)
    return event_ids


def moved(class_id: int, quantity: int, source: Place, target: Place) -> tuple[Movement, ...]:
    """One movement; none of no sheets."""
    return (Movement(class_id, quantity, source, target),) if quantity else ()


def at(site_id: int, state: State, container_id: int | None = None) -> Place:
    """A place."""
    return Place(site_id, state, container_id)


def _lock_key(connection: sa.Connection, key: str) -> None:
    """What another connection does with this key is done when this returns, be it our own lost one that the server still commits."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(key, LOCK_SPACE))))


def check_site(connection: sa.Connection, site_id: int) -> None:
    """Raises Refusal if there is no such site."""
    if connection.scalar(_SITE, {"site_id": site_id}) is None:
        raise Refusal("There is no warehouse with the number {number}.", number=site_id)


def _check_rights(connection: sa.Connection, drafts: Sequence[Draft]) -> None:
    """The last gate: whatever led here, who enters something and who answers for it too write in the books of that very site."""
    asked = {(draft.site_id, person) for draft in drafts for person in (draft.entry.by, draft.entry.second) if person is not None}
    for site_id, person in asked:
        if not roles_of(connection, person.id, site_id) & RIGHTS[Act.BOOK].roles:
            raise NotAllowed("{person} may read the books, not write in them.", person=person.name)


def _check_entry(stores: Stores, draft: Draft) -> None:
    entry = draft.entry
    if entry.happened_at > entry.now:
        raise Refusal("This cannot have happened in the future. Check the date and time.")
    if entry.second is not None and entry.second.id == entry.by.id:
        raise Refusal("The second person must be somebody else than {person}.", person=entry.by.name)
    if draft.kind is EventKind.REVERSAL:
        return
    for site_id in {draft.site_id, *(place.site_id for move in draft.movements for place in (move.source, move.target))}:
        stores.check_open(site_id, entry.happened_at)
    if entry.second is None or not entry.reason:
        _check_prompt(entry, stores.last_recorded(draft.site_id))
    if draft.holds_from is None:
        stores.check_not_counted_since(draft.site_id, draft.movements, entry.happened_at)


def _check_then(connection: sa.Connection, stores: Stores, drafts: Sequence[Draft]) -> None:
    """A count's variance is no act of then: what was counted is a fact, whatever has been entered since.

    Nor is asked what two persons answer for, with a reason: a clock that ran ahead must not keep the right entries out.
    """
    moved: dict[datetime, list[Movement]] = {}
    for draft in drafts:
        vouched = draft.entry.second is not None and draft.entry.reason
        if draft.kind is not EventKind.COUNT_ACCEPTANCE and draft.movements and not vouched:
            moved.setdefault(draft.takes_hold_at or draft.entry.happened_at, []).extend(draft.movements)
    for at, movements in moved.items():
        check_then(connection, stores, movements, at)


def _check_prompt(entry: Entry, last: datetime | None) -> None:
    """last: when the entry before was made. A clock that was set back does not make an entry prompt; one by two persons puts it right."""
    if (entry.now - entry.happened_at).total_seconds() > PROMPT_S:
        raise Refusal("What happened more than a day ago is entered with a reason and by two persons.")
    if last is not None and (last - entry.happened_at).total_seconds() > PROMPT_S:
        raise Refusal(
            "The last entry is of {time}, more than a day later. Set this computer's clock right, or enter this with a reason and by two "
            "persons.",
            time=last,
        )


class _Times:
    """Instants as the books keep them; many events of one bulk happen at the same one."""

    def __init__(self) -> None:
        self._texts: dict[datetime, str] = {}

    def text(self, at: datetime) -> str:
        found = self._texts.get(at)
        if found is None:
            if at.tzinfo is None:
                raise ValueError(f"an instant needs a zone: {at}")
            found = self._texts[at] = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return found


def _event_row(event_id: int, draft: Draft, times: _Times) -> tuple[Value, ...]:
    entry = draft.entry
    happened, recorded = times.text(entry.happened_at), times.text(entry.now)
    second = None if entry.second is None else entry.second.id
    links = (draft.reverses_id, draft.holds_from)
    return (event_id, draft.site_id, draft.kind.value, happened, recorded, entry.by.id, second, entry.reason, *links, entry.key)


def _movement_row(movement: Movement) -> tuple[Value, ...]:
    source, target = movement.source, movement.target
    return (
        *(movement.class_id, movement.quantity, source.site_id, source.state.value, source.container_id),
        *(target.site_id, target.state.value, target.container_id),
    )  # fmt: skip


def _fact_row(name: str, row: Mapping[str, object], times: _Times) -> tuple[Value, ...]:
    columns = FACTS[name]
    if len(row) < len(columns) or not row.keys() <= _COLUMNS[name]:
        unknown = row.keys() - _COLUMNS[name]
        if unknown:
            raise ValueError(f"{name} has no columns {sorted(unknown)}")
        row = {**_DEFAULTS[name], **row}
    return tuple([value if type(value := row[column]) is int else _kept(value, times) for column in columns])


def _kept(value: object, times: _Times) -> Value:
    """As the database keeps it."""
    if value is None or type(value) is int or type(value) is str:
        return value
    if isinstance(value, datetime):
        return times.text(value)
    if isinstance(value, str):
        return str(value)
    raise ValueError(f"the books keep whole numbers, texts and instants, not {value!r}")


def _default(name: str, column: str) -> Value:
    default = _TABLES[name].c[column].server_default
    if default is None:
        return None
    text = str(default.arg)
    return int(text) if text.isdigit() else text


_COLUMNS = {name: frozenset(columns) for name, columns in FACTS.items()}
_DEFAULTS = {name: {column: _default(name, column) for column in columns} for name, columns in FACTS.items()}


def _insert(connection: sa.Connection, table: str, columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
    """As the driver takes it: a bulk of events is written three times as fast as through the compiler."""
    if rows:
        mark = "%s" if connection.dialect.name == "postgresql" else "?"
        marks = ", ".join(mark for _ in columns)
        connection.exec_driver_sql(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", list(rows))  # noqa: S608 - our own names


def _event_with_key(connection: sa.Connection, key: str) -> int | None:
    return connection.scalar(_WITH_KEY, {"key": key})
