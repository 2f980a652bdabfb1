"""The command `audit`: the log of a warehouse, or of all of them, read as a trail."""

import argparse
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from storage.rules.refusal import Refusal
from ui.words.log_words import act_word, in_short, record_names
from ui.words.speech import _
from ui.words.times import zone_name

if TYPE_CHECKING:
    from storage.audit.trail import Filter, LogEntry
    from storage.database import Database
    from storage.places import Site

    Opened = Callable[[argparse.Namespace], AbstractContextManager[Database]]

# Where no warehouse is named, times are by the clock of Jakarta.
ZONE = "Asia/Jakarta"


def add_audit_command(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", opened: "Opened") -> None:
    """Adds it to main's. opened: opens the database that the options name."""
    audit = commands.add_parser("audit", help=_("read the log: who did what and when, newest first"))
    audit.add_argument("--since", required=True, metavar="INSTANT", help=_("2026-11-20 or 2026-11-20T21:03, by the warehouse's clock"))
    audit.add_argument("--until", metavar="INSTANT", help=_("what was written before this"))
    audit.add_argument("--site", metavar="CODE", help=_("the warehouse's code; otherwise every warehouse"))
    audit.add_argument("--person", metavar="NAME", help=_("what this person did or answered for"))
    audit.add_argument("--act", metavar="KIND", help=_("one kind of entry, such as hours_set or dispatch"))
    audit.add_argument("--json", action="store_true", help=_("print a JSON object for each entry, one a line"))
    audit.set_defaults(run=lambda options: _audit(options, opened))


def _audit(options: argparse.Namespace, opened: "Opened") -> int:
    from storage.audit.trail import all_entries
    from storage.places import list_sites

    with opened(options) as database:
        zones = {site.code: ZoneInfo(site.zone) for site in list_sites(database)}
        site = _site(database, options.site) if options.site else None
        wanted = _filter(database, options, site.zone if site else ZONE)
        for entry in all_entries(database, site.id if site else None, wanted):
            if options.json:
                print(json.dumps(entry.facts, ensure_ascii=False))
            else:
                print(_line(entry, zones.get(entry.site_code, ZoneInfo(ZONE))))
    return 0


def _line(entry: "LogEntry", zone: ZoneInfo) -> str:
    when = f"{entry.at.astimezone(zone):%Y-%m-%d %H:%M:%S} {zone_name(zone.key)}"
    who = ", ".join(filter(None, (entry.person, entry.second))) or _("the program")
    told = (act_word(entry.act), who, ", ".join(entry.about), in_short(entry, zone))
    return f"{when}  {entry.site_code} #{entry.number}  {'  '.join(' '.join(part.split()) for part in told if part)}"


def _site(database: "Database", code: str) -> "Site":
    from storage.places import find_site

    return find_site(database, code)


def _filter(database: "Database", options: argparse.Namespace, zone: str) -> "Filter":
    """Raises Refusal for what is no instant, an unknown person or an unknown kind."""
    from storage.audit.trail import Filter
    from storage.people.person import named
    from storage.rules.movement import EventKind

    kinds = {*record_names(), *(kind.value for kind in EventKind)}
    if options.act is not None and options.act not in kinds:
        raise Refusal("There is no kind of entry {kind}. There are: {kinds}.", kind=options.act, kinds=", ".join(sorted(kinds)))
    since, until = (_instant(text, zone) if text else None for text in (options.since, options.until))
    if since and until and until <= since:
        raise Refusal("The end must be later than the beginning.")
    return Filter(since, until, named(database, options.person).id if options.person else None, options.act)


def _instant(text: str, zone: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refusal("{text} is no day or instant. Write it like 2026-11-20 or 2026-11-20T21:03.", text=text) from None
