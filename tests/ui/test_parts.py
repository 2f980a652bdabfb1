"""Small parts without a window: the siren's sound, the chart's axis, the sums of the stock page, rooms in the bar."""

import io
import wave
from pathlib import Path

import pytest
from PySide6.QtGui import QFont
from pytestqt.qtbot import QtBot

from storage.ledger.position import StockLine
from storage.places import Site
from ui.forms.sheets import sheets_in
from ui.frame.room_strip import summed
from ui.look.mark import Mark, Tone
from ui.look.theme import LIGHT, text_font
from ui.stock.need_chart import NeedChart, axis_steps, share_word
from ui.stock.stock_figures import rows_of_all, rows_of_site
from ui.watch.sound import Siren, alarm_wave

LINES = [StockLine(1, 1, need=100, received=90, good=80, unsorted=10), StockLine(1, 2, need=10, received=20, good=20)]


def test_the_siren_is_a_sound_of_less_than_a_second() -> None:
    with wave.open(io.BytesIO(alarm_wave())) as sound:
        length_s = sound.getnframes() / sound.getframerate()
        loudest = max(abs(int.from_bytes(sound.readframes(1), "little", signed=True)) for _frame in range(sound.getnframes()))
    assert 0.5 < length_s < 1
    assert 20_000 < loudest < 32_768


def test_a_computer_without_a_player_says_so_and_stays_quiet(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    siren = Siren(tmp_path / "alarm.wav")
    assert not siren.audible
    siren.play()
    assert not (tmp_path / "alarm.wav").exists()


def test_the_siren_hands_its_file_to_the_player(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    player = tmp_path / "paplay"
    player.write_text(f'#!/bin/sh\necho "$1" > "{heard}.part" && /bin/mv "{heard}.part" "{heard}"\n', encoding="utf-8")
    player.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    siren = Siren(tmp_path / "alarm.wav")
    siren.play()
    qtbot.waitUntil(heard.exists, timeout=5000)
    siren.stop()
    assert heard.read_text(encoding="utf-8").strip() == str(tmp_path / "alarm.wav")


@pytest.mark.parametrize(("largest", "steps"), [(0, [0]), (2, [0, 1, 2]), (2_436_059, [0, 2_000_000]), (900, [0, 500])])
def test_the_axis_has_round_steps(largest: int, steps: list[int]) -> None:
    assert axis_steps(largest) == steps


def test_missing_sheets_of_one_class_are_not_made_up_by_another() -> None:
    (row,) = rows_of_all(LINES, [Site(1, "31.75", "Gudang", "Asia/Jakarta")])
    assert (row.need, row.good, row.missing) == (110, 100, 20)


def test_packed_and_sent_sheets_count_towards_the_need(qtbot: QtBot) -> None:
    line = StockLine(1, 1, need=100, good=40, packed=20, in_transit=15, sent=10, damaged=3, surplus=4)
    (row,) = rows_of_site([line], {1: "PPWP"})
    assert (row.packed, row.sent, row.ready, row.missing) == (20, 25, 85, 15)
    assert row.need == row.ready + row.missing
    chart = NeedChart(LIGHT, text_font(QFont()))
    qtbot.addWidget(chart)
    chart.show_figures([row])
    assert chart.accessibleName() == "PPWP: 85 good of 100" and share_word(row) == "85 %"


def test_the_chart_tells_each_share(qtbot: QtBot) -> None:
    rows = rows_of_site(LINES, {1: "PPWP", 2: "DPD"})
    chart = NeedChart(LIGHT, text_font(QFont()))
    qtbot.addWidget(chart)
    chart.show_figures(rows)
    assert chart.accessibleName() == "PPWP: 80 good of 100; DPD: 20 good of 10"
    assert [share_word(row) for row in rows] == ["80 %", "200 %"]


def test_rooms_are_summed_where_they_do_not_fit() -> None:
    rooms = [("A", Mark(Tone.INFO, "armed")), ("B", Mark(Tone.INFO, "armed")), ("C", Mark(Tone.CALM, "open until 22:00"))]
    assert [mark.word for mark in summed(rooms)] == ["2 armed", "1 open"]


@pytest.mark.parametrize(("typed", "sheets"), [("", None), ("0", 0), ("33.747.852", 33_747_852), ("12345678901", 123_456_789), ("-5", 5)])
def test_only_digits_count(typed: str, sheets: int | None) -> None:
    assert sheets_in(typed) == sheets
