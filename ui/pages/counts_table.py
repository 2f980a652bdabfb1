"""The columns of the counts so far. What a single team found stands nowhere: the next team is to count without knowing."""

from collections.abc import Mapping
from datetime import tzinfo

from storage.rules.movement import COUNTED, State
from storage.stock.counts import TEAMS, Count
from ui.look.table import Column
from ui.words.names import name_of
from ui.words.speech import _, signed, whole
from ui.words.times import day_time


def count_columns(names: Mapping[int, str], zone: tzinfo) -> list[Column[Count]]:
    """A line per count. names: of the ballot classes, by id; read anew each time."""
    return [
        Column(_("Ballot class"), lambda row: names.get(row.class_id, "")),
        Column(_("Began"), lambda row: day_time(row.began_at, zone)),
        *(_counted(state) for state in COUNTED),
        Column(_("Variance"), lambda row: "" if row.variance is None else variance_words(row.variance)),
        Column(_("State"), count_state),
        Column(_("By"), lambda row: ", ".join(sheet.person for sheet in row.sheets)),
    ]


def variance_words(variance: Mapping[State, int]) -> str:
    """The states that differ from the books, each with its difference in sheets; one word where none does."""
    return ", ".join(f"{name_of(state)} {signed(sheets)}" for state, sheets in variance.items() if sheets) or _("none")


def count_state(row: Count) -> str:
    """What is to be done about a count, or what has become of it."""
    if row.reversed:
        return _("reversed")
    if row.accepted:
        return _("accepted")
    if row.variance is not None:
        return _("to be accepted") if any(row.variance.values()) else _("agrees")
    if row.next_team is None:
        return _("all teams differ")
    if row.next_team == TEAMS[-1]:
        return _("differ: team {team} counts").format(team=row.next_team)
    return _("team {team} is to count").format(team=row.next_team)


def _counted(state: State) -> Column[Count]:
    """Two words of the title stand one below the other, so that the five columns are as narrow as their figures."""
    title = name_of(state).replace(" ", "\n", 1)
    return Column(title, lambda row: "" if row.counted is None else whole(row.counted[state]), number=True, hint=_("Sheets counted"))
