"""How long alarms may be suspended or a room disarmed, and what that never silences."""

from datetime import timedelta

# One shift: then it ends by itself, and whoever still needs it asks a second person anew.
LONGEST = timedelta(hours=8)
# Only what people do in a room. A camera that was tampered with or lost, and a recorder that stopped, always ring.
SUSPENDABLE = ("motion", "lights_changed")
