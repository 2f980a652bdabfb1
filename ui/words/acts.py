"""The names of what the rights tell apart, as they stand after "may not do this:" and in a list of what somebody may do."""

from storage.rules.rights import Act
from ui.words.speech import _


def act_name(act: Act) -> str:
    """A few words for an act."""
    return _names()[act]


def _names() -> dict[Act, str]:
    return {
        Act.SEE_PLACES: _("See warehouses, rooms and cameras"),
        Act.SEE_PEOPLE: _("See persons"),
        Act.SEE_STOCK: _("Read the books"),
        Act.SEE_WATCH: _("See events and alarms"),
        Act.SEE_FOOTAGE: _("See footage"),
        Act.SEE_LOG: _("Read the log"),
        Act.CHECK: _("Check books and recordings"),
        Act.BOOK: _("Enter in the books"),
        Act.COUNT: _("Count the stock"),
        Act.ADJUST: _("Adjust the books"),
        Act.DESTROY: _("Destroy ballots"),
        Act.CLOSE: _("Close the books"),
        Act.BREAK_SEAL: _("Break a seal"),
        Act.ANSWER_ALARM: _("Answer alarms"),
        Act.SUSPEND_ALARMS: _("Suspend alarms"),
        Act.DISARM: _("Disarm a room"),
        Act.UNLOCK_ROOM: _("Unlock a room"),
        Act.END_SUSPENSION: _("Arm and lock again"),
        Act.CHANGE_HOURS: _("Change hours"),
        Act.CHANGE_VIEW: _("Change what is watched"),
        Act.SWITCH_OFF: _("Switch cameras off"),
        Act.SWITCH_ON: _("Switch cameras on"),
        Act.CONFIRM_CLOCK: _("Confirm the computer's clock"),
        Act.KEEP_FOOTAGE: _("Keep footage from deletion"),
        Act.RELEASE_FOOTAGE: _("Let kept footage go"),
        Act.CHANGE_RETENTION: _("Change how long footage is kept"),
        Act.EXPORT_FOOTAGE: _("Give out evidence"),
        Act.SET_UP_PLACES: _("Set up warehouses, rooms and cameras"),
        Act.SET_UP_GOODS: _("Set up ballots and elections"),
        Act.SET_UP_PEOPLE: _("Set up persons"),
        Act.HAND_OVER: _("Hand over the shift"),
        Act.ISSUE_CHECKPOINT: _("Print checkpoints"),
        Act.BACK_UP: _("Back up"),
    }
