"""Who is present and signs when something is opened, lost or destroyed."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from storage.ledger.journal import Entry
from storage.rules.refusal import Refusal


class Institution(StrEnum):
    """On whose behalf a witness is present."""

    BAWASLU = "bawaslu"
    POLRI = "polri"
    TNI = "tni"
    KPU = "kpu"
    PARTY = "party"
    PUBLIC = "public"


@dataclass(frozen=True)
class Witness:
    """Somebody who sees it and signs; need not be a person of this program."""

    name: str
    institution: Institution


def witness_rows(witnesses: Sequence[Witness], entry: Entry) -> list[dict[str, object]]:
    """Rows for witnesses. Raises Refusal for one without a name, named twice, or who acts."""
    names = [witness.name.strip() for witness in witnesses]
    if "" in names or len({name.lower() for name in names}) < len(names):
        raise Refusal("Name each witness once.")
    actors = {person.name.lower(): person.name for person in (entry.by, entry.second) if person is not None}
    for name in names:
        if name.lower() in actors:
            raise Refusal("{person} acts here and cannot be a witness.", person=name)
    return [{"name": name, "institution": witness.institution.value} for name, witness in zip(names, witnesses, strict=True)]
