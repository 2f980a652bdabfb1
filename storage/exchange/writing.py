"""Writing a table for people's spreadsheets, CSV or XLSX: nothing in it is ever taken for a formula, and the file is there whole or not."""

import csv
import io
import os
import re
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from storage.rules.refusal import Refusal

Cell = str | int | None

# What spreadsheets begin a formula with, and its forms of full width.
_FORMULA = tuple("=+-@＝＋－＠")
_BREAKS = ("\t", "\r", "\n")
# What XML cannot hold, other control signs, and invisible signs that would hide how a text begins.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")
_TITLE_SIGNS = 31
# A spreadsheet keeps fifteen digits of a number.
_KEPT_DIGITS = 10**15


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]], *, title: str) -> None:
    """Writes the table to a name that ends in .csv or .xlsx, in place of what was there.

    title: of the sheet in XLSX; CSV has no place for it. Text that a spreadsheet would calculate begins with an apostrophe.

    Raises Refusal for another ending, a table that the format cannot hold, or a place that cannot be written; then nothing has changed.
    """
    writers = {".csv": _write_csv, ".xlsx": _write_xlsx}
    write = writers.get(path.suffix.lower())
    if write is None:
        raise Refusal("Choose a name that ends in .csv or .xlsx, not {file}.", file=path.name)
    part: Path | None = None
    try:
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        with part.open("xb") as file:
            write(file, header, rows, title)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        part = None
        _sync_folder(path.parent)
    except (OSError, XlsxWriterException) as error:
        raise Refusal("{file} cannot be written: {why}.", file=path.name, why=getattr(error, "strerror", None) or str(error)) from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def harmless(text: str) -> str:
    """The text without signs that files cannot hold, and with an apostrophe before what a spreadsheet would calculate."""
    kept = _ILLEGAL.sub("", text)
    return "'" + kept if kept.startswith(_BREAKS) or kept.lstrip().startswith(_FORMULA) else kept


def _write_csv(file: BinaryIO, header: Sequence[str], rows: Iterable[Sequence[Cell]], _title: str) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([harmless(name) for name in header])
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    text.flush()
    text.detach()


def _write_xlsx(file: BinaryIO, header: Sequence[str], rows: Iterable[Sequence[Cell]], title: str) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    failed = 0
    # Closed also where the rows break off: the rows lie in a temporary file until then.
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(_sheet_title(title))
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(header):
            failed |= sheet.write_string(0, column, harmless(name), bold)
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, int) and abs(cell) < _KEPT_DIGITS:
                    failed |= sheet.write_number(line, column, cell)
                elif cell is not None:
                    failed |= sheet.write_string(line, column, harmless(cell) if isinstance(cell, str) else str(cell))
            if failed:
                raise Refusal("The table is too large for an XLSX file; write it as CSV.")


def _sheet_title(title: str) -> str:
    """As spreadsheets allow it."""
    name = _NOT_IN_TITLES.sub(" ", _ILLEGAL.sub("", title)).strip(" '")[:_TITLE_SIGNS].strip(" '")
    return "Table" if not name or name.lower() == "history" else " ".join(name.split())


def _sync_folder(folder: Path) -> None:
    """So that the new name outlasts a power cut; Windows does so by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
