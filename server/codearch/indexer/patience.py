"""How long a process is waited for: by its work, since a busy machine lets it work late."""

from __future__ import annotations

import time

_MOST_TIMES = 10  # as long, for a process that is let work a little now and then


class Patience:
    """Lasts for some seconds, and longer for a process that works and has not had these yet.

    So many seconds a process may be silent without working, and so many of a processor it may use.
    """

    def __init__(self, pid: int, seconds: float) -> None:
        self._pid, self._seconds = pid, seconds
        self._begun = self._looked = time.monotonic()
        self._first = self._worked = -1.0  # processor seconds at the first look, and the last one

    def lasts(self) -> bool:
        """Say whether the process is to be waited for any longer; to be asked often."""
        now = time.monotonic()
        if now - self._looked < self._seconds / 2:
            return True
        worked, before = _processor_seconds(self._pid), self._worked
        if before < 0:
            self._first = worked
        self._looked, self._worked = now, worked
        late = now - self._begun >= _MOST_TIMES * self._seconds
        return worked > before and worked - self._first < self._seconds and not late


def _processor_seconds(pid: int) -> float:
    """Return what a process has used of processors; 0.0 where that cannot be known."""
    import psutil  # noqa: PLC0415 - most processes answer before anybody looks

    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)
