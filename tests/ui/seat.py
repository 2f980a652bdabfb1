"""What a person does at the gate of the window, and what was kept of it."""

import sqlalchemy as sa
from PySide6.QtWidgets import QApplication

from storage.people.person import Person, list_people
from storage.schema.people import sign_in as sign_ins
from tests.ui.warehouse import Bare, House
from ui.forms.first_person import FirstPersonForm
from ui.forms.shift_form import ShiftForm
from ui.forms.sign_in_form import SignInForm
from ui.frame.window import Window

ANOTHER = "gerbang-besi-9"


def entering(window: Window) -> SignInForm:
    """The form for signing in, which must stand there."""
    assert window.gate is not None and isinstance(window.gate.form, SignInForm)
    return window.gate.form


def beginning(window: Window) -> FirstPersonForm:
    """The form of the first start, which must stand there."""
    assert window.gate is not None and isinstance(window.gate.form, FirstPersonForm)
    return window.gate.form


def handing_over(window: Window) -> ShiftForm:
    """The form of the change of shift, opened from the person's menu."""
    assert window.bar.person is not None
    window.bar.person.hand_over.trigger()
    QApplication.processEvents()
    assert window.gate is not None and isinstance(window.gate.form, ShiftForm)
    return window.gate.form


def outcomes(house: Bare, person: Person) -> list[str]:
    """What was kept of a person's signing in, but for the tries themselves."""
    wanted = sa.select(sign_ins.c.outcome).where(sign_ins.c.person_id == person.id, sign_ins.c.outcome.not_in(("tried", "proved")))
    with house.database.read() as connection:
        return list(connection.scalars(wanted.order_by(sign_ins.c.id)))


def away(window: Window, house: House, seconds: int) -> None:
    """Nobody touches the window for so long; a second passes."""
    house.clock.advance(seconds)
    window.tick()


def wati_of(house: House) -> Person:
    """The second guard."""
    return next(person for person in list_people(house.database) if person.name == "Wati")
