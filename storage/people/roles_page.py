"""Writes docs/roles.md from the rights and the operations that ask for them: `python -m storage.people.roles_page`."""

import importlib
import inspect
import pkgutil
from pathlib import Path

import storage
from storage.people.right import OPERATIONS, Operation
from storage.rules.rights import RIGHTS, Act, Role, seconds

PAGE = Path(__file__).parents[2] / "docs/roles.md"
# As the people call them whom they mean.
ROLES = {
    Role.GUARD: "guard (*petugas piket*)",
    Role.OFFICER: "inventory officer (*petugas logistik*)",
    Role.SUPERVISOR: "supervisor (*penyelia*)",
    Role.AUDITOR: "auditor (*pengawas*, Bawaslu)",
    Role.ADMINISTRATOR: "administrator (*administrator*)",
}
_HEAD = """# Who may do what

**Made from the code** by `python -m storage.people.roles_page`: from `storage/rules/rights.py`, and from every operation that asks for a
right (`storage/people/right.py`). A test compares this page with the code, and another calls each operation as each role. How people sign
in, and how a second person answers: [people.md](people.md).

## Acts and roles

yes: may do it. 2: may do it when a second person answers for it with a secret of their own. second: may only be that second person.
"""
_OPERATIONS = """
## Every operation and its act

Each asks before anything else, by whom the database is signed in for. *Where*: at which warehouse the role must hold; *anywhere*, or where
none is named: a role at some warehouse is enough. An operation within another one asks for nothing more. Besides, what is written in the
books asks once more for the right to write in the books of that warehouse, of whoever enters it and of whoever answers for it.
"""
_WHERE = {
    "": "anywhere",
    "site_id": "the warehouse itself",
    "wanted": "the warehouse itself",
    "room_id": "of the room",
    "camera_id": "of the camera",
    "alarm_id": "of the alarm's camera",
    "watch_event_id": "of the event's camera",
    "lock_id": "of the footage's camera",
    "count_id": "of the count",
    "request_id": "of the request",
    "packing_id": "of the packing",
    "stock_event_id": "of the event",
    "consignment_id": "from which it was sent",
    "arriving_id": "to which it was sent",
    "grant": "where the role holds",
    "person_id": "wherever the person has a role",
}


def operations() -> list[Operation]:
    """All of them, by act and name, whatever has been imported before."""
    for module in pkgutil.walk_packages(storage.__path__, "storage."):
        if not module.name.startswith("storage.migrations."):
            importlib.import_module(module.name)
    order = list(Act)
    return sorted(OPERATIONS, key=lambda operation: (order.index(operation.act), operation.name))


def page() -> str:
    """The whole page."""
    lines = [_HEAD, _row("Act", *ROLES.values(), "Two persons"), _row(*["---"] * (len(ROLES) + 2))]
    lines += [_row(act.value.replace("_", " "), *(_answer(act, role) for role in ROLES), "two" if RIGHTS[act].two else "") for act in Act]
    lines += [_OPERATIONS, _row("Act", "Operation", "Where", "What it does"), _row(*["---"] * 4)]
    lines += [_operation(operation) for operation in operations()]
    return "\n".join(lines) + "\n"


def _answer(act: Act, role: Role) -> str:
    if role in RIGHTS[act].roles:
        return "2" if RIGHTS[act].two else "yes"
    return "second" if RIGHTS[act].two and role in seconds(act) else ""


def _operation(operation: Operation) -> str:
    said = (inspect.getdoc(operation.call) or "").split("\n\n")[0].replace("\n", " ").replace("|", "\\|")
    where = _WHERE[operation.place]
    return _row(operation.act.value.replace("_", " "), f"`{operation.name.removeprefix('storage.')}`", where, said)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
