"""The minutes of the last change of shift, as a PDF to be printed and signed."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from storage.evidence.hand_over import last_hand_over
from storage.rules.refusal import Refusal
from ui.evidence.sheet import shift_sheet
from ui.frame.desk import Desk
from ui.words.sentences import sentence
from ui.words.speech import _


def ask_for_minutes(parent: QWidget, desk: Desk) -> None:
    """Asks where they go, and writes them; what stands in the way is said in the window."""
    name = f"serah-terima-{desk.now.astimezone(desk.zone):%Y%m%d-%H%M}.pdf"
    chosen, _kind = QFileDialog.getSaveFileName(parent, _("Save the minutes of the change of shift"), name, "PDF (*.pdf)")
    if chosen:
        try:
            save_minutes(desk, Path(chosen))
        except Refusal as refusal:
            desk.troubled.emit(sentence(refusal))


def save_minutes(desk: Desk, file: Path) -> None:
    """Writes them. Raises Refusal where no shift has been handed over, or the file cannot be written."""
    done = last_hand_over(desk.database, desk.site.id) if desk.site else None
    if done is None or desk.site is None:
        raise Refusal("No shift has been handed over in this warehouse yet.")
    page = shift_sheet(
        done.issued,
        desk.site.name,
        desk.site.zone,
        leaving=done.leaving,
        coming=done.coming,
        open_alarms=done.open_alarms,
        remark=done.remark,
    )
    try:
        file.write_bytes(page)
    except OSError as error:
        raise Refusal("{file} cannot be written: {why}.", file=file.name, why=error.strerror or str(error)) from error
