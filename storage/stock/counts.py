"""Stock counts: counted blind by two teams, by a third where they differ, and compared with the books where the counting began."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage.chain import lock_sites
from storage.database import Database
from storage.ledger.journal import Draft, Entry, at, check_site, moved, once, post
from storage.ledger.standing import is_reversed, stands
from storage.ledger.stores import Stores
from storage.people.person import Person
from storage.people.right import right
from storage.rules.counting import Finding, agreed
from storage.rules.movement import COUNTED, EventKind, Movement, State
from storage.rules.quantity import checked_sheets
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.ledger import movement, stock_event
from storage.schema.places import person
from storage.schema.stock import count_acceptance, count_sheet, stock_count
from storage.stock.classes import class_of

TEAMS = (1, 2, 3)


@dataclass(frozen=True)
class CountSheet:
    """What one team found, in sheets per state. person: who entered it."""

    event_id: int
    team: int
    person_id: int
    person: str
    counted: dict[State, int]


@dataclass(frozen=True)
class Count:
    """One count of one class. sheets: what the teams found, in the order of their teams, none that was taken back.

    counted and variance (counted less books), in sheets per state, are None until two teams agree. accepted: the variance has been
    posted. reversed: the count was withdrawn.
    """

    id: int
    class_id: int
    began_at: datetime
    sheets: tuple[CountSheet, ...]
    counted: dict[State, int] | None
    variance: dict[State, int] | None
    accepted: bool
    reversed: bool

    @property
    def next_team(self) -> int | None:
        """The team that is to count next; None where no further sheet is asked for."""
        done = {sheet.team for sheet in self.sheets}
        if self.counted is not None or self.accepted or self.reversed:
            return None
        return next((team for team in TEAMS if team not in done), None)


@right(Act.COUNT)
def begin_count(database: Database, site_id: int, class_id: int, *, by: Person, now: datetime, key: str) -> int:
    """To be called before the first sheet is counted: what is moved from now on is no variance. The count's id.

    Raises Refusal for an unknown warehouse or class.
    """
    entry = Entry(by, now, now, key)
    return once(database, key, lambda connection: enter_count(connection, site_id, class_id, entry))


@right(Act.COUNT)
def enter_count(connection: sa.Connection, site_id: int, class_id: int, entry: Entry) -> int:
    """As begin_count, within a transaction."""
    class_of(connection, class_id)
    check_site(connection, site_id)
    lock_sites(connection, [site_id])
    here = sa.select(sa.func.coalesce(sa.func.max(stock_event.c.id), 0)).where(stock_event.c.site_id == site_id)
    position = connection.execute(here).scalar_one()
    facts = {"stock_count": [{"class_id": class_id, "position": position, "began_at": entry.happened_at}]}
    return post(connection, Draft(EventKind.COUNT, site_id, entry, facts=facts))


@right(Act.COUNT)
def record_sheet(database: Database, count_id: int, team: int, counted: dict[State, int], *, by: Person, now: datetime, key: str) -> int:
    """Keeps what a team counted, in sheets of each state; the books do not move yet. The sheet's id.

    Raises Refusal for an unknown, withdrawn or accepted count, a team or person that has counted, a third team where two do not
    differ, or figures that are no numbers of sheets.
    """
    entry = Entry(by, now, now, key)
    return once(database, key, lambda connection: enter_sheet(connection, count_id, team, counted, entry))


@right(Act.COUNT)
def enter_sheet(connection: sa.Connection, count_id: int, team: int, counted: dict[State, int], entry: Entry) -> int:
    """As record_sheet, within a transaction. A state that is left out holds nothing."""
    found = {state: checked_sheets(counted.get(state, 0)) for state in COUNTED}
    count = _standing(connection, count_id)
    lock_sites(connection, [count.site_id])
    sheets = _sheets(connection, [count_id])[count_id]
    if _acceptance_of(connection, count_id) is not None:
        raise Refusal("Count {number} has been accepted already.", number=count_id)
    if team not in TEAMS or any(sheet.team == team for sheet in sheets):
        raise Refusal("Team {team} has counted already.", team=team)
    if any(sheet.person_id == entry.by.id for sheet in sheets):
        raise Refusal("{person} has counted already; the other team counts without knowing.", person=entry.by.name)
    if team == TEAMS[-1] and (len(sheets) < 2 or _agreed(sheets) is not None):
        raise Refusal("A third team counts only where two have found different figures.")
    row = {"count_id": count_id, "team": team, **{state.value: sheets_found for state, sheets_found in found.items()}}
    return post(connection, Draft(EventKind.COUNT_SHEET, count.site_id, entry, facts={"count_sheet": [row]}))


@right(Act.COUNT)
def accept_count(database: Database, count_id: int, reason: str, *, by: Person, now: datetime, key: str) -> int:
    """Posts a count's variance, so that the books say what was counted plus what has moved since it began. The event's id.

    Raises Refusal for an unknown, withdrawn or accepted count, one on which no two teams agree, a counter as acceptor, a variance
    without a reason, a later count accepted before, a close after it began, or where a balance would become negative.
    """
    entry = Entry(by, now, now, key)
    return once(database, key, lambda connection: enter_acceptance(connection, count_id, reason, entry))


@right(Act.COUNT)
def enter_acceptance(connection: sa.Connection, count_id: int, reason: str, entry: Entry) -> int:
    """As accept_count, within a transaction."""
    count = _standing(connection, count_id)
    lock_sites(connection, [count.site_id])
    sheets = _sheets(connection, [count_id])[count_id]
    for sheet in sheets:
        if sheet.person_id == entry.by.id:
            raise Refusal("A count is accepted by somebody else than {person}, who counted.", person=entry.by.name)
    Stores(connection, {count.site_id}).check_open(count.site_id, count.began_at)
    _check_newest_accepted(connection, count_id, count.site_id, count.class_id, count.position)
    agreeing = _agreed(sheets)
    if agreeing is None:
        raise Refusal("No two teams have found the same figures yet.")
    expected = _expected(connection, [count_id])[count_id]
    variance = {state: agreeing.counted[state] - expected[state] for state in COUNTED}
    reason = reason.strip()
    if any(variance.values()) and not reason:
        raise Refusal("Give the reason for the variance.")
    movements = tuple(move for state, sheets in variance.items() for move in _varied(count.site_id, count.class_id, state, sheets))
    told = Entry(entry.by, entry.now, entry.happened_at, entry.key, entry.second, reason)
    facts = {"count_acceptance": [{"count_id": count_id, "sheet_id": agreeing.event_id}]}
    kind = EventKind.COUNT_ACCEPTANCE
    return post(connection, Draft(kind, count.site_id, told, movements, facts, holds_from=count.position))


@right(Act.SEE_STOCK)
def list_counts(database: Database, site_id: int) -> list[Count]:
    """The counts of a warehouse, newest first, withdrawn ones among them; all differences with their sheets."""
    acceptance = sa.select(count_acceptance.c.count_id, count_acceptance.c.event_id).where(stands(count_acceptance.c.event_id)).subquery()
    query = (
        sa.select(stock_count, acceptance.c.event_id.label("acceptance_id"), is_reversed(stock_event.c.id).label("reversed"))
        .join(stock_event, stock_event.c.id == stock_count.c.event_id)
        .join(acceptance, acceptance.c.count_id == stock_count.c.event_id, isouter=True)
        .where(stock_event.c.site_id == site_id)
        .order_by(stock_count.c.event_id.desc())
    )
    with database.read() as connection:
        rows = connection.execute(query).all()
        sheets = _sheets(connection, [row.event_id for row in rows])
        expected = _expected(connection, [row.event_id for row in rows if row.acceptance_id is None])
        posted = {row.event_id: _posted(connection, row.acceptance_id) for row in rows if row.acceptance_id is not None}
    counts = []
    for row in rows:
        agreeing = _agreed(sheets[row.event_id])
        variance = posted.get(row.event_id)
        if variance is None and agreeing is not None:
            variance = {state: agreeing.counted[state] - expected[row.event_id][state] for state in COUNTED}
        found = None if agreeing is None else agreeing.counted
        accepted = row.acceptance_id is not None
        counts.append(
            Count(row.event_id, row.class_id, row.began_at, sheets[row.event_id], found, variance, accepted, bool(row.reversed))
        )  # fmt: skip
    return counts


def _standing(connection: sa.Connection, count_id: int) -> sa.Row[tuple[object, ...]]:
    count = connection.execute(
        sa.select(stock_count, stock_event.c.site_id)
        .join(stock_event, stock_event.c.id == stock_count.c.event_id)
        .where(stock_event.c.id == count_id, stands(stock_event.c.id))
    ).one_or_none()
    if count is None:
        raise Refusal("There is no count with the number {number}.", number=count_id)
    return count


def _sheets(connection: sa.Connection, count_ids: list[int]) -> dict[int, tuple[CountSheet, ...]]:
    query = (
        sa.select(count_sheet, stock_event.c.person_id, person.c.name)
        .join(stock_event, stock_event.c.id == count_sheet.c.event_id)
        .join(person, person.c.id == stock_event.c.person_id)
        .where(count_sheet.c.count_id.in_(count_ids), stands(stock_event.c.id))
        .order_by(count_sheet.c.team)
    )
    found: dict[int, tuple[CountSheet, ...]] = dict.fromkeys(count_ids, ())
    for row in connection.execute(query):
        counted = {state: getattr(row, state.value) for state in COUNTED}
        found[row.count_id] += (CountSheet(row.event_id, row.team, row.person_id, row.name, counted),)
    return found


def _agreed(sheets: tuple[CountSheet, ...]) -> CountSheet | None:
    """The later of two sheets that say the same."""
    number = agreed([Finding(sheet.team, tuple(sheet.counted.values())) for sheet in sheets])
    return None if number is None else sheets[number]


def _varied(site_id: int, class_id: int, state: State, sheets: int) -> tuple[Movement, ...]:
    """Sheets of a state that were found too many, or missing if below zero."""
    here, variance = at(site_id, state), at(site_id, State.VARIANCE)
    return moved(class_id, sheets, variance, here) if sheets > 0 else moved(class_id, -sheets, here, variance)


def _expected(connection: sa.Connection, count_ids: list[int]) -> dict[int, dict[State, int]]:
    """What the books say was there when each count began, by what is known now.

    A reversal holds from what it reverses and an accepted count from its own beginning, however late they were posted: otherwise
    the same mistake would be put right twice. What had happened before the counting began was counted with the rest, however late it
    was entered; the reversal of such an entry goes with it.
    """
    sums = {count_id: dict.fromkeys(COUNTED, 0) for count_id in count_ids}
    for site, state, sign in ((movement.c.to_site_id, movement.c.to_state, 1), (movement.c.from_site_id, movement.c.from_state, -1)):
        count_event, undone = stock_event.alias(), stock_event.alias()
        query = (
            sa.select(stock_count.c.event_id, state.label("state"), sa.func.sum(movement.c.quantity))
            .join(count_event, count_event.c.id == stock_count.c.event_id)
            .join(movement, sa.and_(site == count_event.c.site_id, movement.c.class_id == stock_count.c.class_id))
            .join(stock_event, stock_event.c.id == movement.c.event_id)
            .outerjoin(undone, undone.c.id == stock_event.c.reverses_id)
            .where(
                stock_count.c.event_id.in_(count_ids),
                sa.or_(
                    sa.func.coalesce(stock_event.c.holds_from, stock_event.c.id) <= stock_count.c.position,
                    sa.func.coalesce(undone.c.happened_at, stock_event.c.happened_at) < stock_count.c.began_at,
                ),
                state.in_([state.value for state in COUNTED]),
            )
            .group_by(stock_count.c.event_id, state)
        )
        for count_id, name, sheets in connection.execute(query):
            sums[count_id][State(name)] += sign * int(sheets)
    return sums


def _posted(connection: sa.Connection, acceptance_id: int) -> dict[State, int]:
    variance = dict.fromkeys(COUNTED, 0)
    for row in connection.execute(sa.select(movement).where(movement.c.event_id == acceptance_id)):
        if row.from_state == State.VARIANCE.value:
            variance[State(row.to_state)] += row.quantity
        else:
            variance[State(row.from_state)] -= row.quantity
    return variance


def _acceptance_of(connection: sa.Connection, count_id: int) -> int | None:
    standing = stands(count_acceptance.c.event_id)
    return connection.scalar(sa.select(count_acceptance.c.event_id).where(count_acceptance.c.count_id == count_id, standing))


def _check_newest_accepted(connection: sa.Connection, count_id: int, site_id: int, class_id: int, position: int) -> None:
    if _acceptance_of(connection, count_id) is not None:
        raise Refusal("Count {number} has been accepted already.", number=count_id)
    count_event = stock_event.alias()
    later = (
        sa.select(stock_count.c.event_id)
        .join(count_acceptance, count_acceptance.c.count_id == stock_count.c.event_id)
        .join(count_event, count_event.c.id == stock_count.c.event_id)
        .where(
            count_event.c.site_id == site_id,
            stock_count.c.class_id == class_id,
            stands(count_acceptance.c.event_id),
            stock_count.c.position > position,
        )
    )
    accepted_id = connection.scalar(later)
    if accepted_id is not None:
        raise Refusal(
            "A later count of the same ballots, {number}, has been accepted; this one no longer says anything.", number=accepted_id
        )
