"""What is written can be read again, calculates nothing, and is there whole or not at all."""

import csv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from storage.exchange.columns import Kind
from storage.exchange.reading import read_table
from storage.exchange.writing import Cell, harmless, write_table
from storage.rules.refusal import Refusal

BOTH = pytest.mark.parametrize("ending", [".csv", ".xlsx"])
HEADER = ["code", "village_code", "voters"]
ROWS: list[list[Cell]] = [["31.01.01.1001.001", "31.01.01.1001", 241], ["31.01.01.1001.002", "31.01.01.1001", 0]]


@BOTH
def test_a_table_reads_back(tmp_path: Path, ending: str) -> None:
    write_table(tmp_path / f"t{ending}", HEADER, ROWS, title="TPS")
    table = read_table(tmp_path / f"t{ending}", Kind.STATIONS)
    assert [list(row.values.values()) for row in table.rows] == ROWS
    assert [row.line for row in table.rows] == [2, 3]


def test_csv_is_what_spreadsheets_open(tmp_path: Path) -> None:
    write_table(tmp_path / "t.csv", ["a", "b"], [["x, y", 1], [None, -2], ["é", 10**20]], title="T")
    assert (tmp_path / "t.csv").read_bytes() == '\ufeffa,b\r\n"x, y",1\r\n,-2\r\né,100000000000000000000\r\n'.encode()


def test_xlsx_keeps_text_as_text_and_numbers_as_numbers(tmp_path: Path) -> None:
    write_table(tmp_path / "t.xlsx", ["a"], [["007"], [7], ["http://a"], [10**15], [-5], ["{=1}"]], title="Kartu: stok/2024")
    book = CalamineWorkbook.from_path(tmp_path / "t.xlsx")
    assert book.sheet_names == ["Kartu stok 2024"]
    rows = book.get_sheet_by_index(0).to_python()
    assert rows == [["a"], ["007"], [7.0], ["http://a"], [str(10**15)], [-5.0], ["{=1}"]]


@pytest.mark.parametrize("title", ["", "[]:*?/\\", "'", "History", "x" * 80, "'quoted'", "a\x00b"])
def test_any_title_makes_a_sheet(tmp_path: Path, title: str) -> None:
    write_table(tmp_path / "t.xlsx", ["a"], [["b"]], title=title)
    assert len(CalamineWorkbook.from_path(tmp_path / "t.xlsx").sheet_names[0]) <= 31


@pytest.mark.parametrize("start", [*"=+-@\t\r\n＝＋－＠", " =", "\x00=", "\ufeff=", "\u200b=", "\u00a0=", " \t@"])
def test_no_text_begins_a_formula(tmp_path: Path, start: str) -> None:
    assert harmless(start + "1+1").startswith("'")
    for ending in (".csv", ".xlsx"):
        write_table(tmp_path / f"t{ending}", [start + "a"], [[start + "1+1"]], title="T")
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        assert all(row[0].startswith("'") for row in csv.reader(file))
    sheet = zipfile.ZipFile(tmp_path / "t.xlsx").read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert [str(row[0])[:1] for row in CalamineWorkbook.from_path(tmp_path / "t.xlsx").get_sheet_by_index(0).to_python()] == ["'", "'"]


@given(st.text())
def test_what_is_harmless_stays_so(text: str) -> None:
    once = harmless(text)
    assert harmless(once) == once
    assert not once.lstrip().startswith(tuple("=+-@＝＋－＠"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(), max_size=20), min_size=1, max_size=5))
def test_any_text_makes_a_file_that_is_whole(tmp_path: Path, texts: list[str]) -> None:
    for ending in (".csv", ".xlsx"):
        write_table(tmp_path / f"t{ending}", ["text"], [[text] for text in texts], title="T")
    ElementTree.fromstring(zipfile.ZipFile(tmp_path / "t.xlsx").read("xl/worksheets/sheet1.xml"))  # noqa: S314
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row[0] if row else "" for row in csv.reader(file)][1:] == [harmless(text) for text in texts]


@BOTH
def test_when_the_rows_break_off_the_old_file_stays(tmp_path: Path, ending: str) -> None:
    def broken() -> Iterator[list[Cell]]:
        yield ["a"]
        raise KeyError("gone")

    path = tmp_path / f"t{ending}"
    path.write_bytes(b"old")
    with pytest.raises(KeyError):
        write_table(path, ["a"], broken(), title="T")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@BOTH
def test_a_new_file_takes_the_place_of_the_old_one(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"t{ending.upper()}"
    path.write_bytes(b"old")
    write_table(path, HEADER, ROWS, title="T")
    assert len(read_table(path, Kind.STATIONS).rows) == 2
    assert list(tmp_path.iterdir()) == [path]


@BOTH
def test_a_place_that_is_not_there_is_a_sentence(tmp_path: Path, ending: str) -> None:
    with pytest.raises(Refusal, match="cannot be written"):
        write_table(tmp_path / "none" / f"t{ending}", ["a"], [], title="T")


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="ends in"):
        write_table(tmp_path / "t.pdf", ["a"], [], title="T")


@pytest.mark.parametrize("row", [["x" * 40_000], ["x"] * 17_000])
def test_what_xlsx_cannot_hold_is_refused(tmp_path: Path, row: list[Cell]) -> None:
    with pytest.raises(Refusal, match="write it as CSV"):
        write_table(tmp_path / "t.xlsx", ["a"], [row], title="T")
    assert list(tmp_path.iterdir()) == []
    write_table(tmp_path / "t.csv", ["a"], [row], title="T")
