"""Sheets of one page that are printed and signed: a checkpoint by itself, and the minutes of a change of shift."""

import io
from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from storage.evidence.checkpoints import Issued
from storage.evidence.verify import fingerprint
from ui.evidence.foot import BODY, MARGIN, SMALL, STRONG, TITLE, draw_foot
from ui.words.speech import _, whole, written_in
from ui.words.times import day_time, zone_name

WIDTH = A4[0] - 2 * MARGIN


def checkpoint_sheet(issued: Issued, site_name: str, zone: str) -> bytes:
    """A page with the checkpoint, as a PDF in Indonesian."""
    with written_in("id"):
        lines = [_("Entries in the book: {number}").format(number=whole(issued.signed.head.number))]
        return _sheet(_("Checkpoint of the book"), (site_name, zone), lines, issued)


def shift_sheet(issued: Issued, site_name: str, zone: str, *, leaving: str, coming: str, open_alarms: int, remark: str) -> bytes:
    """The minutes of a change of shift with places for both signatures, as a PDF in Indonesian."""
    with written_in("id"):
        lines = [
            _("Leaving: {person}").format(person=leaving),
            _("Coming: {person}").format(person=coming),
            _("Alarms without a verdict: {number}").format(number=whole(open_alarms)),
            _("Remark: {remark}").format(remark=remark or "-"),
        ]
        return _sheet(_("Change of shift"), (site_name, zone), lines, issued, signers=(leaving, coming))


def _sheet(title: str, place: tuple[str, str], lines: Sequence[str], issued: Issued, signers: Sequence[str] = ()) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1)
    canvas.setTitle(title)
    y = A4[1] - MARGIN
    said = [
        Paragraph(escape(title), TITLE),
        Paragraph(escape(f"{place[0]} · {_clock(issued.signed.at, place[1])}"), STRONG),
        *(Paragraph(escape(line), BODY) for line in lines),
    ]
    for part in said:
        y -= part.wrapOn(canvas, WIDTH, A4[1])[1] + 2 * mm
        part.drawOn(canvas, MARGIN, y)
    y -= 25 * mm
    for column, name in enumerate(signers):
        left = MARGIN + column * WIDTH / 2
        canvas.line(left, y, left + WIDTH / 2 - 10 * mm, y)
        part = Paragraph(escape(name), SMALL)
        part.wrapOn(canvas, WIDTH / 2, 10 * mm)
        part.drawOn(canvas, left, y - part.height - 1 * mm)
    draw_foot(canvas, issued.signed, fingerprint(issued.public))
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _clock(at: datetime, zone: str) -> str:
    tz = ZoneInfo(zone)
    return f"{day_time(at, tz)}:{at.astimezone(tz):%S} {zone_name(zone)}"
