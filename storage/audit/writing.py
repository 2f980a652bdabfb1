"""The log as a file: a table for people's spreadsheets, or JSON for programs."""

import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from storage.audit.trail import LogEntry
from storage.exchange.writing import Cell, write_table
from storage.rules.refusal import Refusal

TOLD_EVERY = 200


def write_log(
    path: Path,
    entries: Iterable[LogEntry],
    header: Sequence[str],
    row: Callable[[LogEntry], Sequence[Cell]],
    *,
    title: str,
    tell: Callable[[int], None] = lambda _count: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> int:
    """Writes them to a name that ends in .csv, .xlsx or .json, in place of what was there; how many.

    header, row: the columns of a table; JSON is an array of all that the entries say. title: of the sheet. tell: told how many are done.

    Raises Refusal for another ending, a place that cannot be written, and when it is called off; then nothing has changed.
    """
    counted = _Counted(entries, tell, cancelled)
    if path.suffix.lower() == ".json":
        _write_json(path, counted)
    else:
        write_table(path, header, (row(entry) for entry in counted), title=title)
    return counted.count


class _Counted:
    """Tells how far it has come, and stops where it is called off."""

    def __init__(self, entries: Iterable[LogEntry], tell: Callable[[int], None], cancelled: Callable[[], bool]) -> None:
        self._entries, self._tell, self._cancelled = entries, tell, cancelled
        self.count = 0

    def __iter__(self) -> Iterator[LogEntry]:
        for entry in self._entries:
            if self._cancelled():
                raise Refusal("The export was called off; nothing of it is kept.")
            yield entry
            self.count += 1
            if self.count % TOLD_EVERY == 0:
                self._tell(self.count)


def _write_json(path: Path, entries: Iterable[LogEntry]) -> None:
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("x", encoding="utf-8") as file:
            between = "[\n"
            for entry in entries:
                file.write(between + json.dumps(entry.facts, ensure_ascii=False))
                between = ",\n"
            file.write("[]\n" if between == "[\n" else "\n]\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise Refusal("{file} cannot be written: {why}.", file=path.name, why=error.strerror or str(error)) from error
    finally:
        part.unlink(missing_ok=True)
