"""Logs as JSON lines in the cache folder, and how long each method takes.

Texts of files and of queries are logged at level debug alone.
"""

from __future__ import annotations

import contextlib
import json
import logging
import math
import os
import threading
import time
from typing import TYPE_CHECKING, Any

from codearch.facts import MethodLatency

if TYPE_CHECKING:
    from pathlib import Path

    from codearch.settings import LogSettings

LOGS_FOLDER = "logs"
LOGGER = "codearch"


def start_logging(cache: Path, process: str, settings: LogSettings) -> Path:
    """Log everything of ours into `logs/<process>.jsonl` of a cache folder; return that file.

    A second call changes file, level and size. Nothing is printed: standard output belongs to the
    protocol. Where nothing can be written nothing is logged, which is no reason not to begin.
    """
    path = cache / LOGS_FOLDER / f"{process}.jsonl"
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    logger = logging.getLogger(LOGGER)
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
    logger.addHandler(JsonLines(path, settings.max_mb * 1024 * 1024))
    logger.setLevel(settings.level.upper())
    logger.propagate = False
    return path


def event(logger: logging.Logger, level: int, message: str, **fields: object) -> None:
    """Log a message with fields that stand beside it in the JSON line."""
    if logger.isEnabledFor(level):
        logger.log(level, message, extra={"fields": fields})


def json_line(record: logging.LogRecord) -> str:
    """Return a record as one line of JSON."""
    seconds = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
    line: dict[str, Any] = {
        "time": f"{seconds}.{int(record.msecs):03d}Z",
        "level": record.levelname.lower(),
        "pid": record.process,
        "logger": record.name,
        "message": record.getMessage(),
        **getattr(record, "fields", {}),
    }
    if record.exc_info:
        line["error"] = logging.Formatter().formatException(record.exc_info)
    return json.dumps(line, ensure_ascii=False, default=str)


class JsonLines(logging.Handler):
    """Appends to a file that several processes may share, and begins it anew when it is full.

    Each line is one write to a file opened for appending, so lines of several processes do not
    mix; whoever finds the file full renames it, and the others notice that theirs has gone.
    """

    def __init__(self, path: Path, limit_bytes: int) -> None:
        super().__init__()
        self.path = path
        self.limit_bytes = limit_bytes
        self._file: int | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record; a log that cannot be written is no reason to stop."""
        try:
            line = json_line(record).encode("utf-8", "replace") + b"\n"
            os.write(self._current(), line)
        except (OSError, ValueError, TypeError):
            self._close_file()  # the record is lost; the next one opens the file again

    def close(self) -> None:
        """Close the file."""
        self._close_file()
        super().close()

    def _current(self) -> int:
        """Return the open file, after a look whether it is full or has been renamed."""
        if self._file is not None:
            ours = os.fstat(self._file)
            if ours.st_size >= self.limit_bytes:
                self._close_file()
                self._set_aside()
            elif not self._still_there(ours):
                self._close_file()
        if self._file is None:
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            self._file = os.open(self.path, flags, 0o600)
        return self._file

    def _set_aside(self) -> None:
        try:
            if self.path.stat().st_size >= self.limit_bytes:
                self.path.replace(self.path.with_suffix(".1.jsonl"))
        except OSError:
            return  # on Windows another process holds it open: that one will rename it

    def _still_there(self, ours: os.stat_result) -> bool:
        try:
            return os.path.samestat(ours, self.path.stat())
        except OSError:
            return False

    def _close_file(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


# --- latency ----------------------------------------------------------------------------------

_FIRST_MS = 0.05
_GROWTH = 1.15  # each bucket's upper bound over the last one's: percentiles are right to 7 %
_BUCKETS = 96  # the last one begins at about half a minute


class Latency:
    """Counts answers by method and duration, in fixed memory; may be used from several threads."""

    def __init__(self) -> None:
        self._counts: dict[str, list[int]] = {}
        self._lock = threading.Lock()

    def record(self, method: str, seconds: float) -> None:
        """Count one answer."""
        with self._lock:
            self._counts.setdefault(method, [0] * _BUCKETS)[_bucket(seconds * 1000)] += 1

    def summary(self) -> dict[str, MethodLatency]:
        """Return count and percentiles of each method so far."""
        with self._lock:
            counts = {method: list(buckets) for method, buckets in self._counts.items()}
        return {
            method: MethodLatency(
                sum(buckets), _percentile(buckets, 0.50), _percentile(buckets, 0.95)
            )
            for method, buckets in sorted(counts.items())
        }


def _bucket(milliseconds: float) -> int:
    if milliseconds <= _FIRST_MS:
        return 0
    steps = math.ceil(math.log(milliseconds / _FIRST_MS, _GROWTH))
    return min(steps, _BUCKETS - 1)


def _percentile(buckets: list[int], share: float) -> float:
    """Return the middle, in milliseconds, of the bucket that holds the percentile."""
    wanted = math.ceil(share * sum(buckets))
    seen = 0
    for index, count in enumerate(buckets):
        seen += count
        if seen >= wanted:
            upper = _FIRST_MS * _GROWTH**index
            return round(upper if index == 0 else upper / math.sqrt(_GROWTH), 2)
    return 0.0
