"""Who may do what: one table of every act, the roles that may do it, and whether a second person answers for it."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is here for; one person may have several, at several sites."""

    GUARD = "guard"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


GUARD, OFFICER, SUPERVISOR, AUDITOR, ADMINISTRATOR = Role
EVERYBODY = frozenset(Role)


class Act(StrEnum):
    """What the rights tell apart."""

    # Reading.
    SEE_PLACES = "see_places"
    SEE_PEOPLE = "see_people"
    SEE_STOCK = "see_stock"
    SEE_WATCH = "see_watch"
    SEE_FOOTAGE = "see_footage"
    SEE_LOG = "see_log"
    CHECK = "check"
    # The books.
    BOOK = "book"
    COUNT = "count"
    ADJUST = "adjust"
    DESTROY = "destroy"
    CLOSE = "close"
    BREAK_SEAL = "break_seal"
    # The watch.
    ANSWER_ALARM = "answer_alarm"
    SUSPEND_ALARMS = "suspend_alarms"
    DISARM = "disarm"
    UNLOCK_ROOM = "unlock_room"
    END_SUSPENSION = "end_suspension"
    CHANGE_HOURS = "change_hours"
    CHANGE_VIEW = "change_view"
    SWITCH_OFF = "switch_off"
    SWITCH_ON = "switch_on"
    CONFIRM_CLOCK = "confirm_clock"
    KEEP_FOOTAGE = "keep_footage"
    RELEASE_FOOTAGE = "release_footage"
    CHANGE_RETENTION = "change_retention"
    EXPORT_FOOTAGE = "export_footage"
    # Setting up.
    SET_UP_PLACES = "set_up_places"
    SET_UP_GOODS = "set_up_goods"
    SET_UP_PEOPLE = "set_up_people"
    HAND_OVER = "hand_over"
    ISSUE_CHECKPOINT = "issue_checkpoint"
    BACK_UP = "back_up"


@dataclass(frozen=True)
class Right:
    """Who may do an act. two: a second person, who may do it too, answers for it with a secret of their own."""

    roles: frozenset[Role]
    two: bool = False


KEEPERS = frozenset({OFFICER, SUPERVISOR})
WATCHERS = frozenset({GUARD, SUPERVISOR})
MANAGERS = frozenset({SUPERVISOR, ADMINISTRATOR})

RIGHTS: dict[Act, Right] = {
    Act.SEE_PLACES: Right(EVERYBODY),
    Act.SEE_PEOPLE: Right(EVERYBODY),
    Act.SEE_STOCK: Right(KEEPERS | {AUDITOR}),
    Act.SEE_WATCH: Right(EVERYBODY),
    Act.SEE_FOOTAGE: Right(WATCHERS | {OFFICER, AUDITOR}),
    Act.SEE_LOG: Right(frozenset({SUPERVISOR, AUDITOR})),
    Act.CHECK: Right(EVERYBODY),
    Act.BOOK: Right(KEEPERS),
    Act.COUNT: Right(KEEPERS),
    Act.ADJUST: Right(KEEPERS, two=True),
    Act.DESTROY: Right(KEEPERS, two=True),
    Act.CLOSE: Right(KEEPERS, two=True),
    Act.BREAK_SEAL: Right(KEEPERS, two=True),
    Act.ANSWER_ALARM: Right(WATCHERS),
    Act.SUSPEND_ALARMS: Right(WATCHERS, two=True),
    Act.DISARM: Right(WATCHERS, two=True),
    Act.UNLOCK_ROOM: Right(WATCHERS | {OFFICER}, two=True),
    Act.END_SUSPENSION: Right(WATCHERS | {OFFICER}),
    Act.CHANGE_HOURS: Right(MANAGERS, two=True),
    Act.CHANGE_VIEW: Right(MANAGERS, two=True),
    Act.SWITCH_OFF: Right(MANAGERS, two=True),
    Act.SWITCH_ON: Right(MANAGERS),
    Act.CONFIRM_CLOCK: Right(MANAGERS, two=True),
    Act.KEEP_FOOTAGE: Right(WATCHERS | {AUDITOR}),
    Act.RELEASE_FOOTAGE: Right(frozenset({SUPERVISOR}), two=True),
    Act.CHANGE_RETENTION: Right(MANAGERS, two=True),
    Act.EXPORT_FOOTAGE: Right(WATCHERS | {AUDITOR}, two=True),
    Act.SET_UP_PLACES: Right(MANAGERS),
    Act.SET_UP_GOODS: Right(KEEPERS),
    Act.SET_UP_PEOPLE: Right(frozenset({ADMINISTRATOR})),
    Act.HAND_OVER: Right(WATCHERS),
    Act.ISSUE_CHECKPOINT: Right(EVERYBODY),
    Act.BACK_UP: Right(MANAGERS | {AUDITOR}),
}


def seconds(act: Act) -> frozenset[Role]:
    """Who may be the second person of an act: whoever may do it, but for an auditor, who answers for nothing that is done here."""
    return RIGHTS[act].roles - {AUDITOR} | ({ADMINISTRATOR} if act is Act.RELEASE_FOOTAGE else frozenset())
