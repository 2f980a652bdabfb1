"""The commands that read the stock: balances, cards, the reconciliation report, what counts found; as text, JSON or a table."""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from storage.rules.movement import State
from storage.rules.refusal import Refusal
from ui.words.names import name_of
from ui.words.speech import _, whole

if TYPE_CHECKING:
    from storage.database import Database
    from storage.ledger.card import CardRow
    from storage.ledger.reconciliation import Part
    from storage.places import Site

Act = Callable[["Database", argparse.Namespace], int]
DEFAULT_ZONE = ZoneInfo("Asia/Jakarta")


def add_readings(acts: "argparse._SubParsersAction[argparse.ArgumentParser]", run: Callable[[Act, argparse.Namespace], int]) -> None:
    """Adds them to the commands of `stock`; run: does an act with the database that the options name."""
    lie = acts.add_parser("balances", help=_("what lies where, now or at a past instant"))
    lie.add_argument("--as-of", type=_instant, default=None, metavar="TIME", help=_("as it was then: 2024-02-13T18:00"))
    lie.add_argument("--known-at", type=_instant, default=None, metavar="TIME", help=_("by what had been entered then"))
    card = acts.add_parser("card", help=_("the stock card of a ballot class"))
    card.add_argument("ballot", metavar="CLASS", help=_('its name, such as "DPR DKI JAKARTA II", or its number'))
    card.add_argument("--limit", type=int, default=200, metavar="N")
    report = acts.add_parser("report", help=_("the reconciliation report: need, ordered, received, damaged, packed, sent, destroyed"))
    differ = acts.add_parser("differences", help=_("all that counts have found to differ from the books, with its sources"))
    trace = acts.add_parser("trace", help=_("the events that a figure of the report is made of"))
    trace.add_argument("ballot", metavar="CLASS", help=_('its name, such as "DPR DKI JAKARTA II", or its number'))
    trace.add_argument("figure", metavar="FIGURE", help=_("a column of the report, such as received or good"))
    trace.add_argument("--limit", type=int, default=None, metavar="N")
    for parser, needed in ((lie, False), (card, True), (report, False), (differ, False), (trace, True)):
        parser.add_argument("--site", required=needed, default="", metavar="CODE", help=_("the warehouse's code"))
        parser.add_argument("--to", type=Path, default=None, metavar="FILE", help=_("write a table, .csv or .xlsx"))
        parser.add_argument("--json", action="store_true", help=_("print one JSON object"))
    readings = ((lie, _balances), (card, _card), (report, _report), (differ, _differences), (trace, _trace))
    for parser, act in readings:
        parser.set_defaults(run=lambda options, act=act: run(act, options))


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=DEFAULT_ZONE)


def _balances(database: "Database", options: argparse.Namespace) -> int:
    from storage.ledger.as_of import balances
    from storage.places import find_site, site_codes

    site = find_site(database, options.site) if options.site else None
    rows = balances(database, site_id=site.id if site else None, as_of=options.as_of, known_at=options.known_at)
    codes, names = site_codes(database, {row.site_id for row in rows}), _class_names(database)
    if options.to:
        lines_to = [(codes[row.site_id], names[row.class_id], row.state.value, row.sheets) for row in rows]
        return _write(options.to, ("site", "class", "state", "sheets"), lines_to, "balances")
    if options.json:
        lines = [{"site": codes[row.site_id], "class": names[row.class_id], "state": row.state, "sheets": row.sheets} for row in rows]
        print(json.dumps({"balances": lines}, ensure_ascii=False))
        return 0
    for row in rows:
        print(f"{codes[row.site_id]:<24} {names[row.class_id]:<40} {name_of(row.state):<24} {whole(row.sheets):>14}")
    if not rows:
        print(_nothing())
    return 0


def _card(database: "Database", options: argparse.Namespace) -> int:
    from storage.ledger.card import stock_card
    from storage.places import find_site

    site = find_site(database, options.site)
    class_id, name = _class(database, options.ballot)
    rows = stock_card(database, site.id, class_id, limit=options.limit)
    if options.to:
        states = list(State)
        head = ("number", "kind", "happened_at", "recorded_at", "person", "second", "reason", *(state.value for state in states))
        moves = [[*_card_head(row, site), *(row.changes.get(state, 0) for state in states)] for row in rows]
        return _write(options.to, head, moves, "stock card")
    if options.json:
        print(json.dumps({"site": site.code, "class": name, "card": [_card_line(row) for row in rows]}, ensure_ascii=False))
        return 0
    for row in rows:
        moved = ", ".join(f"{name_of(state)} {sheets:+d}" for state, sheets in row.changes.items())
        print(f"{row.event_id:>8}  {row.happened_at.astimezone(site.tz):%Y-%m-%d %H:%M}  {name_of(row.kind):<24} {moved}  {row.person}")
    if not rows:
        print(_("Nothing of {ballot} has moved in {site} yet.").format(ballot=name, site=site.name))
    return 0


def _card_head(row: "CardRow", site: "Site") -> list[str | int]:
    """Times as the clock on the wall of the site showed them, to the second."""
    times = [f"{at.astimezone(site.tz):%Y-%m-%d %H:%M:%S}" for at in (row.happened_at, row.recorded_at)]
    return [row.event_id, row.kind.value, *times, row.person, row.second or "", row.reason]


def _write(path: Path, head: Sequence[str], rows: Sequence[Sequence[str | int]], title: str) -> int:
    from storage.exchange.writing import write_table

    write_table(path, head, rows, title=title)
    print(_("{file}: {rows} rows are written.").format(file=path.name, rows=whole(len(rows))))
    return 0


def _card_line(row: object) -> dict[str, object]:
    line = asdict(row)  # type: ignore[call-overload]
    for key in ("happened_at", "recorded_at"):
        line[key] = line[key].astimezone(UTC).isoformat()
    return dict(line)


def _report(database: "Database", options: argparse.Namespace) -> int:
    from storage.ledger.reconciliation import Figure, reconcile
    from storage.places import find_site, site_codes

    lines = reconcile(database, find_site(database, options.site).id if options.site else None)
    codes, names = site_codes(database, {line.site_id for line in lines}), _class_names(database)
    if options.to:
        head = ("site", "class", *(figure.value for figure in Figure), "unexplained")
        rows: list[list[str | int]] = [
            [codes[line.site_id], names[line.class_id], *line.sheets.values(), line.unexplained] for line in lines
        ]
        return _write(options.to, head, rows, "reconciliation")
    if options.json:
        report = [
            {"site": codes[line.site_id], "class": names[line.class_id], **line.sheets, "unexplained": line.unexplained} for line in lines
        ]
        print(json.dumps({"report": report}, ensure_ascii=False))
        return 0
    for line in lines:
        print(f"{codes[line.site_id]}  {names[line.class_id]}")
        for figure, sheets in line.sheets.items():
            if sheets:
                print(f"    {name_of(figure):<24} {whole(sheets):>14}")
    if not lines:
        print(_nothing())
    return 0


def _differences(database: "Database", options: argparse.Namespace) -> int:
    from storage.places import find_site, list_sites, site_codes
    from storage.stock.differences import differences

    sites = [find_site(database, options.site)] if options.site else list_sites(database)
    found = [difference for site in sites for difference in differences(database, site.id)]
    codes, names = site_codes(database, {difference.site_id for difference in found}), _class_names(database)
    if options.to:
        head = ("site", "class", "state", "count", "began_at", "books", "counted", "accepted", "sources")
        rows = [
            (
                *(codes[this.site_id], names[this.class_id], this.state.value, this.count_id, this.began_at.isoformat(), this.books),
                *(this.counted, int(this.accepted), " ".join(str(part.event_id) for part in this.sources)),
            )
            for this in found
        ]  # fmt: skip
        return _write(options.to, head, rows, "differences")
    if options.json:
        lines = [
            asdict(this)
            | {"site": codes[this.site_id], "class": names[this.class_id], "began_at": this.began_at.isoformat()}
            | {"sources": [_part_line(part) for part in this.sources]}
            for this in found
        ]
        print(json.dumps({"differences": lines}, ensure_ascii=False))
        return 0
    for this in found:
        line = _("{site}  {ballot}  {state}: {counted} counted, {books} in the books (count {number})")
        values = {"counted": whole(this.counted), "books": whole(this.books), "number": this.count_id}
        print(line.format(site=codes[this.site_id], ballot=names[this.class_id], state=name_of(this.state), **values))
        for part in this.sources:
            print("    " + _part_text(part))
    if not found:
        print(_("No count differs from the books."))
    return 0


def _trace(database: "Database", options: argparse.Namespace) -> int:
    from storage.ledger.reconciliation import Figure, parts_of
    from storage.places import find_site

    site, (class_id, name) = find_site(database, options.site), _class(database, options.ballot)
    if options.figure not in list(Figure):
        raise Refusal("The report has no column {name}. It has: {names}.", name=options.figure, names=", ".join(Figure))
    parts = parts_of(database, site.id, class_id, Figure(options.figure), limit=options.limit)
    if options.to:
        head = ("number", "kind", "happened_at", "recorded_at", "person", "reason", "sheets")
        return _write(options.to, head, [tuple(_part_line(part).values()) for part in parts], "trace")
    if options.json:
        print(json.dumps({"site": site.code, "class": name, "parts": [_part_line(part) for part in parts]}, ensure_ascii=False))
        return 0
    for part in parts:
        print(_part_text(part))
    if not parts:
        print(_("Nothing of {ballot} has moved in {site} yet.").format(ballot=name, site=site.name))
    return 0


def _part_line(part: "Part") -> dict[str, str | int]:
    return asdict(part) | {"happened_at": part.happened_at.isoformat(), "recorded_at": part.recorded_at.isoformat()}


def _part_text(part: "Part") -> str:
    at = part.happened_at.astimezone(DEFAULT_ZONE)
    return f"{part.event_id:>8}  {at:%Y-%m-%d %H:%M}  {name_of(part.kind):<24} {part.sheets:>+12}  {part.person}"


def _class_names(database: "Database") -> dict[int, str]:
    from storage.stock.classes import list_classes

    return {ballot.id: ballot.name for ballot in list_classes(database)}


def _class(database: "Database", wanted: str) -> tuple[int, str]:
    """The number and name of the class with this name or number."""
    for class_id, name in _class_names(database).items():
        if wanted.casefold() in (name.casefold(), str(class_id)):
            return class_id, name
    raise Refusal("There is no ballot class named {name}.", name=wanted)


def _nothing() -> str:
    return _("There is nothing in the books yet. Receive a delivery, or load an election: stock load-election DIR")
