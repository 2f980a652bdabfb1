"""Every printed document has the warehouse's checkpoint at its foot; the QR code is read back from the page and compared with the book."""

import ast
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

import ui
from storage.database import Database
from storage.evidence.checkpoints import Issued, Purpose, issue_checkpoint
from storage.ledger.against import Verdict, compare
from storage.people.person import Role
from storage.places import add_site
from storage.rules.checkpoint import read_checkpoints, spoken_text
from storage.rules.refusal import Refusal
from tests.paper import page_text, qr_text
from tests.storage.incident import open_incident
from tests.ui.seat import ANOTHER, handing_over
from tests.ui.warehouse import SECRET, House
from ui.evidence.sheet import checkpoint_sheet, shift_sheet
from ui.frame.minutes import save_minutes

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PLACE = ("Gudang Jakarta Timur", "Asia/Jakarta")


def verdicts(database: Database, text: str) -> list[Verdict]:
    with database.read() as connection:
        return [one.verdict for one in compare(connection, read_checkpoints(text))]


@pytest.mark.parametrize(
    "document",
    [
        lambda issued: checkpoint_sheet(issued, *PLACE),
        lambda issued: shift_sheet(issued, *PLACE, leaving="Sari", coming="Wati", open_alarms=2, remark="Pintu <barat> macet & basah"),
    ],
    ids=["checkpoint", "shift"],
)
def test_the_code_at_the_foot_of_a_page_is_the_checkpoint_of_the_book(document: Callable[[Issued], bytes], database: Database) -> None:
    site = add_site(database, "31.75", *PLACE, now=NOW)
    issued = issue_checkpoint(database, site.id, Purpose.DOCUMENT, now=NOW)
    page = document(issued)
    assert qr_text(page) == issued.signed.text and verdicts(database, qr_text(page)) == [Verdict.SAME]
    assert spoken_text(issued.signed.head).split(" ")[-1].encode() in page_text(page)


def test_the_summary_of_an_incident_has_it_too(tmp_path: Path) -> None:
    scene = open_incident(tmp_path)
    made = scene.export(tmp_path / "out")
    text = qr_text((made.folder / "summary.pdf").read_bytes())
    assert text == (made.folder / "checkpoint.txt").read_text().splitlines()[0]
    assert verdicts(scene.database, text) == [Verdict.SAME]
    scene.database.close()


def test_whatever_draws_a_page_draws_the_foot() -> None:
    drawing = set()
    for file in Path(ui.__path__[0]).rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        called = {getattr(node.func, "id", "") for node in ast.walk(tree) if isinstance(node, ast.Call)}
        if "Canvas" in called:
            assert "draw_foot" in called, file.name
            drawing.add(file.name)
    assert drawing == {"sheet.py", "summary.py"}, "a new document is drawn: give it a test of its code here"


def test_a_change_of_shift_has_minutes_to_be_signed_with_the_checkpoint_that_it_ended_with(guarded: House, tmp_path: Path) -> None:
    window = guarded.open(Role.GUARD)
    assert window.bar.person is not None and window.bar.person.minutes.isVisible()
    with pytest.raises(Refusal, match="No shift has been handed over"):
        save_minutes(window.desk, tmp_path / "minutes.pdf")
    form = handing_over(window)
    form.remark.setText("Pintu barat macet")
    form.own_secret.setText(SECRET)
    form.name.setEditText("Wati")
    form.secret.setText(ANOTHER)
    form.button.click()
    QApplication.processEvents()
    save_minutes(window.desk, tmp_path / "minutes.pdf")
    page = (tmp_path / "minutes.pdf").read_bytes()
    said = page_text(page)
    assert all(word in said for word in (b"Sari", b"Wati", b"Pintu barat macet"))
    # What came after it, such as the signing in of the one who took over, is no contradiction.
    assert verdicts(guarded.database, qr_text(page)) == [Verdict.SAME]
