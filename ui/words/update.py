"""Brings the catalogue up to date: `python -m ui.words.update` collects the sentences, merges them into id.po, compiles id.mo.

Needs Babel, a development dependency. New sentences come in untranslated and make the tests fail until somebody translates them.
"""

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent.parent
PO = FOLDER / "id.po"
MO = FOLDER / "id.mo"
# Functions and exceptions whose first argument is a sentence for people; `_n` takes one for one and one for many.
KEYWORDS = {
    "_": None,
    "_n": (1, 2),
    "Refusal": None,
    "CalledOff": None,
    "Damaged": None,
    "SourceDamaged": None,
    "RecorderRuns": None,
    "Fault": None,
    "AddressError": None,
    "Unreadable": None,
    "StreamError": None,
    "LoginRefused": None,
    "NotAllowed": None,
    "NeedsSecond": None,
    "NotAnswering": None,
    "NotDone": None,
    "NotMeasurable": None,
    "WorkerFailed": None,
    "WrongSecret": None,
}


def source_files() -> list[Path]:
    """Every file of the program that may speak."""
    folders = [file for name in ("ui", "camera", "storage") for file in sorted((ROOT / name).rglob("*.py"))]
    return [file for file in (ROOT / "main.py", *folders) if file.exists()]


def collected() -> Catalog:
    """The sentences of the program as they stand in the code, with the files they stand in."""
    catalog = Catalog(locale="id", charset="utf-8")
    for file in source_files():
        for _line, message, _comments, _context in extract_from_file("python", str(file), keywords=KEYWORDS):
            catalog.add(message, locations=[(file.relative_to(ROOT).as_posix(), 1)])
    return catalog


def read_catalogue() -> Catalog:
    """id.po as it is."""
    with PO.open("rb") as file:
        return read_po(file, locale="id")


def compiled(catalog: Catalog) -> bytes:
    """What id.mo must hold for this catalogue."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def update() -> None:
    """Merges and compiles; sentences that are no longer in the code are dropped."""
    catalog = read_catalogue()
    catalog.update(collected(), no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
    catalog.obsolete.clear()
    catalog.msgid_bugs_address = ""
    with PO.open("wb") as file:
        write_po(file, catalog, width=120, sort_output=True, no_location=True)
    MO.write_bytes(compiled(read_catalogue()))


if __name__ == "__main__":
    update()
