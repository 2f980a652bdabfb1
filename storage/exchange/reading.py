"""Reading a table that was brought in, CSV or XLSX: all of it or nothing, and nothing that has not been measured before.

An XLSX is a ZIP of XML, in which a few kilobytes may say gigabytes. What is needed of it is copied, part by part, into an archive of
our own while it is measured; only the copy is given to the library that reads cells, which keeps a place for every cell between the
first and the last. So it cannot find anything else in the file than what was measured.
"""

import csv
import io
import mmap
import re
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO
from xml.parsers import expat
from zoneinfo import ZoneInfo

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from storage.exchange.columns import Form, Header, Kind, Row, Table, Value, WrongRows, match, value_of
from storage.rules.numbers import Notation
from storage.rules.refusal import Refusal

__all__ = ["Kind", "Row", "Table", "WrongRows", "read_table"]

MIB = 1024 * 1024
MOST_BYTES = 64 * MIB
MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_SIGNS = 400
# Of a line of CSV, and of a cell in XML with its blanks.
MOST_LINE_SIGNS = 2 * MOST_COLUMNS * MOST_SIGNS
MOST_RAW_SIGNS = 10 * MOST_SIGNS
# Of an XLSX: the cells between the first and the last take about 80 bytes each, their texts come on top.
MOST_CELLS = 1_500_000
MOST_TEXT_BYTES = 24 * MIB
MOST_SHARED = 500_000
MOST_XML_BYTES = 128 * MIB
MOST_SMALL_BYTES = 8 * MIB
MOST_PARTS = 1_000
MOST_RATIO = 200
MOST_DEPTH = 50
MOST_TAG_BYTES = MIB // 4
CHUNK_BYTES = MIB // 16
# From here on only the first fault of a row is kept.
MANY_FAULTS = 10_000
ROWS_A_REPORT = 2_000

_ZIP, _OLE, _ENTRY = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PK\x01\x02"
_ENCRYPTED, _PATCHED = 0x41, 0x20
_SHARED, _WORKBOOK, _SHEETS = "xl/sharedstrings.xml", "xl/workbook.xml", "xl/worksheets/"
_NEEDED = re.compile(r"\[content_types\]\.xml|_rels/\.rels|xl/_rels/workbook\.xml\.rels|xl/(?:worksheets/)?[^/]+\.xml")
_ROW = re.compile("[1-9][0-9]{0,6}")
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_BLANKS = ",;\t \r\n"
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t])"?\r?\n?')

# Told how much is done and of how much, in no unit; may raise to call it off.
Progress = Callable[[int, int], None]
Records = Iterator[tuple[int, Sequence[object]]]


def read_table(
    path: Path,
    kind: Kind,
    *,
    notation: Notation | None = None,
    zone: str = "Asia/Jakarta",
    mapping: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Table:
    """The rows of a CSV file, or of the first visible sheet of an XLSX file; which it is, its first bytes say.

    notation: how the file writes numbers as text, None where nobody said. zone: of the times in it. mapping: fields by headings of the
    file, where they are not known by those. progress: see Progress.

    Raises WrongRows for rows that are wrong, and another Refusal for a file that cannot be read, is too large, or is not of the kind.
    """
    told = progress or (lambda _done, _of: None)
    try:
        if not path.is_file():
            raise Refusal("There is no file {file}.", file=path.name)
        if path.stat().st_size > MOST_BYTES:
            raise Refusal("{file} is larger than {most} MB.", file=path.name, most=MOST_BYTES // MIB)
        with path.open("rb") as file:
            start = file.read(len(_ZIP))
        if start == _OLE:
            raise Refusal("{file} is an old XLS file or protected by a password; save it as XLSX without one.", file=path.name)
        with tempfile.TemporaryDirectory(prefix="jaga-", ignore_cleanup_errors=True) as folder:
            records = _xlsx(path, Path(folder), told) if start == _ZIP else _csv(path, told)
            return _table(records, path.name, kind, notation=notation, zone=ZoneInfo(zone), mapping=mapping)
    except OSError as error:
        raise Refusal("{file} cannot be read: {why}.", file=path.name, why=error.strerror or str(error)) from error


def _table(
    records: Records, file: str, kind: Kind, *, notation: Notation | None, zone: ZoneInfo, mapping: Mapping[str, str] | None
) -> Table:
    header: Header | None = None
    rows: list[Row] = []
    faults: list[tuple[int, Refusal]] = []
    same: dict[str, str] = {}
    for line, cells in records:
        if header is None:
            header = match([str(cell) for cell in cells], kind, mapping)
            blank: dict[str, Value] = dict.fromkeys(header.fields)
            continue
        values, wrong = blank.copy(), _stray(cells, header)
        for place, column in header.places:
            try:
                value = value_of(cells[place] if place < len(cells) else None, column, header.names[place], notation, zone)
            except Refusal as refusal:
                wrong.append(refusal.with_traceback(None))
                continue
            values[column.field] = same.setdefault(value, value) if column.form is Form.TEXT and isinstance(value, str) else value
        if wrong:
            faults += [(line, refusal) for refusal in (wrong if len(faults) < MANY_FAULTS else wrong[:1])]
            rows.clear()
        elif not faults:
            rows.append(Row(line, values))
    if faults:
        raise WrongRows(file, faults)
    if header is None or not rows:
        raise Refusal("{file} holds no rows.", file=file)
    return Table(kind, rows, {column.field: header.names[place] for place, column in header.places}, header.ignored)


def _stray(cells: Sequence[object], header: Header) -> list[Refusal]:
    """A cell under no heading: most often a separator too many, and then all that follows it stands in the wrong column."""
    for place, cell in enumerate(cells):
        if not _blank(cell) and (place >= len(header.names) or not header.names[place]):
            return [Refusal("The row has a cell under no heading, in column {number}.", number=place + 1)]
    return []


def _blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _csv(path: Path, progress: Progress) -> Records:
    """The records that are not blank. All are counted before the first is given."""
    with path.open("rb") as file:
        start = file.read(2)
    encoding = "utf-16" if start in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    size = path.stat().st_size
    try:
        separators = {separator: _width(path, encoding, separator) for separator in ",;\t"}
        separator = max(separators, key=lambda this: separators[this])
        for _record in _csv_records(path, encoding, separator, lambda done: progress(done, 2 * size)):
            pass
        yield from _csv_records(path, encoding, separator, lambda done: progress(size + done, 2 * size))
    except UnicodeDecodeError as error:
        raise Refusal("{file} is no text in UTF-8; save it as “CSV UTF-8”.", file=path.name) from error


def _width(path: Path, encoding: str, separator: str) -> int:
    """The number of cells of the heading if this separates them; 0 if it cannot be."""
    try:
        return next((len(cells) for _line, cells in _csv_records(path, encoding, separator, lambda _done: None)), 0)
    except Refusal:
        return 0


def _csv_records(path: Path, encoding: str, separator: str, progress: Callable[[int], None]) -> Records:
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding=encoding, newline="") as file:
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=separator, strict=True)
        count, line = 0, 1
        try:
            for cells in reader:
                count += 1
                if count > MOST_ROWS + 1:
                    raise Refusal("The table has more than {most} rows.", most=MOST_ROWS)
                if len(cells) > MOST_COLUMNS:
                    raise Refusal("The table has more than {most} columns.", most=MOST_COLUMNS)
                if any(len(cell) > MOST_SIGNS for cell in cells):
                    raise Refusal("Line {line}: a cell holds more than {most} signs.", line=line, most=MOST_SIGNS)
                if any(cell.strip(_BLANKS) for cell in cells) and not (line == 1 and _SEPARATOR_LINE.fullmatch(lines.first)):
                    yield line, cells
                line, lines.signs = reader.line_num + 1, 0
                if count % ROWS_A_REPORT == 0:
                    progress(raw.tell())
        except csv.Error as error:
            raise Refusal("Line {line}: a quoted cell does not end where it should.", line=line) from error


class _Lines:
    """The lines of a file, none of them longer than can be meant. signs: since they were last set to 0. first: the first line."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.signs = 0
        self.first = ""

    def __iter__(self) -> Iterator[str]:
        while line := self._file.readline(MOST_LINE_SIGNS + 1):
            self.first = self.first or line
            self.signs += len(line)
            if "\0" in line:
                raise Refusal("The file is no table of text; bring a CSV or XLSX file.")
            if self.signs > MOST_LINE_SIGNS:
                raise Refusal("A row of the table is longer than {most} signs.", most=MOST_LINE_SIGNS)
            yield line


def _xlsx(path: Path, folder: Path, progress: Progress) -> Records:
    """The rows of the first visible sheet that are not blank."""
    copy = folder / "table.xlsx"
    try:
        _copy_measured(path, copy, lambda done, of: progress(done, 2 * of))
        sheet = _first_sheet(copy)
    except (CalamineError, zipfile.BadZipFile, expat.ExpatError, zlib.error, EOFError) as error:
        raise Refusal("{file} is damaged or no XLSX file.", file=path.name) from error
    height = sheet.total_height
    for line, cells in enumerate(sheet.iter_rows(), 1):
        if not all(_blank(cell) for cell in cells):
            yield line, cells
        if line % ROWS_A_REPORT == 0:
            progress(height + line, 2 * height)


def _first_sheet(copy: Path) -> CalamineSheet:
    """The first visible sheet. Raises Refusal if there is none, CalamineError for a broken workbook."""
    try:
        with CalamineWorkbook.from_path(copy) as workbook:
            for number, sheet in enumerate(workbook.sheets_metadata):
                if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible:
                    return workbook.get_sheet_by_index(number)
    except (CalamineError, OSError):
        raise
    except BaseException as error:
        # Where the library itself breaks down, what it raises is no Exception.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise CalamineError from error
    raise Refusal("The workbook has no visible sheet.")


def _copy_measured(path: Path, copy: Path, progress: Progress) -> None:
    """Copies the parts that say something about cells. Raises Refusal as soon as one is more than it may be."""
    _check_entries(path)
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        parts = [part for part in source.infolist() if _NEEDED.fullmatch(part.filename.lower())]
        names = [part.filename.lower() for part in parts]
        if _WORKBOOK not in names or len(set(names)) < len(names):
            raise zipfile.BadZipFile
        if any(part.flag_bits & _ENCRYPTED for part in parts):
            raise Refusal("{file} is protected by a password; save it without one.", file=path.name)
        if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or part.flag_bits & _PATCHED for part in parts):
            raise zipfile.BadZipFile
        done, of = 0, sum(part.file_size for part in parts)
        if of > MOST_XML_BYTES:
            raise _unpacks()
        shared: list[int] = []
        for part in sorted(parts, key=lambda part: part.filename.lower() != _SHARED):
            name = part.filename.lower()
            large = name == _SHARED or name.startswith(_SHEETS)
            measure = _Measure(shared, strings=name == _SHARED)
            size = 0
            with source.open(part) as packed, target.open(part.filename, "w") as kept:
                while chunk := packed.read(CHUNK_BYTES):
                    size += len(chunk)
                    done += len(chunk)
                    if done > MOST_XML_BYTES or size > (MOST_XML_BYTES if large else MOST_SMALL_BYTES):
                        raise _unpacks()
                    if size > MIB and size > MOST_RATIO * part.compress_size:
                        raise _unpacks()
                    measure.feed(chunk)
                    kept.write(chunk)
                    progress(min(done, of), of)
            measure.feed(b"", last=True)


def _check_entries(path: Path) -> None:
    """Before the directory of the archive is read: how many entries it can have at most."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        place = -1
        for _entry in range(MOST_PARTS + 1):
            place = data.find(_ENTRY, place + 1)
            if place < 0:
                return
    raise Refusal("The XLSX file has more than {most} parts; save the sheet alone in a new file.", most=MOST_PARTS)


def _unpacks() -> Refusal:
    return Refusal("The XLSX file unpacks to more than can be read; save the sheet as CSV.")


class _Measure:
    """What reading one part of a workbook would take. shared: bytes of each shared text; filled by the part that holds them."""

    def __init__(self, shared: list[int], *, strings: bool) -> None:
        self._shared, self._unit = shared, "si" if strings else "c"
        self._fed = self._depth = self._row = self._column = self._cells = self._bytes = self._run = 0
        self._top = self._left = MOST_ROWS + MOST_COLUMNS
        self._bottom = self._right = 0
        self._kind, self._text, self._holds = "", "", False
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._signs
        self._parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        """The next bytes of the part. Raises Refusal as soon as they are too much, ExpatError or BadZipFile where they are broken."""
        self._parser.Parse(chunk, last)
        self._fed += len(chunk)
        if not last and self._fed - max(0, self._parser.CurrentByteIndex) > MOST_TAG_BYTES:
            raise _unpacks()

    def _doctype(self, *_declared: object) -> None:
        raise Refusal("The XLSX file declares entities, which no spreadsheet does; save it anew.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._run = 0
        if self._depth > MOST_DEPTH:
            raise _unpacks()
        local = name.rpartition(":")[2]
        if local == self._unit:
            self._text, self._holds = "", local == "si"
            if local == "c":
                self._kind = attributes.get("t", "n")
                self._place(attributes.get("r"))
        elif local in ("v", "is"):
            self._holds = True
        elif local == "row":
            number = attributes.get("r", str(self._row + 1))
            if not _ROW.fullmatch(number):
                raise zipfile.BadZipFile
            self._row, self._column = int(number), 0

    def _place(self, reference: str | None) -> None:
        self._column += 1
        if reference is not None:
            found = _PLACE.fullmatch(reference)
            if found is None:
                raise zipfile.BadZipFile
            self._column = 0
            for letter in found[1]:
                self._column = self._column * 26 + ord(letter) - ord("A") + 1
            self._row = int(found[2])

    def _signs(self, text: str) -> None:
        if self._holds:
            self._text += text
            if len(self._text) > MOST_RAW_SIGNS:
                raise _long_cell()
        else:
            self._run += len(text)
            if self._run > MOST_TAG_BYTES:
                raise _unpacks()

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._run = 0
        if name.rpartition(":")[2] != self._unit:
            return
        text, holds = self._text, self._holds
        self._text, self._holds = "", False
        if len(text) > MOST_SIGNS and len(text.strip()) > MOST_SIGNS:
            raise _long_cell()
        size = len(text) if text.isascii() else len(text.encode())
        if self._unit == "si":
            self._shared.append(size)
            if len(self._shared) > MOST_SHARED:
                raise _unpacks()
        elif holds:
            if self._kind == "s" and text.isdecimal() and int(text) < len(self._shared):
                size = self._shared[int(text)]
            self._cell()
        self._bytes += size
        if self._bytes > MOST_TEXT_BYTES:
            raise _unpacks()

    def _cell(self) -> None:
        self._cells += 1
        if self._kind == "e":
            raise Refusal("The workbook holds an error in row {line}, such as #N/A; put it right or clear it.", line=self._row)
        if self._row < self._bottom:
            raise zipfile.BadZipFile
        self._top, self._bottom = min(self._top, self._row), self._row
        self._left, self._right = min(self._left, self._column), max(self._right, self._column)
        if self._bottom > MOST_ROWS + 1:
            raise Refusal("The table has more than {most} rows.", most=MOST_ROWS)
        if self._right > MOST_COLUMNS:
            raise Refusal("The table has more than {most} columns.", most=MOST_COLUMNS)
        if max(self._cells, (self._bottom - self._top + 1) * (self._right - self._left + 1)) > MOST_CELLS:
            raise Refusal("The sheet has more than {most} cells; save it as CSV.", most=MOST_CELLS)


def _long_cell() -> Refusal:
    return Refusal("A cell of the XLSX file holds more than {most} signs.", most=MOST_SIGNS)
