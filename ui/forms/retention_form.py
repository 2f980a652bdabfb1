"""The form that says how long the footage of a room is kept."""

from PySide6.QtWidgets import QLineEdit

from storage.places import Room
from storage.rules.rights import Act
from storage.watch.retention import Limits, Outlook, set_retention
from ui.forms.form import Form, WrongInput
from ui.forms.two_persons import need_second
from ui.frame.desk import Desk
from ui.look.card import label
from ui.watch.kept import said_kept
from ui.words.sizes import GB
from ui.words.speech import _


class RetentionForm(Form):
    """Changes how long the footage of the chosen room is kept, from now on. An empty field is no limit."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Change how long"), self._enter)
        self._desk = desk
        self._room: Room | None = None
        self.where, self.days, self.gigabytes = label("", "muted"), QLineEdit(), QLineEdit()
        for field in (self.days, self.gigabytes):
            field.setMaxLength(6)
        self.add_plain(self.where)
        self.add_side_by_side((_("Keep footage: days"), self.days), (_("Keep at most: GB"), self.gigabytes))

    def show_room(self, room: Room, outlook: Outlook | None) -> None:
        """Shows what holds for a room, and what there is of it."""
        self._room = room
        limits = outlook.limits if outlook else Limits()
        kept = said_kept(outlook) if outlook else ""
        self.where.setText(_("Footage of {room}: {kept}. Empty: until the disk is nearly full.").format(room=room.name, kept=kept))
        self.days.setText("" if limits.days is None else str(limits.days))
        self.gigabytes.setText("" if limits.bytes is None else str(max(1, round(limits.bytes / GB))))

    def show_none(self, said: str) -> None:
        """No room is chosen."""
        self._room = None
        self.where.setText(said)

    def _enter(self, _key: str) -> str:
        if self._room is None:
            raise WrongInput(self.days, _("Choose the room at the left first."))
        days, gigabytes = _number(self.days), _number(self.gigabytes)
        limits = Limits(days, None if gigabytes is None else gigabytes * GB)
        desk = self._desk
        said = _("{person} changes how long the footage of {room} is kept.").format(person=desk.person.name, room=self._room.name)
        second = need_second(self.days, desk, said, Act.CHANGE_RETENTION, self._room.site_id)
        set_retention(desk.database, self._room.id, limits, by=desk.person, now=desk.now, second=second)
        return _("How long the footage of {room} is kept holds from now on.").format(room=self._room.name)


def _number(field: QLineEdit) -> int | None:
    """A whole number above 0; None where nothing stands. Raises WrongInput for anything else."""
    text = field.text().strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise WrongInput(field, _("Enter a whole number above 0, or nothing for no limit."))
    return int(text)
