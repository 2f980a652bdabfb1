"""The demo's people, and the secret with which each of them signs in: everybody may know it, for the demo holds nothing real."""

from datetime import datetime

from storage.database import Database
from storage.people.person import Role, add_person, list_people
from storage.people.sign_in import give_secret, nobody_has_a_secret

SECRET = "contoh-2024"  # noqa: S105 - it is shown to everybody
PEOPLE = {
    "Sari Wulandari": Role.GUARD,
    "Joko Susilo": Role.GUARD,
    "Budi Santoso": Role.OFFICER,
    "Rina Kartika": Role.OFFICER,
    "Agus Pratama": Role.SUPERVISOR,
    "Dewi Lestari": Role.AUDITOR,
    "Eko Nugroho": Role.ADMINISTRATOR,
}


def write_people(database: Database, *, now: datetime) -> None:
    """Enters those who are not there yet, and gives everybody the secret where nobody has one: a demo of an earlier version has none."""
    known = {person.name for person in list_people(database)}
    for name, role in PEOPLE.items():
        if name not in known:
            add_person(database, name, role, now=now)
    if nobody_has_a_secret(database):
        for person in list_people(database):
            give_secret(database, person.id, SECRET, now=now)
