"""Each operation of storage, called as each role at each place: done or refused as the table in docs/roles.md says."""

import inspect
import itertools
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest

import storage
from storage.database import Database, open_database
from storage.exchange.columns import WrongRows
from storage.people.person import Role, add_person
from storage.people.right import PROGRAM_ONLY, NeedsSecond, NotAllowed, Operation
from storage.people.roles_page import PAGE, operations, page
from storage.rules.rights import RIGHTS, Act, seconds
from storage.watch.journal import WatchJournal
from tests.storage.calls import Call
from tests.storage.everybody import Place, World, open_world

ALL = operations()
# What belongs to no warehouse, or to all of them: a role at some warehouse is enough.
ANYWHERE = {
    "add_class", "add_site", "armed_cameras", "back_up", "camera_states", "check", "check_books", "check_presence", "clock_steps",
    "events_between", "find_site", "gaps_between", "last_backup", "list_alarms", "list_cameras", "list_classes", "list_people",
    "list_sites", "outlooks", "recorder_states", "room_states", "settle_clock", "site_codes", "standings", "suspensions", "switched_off",
    "unexplained", "unlockings", "views",
}  # fmt: skip
# Of a store elsewhere, whoever calls it here.
AT_THE_OTHER = {"enter_arrival"}
# What is done for every warehouse at once: a role at one is not enough.
REACHES_FURTHER = {"load_election"}
# Refused line by line, by the warehouse that stands in it.
LINE_BY_LINE = {"import_cameras"}
# What takes a Database and asks for no right, and why not.
ASKED_WITHIN = "asks for the act that is confirmed, or for the secret"
BEFORE = "who it is is found out by it, so nobody has signed in yet"
OF_A_PACKAGE = "a part of export_incident; what it is about comes from incident_of, which asks"
OF_A_BACKUP = "a part of backing up and restoring, which work on a book of the program's own"
DEMO = "fills the demonstration's own folder, before anybody signs in"
FREE = {
    "audit.trail.all_entries": "reads by log_entries, which asks",
    "backup.comparing.with_checkpoints": OF_A_BACKUP,
    "backup.copying.heads_of": OF_A_BACKUP,
    "backup.making.check_copy": OF_A_BACKUP,
    "backup.server.dump": OF_A_BACKUP,
    "demo.books.write_books": DEMO,
    "demo.people.write_people": DEMO,
    "demo.rooms.write_rooms": DEMO,
    "evidence.incident.facts_of": OF_A_PACKAGE,
    "evidence.incident.gaps_of": OF_A_PACKAGE,
    "evidence.incident.originals_of": OF_A_PACKAGE,
    "evidence.incident.stock_of": OF_A_PACKAGE,
    "evidence.log_part.chain_recordings": OF_A_PACKAGE,
    "evidence.log_part.write_log": OF_A_PACKAGE,
    "evidence.signing.public_keys": "public keys are public",
    "ledger.journal.once": "writes what an operation is given, which asks; the ledger asks again for each entry",
    "people.confirmation.answer": ASKED_WITHIN,
    "people.confirmation.answer_to": "tells only whoever asked whether it was answered",
    "people.confirmation.ask": ASKED_WITHIN,
    "people.confirmation.call_off": "only whoever asked can",
    "people.confirmation.confirm": ASKED_WITHIN,
    "people.confirmation.waiting_for": "tells a person only what they may answer",
    "people.person.named": BEFORE,
    "people.right.check_program": "is what asks",
    "people.sign_in.change_secret": ASKED_WITHIN,
    "people.sign_in.enter": BEFORE,
    "people.sign_in.enter_first": BEFORE,
    "people.sign_in.has_secret": BEFORE,
    "people.sign_in.leave": "everybody may leave",
    "people.sign_in.nobody_has_a_secret": BEFORE,
    "people.sign_in.prove": BEFORE,
}


def short(operation: Operation) -> str:
    return operation.name.rsplit(".", 1)[1]


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    found = open_world(tmp_path_factory.mktemp("world") / "data")
    (found.folder / "recordings").mkdir()
    return found


@pytest.fixture(scope="module")
def opened(world: World) -> Iterator[Database]:
    """For what is refused, and so changes nothing."""
    database = open_database(world.folder)
    yield database
    database.close()


def may(operation: Operation, role: Role, place: Place) -> bool:
    """As the table has it."""
    if role not in RIGHTS[operation.act].roles or place is Place.NOWHERE_NOW:
        return False
    if place is Place.EVERYWHERE or short(operation) in ANYWHERE:
        return True
    if short(operation) in REACHES_FURTHER:
        return False
    return place is (Place.ELSEWHERE if short(operation) in AT_THE_OTHER else Place.HERE)


@pytest.mark.parametrize("operation", ALL, ids=short)
def test_it_is_done_for_whom_the_table_names_and_refused_to_all_others(
    world: World, opened: Database, operation: Operation, tmp_path: Path
) -> None:
    for role, place in itertools.product(Role, Place):
        by = world.people[role, place]
        files = tmp_path / f"{role}, {place}"
        files.mkdir()
        call = Call(world, operation, by, files, world.now)
        if not may(operation, role, place):
            by_line = short(operation) in LINE_BY_LINE and role in RIGHTS[operation.act].roles and place is Place.ELSEWHERE
            with pytest.raises(WrongRows if by_line else NotAllowed):
                call.run(opened)
            continue
        if RIGHTS[operation.act].two:
            with pytest.raises(NeedsSecond):
                call.run(opened)
        with world.copied(files / "data") as database:
            try:
                done(world, call, database)
            except Exception as error:
                error.add_note(f"as {role}, {place}")
                raise


def done(world: World, call: Call, database: Database) -> None:
    """Calls it as it is to be called, with a second person's answer where it takes one."""
    takes_second = RIGHTS[call.operation.act].two or short(call.operation) in {"hand_over"}
    if takes_second:
        call.second = world.confirmed(database, call.operation.act, call.by, None, world.now)
    call.run(database)


def functions() -> Iterator[tuple[str, object]]:
    """Every public function of storage whose first argument is a Database."""
    for module in pkgutil.walk_packages(storage.__path__, "storage."):
        if module.name.startswith("storage.migrations."):
            continue
        for name, found in vars(import_module(module.name)).items():
            if name.startswith("_") or not inspect.isfunction(found) or found.__module__ != module.name:
                continue
            first = next(iter(inspect.signature(found).parameters.values()), None)
            if first is not None and first.annotation in (Database, "Database"):
                yield f"{module.name.removeprefix('storage.')}.{name}", found


def test_whatever_takes_a_database_asks_for_a_right_or_has_a_reason_not_to() -> None:
    known = {operation.name.removeprefix("storage."): operation.call for operation in ALL}
    free = {name for name, found in functions() if known.get(name) is not found and found not in PROGRAM_ONLY}
    assert sorted(free) == sorted(FREE)


@pytest.mark.parametrize("work", PROGRAM_ONLY, ids=lambda work: work.__name__)
def test_what_only_the_program_does_no_role_does(world: World, opened: Database, work: Callable[..., object]) -> None:
    for person in world.people.values():
        with pytest.raises(NotAllowed, match="by no person"):
            work(opened.used_by(person.id))
        with pytest.raises(NotAllowed, match="by no person"):
            WatchJournal(opened.used_by(person.id), lambda _table, _row: None)


def test_the_page_of_roles_is_as_the_code_makes_it() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m storage.people.roles_page"


def test_the_administrator_of_one_warehouse_enters_nobody_for_all_of_them(world: World, opened: Database) -> None:
    administrator = world.people[Role.ADMINISTRATOR, Place.HERE]
    with pytest.raises(NotAllowed, match="reaches further"):
        add_person(opened.used_by(administrator.id), "Baru", Role.SUPERVISOR, now=world.now, by=administrator)


def test_an_auditor_reads_everything_and_writes_nothing_that_is_done_here() -> None:
    may_read = {act for act in Act if Role.AUDITOR in RIGHTS[act].roles}
    assert may_read >= {act for act in Act if act.value.startswith("see_")} | {Act.CHECK}
    # Keeping and giving out what is there, and copies of it, change nothing in the books or the watch.
    assert {act for act in may_read if not act.value.startswith("see_")} == {
        Act.CHECK,
        Act.KEEP_FOOTAGE,
        Act.EXPORT_FOOTAGE,
        Act.ISSUE_CHECKPOINT,
        Act.BACK_UP,
    }
    assert all(Role.AUDITOR not in seconds(act) for act in Act)


def test_an_administrator_has_no_stock_no_verdict_and_no_footage() -> None:
    own = {act for act in Act if Role.ADMINISTRATOR in RIGHTS[act].roles}
    assert not own & {Act.SEE_STOCK, Act.BOOK, Act.COUNT, Act.ADJUST, Act.DESTROY, Act.CLOSE, Act.BREAK_SEAL, Act.SET_UP_GOODS}
    assert not own & {Act.ANSWER_ALARM, Act.SUSPEND_ALARMS, Act.DISARM, Act.UNLOCK_ROOM, Act.SEE_FOOTAGE, Act.EXPORT_FOOTAGE, Act.SEE_LOG}


def test_what_needs_two_persons_has_somebody_who_may_be_the_second() -> None:
    two = {act for act in Act if RIGHTS[act].two}
    assert two == {
        *(Act.CHANGE_HOURS, Act.CHANGE_VIEW, Act.CHANGE_RETENTION, Act.SUSPEND_ALARMS, Act.DISARM, Act.SWITCH_OFF, Act.CONFIRM_CLOCK),
        *(Act.UNLOCK_ROOM, Act.BREAK_SEAL, Act.ADJUST, Act.DESTROY, Act.CLOSE, Act.RELEASE_FOOTAGE, Act.EXPORT_FOOTAGE),
    }
    assert all(seconds(act) for act in two)
