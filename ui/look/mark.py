"""What a state says at a glance: its tone and its word. Drawn by ui/look/chip.py."""

from dataclasses import dataclass
from enum import Enum


class Tone(Enum):
    """How urgent: each tone has its own colour and shape. BLIND: nobody can see this place; as urgent as an alarm."""

    ALARM = "alarm"
    WARNING = "warning"
    INFO = "info"
    GOOD = "good"
    CALM = "calm"
    BLIND = "blind"


@dataclass(frozen=True)
class Mark:
    """A state."""

    tone: Tone
    word: str
