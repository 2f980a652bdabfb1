"""Checking the books: the chain of each site, every balance, every rule, and the checkpoints that were printed."""

import hashlib
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa

from storage.database import Database
from storage.ledger.against import Compared, against, check_kept, compare
from storage.ledger.finding import Finding as Finding  # noqa: PLC0414 - one imports the check and what it finds from one place
from storage.ledger.links import RECORD_KIND, Sealed, pages, sealed_events, sealed_hash
from storage.ledger.records import check_rows
from storage.people.right import right
from storage.rules.chain import START, Checkpoint
from storage.rules.checkpoint import Given
from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from storage.schema.all_guards import GUARDS
from storage.schema.chained import FACTS
from storage.schema.guards import POSTGRESQL, SQLITE, Guard
from storage.schema.ledger import chain_link
from storage.schema.places import site
from storage.schema.record import signature_picture
from storage.schema.stock import witness_signature
from storage.schema.triggers import triggers

PROGRESS_EVENTS = 5_000


@dataclass(frozen=True)
class Report:
    """What a check has found. heads: where each site's chain ends now. compared: the given checkpoints, in their order."""

    events: int
    heads: tuple[Checkpoint, ...]
    findings: tuple[Finding, ...]
    compared: tuple[Compared, ...] = ()


@right(Act.CHECK)
def check_books(database: Database, checkpoints: Sequence[Given] = (), *, progress: Callable[[int], None] = lambda _events: None) -> Report:
    """Recomputes everything in one state of the books. progress: told the number of events chained so far; may raise to call it off."""
    with database.read() as connection:
        chain = _Chain(connection)
        events = chain.follow(progress)
        findings = [*chain.findings, *_astray(connection), *check_balances(connection), *_broken_rules(connection)]
        findings += [*_pictures(connection), *check_rows(connection), *_changed_triggers(connection)]
        heads = tuple(chain_heads(connection))
        compared = tuple(compare(connection, checkpoints))
        findings += [*against(compared), *check_kept(connection)]
    return Report(events, heads, tuple(findings), compared)


def check_chain(connection: sa.Connection) -> list[Finding]:
    """The chain alone."""
    chain = _Chain(connection)
    chain.follow(lambda _events: None)
    return chain.findings


def chain_heads(connection: sa.Connection) -> list[Checkpoint]:
    """The last link of each site that has any."""
    last = sa.select(chain_link.c.site_id, sa.func.max(chain_link.c.number).label("number")).group_by(chain_link.c.site_id).subquery()
    query = (
        sa.select(site.c.code, chain_link.c.number, chain_link.c.hash)
        .join(last, sa.and_(last.c.site_id == chain_link.c.site_id, last.c.number == chain_link.c.number))
        .join(site, site.c.id == chain_link.c.site_id)
        .order_by(site.c.code)
    )
    return [Checkpoint(row.code, row.number, bytes(row.hash)) for row in connection.execute(query)]


class _Chain:
    """Goes through all events once and compares each with its link."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self.findings: list[Finding] = []
        # By site: number and stored hash of the last link. The stored one, so that one edited event is one finding and not all after it.
        self._last: dict[int, tuple[int, bytes]] = {}

    def follow(self, progress: Callable[[int], None]) -> int:
        """The number of events."""
        sql = "SELECT event_id, site_id, number, kind, hash FROM chain_link ORDER BY event_id"
        links = cast("Iterator[tuple[int, int, int, str, bytes]]", itertools.chain.from_iterable(pages(self._connection, sql)))
        link = next(links, None)
        events = 0
        for events, sealed in enumerate(sealed_events(self._connection), start=1):
            event_id = sealed[0]
            while link is not None and link[0] < event_id:
                self._lone(link)
                link = next(links, None)
            if link is None or link[0] != event_id:
                said = Refusal("Entry {number} has no link in the chain.", number=event_id)
                self.findings.append(Finding("unchained", _table(sealed), str(event_id), said))
            else:
                self._compare(sealed, link)
                link = next(links, None)
            if events % PROGRESS_EVENTS == 0:
                progress(events)
        while link is not None:
            self._lone(link)
            link = next(links, None)
        return events

    def _compare(self, sealed: Sealed, link: tuple[int, int, int, str, bytes]) -> None:
        event_id, site_id, number, kind, stored = link[0], link[1], link[2], link[3], bytes(link[4])
        last, before = self._last.get(site_id, (0, START))
        if number != last + 1:
            said = Refusal("Before entry {number} links {first} to {last} are missing.", number=event_id, first=last + 1, last=number - 1)
            self.findings.append(Finding("missing", "chain_link", str(event_id), said))
        elif (site_id, kind) != sealed[1:3] or sealed_hash(before, number, sealed) != stored:
            said = Refusal("Entry {number} is not what was chained: it, or its place, was changed.", number=event_id)
            self.findings.append(Finding("edited", _table(sealed), str(event_id), said))
        self._last[site_id] = (number, stored)

    def _lone(self, link: tuple[int, int, int, str, bytes]) -> None:
        said = Refusal("Entry {number} was removed; its link is still there.", number=link[0])
        self.findings.append(Finding("removed", "chain_link", str(link[0]), said))
        self._last[link[1]] = (link[2], bytes(link[4]))


def _table(sealed: Sealed) -> str:
    return "record" if sealed[2] == RECORD_KIND else "stock_event"


def _astray(connection: sa.Connection) -> list[Finding]:
    """Rows that belong to no event are in no link."""
    findings = []
    for table in ("movement", *FACTS):
        sql = f"SELECT DISTINCT t.event_id FROM {table} t WHERE NOT EXISTS (SELECT 1 FROM stock_event e WHERE e.id = t.event_id)"
        for event_id in connection.scalars(sa.text(sql)):
            said = Refusal("Rows of {table} belong to entry {number}, which is not there.", table=table, number=event_id)
            findings.append(Finding("astray", table, str(event_id), said))
    return findings


def _pictures(connection: sa.Connection) -> Iterator[Finding]:
    """Every signature that an entry names: its picture, read one at a time."""
    for digest in connection.scalars(sa.select(witness_signature.c.sha256).distinct().order_by(witness_signature.c.sha256)).all():
        picture = connection.scalar(sa.select(signature_picture.c.png).where(signature_picture.c.sha256 == digest))
        if picture is None:
            yield Finding("picture", "signature_picture", digest, Refusal("The picture {hash} of a signature is missing.", hash=digest))
        elif hashlib.sha256(picture).hexdigest() != digest:
            said = Refusal("The picture {hash} of a signature is not the one that was signed.", hash=digest)
            yield Finding("picture", "signature_picture", digest, said)


def check_balances(connection: sa.Connection) -> list[Finding]:
    """Every balance and every container's content against the sum of its movements."""
    findings = []
    kept = {row[:3]: row[3:] for page in pages(connection, _KEPT_BALANCES) for row in page}
    for page in pages(connection, _sums(BALANCE_KEYS, "1 = 1")):
        for row in page:
            sums = tuple(int(str(sheets)) for sheets in row[3:])
            have = kept.pop(row[:3], (0, 0))
            if have != sums:
                findings.append(_unequal("balance", row[:3], have[0], sums[0]))
    findings += [_unequal("balance", key, have[0], 0) for key, have in kept.items() if have != (0, 0)]
    # There are as many contents as containers: they are compared where they are, and named only where something differs.
    if any(connection.execute(sa.text(sql)).first() for sql in _SUSPECT_CONTENTS):
        for sql in (_UNEQUAL_CONTENTS, _CONTENTS_OF_NOTHING):
            for page in pages(connection, sql):
                findings += [_unequal("content", row[:4], row[4], row[5]) for row in page]
    return findings


BALANCE_KEYS = ("site_id", "class_id", "state")
CONTENT_KEYS = ("container_id", "site_id", "class_id", "state")
_KEPT_BALANCES = "SELECT site_id, class_id, state, quantity, contained FROM balance"


def _sums(keys: Sequence[str], where: str) -> str:
    """The sums of both sides of all movements, or of some: keys, quantity, inside containers. The sides are added up first, each alone."""
    halves = []
    for side, sign in (("from", "-"), ("to", "+")):
        columns = [f"m.{key if key == 'class_id' else f'{side}_{key}'}" for key in keys]
        named = ", ".join(f"{column} AS {key}" for column, key in zip(columns, keys, strict=True))
        inside = f"{sign} sum(CASE WHEN m.{side}_container_id IS NULL THEN 0 ELSE m.quantity END) AS inside"
        half = f"SELECT {named}, {sign} sum(m.quantity) AS quantity, {inside} FROM movement m WHERE {where.format(side=side)} "
        halves.append(half + f"GROUP BY {', '.join(columns)}")
    names = ", ".join(keys)
    return f"SELECT {names}, sum(quantity) AS quantity, sum(inside) AS inside FROM ({' UNION ALL '.join(halves)}) sides GROUP BY {names}"


def _of_content(side: str) -> str:
    """The condition on movements m that a content k gains or loses by. The plus signs keep SQLite from the index of sites, which has
    thousands of rows for each container."""
    return (
        f"m.{side}_container_id = k.container_id AND +m.{side}_site_id = k.site_id AND +m.class_id = k.class_id "
        f"AND m.{side}_state = k.state"
    )


def _moved(side: str) -> str:
    return f"COALESCE((SELECT sum(m.quantity) FROM movement m WHERE {_of_content(side)}), 0)"


def _of_movement(side: str) -> str:
    """The same condition on contents, of which the movement is known."""
    return " AND ".join(f"k.{key} = m.{key if key == 'class_id' else f'{side}_{key}'}" for key in CONTENT_KEYS)


# Each finds a row where some content is wrong or missing, by indexes alone.
_SUSPECT_CONTENTS = [
    f"SELECT 1 FROM content k WHERE k.quantity <> {_moved('to')} - {_moved('from')} LIMIT 1",
    *(
        f"SELECT 1 FROM movement m WHERE m.{side}_container_id IS NOT NULL "
        f"AND NOT EXISTS (SELECT 1 FROM content k WHERE {_of_movement(side)}) LIMIT 1"
        for side in ("to", "from")
    ),
]
_UNEQUAL_CONTENTS = (
    f"SELECT {', '.join(f's.{key}' for key in CONTENT_KEYS)}, COALESCE(k.quantity, 0), s.quantity "
    f"FROM ({_sums(CONTENT_KEYS, 'm.{side}_container_id IS NOT NULL')}) s LEFT JOIN content k "
    f"ON {' AND '.join(f'k.{key} = s.{key}' for key in CONTENT_KEYS)} WHERE COALESCE(k.quantity, 0) <> s.quantity"
)
_CONTENTS_OF_NOTHING = (
    f"SELECT {', '.join(f'k.{key}' for key in CONTENT_KEYS)}, k.quantity, 0 FROM content k WHERE k.quantity <> 0 "
    f"AND NOT EXISTS (SELECT 1 FROM movement m WHERE {_of_content('to')})"
)


def _unequal(table: str, key: tuple[object, ...], have: object, total: object) -> Finding:
    said = Refusal("{table} {row} says {have}; its movements add up to {sum}.", table=table, row=_named(key), have=have, sum=total)
    return Finding("balance", table, _named(key), said, rule=2)


def _named(key: tuple[object, ...]) -> str:
    return "/".join(str(part) for part in key)


def _broken_rules(connection: sa.Connection) -> list[Finding]:
    """Asks each guard's condition of every row, in the sites and from the events on where its rules hold."""
    findings = []
    for guard in GUARDS:
        condition = guard.condition(connection.dialect.name)
        if guard.lasting and condition is not None:
            for event_id in connection.scalars(sa.text(_audit(guard, condition))):
                said = Refusal("Entry {number} breaks a rule: {rule}.", number=event_id, rule=guard.message)
                findings.append(Finding(guard.name, guard.table, str(event_id), said, guard.rule))
    return findings


def _audit(guard: Guard, broken: str) -> str:
    column = "id" if guard.table == "stock_event" else "event_id"
    since = (
        "COALESCE((SELECT max(s.id) FROM stock_event v JOIN stock_event s ON s.site_id = v.site_id AND s.kind = 'schema' "
        f"AND s.reason >= '{guard.since}' WHERE v.id = NEW.{column}), 0)"
    )
    return f"SELECT NEW.{column} FROM {guard.table} AS NEW WHERE ({broken}) AND NEW.{column} > {since}"


def _changed_triggers(connection: sa.Connection) -> list[Finding]:
    """A trigger that somebody has taken away, switched off or written anew no longer holds its rule."""
    if connection.dialect.name == SQLITE:
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        declared = dict(_named_bodies(r"CREATE TRIGGER (\w+) (.*)", triggers(SQLITE)))
    else:  # neither switched off nor for replicas only
        query = "SELECT t.tgname, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgenabled IN ('O', 'A')"
        declared = dict(_named_bodies(r"CREATE FUNCTION (\w+)\(\).*? AS \$\$(.*)\$\$", triggers(POSTGRESQL)))
    present = {row[0]: row[1] for row in connection.execute(sa.text(query))}
    tables, rules = {guard.name: guard.table for guard in GUARDS}, {guard.name: guard.rule for guard in GUARDS}
    findings = []
    for name, body in declared.items():
        if name not in present:
            said = Refusal("The guard {name} is missing in the database.", name=name)
        elif not " ".join(present[name].split()).endswith(body):
            said = Refusal("The guard {name} in the database is not the one that this program made.", name=name)
        else:
            continue
        findings.append(Finding("guard", tables.get(name, ""), name, said, rules.get(name, 0)))
    return findings


def _named_bodies(pattern: str, statements: Sequence[str]) -> Iterator[tuple[str, str]]:
    for statement in statements:
        found = re.match(pattern, statement, re.DOTALL)
        if found is not None:
            yield found[1], " ".join(found[2].split())
