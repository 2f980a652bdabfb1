"""Tables as offices send them: separators, encodings, headings, numbers and times; what is wrong is told line by line."""

import csv
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.exchange.columns import COLUMNS, Kind, fold
from storage.exchange.reading import Table, WrongRows, read_table
from storage.rules.numbers import Notation
from storage.rules.refusal import Refusal

STATIONS = "code,village_code,voters\n31.01.01.1001.001,31.01.01.1001,241\n"
SORTING = ["class", "good", "damaged", "at"]
Xlsx = Callable[..., Path]


@pytest.fixture
def xlsx(tmp_path: Path) -> Xlsx:
    """Makes a workbook of rows; times get a format of times. before: names of sheets before it, hidden ones."""

    def make(*rows: list[object], top: int = 0, left: int = 0, before: tuple[str, ...] = ()) -> Path:
        path = tmp_path / "t.xlsx"
        with xlsxwriter.Workbook(path) as book:
            hidden = [book.add_worksheet(name) for name in before]
            sheet = book.add_worksheet("data")
            sheet.activate()
            sheet.set_first_sheet()
            for other in hidden:
                other.write(0, 0, "not this")
                other.hide()
            instant = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
            for line, row in enumerate(rows, top):
                for column, cell in enumerate(row, left):
                    if isinstance(cell, date):
                        sheet.write_datetime(line, column, cell, instant)
                    elif cell is not None:
                        sheet.write(line, column, cell)
        return path

    return make


def csv_file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "t.csv"
    path.write_bytes(text.encode(encoding))
    return path


def values(table: Table) -> list[list[object]]:
    return [list(row.values.values()) for row in table.rows]


def faults(path: Path, kind: Kind, notation: Notation | None = None) -> list[tuple[int, str]]:
    with pytest.raises(WrongRows) as wrong:
        read_table(path, kind, notation=notation)
    return [(line, str(refusal)) for line, refusal in wrong.value.faults]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_csv_of_every_make(tmp_path: Path, separator: str, encoding: str, end: str) -> None:
    table = read_table(csv_file(tmp_path, STATIONS.replace(",", separator).replace("\n", end), encoding), Kind.STATIONS)
    assert values(table) == [["31.01.01.1001.001", "31.01.01.1001", 241]]
    assert table.columns == {"code": "code", "region": "village_code", "voters": "voters"}
    assert table.rows[0].line == 2


def test_a_separator_named_in_the_first_line(tmp_path: Path) -> None:
    table = read_table(csv_file(tmp_path, "sep=;\n" + STATIONS.replace(",", ";")), Kind.STATIONS)
    assert table.rows[0].line == 3


def test_line_numbers_count_lines_within_quotes_and_blank_ones(tmp_path: Path) -> None:
    text = '\n"code",village,voters,note\n1.1,1,5,"two\nlines"\n\n,,,\n1.2,1,6,"a ""b"", c"\n1.3,1,7,\n'
    table = read_table(csv_file(tmp_path, text), Kind.STATIONS)
    assert [row.line for row in table.rows] == [3, 7, 8]
    assert table.ignored == ("note",)


def test_commas_in_headings_do_not_pass_for_separators(tmp_path: Path) -> None:
    text = "Jenis;Baik;Rusak;catatan, jika ada\nPPWP;1;2;a, b, c, d, e\n"
    table = read_table(csv_file(tmp_path, text), Kind.SORTINGS)
    assert table.rows[0].values["class"] == "PPWP"


@pytest.mark.parametrize("kind", Kind)
def test_every_name_of_a_column_is_known(tmp_path: Path, kind: Kind) -> None:
    columns = COLUMNS[kind]
    filling = {"text": "PPWP", "code": "31.1", "sheets": "5", "instant": "2024-11-01 14:30", "secret": "kata sandi"}
    for number in range(max(len(column.names) for column in columns) + 1):
        header = [[column.field, *column.names][min(number, len(column.names))].upper().replace(" ", "_") for column in columns]
        rows = [",".join(header), ",".join(filling[column.form] for column in columns)]
        table = read_table(csv_file(tmp_path, "\n".join(rows)), kind)
        assert list(table.columns) == list(table.rows[0].values) == [column.field for column in columns]


@pytest.mark.parametrize("kind", Kind)
def test_no_name_means_two_columns(kind: Kind) -> None:
    names = sorted(name for column in COLUMNS[kind] for name in column.folded)
    assert [one for one, other in pairwise(names) if one == other] == []
    assert fold("No. Surat_Jalan") == "nosuratjalan"


def test_optional_columns_that_are_missing_say_nothing(tmp_path: Path) -> None:
    table = read_table(csv_file(tmp_path, "class,team,unsorted,good,damaged,packed\nPPWP,1,0,5,2,\n"), Kind.COUNTS)
    assert table.rows[0].values == {"class": "PPWP", "team": 1, "unsorted": 0, "good": 5, "damaged": 2, "surplus": None, "packed": None}


@pytest.mark.parametrize(
    ("header", "mapping", "sentence"),
    [
        ("code,voters", None, "no column for: region"),
        ("kode,TPS,region,voters", None, "kode and TPS are both read as code"),
        ("code,code,region,voters", {"code": "code"}, "both read as code"),
        ("code,region,voters", {"jumlah": "voters"}, "no column jumlah"),
        ("code,region,voters", {"voters": "sheets"}, "no field sheets"),
        ("code,region,voters,n", {"n": "voters", "voters": "voters"}, "voters and n are both"),
    ],
)
def test_headings_that_do_not_fit_are_refused(tmp_path: Path, header: str, mapping: dict[str, str] | None, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        read_table(csv_file(tmp_path, f"{header}\n1,1,1,1\n"), Kind.STATIONS, mapping=mapping)


def test_a_mapping_counts_before_known_names(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "kode,region,voters,Hak Pilih\n1.1,1,5,6\n")
    table = read_table(path, Kind.STATIONS, mapping={"hak pilih": "voters"})
    assert table.rows[0].values["voters"] == 6
    assert table.ignored == ("voters",)


def test_all_wrong_rows_are_told_and_nothing_is_read(tmp_path: Path) -> None:
    text = "code,region,voters\n1.1,1,5\n1 2,1,x\n1.3,,6\n1.4,1,1.000\n1.5,1,5,9\n"
    told = faults(csv_file(tmp_path, text), Kind.STATIONS)
    assert [line for line, _ in told] == [3, 3, 4, 5, 6]
    assert told[0][1] == "“1 2” is no code; letters, digits and points make one."
    assert told[2][1] == "Column region is empty."
    assert "without separators" in told[3][1]
    assert told[4][1] == "The row has a cell under no heading, in column 4."
    with pytest.raises(WrongRows, match=r"^Nothing was read from t\.csv; wrong rows: 4\.$"):
        read_table(tmp_path / "t.csv", Kind.STATIONS)


def test_the_notation_of_a_file(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "code;region;voters\n1.1;1;1.000\n1.2;1;12.000.000\n")
    assert [row.values["voters"] for row in read_table(path, Kind.STATIONS, notation=Notation.ID).rows] == [1000, 12_000_000]
    assert [line for line, _ in faults(path, Kind.STATIONS)] == [2]
    assert [line for line, _ in faults(path, Kind.STATIONS, Notation.EN)] == [2, 3]


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        ("2024-11-01 14:30", "Asia/Jakarta", datetime(2024, 11, 1, 7, 30, tzinfo=UTC)),
        ("2024-11-01T14:30:05", "Asia/Jakarta", datetime(2024, 11, 1, 7, 30, 5, tzinfo=UTC)),
        ("01/11/2024 14:30", "Asia/Jayapura", datetime(2024, 11, 1, 5, 30, tzinfo=UTC)),
        ("1/2/2024 9.05", "Asia/Makassar", datetime(2024, 2, 1, 1, 5, tzinfo=UTC)),
        ("2024-03-31 02:30", "Europe/Berlin", "never showed"),
        ("2024-10-27 02:30", "Europe/Berlin", "twice"),
        ("2024-13-01 10:00", "Asia/Jakarta", "is no time"),
        ("31/02/2024 10:00", "Asia/Jakarta", "is no time"),
        ("2024-11-01 24:00", "Asia/Jakarta", "is no time"),
        ("2024-11-01", "Asia/Jakarta", "is no time"),
        ("2024-11-01 14:30+07:00", "Asia/Jakarta", "is no time"),
        ("45597.5", "Asia/Jakarta", "is no time"),
        ("0001-01-01 00:00", "Asia/Jakarta", "year 1 "),
        ("9999-12-31 23:59", "Asia/Jakarta", "year 9999 "),
    ],
)
def test_times_are_read_in_the_zone(tmp_path: Path, text: str, zone: str, instant: datetime | str) -> None:
    path = csv_file(tmp_path, f"class,good,damaged,at\nPPWP,1,0,{text}\n")
    if isinstance(instant, datetime):
        assert read_table(path, Kind.SORTINGS, zone=zone).rows[0].values["at"] == instant
    else:
        with pytest.raises(WrongRows) as wrong:
            read_table(path, Kind.SORTINGS, zone=zone)
        assert instant in str(wrong.value.faults[0][1])


def test_texts_become_one_line_of_what_can_be_read(tmp_path: Path) -> None:
    path = csv_file(tmp_path, 'class,good,damaged\n"  DPR\u00a0DKI\nJAKARTA  II ",1,0\n')
    assert read_table(path, Kind.SORTINGS).rows[0].values["class"] == "DPR DKI JAKARTA II"
    assert "cannot be read" in faults(csv_file(tmp_path, "class,good,damaged\nP\x07PWP,1,0\n"), Kind.SORTINGS)[0][1]


def test_a_spreadsheet(xlsx: Xlsx) -> None:
    rows: list[list[object]] = [["PPWP", 1000, 2.0, datetime(2024, 11, 1, 14, 30)], ["DPD", "1.000.000", "3", None]]  # noqa: DTZ001
    table = read_table(xlsx(SORTING, *rows, top=3, left=2, before=("lists", "more")), Kind.SORTINGS)
    first, second = table.rows
    assert (first.line, second.line) == (5, 6)
    said = (first.values["class"], first.values["good"], first.values["damaged"], first.values["at"])
    assert said == ("PPWP", 1000, 2, datetime(2024, 11, 1, 7, 30, tzinfo=UTC))
    assert (second.values["good"], second.values["at"]) == (1_000_000, None)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (["PPWP", 1000.5, 0], "is no whole number"),
        (["PPWP", True, 0], "cannot stand there"),
        (["PPWP", date(2024, 11, 1), 0], "cannot stand there"),
        ([date(2024, 11, 1), 1, 0], "cannot stand there"),
        ([True, 1, 0], "cannot stand there"),
        ([1.5, 1, 0], "format the column as text"),
        ([10**15, 1, 0], "format the column as text"),
        (["PPWP", 1, 0, date(2024, 11, 1)], "is no time"),
        (["PPWP", 1, 0, 45597.5], "is no time"),
        (["PPWP", 1, 0, datetime(9999, 12, 31, 23, 59, 59, 999_000)], "year 9999"),  # noqa: DTZ001
        (["PPWP", 1, 0, datetime(1900, 1, 5, 12, 0)], "year 1900"),  # noqa: DTZ001
        (["PPWP", None, 0], "Column good is empty"),
        (["PPWP", 1, 0, None, "stray"], "under no heading, in column 5"),
    ],
)
def test_cells_of_a_spreadsheet_that_cannot_be_meant(xlsx: Xlsx, row: list[object], sentence: str) -> None:
    told = faults(xlsx(SORTING, ["PPWP", 1, 0], row), Kind.SORTINGS)
    assert len(told) == 1
    assert told[0][0] == 3
    assert sentence in told[0][1]


def test_numbers_serve_as_codes_and_texts_where_they_are_whole(xlsx: Xlsx) -> None:
    table = read_table(xlsx(["code", "region", "voters"], [3101011001, 3101011, 5]), Kind.STATIONS)
    assert values(table) == [["3101011001", "3101011", 5]]


def test_an_error_in_a_sheet_is_never_read_as_nothing(xlsx: Xlsx) -> None:
    path = xlsx(["class", "team", "unsorted", "good", "damaged", "surplus"], ["PPWP", 1, 1, 1, 1])
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["class", "team", "unsorted", "good", "damaged", "surplus"])
        sheet.write_row(1, 0, ["PPWP", 1, 1, 1, 1])
        sheet.write_formula(1, 5, "=NA()", None, "#N/A")
    with pytest.raises(Refusal, match="error in row 2"):
        read_table(path, Kind.COUNTS)


@pytest.mark.parametrize("text", ["", "\n\n", "code,region,voters\n", ",,\n,,\n"])
def test_a_table_without_rows_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Refusal, match="holds no rows"):
        read_table(csv_file(tmp_path, text), Kind.STATIONS)


def test_an_empty_sheet_is_refused(xlsx: Xlsx) -> None:
    with pytest.raises(Refusal, match="holds no rows"):
        read_table(xlsx(), Kind.STATIONS)


def test_a_file_that_is_not_there_or_is_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(Refusal, match="There is no file"):
            read_table(path, Kind.STATIONS)


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
def test_progress_rises_to_the_end_and_may_call_it_off(tmp_path: Path, name: str, xlsx: Xlsx) -> None:
    rows: list[list[object]] = [[f"1.{number}", "1", number] for number in range(7000)]
    path = tmp_path / name
    if name == "t.xlsx":
        xlsx(["code", "region", "voters"], *rows)
    else:
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([["code", "region", "voters"], *rows])
    told: list[tuple[int, int]] = []
    read_table(path, Kind.STATIONS, progress=lambda done, of: told.append((done, of)))
    shares = [done / of for done, of in told]
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] <= 1

    class Stopped(Exception): ...

    def stop(_done: int, _of: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        read_table(path, Kind.STATIONS, progress=stop)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: ("code,region,voters\n" + text).encode("utf-8", "replace")))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "t").write_bytes(content)
    try:
        read_table(tmp_path / "t", Kind.STATIONS)
    except Refusal as refused:
        assert str(refused)


def test_a_broken_spreadsheet_is_read_or_refused_wherever_it_breaks(xlsx: Xlsx, tmp_path: Path) -> None:
    whole = xlsx(["code", "region", "voters"], ["1.1", "1", 5]).read_bytes()
    for place in range(4, len(whole), 37):
        for content in (whole[:place], whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]):
            (tmp_path / "broken").write_bytes(content)
            try:
                read_table(tmp_path / "broken", Kind.STATIONS)
            except Refusal as refused:
                assert str(refused)


def test_an_archive_that_is_no_spreadsheet_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w") as archive:
        archive.writestr("content.xml", "<a/>")
    with pytest.raises(Refusal, match="damaged or no XLSX"):
        read_table(tmp_path / "t.xlsx", Kind.STATIONS)
