"""What storage cannot make of a package itself: clips and stills, cut by the camera side, and the page.

Knows no Qt: the terminal uses it too.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from camera.fault import Fault
from camera.footage.clip import cut
from camera.footage.playback import File
from camera.footage.still import keep_still
from storage.evidence.package import CalledOff
from ui.evidence.summary import draw_summary

if TYPE_CHECKING:
    from storage.evidence.export import Recording, Summed
    from storage.evidence.incident import Cancelled, Incident


class EvidenceMakers:
    """Fits storage.evidence.export.Makers. Recordings that no picture can be read of are given out as they are, without clip or still."""

    def clip(self, recordings: "Sequence[Recording]", incident: "Incident", target: Path, cancelled: "Cancelled") -> Sequence[Path]:
        try:
            clip = cut(_folder(recordings), _files(recordings), incident.from_at, incident.until_at, target, cancelled=cancelled)
        except Fault:
            return ()
        if clip is None:
            raise CalledOff("The export was called off; nothing of it is kept.")
        return [file.path for file in clip.files]

    def stills(self, recordings: "Sequence[Recording]", instants: Sequence[datetime], folder: Path) -> Sequence[Path]:
        made = []
        for number, at in enumerate(instants, 1):
            target = folder / f"camera-{recordings[0].camera_id}-{number}.jpg"
            # An older picture would not show that instant.
            near = [recording for recording in recordings if recording.started_at <= at <= recording.ended_at]
            try:
                keep_still(_folder(recordings), _files(near), at, target)
            except Fault:
                continue
            made.append(target)
        return made

    def summary(self, summed: "Summed") -> bytes:
        return draw_summary(summed)


def _files(recordings: "Sequence[Recording]") -> list[File]:
    ordered = sorted(recordings, key=lambda recording: recording.started_at)
    return [File(recording.path, recording.started_at, recording.ended_at) for recording in ordered]


def _folder(recordings: "Sequence[Recording]") -> Path:
    return recordings[0].path.parent
