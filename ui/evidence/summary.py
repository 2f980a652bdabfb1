"""The one page about a package, in Indonesian, for those who take it: what happened, what was kept of it, how it is checked."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, Table, TableStyle

from ui.evidence.foot import BODY, HEAD, LINE, MARGIN, SMALL, TITLE, draw_foot
from ui.words.names import name_of
from ui.words.speech import _, whole, written_in
from ui.words.times import day_time, span, zone_name

if TYPE_CHECKING:
    from storage.evidence.export import Summed

WIDTH = A4[0] - 2 * MARGIN
PICTURE = 62 * mm
# Rows of one table; what is more stands in the files.
MOST = 6


def draw_summary(summed: "Summed") -> bytes:
    """The page as a PDF, A4."""
    file = io.BytesIO()
    with written_in("id"):
        canvas = Canvas(file, pagesize=A4, invariant=1)
        canvas.setTitle(_("Evidence of incident {number}").format(number=summed.incident.alarm.id))
        page = _Page(canvas, summed)
        page.draw()
        canvas.showPage()
        canvas.save()
    return file.getvalue()


class _Page:
    """From the top down; y is where the next part begins."""

    def __init__(self, canvas: Canvas, summed: "Summed") -> None:
        self._canvas, self._summed = canvas, summed
        self._zone = summed.incident.site.zone
        self._facts: Mapping[str, Any] = summed.facts
        self._manifest: Mapping[str, Any] = summed.manifest
        self._y = A4[1] - MARGIN

    def draw(self) -> None:
        site = self._summed.incident.site
        self._say(_("Evidence of incident {number}").format(number=self._summed.incident.alarm.id), TITLE)
        self._say(f"{site.name} ({site.code})", BODY)
        self._y -= 2 * mm
        self._draw_facts()
        self._head(_("Recordings"))
        self._rows([_("Camera"), _("Originals"), _("Clip"), _("Gaps")], self._cameras(), [0.4, 0.2, 0.2, 0.2])
        self._head(_("Gaps in the recordings"))
        self._rows([_("Camera"), _("From"), _("Until"), _("Cause")], self._gaps(), [0.3, 0.2, 0.2, 0.3])
        self._head(_("Stock movements at the warehouse in this time"))
        self._rows([_("Time"), _("What"), _("By"), _("Sheets")], self._stock(), [0.2, 0.3, 0.3, 0.2])
        self._draw_foot()

    def _draw_facts(self) -> None:
        facts, alarm = self._facts, self._summed.incident.alarm
        ended_at = alarm.ended_at or alarm.started_at
        verdicts = [step for step in facts["steps"] if step["verdict"]]
        opened = _("open by its hours") if facts["room_was_open"] else _("closed by its hours: armed")
        said = [
            (_("What"), name_of(alarm.kind)),
            (_("Room and camera"), f"{alarm.room}, {alarm.camera}"),
            (_("From"), self._clock(alarm.started_at)),
            (_("Until"), f"{self._clock(ended_at)} ({span(ended_at - alarm.started_at)})"),
            (_("The room was"), opened),
            (_("Seen by"), f"{alarm.acknowledged_by}, {self._clock(alarm.acknowledged_at)}" if alarm.acknowledged_at else _("nobody yet")),
            (_("Verdict"), f"{name_of(verdicts[-1]['verdict'])}, {verdicts[-1]['person']}" if verdicts else _("none yet")),
            (_("Note"), verdicts[-1]["note"][:160] if verdicts else "-"),
            (_("Exported"), self._clock(datetime.fromisoformat(self._manifest["made"]))),
            (_("By two persons"), f"{self._manifest['by']}, {self._manifest['second']}"),
        ]
        still = self._still()
        width = WIDTH - (PICTURE + 5 * mm if still else 0)
        rows = [[Paragraph(escape(name), SMALL), Paragraph(escape(text or "-"), BODY)] for name, text in said]
        table = Table(rows, colWidths=[30 * mm, width - 30 * mm], style=_TIGHT)
        height = table.wrapOn(self._canvas, width, A4[1])[1]
        table.drawOn(self._canvas, MARGIN, self._y - height)
        if still:
            box = (A4[0] - MARGIN - PICTURE, self._y - PICTURE * 0.75)
            self._canvas.drawImage(str(still), *box, PICTURE, PICTURE * 0.75, preserveAspectRatio=True, anchor="n")
        self._y -= max(height, PICTURE * 0.6 if still else 0) + 2 * mm

    def _still(self) -> Path | None:
        """The first picture of the alarm's camera."""
        path = self._summed.folder / f"stills/camera-{self._summed.incident.alarm.camera_id}-1.jpg"
        return path if path.exists() else None

    def _cameras(self) -> list[list[str]]:
        files, found = self._manifest["files"], []
        for camera in self._summed.incident.cameras:
            originals = sum(original["camera"] == camera.id for original in self._manifest["originals"].values())
            clips = sum(name.startswith((f"clips/camera-{camera.id}.", f"clips/camera-{camera.id}-")) for name in files)
            gaps = sum(gap["camera"] == camera.id for gap in self._manifest["gaps"])
            found.append([f"{camera.name} ({camera.id})", whole(originals), whole(clips) if clips else _("none"), whole(gaps)])
        return found

    def _gaps(self) -> list[list[str]]:
        names = self._manifest["cameras"]
        return [
            [f"{names[str(gap['camera'])]} ({gap['camera']})", self._time(gap["from"]), self._time(gap["until"]), name_of(gap["cause"])]
            for gap in self._manifest["gaps"]
        ]

    def _stock(self) -> list[list[str]]:
        return [
            [
                *(self._time(event["happened"]), name_of(event["kind"]), ", ".join(filter(None, (event["by"], event["second"])))),
                whole(sum(moved["sheets"] for moved in event["moved"])),
            ]
            for event in self._facts["stock"]
        ]

    def _draw_foot(self) -> None:
        """At the bottom, whatever stands above: how it is checked, the key, the checkpoint and its QR code."""
        first, last = self._manifest["from"], self._manifest["until"]
        parts = [
            Paragraph(_("How it is checked"), HEAD),
            Paragraph(
                escape(
                    _(
                        "The folder holds the recordings from {start} to {end}. Run verify.py in it, or better one that you have from "
                        "elsewhere, with Python 3.8 or later, and compare the fingerprint below with the one on the signed minutes. "
                        "BACA-SAYA.txt says more."
                    ).format(start=self._time(first), end=self._time(last))
                ),
                BODY,
            ),
        ]
        draw_foot(self._canvas, self._summed.checkpoint, self._summed.fingerprint, parts)

    def _head(self, text: str) -> None:
        self._y -= 2 * mm
        self._say(text, HEAD)
        self._y -= 1 * mm

    def _say(self, text: str, style: ParagraphStyle) -> None:
        part = Paragraph(escape(text), style)
        self._y -= part.wrapOn(self._canvas, WIDTH, A4[1])[1]
        part.drawOn(self._canvas, MARGIN, self._y)

    def _rows(self, head: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[float]) -> None:
        if not rows:
            self._say(_("None."), BODY)
            return
        shown = [[Paragraph(escape(text), SMALL) for text in head]] + [
            [Paragraph(escape(text[:60]), BODY) for text in row] for row in rows[:MOST]
        ]
        table = Table(shown, colWidths=[share * WIDTH for share in shares], style=_LINED)
        height = table.wrapOn(self._canvas, WIDTH, A4[1])[1]
        self._y -= height
        table.drawOn(self._canvas, MARGIN, self._y)
        if len(rows) > MOST:
            self._say(_("And {number} more: see the files.").format(number=whole(len(rows) - MOST)), SMALL)

    def _clock(self, at: datetime) -> str:
        """22/11/2026 21:03:20 WIB."""
        tz = ZoneInfo(self._zone)
        return f"{day_time(at, tz)}:{at.astimezone(tz):%S} {zone_name(self._zone)}"

    def _time(self, at: str) -> str:
        local = datetime.fromisoformat(at).astimezone(ZoneInfo(self._zone))
        # To the nearest second, as the eye reads it; the files are exact.
        return f"{local + timedelta(microseconds=500_000):%d/%m/%Y %H:%M:%S}"


_TOP = (("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, -1), 0))
_TIGHT = TableStyle([*_TOP, ("TOPPADDING", (0, 0), (-1, -1), 1.2), ("BOTTOMPADDING", (0, 0), (-1, -1), 1.2)])
_LINED = TableStyle(
    [
        *(*_TOP, ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE)),
        *(("TOPPADDING", (0, 0), (-1, -1), 1.4), ("BOTTOMPADDING", (0, 0), (-1, -1), 1.8)),
    ]
)
