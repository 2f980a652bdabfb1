"""The columns of the stock page's two tables."""

from datetime import tzinfo

from storage.rules.posting import State
from storage.stock.card import CardRow
from ui.look.table import Column
from ui.stock.stock_figures import Figures
from ui.words.names import name_of
from ui.words.speech import _, signed, whole
from ui.words.times import day_time


def figure_columns(first: str) -> list[Column[Figures]]:
    """The table of states. first: what the rows are, classes or warehouses."""
    return [
        Column(first, lambda row: row.name),
        Column(_("Need"), lambda row: whole(row.need), number=True),
        Column(_("Received"), lambda row: whole(row.received), number=True),
        Column(_("Reprinted"), lambda row: whole(row.reprinted), number=True),
        Column(_("To come"), lambda row: whole(row.reprint_open), number=True),
        Column(name_of("unsorted"), lambda row: whole(row.unsorted), number=True),
        Column(name_of("good"), lambda row: whole(row.good), number=True),
        Column(name_of("damaged"), lambda row: whole(row.damaged), number=True),
        Column(_("Missing"), lambda row: whole(row.missing), number=True),
    ]


def card_columns(zone: tzinfo) -> list[Column[CardRow]]:
    """The stock card: what changed by how much, and what lay there afterwards."""
    moves = [_change(state) for state in (State.UNSORTED, State.GOOD, State.DAMAGED)]
    return [
        Column(_("No."), lambda row: whole(row.event_id), number=True),
        Column(_("Happened"), lambda row: day_time(row.happened_at, zone)),
        Column(_("What"), _what),
        *moves,
        Column(_("Good after"), lambda row: whole(row.balance_after.get(State.GOOD, 0)), number=True),
        Column(_("By"), lambda row: row.person),
        Column(_("Recorded"), lambda row: day_time(row.recorded_at, zone)),
        Column(_("Reason"), lambda row: row.reason),
    ]


def _change(state: State) -> Column[CardRow]:
    return Column(f"± {name_of(state)}", lambda row: signed(row.changes.get(state, 0)), number=True)


def _what(row: CardRow) -> str:
    said = name_of(row.kind)
    if row.reverses_id is not None:
        return _("{what} of no. {number}").format(what=said, number=whole(row.reverses_id))
    if row.reversed_by_id is not None:
        return _("{what}, reversed by no. {number}").format(what=said, number=whole(row.reversed_by_id))
    return said
