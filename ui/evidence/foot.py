"""The checkpoint on paper: QR code, groups to read aloud and fingerprint, at the foot of every document that is printed."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

import segno
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from storage.rules.checkpoint import Signed, spoken_text
from ui.words.speech import _

MARGIN = 16 * mm
QR = 40 * mm
INK, LINE, MUTED = colors.black, colors.lightgrey, colors.dimgrey
BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=8.6, leading=11.2, textColor=INK)
SMALL = ParagraphStyle("small", parent=BODY, fontSize=7.4, leading=9.4, textColor=MUTED)
STRONG = ParagraphStyle("strong", parent=BODY, fontName="Helvetica-Bold")
HEAD = ParagraphStyle("head", parent=STRONG, fontSize=10, leading=13)
TITLE = ParagraphStyle("title", parent=STRONG, fontSize=16, leading=20)
CODE = ParagraphStyle("code", parent=BODY, fontName="Courier", fontSize=7.6, leading=9.8, wordWrap="CJK")
ALOUD = ParagraphStyle("aloud", parent=BODY, fontName="Courier-Bold", fontSize=10, leading=13)


def draw_foot(canvas: Canvas, signed: Signed, fingerprint: str, above: Sequence[Paragraph] = ()) -> None:
    """At the bottom of an A4 page, whatever stands above. above: what is said before the checkpoint."""
    left = MARGIN + QR + 5 * mm
    draw_qr(canvas, signed.text, MARGIN, MARGIN)
    parts = [
        *above,
        Paragraph(_("Fingerprint of the key"), SMALL),
        Paragraph(fingerprint, CODE),
        Paragraph(_("Checkpoint of the warehouse's log, to read aloud; signed in the QR code"), SMALL),
        Paragraph(escape(spoken_text(signed.head)), ALOUD),
    ]
    y = MARGIN + max(QR, sum(part.wrapOn(canvas, A4[0] - MARGIN - left, A4[1])[1] for part in parts))
    canvas.setStrokeColor(LINE)
    canvas.line(MARGIN, y + 3 * mm, A4[0] - MARGIN, y + 3 * mm)
    for part in parts:
        y -= part.height
        part.drawOn(canvas, left, y)


def draw_qr(canvas: Canvas, text: str, left: float, bottom: float) -> None:
    """A square of QR by QR with the text."""
    modules = segno.make(text, error="m", micro=False).matrix
    step = QR / len(modules)
    canvas.setFillColor(INK)
    path = canvas.beginPath()
    for row, line in enumerate(modules):
        for column, dark in enumerate(line):
            if dark:
                path.rect(left + column * step, bottom + QR - (row + 1) * step, step, step)
    canvas.drawPath(path, stroke=0, fill=1)
