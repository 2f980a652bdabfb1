"""What may stand in a table that is brought in: its columns by the kind of table, what they are called, and what a cell says."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from storage.rules.numbers import Notation, shown, whole_number
from storage.rules.refusal import Refusal

Value = str | int | datetime | None


class Kind(StrEnum):
    """What a line of the table says."""

    STATIONS = "stations"
    DELIVERIES = "deliveries"
    SORTINGS = "sortings"
    COUNTS = "counts"
    CAMERAS = "cameras"


class Form(StrEnum):
    """What a cell holds. code: signs without spaces, as 31.01.01.1001.001. sheets: a whole number. instant: a date with its time.

    secret: text that is taken as it stands, sign by sign, and is never repeated in a sentence.
    """

    TEXT = "text"
    CODE = "code"
    SHEETS = "sheets"
    INSTANT = "instant"
    SECRET = "secret"  # noqa: S105 - the name of a form


@dataclass(frozen=True)
class Column:
    """One field of a kind of table. names: headings under which it is known besides that of the field; case, spaces and marks aside."""

    field: str
    form: Form
    names: tuple[str, ...] = ()
    required: bool = True

    @property
    def folded(self) -> frozenset[str]:
        """Its headings, as fold makes them."""
        return frozenset(fold(name) for name in (self.field, *self.names))


@dataclass(frozen=True)
class Header:
    """What the heading of a file says.

    fields: all of the kind. places: of each column that was found. names: the file's headings. ignored: those not known.
    """

    fields: tuple[str, ...]
    places: tuple[tuple[int, Column], ...]
    names: tuple[str, ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row. line: where it begins in the file, from 1. values: of every field of the kind; None where nothing is said."""

    line: int
    values: dict[str, Value]


@dataclass(frozen=True)
class Table:
    """What was read. columns: the file's headings by field. ignored: headings that were not known."""

    kind: Kind
    rows: list[Row]
    columns: dict[str, str]
    ignored: tuple[str, ...]


class WrongRows(Refusal):
    """Nothing was read because of these. faults: line and what is wrong there, in the order of the file; all lines that are wrong."""

    def __init__(self, file: str, faults: Sequence[tuple[int, Refusal]]) -> None:
        said = Refusal("Nothing was read from {file}; wrong rows: {count}.", count=len({line for line, _ in faults}), file=file)
        super().__init__(said.template, **said.values)
        self.faults = tuple(faults)


def _optional(field: str, *names: str) -> Column:
    return Column(field, Form.SHEETS, names, required=False)


_CLASS = Column("class", Form.TEXT, ("ballot", "ballot class", "surat suara", "jenis", "jenis surat suara"))
_AT = Column("at", Form.INSTANT, ("time", "date", "happened at", "waktu", "tanggal", "tanggal dan waktu", "waktu kejadian"), required=False)
_GOOD = Column("good", Form.SHEETS, ("good sheets", "baik", "lembar baik", "jumlah baik"))
_DAMAGED = Column("damaged", Form.SHEETS, ("damaged sheets", "rusak", "lembar rusak", "jumlah rusak"))
_TEAM_NAMES = ("regu", "tim")

COLUMNS: Mapping[Kind, tuple[Column, ...]] = {
    Kind.STATIONS: (
        Column("code", Form.CODE, ("kode", "kode tps", "tps", "station", "station code", "polling station")),
        Column("region", Form.CODE, ("village", "village code", "kode wilayah", "kode kelurahan", "kode desa", "kelurahan", "desa")),
        Column("voters", Form.SHEETS, ("pemilih", "jumlah pemilih", "dpt", "registered voters")),
    ),
    Kind.DELIVERIES: (
        Column("note", Form.TEXT, ("delivery note", "note number", "surat jalan", "no surat jalan", "nomor surat jalan")),
        _CLASS,
        Column("declared", Form.SHEETS, ("declared sheets", "tertera", "jumlah tertera", "menurut surat jalan")),
        Column("received", Form.SHEETS, ("received sheets", "diterima", "jumlah diterima")),
        _optional("misrouted", "salah kirim", "salah alamat", "tercampur"),
        _AT,
    ),
    Kind.SORTINGS: (
        _CLASS,
        _GOOD,
        _DAMAGED,
        Column("team", Form.TEXT, _TEAM_NAMES, required=False),
        _optional("unclear", "tidak jelas", "buram", "cetakan tidak jelas"),
        _optional("discoloured", "discolored", "beda warna", "perbedaan warna", "warna tidak sesuai"),
        _optional("stained", "noda", "bernoda", "kotor"),
        _optional("torn", "robek", "sobek"),
        _optional("creased", "kusut", "mengkerut", "keriput"),
        _optional("miscut", "salah potong", "potongan tidak simetris"),
        _optional("holed", "lubang", "berlubang"),
        _optional("incomplete", "tidak lengkap"),
        _AT,
    ),
    Kind.COUNTS: (
        _CLASS,
        Column("team", Form.SHEETS, _TEAM_NAMES),
        Column("unsorted", Form.SHEETS, ("unsorted sheets", "belum disortir")),
        _GOOD,
        _DAMAGED,
        _optional("surplus", "kelebihan"),
        _optional("packed", "dikemas"),
    ),
    Kind.CAMERAS: (
        Column("site", Form.CODE, ("site code", "warehouse", "warehouse code", "kode", "gudang", "kode gudang")),
        Column("room", Form.TEXT, ("ruang", "ruangan")),
        Column("name", Form.TEXT, ("camera", "kamera", "nama", "nama kamera")),
        Column("address", Form.TEXT, ("alamat",)),
        Column("sub_address", Form.TEXT, ("sub", "sub-stream", "alamat sub", "alamat sub-stream", "alamat kedua"), required=False),
        Column("user", Form.TEXT, ("username", "pengguna", "nama pengguna"), required=False),
        Column("password", Form.SECRET, ("sandi", "kata sandi"), required=False),
    ),
}

_CODE = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z./_-]*[0-9A-Za-z])?")
_ISO = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})[ T](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?"
)
_INDONESIAN = re.compile(
    r"(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})/(?P<year>[0-9]{4}) "
    r"(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})(?:[:.](?P<second>[0-9]{2}))?"
)
_YEARS = range(2000, 2101)
# A spreadsheet keeps fifteen digits of a number; of a longer one the last have become zeros.
_KEPT_DIGITS = 10**15


def fold(name: str) -> str:
    """A heading without case, spaces and marks: "No. Surat_Jalan" is as good as "nosuratjalan"."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", name).casefold() if sign.isalnum())


def match(header: Sequence[str], kind: Kind, mapping: Mapping[str, str] | None = None) -> Header:
    """Which column of the file is which field. mapping: fields by headings of the file; what it says counts before any other name.

    Raises Refusal where a required field is missing, a field is there twice, or the mapping names what is not there.
    """
    columns = {column.field: column for column in COLUMNS[kind]}
    told = {fold(name): field for name, field in (mapping or {}).items()}
    folded = [fold(name) for name in header]
    for name, field in (mapping or {}).items():
        if field not in columns:
            raise Refusal("There is no field {field} in this kind of table.", field=shown(field))
        if not fold(name) or fold(name) not in folded:
            raise Refusal("The file has no column {column}.", column=shown(name))
    names = {name: field for field, column in columns.items() if field not in told.values() for name in column.folded} | told
    found: dict[str, int] = {}
    ignored = []
    for place, name in enumerate(folded):
        field_here = names.get(name)
        if field_here is None:
            ignored += [header[place].strip()] if header[place].strip() else []
        elif field_here in found:
            first, second = shown(header[found[field_here]]), shown(header[place])
            raise Refusal(
                "The columns {first} and {second} are both read as {field}; say which is.", first=first, second=second, field=field_here
            )
        else:
            found[field_here] = place
    missing = [field for field, column in columns.items() if column.required and field not in found]
    if missing:
        raise Refusal("The file has no column for: {fields}.", fields=", ".join(missing))
    places = tuple((place, columns[field]) for field, place in found.items())
    return Header(tuple(columns), places, tuple(name.strip() for name in header), tuple(ignored))


def value_of(cell: object, column: Column, name: str, notation: Notation | None, zone: ZoneInfo) -> Value:
    """What a cell says; None where it is empty and may be. cell: text, or what a spreadsheet keeps. name: the column's in the file.

    Raises Refusal for what cannot be read as the column's form.
    """
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        if column.required:
            raise Refusal("Column {column} is empty.", column=shown(name))
        return None
    if column.form is Form.INSTANT:
        return _instant(cell, zone)
    if column.form is Form.SECRET:
        if not isinstance(cell, str) or not cell.isprintable():
            raise Refusal("Column {column} holds what is no text of visible signs; format it as text.", column=shown(name))
        return cell
    if isinstance(cell, bool | date | time | timedelta) or not isinstance(cell, str | int | float):
        raise Refusal("Column {column} holds {value}, which cannot stand there.", column=shown(name), value=shown(str(cell)))
    return whole_number(cell, notation) if column.form is Form.SHEETS else _text(cell, column.form)


def _text(cell: str | int | float, form: Form) -> str:
    """One line of visible signs. What a spreadsheet keeps as a number must be whole, or its digits are not those that were written."""
    if not isinstance(cell, str):
        if (isinstance(cell, float) and not cell.is_integer()) or abs(cell) >= _KEPT_DIGITS:
            raise Refusal("{value} is kept as a number; format the column as text and write it anew.", value=shown(str(cell)))
        cell = str(int(cell))
    line = unicodedata.normalize("NFC", " ".join(cell.split()))
    if any(unicodedata.category(sign) in {"Cc", "Cs", "Co", "Cn"} for sign in line):
        raise Refusal("“{value}” holds signs that cannot be read.", value=shown("".join(s if s.isprintable() else "?" for s in line)))
    if form is Form.CODE and not _CODE.fullmatch(line):
        raise Refusal("“{value}” is no code; letters, digits and points make one.", value=shown(line))
    return line


def _instant(cell: object, zone: ZoneInfo) -> datetime:
    if isinstance(cell, datetime):
        return _in_zone(cell, zone)
    text = " ".join(cell.split()) if isinstance(cell, str) else ""
    found = _ISO.fullmatch(text) or _INDONESIAN.fullmatch(text)
    local = _local({name: int(part or 0) for name, part in found.groupdict().items()}) if found else None
    if local is None:
        raise Refusal("“{value}” is no time; write it as 2024-11-01 14:30 or 01/11/2024 14:30.", value=shown(str(cell)))
    return _in_zone(local, zone)


def _local(parts: dict[str, int]) -> datetime | None:
    try:
        return datetime(parts["year"], parts["month"], parts["day"], parts["hour"], parts["minute"], parts["second"])  # noqa: DTZ001
    except ValueError:
        return None


def _in_zone(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the clocks of the zone show this. Raises Refusal where they never did, or twice."""
    if local.year not in _YEARS:
        raise Refusal("The year {year} cannot be meant.", year=str(local.year))
    # A spreadsheet keeps times as parts of a day, which are seldom whole seconds.
    local = local.replace(microsecond=0) + timedelta(seconds=round(local.microsecond / 1_000_000))
    first, second = (local.replace(tzinfo=zone, fold=fold_).astimezone(UTC) for fold_ in (0, 1))
    if first.astimezone(zone).replace(tzinfo=None) != local:
        raise Refusal("The clocks never showed {value} in the zone {zone}.", value=f"{local:%Y-%m-%d %H:%M}", zone=zone.key)
    if first != second:
        raise Refusal("The clocks showed {value} twice in the zone {zone}.", value=f"{local:%Y-%m-%d %H:%M}", zone=zone.key)
    return first
