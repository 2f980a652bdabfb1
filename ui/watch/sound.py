"""The alarm's sound, made here and played by what the computer has; no sound library is needed."""

import io
import math
import shutil
import struct
import sys
import wave
from pathlib import Path

from PySide6.QtCore import QProcess

_RATE_HZ = 22050
_NOTES = ((880.0, 0.18), (660.0, 0.18), (880.0, 0.18), (660.0, 0.30))


def alarm_wave() -> bytes:
    """Two tones in turn, under a second long, as a mono 16 bit WAV file."""
    samples = []
    for tone_hz, length_s in _NOTES:
        count = int(_RATE_HZ * length_s)
        for at in range(count):
            swell = min(1.0, at / 220, (count - at) / 440)  # a few milliseconds in and out, so that it does not click
            samples.append(int(26000 * swell * math.sin(2 * math.pi * tone_hz * at / _RATE_HZ)))
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(_RATE_HZ)
        sound.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return file.getvalue()


class Siren:
    """Plays the alarm's sound: by Windows itself, elsewhere by paplay or aplay.

    file: where the sound is kept; written once.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._program = _player()
        self._process: QProcess | None = None
        if self.audible and not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(alarm_wave())

    @property
    def audible(self) -> bool:
        """Whether this computer has something that plays sounds."""
        return sys.platform == "win32" or self._program is not None

    def play(self) -> None:
        """Sounds once, unless it sounds already; returns at once."""
        if sys.platform == "win32":
            import winsound

            winsound.PlaySound(str(self._file), winsound.SND_FILENAME | winsound.SND_ASYNC)
        elif self._program is not None:
            self._process = self._process or QProcess()
            if self._process.state() == QProcess.ProcessState.NotRunning:
                self._process.start(self._program, [str(self._file)])

    def stop(self) -> None:
        """Ends the sound and the program that plays it."""
        if self._process is not None and self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.kill()
            self._process.waitForFinished(500)


def _player() -> str | None:
    return next((found for name in ("paplay", "aplay") if (found := shutil.which(name))), None)
