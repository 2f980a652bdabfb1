"""Kills the program while it posts, and looks at what is left: `python -m tests.faults.killing [--rounds 500] [--seed N] [--journal wal]`.

A child posts act after act into one database (acts.py), some of them several events in one transaction, and acknowledges each on a pipe
once it was committed. After a random number of acknowledgements, at a random moment, it is killed with SIGKILL, while it opens the file,
writes or commits; in every fifth round by a limit of the file's size, with which the system ends it between two pages of one commit. Then
the books are opened and must hold every acknowledged event with its number and key, the next act wholly or not at
all, and the right balances; the full check and SQLite's own find nothing. The act that was not acknowledged is posted again under its key,
which must leave it there once. The next round goes on from there.

What goes on is told on standard error; the last line on standard output is one JSON object, and the first wrong round ends the run with
status 1. What was written before a kill is in the system's hands: what a power cut does to the disk is not shown here.
"""

import argparse
import json
import mmap
import os
import random
import resource
import select
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from unittest import mock

import sqlalchemy as sa

from storage.database import open_database
from storage.ledger.check import check_books
from storage.ledger.journal import once
from storage.rules.refusal import Refusal
from storage.schema.ledger import balance, stock_event
from tests.faults.acts import SPARE, balances_after, keys_of, post_act
from tests.storage.depot import Depot, open_depot

BEGIN = datetime(2024, 1, 2, 1, 0, tzinfo=UTC)
# Before a kill: fewer acknowledgements than this, then at most so long. An act takes some 10 to 30 ms.
MOST_ACKNOWLEDGED = 10
LONGEST_DELAY_S = 0.06
LONGEST_COMMIT_S = 0.005
# One round in so many ends in the middle of the pages of a commit, which is too short for a kill from outside to hit it often.
TORN_EACH = 5
PAGE_BYTES = 4096
# No act takes so long; a child that is silent for it has a fault of its own.
SILENCE_S = 60.0


class Phase(IntEnum):
    """What the child is at; kept in memory that its parent still sees when it is dead."""

    OPENING = 0
    BETWEEN = 1
    WRITING = 2
    COMMITTING = 3


@dataclass
class Tally:
    """What came of the rounds. acts: done so far, again or at once; acknowledged: events; kept_unacknowledged: acts that were
    committed, but killed before they said so.

    lost: acknowledged events that are not there; half: rounds that left neither all nor nothing of an act.
    torn: rounds that ended by the limit of the file's size; journals_left: those after which SQLite had something to roll
    back, or, with WAL, to take over.
    """

    rounds: int = 0
    acts: int = 0
    acknowledged: int = 0
    kept_unacknowledged: int = 0
    killed: dict[str, int] = field(default_factory=lambda: {phase.name.lower(): 0 for phase in Phase})
    torn: int = 0
    journals_left: int = 0
    lost: int = 0
    half: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Killed:
    """What was read from a child, and what it was at when it was killed."""

    acknowledged: list[tuple[int, str]]
    acts: int
    phase: Phase
    torn: bool


def killed_child(depot: Depot, round_: int, first: int, chance: random.Random) -> Killed:
    """Starts a child that posts from this act on, and kills it at a random moment. The database must be closed."""
    path, torn = depot.database.path, round_ % TORN_EACH == TORN_EACH - 1
    most_bytes = path.stat().st_size + PAGE_BYTES * chance.randrange(8) if torn else None
    phase = mmap.mmap(-1, 1)
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        if most_bytes is not None:
            _die_beyond(most_bytes)
        _post_for_ever(depot, round_, first, phase, writing)
    os.close(writing)
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        if torn:
            said = b""  # all is read below, until it has ended
        else:
            try:
                said = _lines_until_kill(pipe.fileno(), phase, chance)
            finally:
                os.kill(pid, signal.SIGKILL)
        while rest := os.read(pipe.fileno(), 65_536):
            said += rest
    _pid, status = os.waitpid(pid, 0)
    if not os.WIFSIGNALED(status) or os.WTERMSIG(status) != (signal.SIGXFSZ if torn else signal.SIGKILL):
        raise SystemExit(f"round {round_}: the child ended by itself")
    acts = [json.loads(line) for line in said.splitlines()]
    return Killed([(event_id, key) for act in acts for event_id, key in act], len(acts), Phase(phase[0]), torn)


def _lines_until_kill(descriptor: int, phase: mmap.mmap, chance: random.Random) -> bytes:
    """What the child says until a random moment after a random number of lines; every other time a moment of a commit.

    A commit writes the file within a fraction of a millisecond; a moment of the whole act would hardly ever be that one.
    """
    lines, in_commit = chance.randrange(MOST_ACKNOWLEDGED), chance.random() < 0.5
    delay_s = chance.uniform(0, LONGEST_COMMIT_S if in_commit else LONGEST_DELAY_S)
    said, until = b"", time.monotonic() + SILENCE_S
    while said.count(b"\n") < lines:
        more = _read(descriptor, until)
        said += more
        if not more:
            raise SystemExit(f"the child has ended or is stuck after {said!r}")
    while in_commit and phase[0] != Phase.COMMITTING and time.monotonic() < until:
        pass  # sleeping would be too coarse; an act takes milliseconds
    until = time.monotonic() + delay_s
    while more := _read(descriptor, until):
        said += more
    return said


def _read(descriptor: int, until: float) -> bytes:
    """What comes before an instant of the monotonic clock; nothing if nothing does, or the child has ended."""
    ready, _, _ = select.select([descriptor], [], [], max(0.0, until - time.monotonic()))
    return os.read(descriptor, 65_536) if ready else b""


def _die_beyond(most_bytes: int) -> None:
    """The system kills this process as soon as it makes a file longer."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))


def _post_for_ever(depot: Depot, round_: int, first: int, phase: mmap.mmap, pipe: int) -> None:
    """The child's whole life; it never returns."""
    try:
        opened = replace(depot, database=open_database(depot.database.path.parent))
        for number in range(first, sys.maxsize):
            phase[0] = Phase.BETWEEN
            events = post_once(opened, number, key_of(round_, number), phase)
            phase[0] = Phase.BETWEEN
            os.write(pipe, json.dumps(events).encode() + b"\n")
    except BaseException:  # whatever it is, the parent's stack below must not be unwound a second time
        traceback.print_exc()
    finally:
        os._exit(1)


def key_of(round_: int, number: int) -> str:
    """The idempotency key of an act that was first tried in this round."""
    return f"killed/{round_}/{number}"


def post_once(depot: Depot, number: int, key: str, phase: mmap.mmap | None = None) -> list[tuple[int, str]]:
    """Posts an act unless its key was used; the ids and keys of the events that were written."""
    written: list[int] = []

    def write(connection: sa.Connection) -> int:
        if phase is not None:
            phase[0] = Phase.WRITING
        written.extend(post_act(connection, depot, number, key))
        if phase is not None:
            phase[0] = Phase.COMMITTING
        return written[0]

    once(depot.database, key, write)
    return list(zip(written, keys_of(number, key), strict=True)) if written else []


class Rounds:
    """Kills child after child, and compares what each has left with what it has said."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.tally = Tally()
        self._chance = random.Random(seed)
        database = open_database(folder)
        self._depot = open_depot(database, BEGIN)
        self._depot.receive(SPARE)
        self._expected = self._events()
        database.close()

    def kill_one(self) -> None:
        """One round. What is wrong afterwards stands in the tally."""
        tally, round_, first = self.tally, self.tally.rounds, self.tally.acts
        killed = killed_child(self._depot, round_, first, self._chance)
        tally.rounds += 1
        tally.torn += killed.torn
        tally.killed[killed.phase.name.lower()] += 1
        tally.acknowledged += len(killed.acknowledged)
        tally.acts += killed.acts
        path = self._depot.database.path
        journals = (path.with_name(path.name + end) for end in ("-journal", "-wal"))
        tally.journals_left += any(journal.exists() and journal.stat().st_size for journal in journals)
        self._expected += killed.acknowledged
        # Each round opens the file anew, as the program does after it was killed.
        try:
            self._depot = replace(self._depot, database=open_database(path.parent))
            self._look(key_of(round_, tally.acts))
        except (Refusal, sa.exc.DBAPIError) as error:
            tally.wrong.append(f"{type(error).__name__}: {error}")
        self._depot.database.close()

    def _look(self, next_key: str) -> None:
        tally, number = self.tally, self.tally.acts
        found = self._events()
        tally.lost += len(set(self._expected) - set(found))
        whole = keys_of(number, next_key)
        unsaid = found[len(self._expected) :]
        kept = [key for _id, key in unsaid] == whole
        if found[: len(self._expected)] != self._expected:
            tally.wrong.append("acknowledged events are missing or others")
        if unsaid and not kept:
            tally.half += 1
            tally.wrong.append(f"of {whole} there is {unsaid}")
        self._check(number + kept)
        if tally.wrong:
            return
        tally.kept_unacknowledged += kept
        again = post_once(self._depot, number, next_key)
        tally.acts += 1
        self._expected += unsaid + again
        if bool(again) == kept or self._events() != self._expected:
            tally.wrong.append(f"{next_key} again: {again} after {unsaid}")

    def finish(self) -> None:
        """Looks at the books that the last round has left."""
        with closing(open_database(self._depot.database.path.parent)) as database:
            self._depot = replace(self._depot, database=database)
            self._check(self.tally.acts)

    def _check(self, acts: int) -> None:
        """Balances, the books' own check and SQLite's."""
        depot, wrong = self._depot, self.tally.wrong
        with depot.database.read() as connection:
            wrong += [str(said) for said in connection.scalars(sa.text("PRAGMA integrity_check")) if said != "ok"]
            here = sa.select(balance.c.state, balance.c.quantity).where(balance.c.site_id == depot.here, balance.c.quantity != 0)
            kept = {state: sheets for state, sheets in connection.execute(here)}
        right = {state.value: sheets for state, sheets in balances_after(acts).items()}
        if kept != right:
            wrong.append(f"the balances are {kept}, not {right}")
        wrong += [f"{finding.kind} {finding.table} {finding.row}" for finding in check_books(depot.database).findings]

    def _events(self) -> list[tuple[int, str]]:
        with self._depot.database.read() as connection:
            return [
                (row.id, row.key) for row in connection.execute(sa.select(stock_event.c.id, stock_event.c.key).order_by(stock_event.c.id))
            ]


@contextmanager
def journal(mode: str) -> Iterator[None]:
    """SQLite's journal in this mode, whatever its version; "own" for the program's choice."""
    if mode == "own":
        yield
        return
    with mock.patch("storage.database.journal_mode", lambda _version: mode.upper()):
        yield


def main() -> None:
    """Runs the rounds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--seed", type=int, default=20_240_214)
    parser.add_argument("--journal", choices=("own", "wal", "truncate"), default="own")
    options = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, journal(options.journal):
        rounds = Rounds(Path(folder), options.seed)
        tally = rounds.tally
        while tally.rounds < options.rounds and not tally.wrong:
            rounds.kill_one()
            if tally.rounds % 25 == 0 or tally.wrong:
                said = f"{tally.rounds} rounds, {tally.acknowledged} events acknowledged, killed {tally.killed}"
                print(said, file=sys.stderr, flush=True)
        if not tally.wrong:
            rounds.finish()
    how = {"seed": options.seed, "journal": options.journal, "seconds": round(time.monotonic() - begun, 1)}
    print(json.dumps(vars(tally) | how))
    if tally.wrong:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
