"""Files that were made to fill the memory are refused with a sentence, and within 300 MB.

Each is read by a process of its own. It tells the peak of its own memory from /proc: ru_maxrss of a new process begins with what the
process that started it had, and here that is the whole test run.
"""

import random
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.exchange.columns import Kind
from storage.exchange.reading import read_table
from storage.rules.refusal import Refusal

PROJECT = Path(__file__).resolve().parents[2]
MOST_MB = 300
READER = """
import resource, sys
from pathlib import Path
from storage.exchange.reading import read_table
from storage.rules.refusal import Refusal
try:
    print(len(read_table(Path(sys.argv[1]), sys.argv[2]).rows), "rows")
except Refusal as refusal:
    print(type(refusal).__name__, refusal)
try:
    status = Path("/proc/self/status").read_text()
    print(int(status.split("VmHWM:")[1].split()[0]) // 1024)
except OSError:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
OPEN = "http://schemas.openxmlformats.org/"
R = f"{OPEN}officeDocument/2006/relationships"
TYPES = f"<Types xmlns='{OPEN}package/2006/content-types'><Default Extension='xml' ContentType='application/xml'/></Types>".encode()
MAIN = f"xmlns='{OPEN}spreadsheetml/2006/main'".encode()
BOOK = b"<workbook %s xmlns:r='%s'><sheets><sheet name='a' sheetId='1' r:id='worksheet'/></sheets></workbook>" % (MAIN, R.encode())


def relations(**targets: str) -> bytes:
    """Which part is what, named after its kind."""
    lines = [f"<Relationship Id='{kind}' Type='{R}/{kind}' Target='{target}'/>" for kind, target in targets.items()]
    return f"<Relationships xmlns='{OPEN}package/2006/relationships'>{''.join(lines)}</Relationships>".encode()


USUAL = {
    "[Content_Types].xml": TYPES,
    "_rels/.rels": relations(officeDocument="xl/workbook.xml"),
    "xl/workbook.xml": BOOK,
    "xl/_rels/workbook.xml.rels": relations(worksheet="worksheets/sheet1.xml", sharedStrings="sharedStrings.xml"),
}
SHEET, SHARED = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
BEGIN, END = b"<worksheet %s><sheetData>" % MAIN, b"</sheetData></worksheet>"
HEADING = b'<row r="1">' + b"".join(
    b'<c r="%s1" t="inlineStr"><is><t>%s</t></is></c>' % pair for pair in ((b"A", b"code"), (b"B", b"region"), (b"C", b"voters"))
)
HEADING += b"</row>"

Chunks = Iterator[bytes]


def workbook(path: Path, parts: dict[str, Chunks]) -> None:
    """A workbook with these parts in place of the usual ones."""
    everything = {name: iter([content]) for name, content in USUAL.items()} | parts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, chunks in everything.items():
            with archive.open(name, "w", force_zip64=True) as part:
                for chunk in chunks:
                    part.write(chunk)


def sheet(*rows: bytes) -> Chunks:
    yield BEGIN
    yield from rows
    yield END


def rows_of(count: int, cells: int = 1, cell: bytes = b"<c><v>%d</v></c>") -> Chunks:
    """A heading, and rows below it that are all alike but for their numbers."""
    yield BEGIN + HEADING
    for number in range(2, count + 2):
        yield b'<row r="%d">' % number + (cell % number if b"%d" in cell else cell) * cells + b"</row>"
    yield END


def noise(size: int) -> Chunks:
    """Hexadecimal digits, which do not pack into next to nothing."""
    source = random.Random(1)
    for _block in range(size // 65536):
        yield source.randbytes(32768).hex().encode()


def wrapped(begin: bytes, chunks: Chunks, end: bytes) -> Chunks:
    yield begin
    yield from chunks
    yield end


def shared(count: int, text: bytes) -> Chunks:
    return wrapped(b"<sst %s>" % MAIN, (b"<si><t>" + text + b"</t></si>" for _ in range(count)), b"</sst>")


LAUGHS = (
    b"<!DOCTYPE sst [<!ENTITY a0 'ha'>"
    + b"".join(b"<!ENTITY a%d '%s'>" % (n + 1, b"&a%d;" % n * 10) for n in range(12))
    + b"]><sst %s><si><t>&a12;</t></si></sst>" % MAIN
)
TWO = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="%d"><c r="%s%d"><v>1</v></c></row>'
ONE = BEGIN + HEADING + b"<row r='2'><c t='s'><v>0</v></c></row>" + END

SPREADSHEETS: dict[str, tuple[Callable[[], dict[str, Chunks]], str]] = {
    "a million rows": (lambda: {SHEET: rows_of(1_000_000)}, "more than 200000 rows"),
    "only the first and the last cell": (lambda: {SHEET: sheet(TWO % (1048576, b"XFD", 1048576))}, "more than 200000 rows"),
    "a cell far to the right": (lambda: {SHEET: sheet(TWO % (2, b"XFD", 2))}, "more than 200 columns"),
    "few cells far apart": (lambda: {SHEET: sheet(TWO % (200_001, b"GR", 200_001))}, "more than 1500000 cells"),
    "one cell many times": (
        lambda: {SHEET: sheet(b'<row r="1">', b'<c r="A1"><v>1</v></c>' * 1_600_000, b"</row>")},
        "more than 1500000 cells",
    ),
    "rows that go backwards": (lambda: {SHEET: sheet(b'<row r="9"><c r="A9"><v>1</v></c><c r="A1"><v>1</v></c></row>')}, "damaged"),
    "blanks without end": (lambda: {SHEET: wrapped(BEGIN, (b" " * 65536 for _ in range(8000)), END)}, "unpacks to more"),
    "noise without end": (lambda: {SHEET: wrapped(BEGIN + b"<a b='", noise(40_000_000), b"'/>" + END)}, "unpacks to more"),
    "one long comment": (lambda: {SHEET: wrapped(BEGIN + b"<!--", noise(40_000_000), b"-->" + END)}, "unpacks to more"),
    "one long formula": (
        lambda: {SHEET: wrapped(BEGIN + b"<row><c><f>", noise(40_000_000), b"</f><v>1</v></c></row>" + END)},
        "unpacks to more",
    ),
    "one long cell": (lambda: {SHEET: wrapped(BEGIN + b"<row><c t='str'><v>", noise(40_000_000), b"</v></c></row>" + END)}, "400 signs"),
    "cells within cells": (lambda: {SHEET: iter([BEGIN + b"<row>" + b"<c>" * 10_000_000])}, "unpacks to more"),
    "much text": (lambda: {SHEET: rows_of(190_000, 7, b"<c t='str'><v>" + b"x" * 60 + b"</v></c>")}, "unpacks to more"),
    "one text in many cells": (
        lambda: {SHARED: shared(1, b"x" * 400), SHEET: rows_of(200_000, 7, b"<c t='s'><v>0</v></c>")},
        "unpacks to more",
    ),
    "many shared texts": (lambda: {SHARED: shared(600_000, b""), SHEET: iter([ONE])}, "unpacks to more"),
    "a long shared text": (lambda: {SHARED: shared(1, b"x" * 401), SHEET: iter([ONE])}, "400 signs"),
    "entities": (lambda: {SHARED: iter([LAUGHS]), SHEET: iter([ONE])}, "declares entities"),
    "an outer entity": (
        lambda: {SHEET: iter([b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + BEGIN + b"&x;" + END])},
        "declares entities",
    ),
    "many styles": (
        lambda: {"xl/styles.xml": wrapped(b"<styleSheet>", (b"<xf a='%d'/>" % n for n in range(800_000)), b"</styleSheet>")},
        "unpacks to more",
    ),
    "many parts": (lambda: {f"xl/media/{number}": iter([b""]) for number in range(60_000)}, "more than 1000 parts"),
    "one part twice": (lambda: {SHEET: iter([ONE]), "XL/worksheets/SHEET1.xml": iter([ONE])}, "damaged"),
}


def read_apart(path: Path, kind: Kind = Kind.STATIONS) -> str:
    """What reading it says, in a process of its own; how much memory that took is checked."""
    if sys.platform == "win32":
        pytest.skip("the peak of a process's memory is not told here")
    done = subprocess.run([sys.executable, "-c", READER, path, kind], cwd=PROJECT, capture_output=True, text=True, check=True, timeout=600)
    said, peak_mb = done.stdout.splitlines()
    print(f"{path.name}: {peak_mb} MB, {path.stat().st_size / 1e6:.1f} MB on disk: {said}")
    assert int(peak_mb) < MOST_MB
    return said


@pytest.mark.parametrize("what", SPREADSHEETS)
def test_a_hostile_spreadsheet_is_refused(tmp_path: Path, what: str) -> None:
    make, sentence = SPREADSHEETS[what]
    path = tmp_path / f"{what}.xlsx"
    workbook(path, make())
    assert sentence in read_apart(path)


def test_what_the_tests_spreadsheets_are_made_of_can_be_read(tmp_path: Path) -> None:
    workbook(tmp_path / "t.xlsx", {SHEET: rows_of(3, 3)})
    assert [row.values["voters"] for row in read_table(tmp_path / "t.xlsx", Kind.STATIONS).rows] == [2, 3, 4]


@pytest.mark.parametrize("cell", [b"%d", b"9999999"])
def test_a_dimension_that_lies_takes_no_memory(tmp_path: Path, cell: bytes) -> None:
    lie = BEGIN.replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')
    body = b"".join(rows_of(2, 3, b"<c><v>" + cell + b"</v></c>")).removeprefix(BEGIN)
    workbook(tmp_path / "lie.xlsx", {SHEET: iter([lie + body])})
    assert read_apart(tmp_path / "lie.xlsx") == "2 rows"


def test_a_directory_that_lies_about_sizes(tmp_path: Path) -> None:
    path = tmp_path / "lie.xlsx"
    size = 300_000_000
    workbook(path, {SHEET: wrapped(b"", (b" " * 1_000_000 for _ in range(size // 1_000_000)), b"")})
    data = path.read_bytes()
    assert data.count(struct.pack("<L", size)) >= 1
    path.write_bytes(data.replace(struct.pack("<L", size), struct.pack("<L", 1000)))
    assert "damaged" in read_apart(path)


def test_a_password(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    workbook(path, {SHEET: iter([ONE])})
    data = bytearray(path.read_bytes())
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        data[at + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(Refusal, match="protected by a password"):
        read_table(path, Kind.STATIONS)
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000)
    with pytest.raises(Refusal, match="old XLS file or protected"):
        read_table(path, Kind.STATIONS)


def test_the_library_sees_nothing_that_was_not_measured(tmp_path: Path) -> None:
    """Another archive before this one, which other readers of ZIP might find."""
    workbook(tmp_path / "evil.xlsx", {SHEET: sheet(TWO % (1048576, b"XFD", 1048576))})
    workbook(tmp_path / "good.xlsx", {SHEET: rows_of(3, 3)})
    both = (tmp_path / "evil.xlsx").read_bytes() + (tmp_path / "good.xlsx").read_bytes()
    (tmp_path / "both.xlsx").write_bytes(both)
    assert read_apart(tmp_path / "both.xlsx") == "3 rows"


CSV_HEADING = b"code,region,voters\n"
TEXTS: dict[str, tuple[Callable[[], Chunks], str]] = {
    "a million lines": (lambda: wrapped(CSV_HEADING, (b"1.%d,1,5\n" % n for n in range(1_000_000)), b""), "more than 200000 rows"),
    "blank lines": (lambda: iter([b"\n" * 60_000_000]), "more than 200000 rows"),
    "one long line": (lambda: wrapped(CSV_HEADING, noise(60_000_000), b""), "longer than"),
    "one long line of wide signs": (lambda: wrapped(CSV_HEADING, (b"\xf0\x9d\x84\x9e" * 1000 for _ in range(15_000)), b""), "longer than"),
    "a quote that never ends": (lambda: wrapped(CSV_HEADING + b'"', (b"x,1,5\n" for _ in range(9_000_000)), b""), "quoted cell"),
    "many columns": (lambda: iter([CSV_HEADING, b"1," * 70_000]), "more than 200 columns"),
    "many quoted cells over many lines": (lambda: wrapped(CSV_HEADING, (b'"x\n",' for _ in range(9_000_000)), b""), "longer than"),
    "a long cell": (lambda: iter([CSV_HEADING, b"1.1,1," + b"5" * 401]), "400 signs"),
    "more bytes than may be": (lambda: (b"\n" * 1_000_000 for _ in range(68)), "larger than 64 MB"),
    "no text": (lambda: iter([b"\0" * 60_000_000]), "no table of text"),
    "a picture": (lambda: iter([b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 1000]), "no text in UTF-8"),
    "wrong in every line": (lambda: wrapped(CSV_HEADING, (b"- %d,,x\n" % n for n in range(199_999)), b""), "wrong rows: 199999"),
}  # fmt: skip


@pytest.mark.parametrize("what", TEXTS)
def test_a_hostile_text_is_refused(tmp_path: Path, what: str) -> None:
    make, sentence = TEXTS[what]
    path = tmp_path / f"{what}.csv"
    with path.open("wb") as file:
        file.writelines(make())
    assert sentence in read_apart(path)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_as_much_as_may_be_is_read_in_as_little_memory(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"largest.{ending}"
    if ending == "csv":
        path.write_bytes(CSV_HEADING + b"".join(b"31.01.01.%d,31.01,%d\n" % (n, n) for n in range(200_000)))
    else:
        workbook(path, {SHEET: rows_of(200_000, 3)})
    assert read_apart(path) == "200000 rows"
