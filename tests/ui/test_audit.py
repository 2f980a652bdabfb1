"""The page of the audit trail: what is found is shown, read on while scrolling, told whole, and exported; and seeing a clip is told."""

import ast
import csv
import json
from datetime import timedelta
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import storage
from storage.audit.trail import WINDOW, all_entries
from storage.chain import put_record
from storage.evidence.hand_over import HANDED_OVER
from storage.people.person import Role, add_person
from storage.rules.movement import EventKind
from storage.watch.chaining import SEGMENTS
from storage.watch.hours import HOURS_SET
from storage.watch.seen import SEEN
from tests.ui.warehouse import House, film
from ui.frame.window import Window
from ui.pages.audit_page import AuditPage
from ui.words.log_words import act_word, record_names
from ui.words.speech import set_language


def audit_of(window: Window) -> AuditPage:
    window.open_page("audit")
    page = window.pages["audit"]
    assert isinstance(page, AuditPage)
    return page


def write_many(house: House, count: int) -> None:
    with house.database.write() as connection:
        for number in range(count):
            put_record(connection, house.site.id, "gap", {"note": f"number {number}"}, at=house.clock())


def test_every_kind_of_record_has_a_name_in_both_languages() -> None:
    acts = {SEGMENTS, SEEN, HOURS_SET, HANDED_OVER}
    for file in Path(storage.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and name == "put_record" and isinstance(node.args[2], ast.Constant):
                acts.add(str(node.args[2].value))
    assert acts == set(record_names()) and len(acts) > 40
    for language in ("id", "en"):
        set_language("id" if language == "id" else "en")
        words = [act_word(act) for act in (*acts, *(kind.value for kind in EventKind))]
        assert not [word for word in words if "_" in word]


def test_the_newest_entry_is_chosen_and_told_whole(house: House) -> None:
    page = audit_of(house.open(Role.AUDITOR))
    newest = next(all_entries(house.database, house.site.id))
    assert page.table.rows[0] == newest
    assert json.loads(page.whole.toPlainText()) == json.loads(json.dumps(newest.facts))


def test_scrolling_reads_on_until_all_is_there(house: House) -> None:
    write_many(house, WINDOW + 50)
    page = audit_of(house.open(Role.AUDITOR))
    assert len(page.table.rows) == WINDOW
    for _times in range(3):
        page.table.verticalScrollBar().setValue(page.table.verticalScrollBar().maximum())
        QApplication.processEvents()
    assert list(page.table.rows) == list(all_entries(house.database, house.site.id, page.wanted()))


def test_a_person_a_kind_and_days_are_chosen_and_where_nothing_fits_it_says_what_to_do(house: House) -> None:
    window = house.open(Role.SUPERVISOR)
    page = audit_of(window)
    page.act.setCurrentIndex(page.act.findData("sign_in"))
    assert {entry.act for entry in page.table.rows} == {"sign_in"}
    page.who.setCurrentIndex(page.who.findText("Agus"))
    assert {entry.person for entry in page.table.rows} == {"Agus"} and not page.content.empty
    add_person(house.database, "Tono", Role.GUARD, now=house.clock())
    window.desk.read_places()
    assert page.who.findText("Tono") > 0 and page.who.currentText() == "Agus"
    page.until.show_day(page.since.day - timedelta(days=1))
    assert page.content.empty and page.content.sentence.text().startswith("Nothing was written in these days that fits.")


def test_what_the_filter_finds_is_exported_however_far_one_has_scrolled(house: House, qtbot: QtBot, tmp_path: Path) -> None:
    write_many(house, WINDOW + 50)
    window = house.open(Role.AUDITOR)
    page = audit_of(window)
    page.act.setCurrentIndex(page.act.findData("gap"))
    for name in ("trail.csv", "trail.json"):
        page.export_to(tmp_path / name)
        assert page.export.isHidden() and not page.cancel.isHidden()

        def over() -> bool:
            window.poll()
            return not page.export.isHidden()

        qtbot.waitUntil(over)
        assert page.said.text() == f"250 entries are in {name}."
    rows = list(csv.reader((tmp_path / "trail.csv").read_text("utf-8-sig").splitlines()))
    assert len(rows) == WINDOW + 51 and rows[1][2] == "Gap" and "number 249" in rows[1][6]
    assert len(json.loads((tmp_path / "trail.json").read_text("utf-8"))) == WINDOW + 50


def test_an_export_that_is_called_off_leaves_nothing(house: House, qtbot: QtBot, tmp_path: Path) -> None:
    write_many(house, 3 * WINDOW)
    window = house.open(Role.AUDITOR)
    page = audit_of(window)
    page.export_to(tmp_path / "trail.csv")
    page.cancel.click()

    def over() -> bool:
        window.poll()
        return not page.export.isHidden()

    qtbot.waitUntil(over)
    assert list(tmp_path.glob("trail*")) == [] or page.said.text().endswith("trail.csv.")


def test_opening_the_clip_of_an_alarm_is_told_with_who_and_what(house: House, qtbot: QtBot) -> None:
    film(house, house.clock() - timedelta(seconds=30), length_s=60)
    house.recorder.somebody_moves(house.camera.id, house.clock())
    window = house.open(Role.GUARD)
    window.open_page("alarms")

    def told() -> bool:
        window.poll()
        return any(entry.act == SEEN for entry in all_entries(house.database))

    qtbot.waitUntil(told)
    [entry] = [entry for entry in all_entries(house.database) if entry.act == SEEN]
    assert (entry.person, entry.about) == ("Sari", ("Ruang B", "Kamera 1"))
