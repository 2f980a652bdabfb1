"""The columns of the stock page's two tables."""

from collections.abc import Callable
from datetime import tzinfo

from storage.ledger.card import CardRow
from storage.rules.movement import State
from ui.look.table import Column
from ui.stock.stock_figures import Figures
from ui.words.names import name_of
from ui.words.speech import _, signed, whole
from ui.words.times import day_time


def figure_columns(first: str) -> list[Column[Figures]]:
    """The table of states. first: what the rows are, classes or warehouses."""
    return [
        Column(first, lambda row: row.name),
        _figure(_("Need"), lambda row: row.need, _("Sheets that must be there on election day")),
        _figure(_("Declared"), lambda row: row.declared, _("Sheets according to the delivery notes")),
        _figure(_("Received"), lambda row: row.received, _("Sheets counted in from deliveries")),
        _figure(_("Short"), lambda row: row.short, _("Declared but not received")),
        _figure(_("Over"), lambda row: row.over, _("Received beyond what was declared")),
        _figure(_("Reprinted"), lambda row: row.reprinted, _("Reprinted sheets received")),
        _figure(_("To come"), lambda row: row.reprint_open, _("Reprints asked for and not yet received")),
        _figure(name_of("unsorted"), lambda row: row.unsorted),
        _figure(name_of("good"), lambda row: row.good),
        _figure(name_of("damaged"), lambda row: row.damaged),
        _figure(name_of("packed"), lambda row: row.packed, _("Packed for polling stations and still here")),
        _figure(_("Sent"), lambda row: row.sent, _("On the way, or packed here and arrived elsewhere")),
        _figure(_("Missing"), lambda row: row.missing, _("Good sheets still lacking for the need")),
    ]


def card_columns(zone: tzinfo) -> list[Column[CardRow]]:
    """The stock card: what changed by how much, and what lay there afterwards."""
    moves = [_change(state) for state in (State.UNSORTED, State.GOOD, State.DAMAGED, State.PACKED)]
    return [
        Column(_("No."), lambda row: whole(row.event_id), number=True),
        Column(_("Happened"), lambda row: day_time(row.happened_at, zone)),
        Column(_("What"), _what),
        *moves,
        Column(_("Good after"), lambda row: whole(row.balance_after.get(State.GOOD, 0)), number=True),
        Column(_("By"), lambda row: ", ".join(name for name in (row.person, row.second) if name)),
        Column(_("Recorded"), lambda row: day_time(row.recorded_at, zone)),
        Column(_("Reason"), lambda row: row.reason),
    ]


def _figure(title: str, sheets: Callable[[Figures], int], hint: str = "") -> Column[Figures]:
    """A column of sheets; two words of its title stand one below the other, for thirteen columns share the width."""
    return Column(title.replace(" ", "\n", 1), lambda row: whole(sheets(row)), number=True, hint=hint)


def _change(state: State) -> Column[CardRow]:
    return Column(f"± {name_of(state)}", lambda row: signed(row.changes.get(state, 0)), number=True)


def _what(row: CardRow) -> str:
    said = name_of(row.kind)
    if row.reverses_id is not None:
        return _("{what} of no. {number}").format(what=said, number=whole(row.reverses_id))
    if row.reversed_by_id is not None:
        return _("{what}, reversed by no. {number}").format(what=said, number=whole(row.reversed_by_id))
    return said
