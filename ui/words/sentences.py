"""What a refusal or a fault says, in the user's language."""

from datetime import datetime
from enum import Enum
from typing import Protocol

from storage.rules.movement import State
from storage.rules.rights import Act
from ui.words.names import name_of
from ui.words.speech import _, whole

# Values of a sentence under these names are kept words such as "unsorted", said in the user's language.
_WORD_KEYS = {"state", "kind", "cause", "role", "act"}


class Spoken(Protocol):
    """An exception that carries its sentence as a template and the values that fill it."""

    template: str
    values: dict[str, object]


def sentence(error: Spoken) -> str:
    """What a refusal says, in the language spoken now: whole numbers grouped, states and kinds by their names."""
    values = {}
    for key, value in error.values.items():
        if isinstance(value, Enum) or key in _WORD_KEYS:
            values[key] = name_of(_word(key, value)).lower()
        elif isinstance(value, int) and not isinstance(value, bool):
            values[key] = whole(value)
        elif isinstance(value, datetime):
            values[key] = f"{value.astimezone():%Y-%m-%d %H:%M}"  # by this computer's zone; a sentence knows no site
        else:
            values[key] = str(value)
    return _(error.template).format(**values)


def _word(key: str, value: object) -> Enum | str:
    """A state of sheets is often named by its value alone; a lost sheet is not called as a lost picture is. So is an act."""
    if isinstance(value, Enum):
        return value
    if key == "act":
        return Act(str(value))
    return State(str(value)) if key == "state" and value in [state.value for state in State] else str(value)
