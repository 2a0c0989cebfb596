"""How far bulk work has come, and how long it will still take."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# What share of the whole time each phase takes, measured on CPython's library.
_SHARES = {"reading": 0.5, "resolving": 0.25, "embedding": 0.15, "checking": 0.1}
_PHASES = tuple(_SHARES)


class Progress:
    """One run of bulk work, from the first file read to the last finding."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started: float | None = None
        self._counts: dict[str, tuple[int, int]] = {}

    @property
    def running(self) -> bool:
        """Whether a run is going on."""
        return self._started is not None

    def note(self, phase: str, done: int, total: int) -> None:
        """Note that a phase has done so much of its total."""
        if self._started is None:
            self._started = self._clock()
        self._counts[phase] = (done, max(done, total))

    def advance(self, phase: str, done: int, left: int) -> None:
        """Note that a phase of a run that goes on has done so much more, and how much is left."""
        if self.running:
            before = self._counts.get(phase, (0, 0))[0]
            self.note(phase, before + done, before + done + left)

    def resolving(self, done: int, total: int) -> None:
        """Note how many files' names have been resolved."""
        self.note("resolving", done, total)

    def end(self) -> None:
        """Note that nothing waits any more."""
        self._started = None
        self._counts.clear()

    def report(self) -> dict[str, Any] | None:
        """Return `{phase, done, total, share, secondsLeft}`; None where nothing runs."""
        if self._started is None or not self._counts:
            return None
        phase = max(self._counts, key=_PHASES.index)
        done, total = self._counts[phase]
        before = sum(_SHARES[name] for name in _PHASES[: _PHASES.index(phase)])
        share = min(0.99, before + _SHARES[phase] * (done / total if total else 1.0))
        elapsed = self._clock() - self._started
        left = elapsed * (1 - share) / share if share > 0.02 else None
        return {
            "phase": phase,
            "done": done,
            "total": total,
            "share": round(share, 3),
            "secondsLeft": None if left is None else round(left),
        }
