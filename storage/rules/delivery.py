"""What a line of a delivery note says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DeliveryLine:
    """Sheets of one class: declared on the delivery note, received when they were counted in.

    Always declared = received + short - over, and one of short and over is zero.
    """

    class_id: int
    declared: int
    received: int

    @property
    def short(self) -> int:
        """Declared sheets that did not come."""
        return max(0, self.declared - self.received)

    @property
    def over(self) -> int:
        """Sheets that came without being declared."""
        return max(0, self.received - self.declared)
