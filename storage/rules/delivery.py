"""What a line of a delivery note says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DeliveryLine:
    """Sheets of one class: declared on the delivery note, received when they were counted in.

    Always declared = received + short - over, and one of short and over is zero. misrouted: those of the received that lay among
    sheets declared as another class; they are booked as what they are.
    """

    class_id: int
    declared: int
    received: int
    misrouted: int = 0

    @property
    def short(self) -> int:
        """Declared sheets that did not come."""
        return max(0, self.declared - self.received)

    @property
    def over(self) -> int:
        """Sheets that came without being declared."""
        return max(0, self.received - self.declared)
