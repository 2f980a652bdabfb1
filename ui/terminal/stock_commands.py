"""The commands `stock` and `check`: loading, importing and reading the books from a terminal."""

import argparse
import getpass
import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from storage.rules.refusal import Refusal
from storage.rules.rights import Act
from ui.terminal.coverage_commands import DEPTHS, check_recordings
from ui.terminal.stock_readings import add_readings
from ui.words.command_line import progress_bar
from ui.words.sentences import sentence
from ui.words.speech import _, whole

if TYPE_CHECKING:
    from storage.database import Database
    from storage.people.person import Person

Open = Callable[[argparse.Namespace], "AbstractContextManager[Database]"]
KINDS = ("stations", "deliveries", "sortings", "counts")


def add_stock_commands(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", opened: Open, folder: Callable[[argparse.Namespace], Path]
) -> None:
    """Adds them to main's; opened: opens the database of the data folder that the options name; folder: that folder."""
    stock = commands.add_parser("stock", help=_("the books of the stock: load, import, read"))
    acts = stock.add_subparsers(metavar=_("ACT"), required=True)
    load = acts.add_parser("load-election", help=_("load regions, polling stations and voters from a folder of tables"))
    load.add_argument("folder", type=Path, metavar="DIR")
    load.add_argument("--election", default="", metavar="NAME", help=_("the election's name; the folder's, if it is not said"))
    load.add_argument("--reserve", type=Fraction, default=Fraction(2), metavar="PCT", help=_("the reserve in percent: 2 or 2.5"))
    load.add_argument("--polling-day", type=date.fromisoformat, default=None, metavar="YYYY-MM-DD")
    take = acts.add_parser("import", help=_("post a table: stations, deliveries, sortings or counts, as CSV or XLSX"))
    take.add_argument("kind", choices=KINDS, metavar="KIND", help=", ".join(KINDS))
    take.add_argument("file", type=Path, metavar="FILE")
    take.add_argument("--site", required=True, metavar="CODE", help=_("the warehouse's code"))
    take.add_argument("--election", default="", metavar="NAME")
    take.add_argument("--numbers", choices=("id", "en"), default=None, help=_("how numbers are written: 1.000 (id) or 1,000 (en)"))
    take.add_argument("--second", default="", metavar="NAME", help=_("the second person, for what happened more than a day ago"))
    take.add_argument("--reason", default="", metavar="TEXT")
    add_readings(acts, lambda act, options: _with(opened, act, options))
    check = commands.add_parser("check", help=_("check the chain, every balance and every rule of the books"))
    check.add_argument("--checkpoint", action="append", default=[], metavar="TEXT|FILE", help=_("a printed checkpoint, or a file of them"))
    for parser in (load, take):
        parser.add_argument("--by", default="", metavar="NAME", help=_("the person who enters it"))
    check.add_argument("--recordings", choices=DEPTHS, help=_("check the recordings in place of the books: presence, size or hash"))
    check.add_argument("--json", action="store_true", help=_("print one JSON object"))
    for parser, act in ((load, _load), (take, _import)):
        parser.set_defaults(run=lambda options, act=act: _with(opened, act, options))
    check.set_defaults(
        run=lambda options: check_recordings(opened, folder, options) if options.recordings else _with(opened, _check, options)
    )


def _with(opened: Open, act: "Callable[[Database, argparse.Namespace], int]", options: argparse.Namespace) -> int:
    with opened(options) as database:
        return act(database, options)


def _load(database: "Database", options: argparse.Namespace) -> int:
    from storage.exchange.election import Plan, load_election

    name = options.election or options.folder.resolve().name
    plan = Plan(options.folder, name, options.reserve / 100, options.polling_day)
    with progress_bar(name) as progress:
        loaded = load_election(
            database, plan, by=_person(database, options.by), now=_now(), progress=lambda done, of: progress(done / of)
        )  # fmt: skip
    line = _("{name}: {stations} polling stations with {voters} voters in {regions} regions, {classes} ballots to vote on.")
    figures = {key: whole(getattr(loaded, key)) for key in ("stations", "voters", "regions", "classes")}
    print(line.format(name=name, **figures))
    if not loaded.districts:
        print(_("The electoral districts are not known, so only PPWP and DPD were entered; add electoral_districts.csv to the folder."))
    return 0


def _import(database: "Database", options: argparse.Namespace) -> int:
    from storage.exchange.imports import Import, import_table
    from storage.exchange.reading import Kind, WrongRows
    from storage.places import find_site
    from storage.rules.numbers import Notation

    second = _person(database, options.second) if options.second else None
    notation = Notation(options.numbers) if options.numbers else None
    site, by = find_site(database, options.site), _person(database, options.by)
    wanted = Import(Kind(options.kind), options.file, site, options.election, notation, second, options.reason)
    try:
        with progress_bar(options.file.name) as progress:
            rows, ignored = import_table(database, wanted, by=by, now=_now(), progress=lambda done, of: progress(done / max(1, of)))
    except WrongRows as wrong:
        for line, fault in wrong.faults:
            print(_("Line {line}: {said}").format(line=whole(line), said=sentence(fault)), file=sys.stderr)
        raise
    print(_("{file}: {rows} rows are in the books.").format(file=options.file.name, rows=whole(rows)))
    if ignored:
        print(_("Passed over: {columns}.").format(columns=", ".join(ignored)))
    return 0


def _check(database: "Database", options: argparse.Namespace) -> int:
    from storage.ledger.against import Verdict
    from storage.ledger.check import check_books
    from storage.rules.checkpoint import read_checkpoints

    printed = []
    for text in options.checkpoint:
        path = Path(text)
        printed += read_checkpoints(path.read_text(encoding="utf-8") if len(text) < 200 and path.is_file() else text)
    report = check_books(database, printed)
    if options.json:
        findings = [
            {"kind": found.kind, "rule": found.rule, "table": found.table, "row": found.row, "said": str(found.said)}
            for found in report.findings
        ]
        heads = [head.text for head in report.heads]
        told = [one.facts for one in report.compared]
        facts = {"ok": not findings, "events": report.events, "findings": findings, "heads": heads, "checkpoints": told}
        print(json.dumps(facts, ensure_ascii=False))
    else:
        for one in report.compared:
            if one.verdict is Verdict.SAME:
                print(sentence(one.said))
        for found in report.findings:
            print(sentence(found.said))
        for head in report.heads:
            print(head.text)
        line = _("{events} entries checked: {faults} faults.")
        print(line.format(events=whole(report.events), faults=whole(len(report.findings))))
    return 1 if report.findings else 0


def _person(database: "Database", name: str) -> "Person":
    """The named person; else the only one who keeps books. Where there is nobody yet, whoever is at the terminal becomes the first."""
    from storage.people.person import Role, add_person, list_people

    people = [person for person in list_people(database) if person.may(Act.BOOK)]
    if not people and not name:
        return add_person(database, getpass.getuser(), Role.SUPERVISOR, now=_now())
    found = [person for person in people if not name or person.name.casefold() == name.casefold()]
    if len(found) != 1:
        raise Refusal("Say who enters it with --by: {people}.", people=", ".join(person.name for person in people))
    return found[0]


def _now() -> datetime:
    return datetime.now(UTC)
