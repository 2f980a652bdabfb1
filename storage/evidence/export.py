"""Giving the evidence of an incident out: originals, clips, stills, facts, the site's log and a signature in one folder.

The order is what makes a package that was cut short never look whole: the manifest and its signature are written last, that it goes out is
recorded in the site's chain between them, and the folder gets its name when all of it is on the disk.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from storage.chain import put_record
from storage.database import Database
from storage.evidence import verify
from storage.evidence.checkpoints import Purpose, keep_checkpoint, sign_checkpoint
from storage.evidence.incident import Incident, Original, facts_of, gaps_of, incident_of, originals_of, text
from storage.evidence.log_part import chain_recordings, write_log
from storage.evidence.package import CalledOff, Cancelled, Package, SourceUnreadable
from storage.evidence.signing import SigningKey, own_key
from storage.people.person import Person, ids
from storage.people.right import right
from storage.rules.checkpoint import Signed
from storage.rules.refusal import Refusal
from storage.rules.rights import Act

HERE = Path(__file__).parent
READ_ME = "BACA-SAYA.txt"
# Which part of the work copying the originals is; the rest is what is made of them.
COPYING = 0.7


@dataclass(frozen=True)
class Recording:
    """An original in the package. path: where its copy lies."""

    camera_id: int
    path: Path
    started_at: datetime
    ended_at: datetime


@dataclass(frozen=True)
class Summed:
    """What the one page about a package says. folder: where the files lie that are in it by now; manifest: without the page itself.

    fingerprint: of the key that signs.
    """

    folder: Path
    incident: Incident
    facts: Mapping[str, object]
    manifest: Mapping[str, object]
    checkpoint: Signed
    fingerprint: str


class Makers(Protocol):
    """What storage cannot make itself; each writes new files below a folder and raises OSError where the disk refuses."""

    def clip(self, recordings: Sequence[Recording], incident: Incident, target: Path, cancelled: Cancelled) -> Sequence[Path]:
        """Clips of the incident's time cut out of one camera's recordings; none where they cannot be read."""

    def stills(self, recordings: Sequence[Recording], instants: Sequence[datetime], folder: Path) -> Sequence[Path]:
        """Pictures of one camera at some instants."""

    def summary(self, summed: Summed) -> bytes:
        """The page as a PDF."""


@dataclass(frozen=True)
class Exported:
    """A package that is whole. manifest_sha256: as the site's log has it; gaps: how many are listed in it."""

    folder: Path
    files: int
    gaps: int
    manifest_sha256: str
    fingerprint: str


@right(Act.EXPORT_FOOTAGE)
def export_incident(
    database: Database,
    alarm_id: int,
    folder: Path,
    makers: Makers,
    *,
    recordings: Path,
    by: Person,
    second: Person,
    now: datetime,
    progress: Callable[[float], None] = lambda _share: None,
    cancelled: Cancelled = lambda: False,
) -> Exported:
    """Makes the package of an alarm in a new folder below `folder`.

    recordings: where the footage lies; progress: told the share that is done, 0 to 1.

    Raises Refusal for an alarm that cannot be exported yet, a folder inside the recordings or that cannot be written; CalledOff. Then
    nothing is there under the package's name.
    """
    if not folder.is_dir():
        raise Refusal("There is no folder {folder}.", folder=folder)
    if folder.resolve().is_relative_to(recordings.resolve()):
        raise Refusal("{file} lies in the recordings folder; nothing else is written there.", file=folder)
    incident = incident_of(database, alarm_id, now)
    name = re.sub(r"[^0-9A-Za-z.-]", "-", f"insiden-{incident.site.code}-{alarm_id}-{now.astimezone(incident.site.tz):%Y%m%d-%H%M%S}")
    try:
        with Package(folder / name) as package:
            making = _Making(database, incident, package, makers, progress, cancelled)
            return making.export(recordings, by, second, now)
    except OSError as error:
        raise Refusal("The package {folder} could not be written: {why}.", folder=folder / name, why=error.strerror or error) from error


@dataclass
class _Making:
    database: Database
    incident: Incident
    package: Package
    makers: Makers
    progress: Callable[[float], None]
    cancelled: Cancelled

    def export(self, recordings: Path, by: Person, second: Person, now: datetime) -> Exported:
        # What is recorded on the way is the program's doing.
        program = self.database.used_by(None)
        key = own_key(program, now=now)
        chain_recordings(program, self.incident, now)
        originals = originals_of(self.database, self.incident)
        kept, lost = self._copy(recordings, originals)
        self._cut(kept)
        facts = facts_of(self.database, self.incident)
        self.package.write("incident.json", _json(facts))
        gaps = gaps_of(self.database, self.incident, list(kept.values()), lost)
        head = write_log(self.database, self.incident, originals, self.package.place(verify.LOG))
        self.package.take(verify.LOG)
        for file, taken in ((HERE / "verify.py", "verify.py"), (HERE / READ_ME, READ_ME)):
            self.package.write(taken, file.read_bytes())
        manifest: dict[str, object] = {
            "format": verify.FORMAT,
            "incident": self.incident.alarm.id,
            "site": facts["site"],
            "cameras": facts["cameras"],
            "from": text(self.incident.from_at),
            "until": text(self.incident.until_at),
            "made": text(now),
            "by": by.name,
            "second": second.name,
            "head": {"number": head.number, "hash": head.hash.hex()},
            "originals": {file: _said(original) for file, original in kept.items()},
            "gaps": [
                {
                    "camera": gap.camera_id,
                    "from": text(gap.started_at),
                    "until": text(gap.ended_at or now),
                    "cause": gap.cause,
                    "note": gap.note,
                }
                for gap in gaps
            ],
        }
        with program.write() as connection:
            signed = sign_checkpoint(connection, self.incident.site.id, head, key, now)
            keep_checkpoint(connection, self.incident.site.id, signed, Purpose.EXPORT)
        self.package.write(verify.CHECKPOINT, f"{signed.text}\n{key.public.hex()}\n".encode())
        summed = Summed(
            self.package.path, self.incident, facts, manifest | {"files": self.package.files}, signed, verify.fingerprint(key.public)
        )
        self.package.write("summary.pdf", self.makers.summary(summed))
        return self._finish(manifest, key, by, second, now)

    def _copy(self, recordings: Path, originals: Sequence[Original]) -> tuple[dict[str, Original], list[tuple[Original, str]]]:
        """The originals as the recorder left them, by their names in the package; and those that are not there or not the same any more."""
        kept: dict[str, Original] = {}
        lost: list[tuple[Original, str]] = []
        done, of = 0, max(1, sum(original.bytes for original in originals))

        def tell(step: int) -> None:
            nonlocal done
            done += step
            self.progress(COPYING * min(1.0, done / of))

        for original in originals:
            source = (recordings / original.path).resolve()
            if not source.is_relative_to(recordings.resolve()):
                raise Refusal("The segment {file} lies outside the recordings folder; nothing is given out.", file=original.path)
            name = f"originals/camera-{original.camera_id}/{original.number:08d}-{original.started_at:%Y-%m-%dT%H-%M-%SZ}.mp4"
            if original.removed:
                lost.append((original, "retention"))
                continue
            try:
                found = self.package.copy(source, name, tell=tell, cancelled=self.cancelled)
            except SourceUnreadable:
                lost.append((original, "missing"))
                continue
            if found != original.sha256:
                (self.package.path / name).unlink()
                lost.append((original, "altered"))
                continue
            self.package.take(name)
            kept[name] = original
        return kept, lost

    def _cut(self, kept: Mapping[str, Original]) -> None:
        """Clips and stills of what is in the package, so that they are of the very bytes that were checked."""
        alarm = self.incident.alarm
        ended_at = alarm.ended_at or alarm.started_at
        for done, camera in enumerate(self.incident.cameras):
            own = [
                Recording(camera.id, self.package.path / name, original.started_at, original.ended_at)
                for name, original in kept.items()
                if original.camera_id == camera.id
            ]
            if own:
                clip = self.package.place(f"clips/camera-{camera.id}.mp4")
                stills = self.package.place(f"stills/camera-{camera.id}").parent
                instants = [alarm.started_at]
                if camera.id == alarm.camera_id:
                    instants = sorted({alarm.started_at, alarm.started_at + (ended_at - alarm.started_at) / 2, ended_at})
                made = [*self.makers.clip(own, self.incident, clip, self.cancelled), *self.makers.stills(own, instants, stills)]
                for path in made:
                    self.package.take(path.relative_to(self.package.path).as_posix())
            self.progress(COPYING + (0.95 - COPYING) * (done + 1) / len(self.incident.cameras))

    def _finish(self, manifest: dict[str, object], key: SigningKey, by: Person, second: Person, now: datetime) -> Exported:
        raw = _json(manifest | {"files": dict(sorted(self.package.files.items()))})
        digest = hashlib.sha256(raw).hexdigest()
        gaps = manifest["gaps"]
        said = {"alarm": self.incident.alarm.id, "package": self.package.target.name, "manifest": digest, "files": len(self.package.files)}
        if self.cancelled():
            raise CalledOff("The export was called off; nothing of it is kept.")
        with self.database.write() as connection:
            put_record(connection, self.incident.site.id, "evidence_exported", said, at=now, **ids(by, second))
        signature = f"ed25519 {key.public.hex()} {key.sign(raw).hex()}\n".encode()
        self.package.finish({verify.MANIFEST: raw, verify.SIGNATURE: signature})
        self.progress(1.0)
        count = len(gaps) if isinstance(gaps, list) else 0
        return Exported(self.package.target, len(self.package.files), count, digest, verify.fingerprint(key.public))


def _said(original: Original) -> dict[str, object]:
    span = {"first": text(original.started_at), "last": text(original.ended_at)}
    return {"camera": original.camera_id, "number": original.number, "path": original.path} | span


def _json(said: Mapping[str, object]) -> bytes:
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()
