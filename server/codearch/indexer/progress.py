"""How far bulk work has come, and how long it will still take."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# What share of the whole time each phase takes on two cores: about the same for Python's library, a
# workspace of TypeScript and a generated one of small files. A phase that has come some way is
# foreseen by its own pace; those after it, by what the first one took. Nobody is told of "vectors",
# the one step in which they are indexed: it only counts among what comes after.
_SHARES = {"reading": 0.44, "resolving": 0.23, "embedding": 0.14, "vectors": 0.1, "checking": 0.09}
_TELLING = 0.05  # of a phase, from which on its pace tells how long it takes
_TRUSTED = 0.3  # of a later phase, from which on nothing else does


class _Count(NamedTuple):
    """How much of a phase is done, and when it began, with how much done already."""

    done: int
    total: int
    began: float
    before: int
    weighed: float | None = None  # the part that is done where files are not all alike

    @property
    def part(self) -> float:
        if self.weighed is not None:
            return self.weighed
        whole = self.total - self.before
        return (self.done - self.before) / whole if whole else 1.0


class Progress:
    """One run of bulk work: usually from the first file read to the last finding."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        shares: Mapping[str, float] = _SHARES,
    ) -> None:
        self._clock = clock
        self._shares, self._phases = shares, tuple(shares)
        self._started: float | None = None
        self._counts: dict[str, _Count] = {}
        self._shown = 0.0  # the greatest share that was told: a bar never goes back
        self._ahead = 0.0  # seconds of embedding while there was still to be read

    @property
    def running(self) -> bool:
        """Whether a run is going on."""
        return self._started is not None

    def note(self, phase: str, done: int, total: int, part: float | None = None) -> None:
        """Note that a phase has done so much of its total; `part` of its work, if that is known."""
        now = self._clock()
        if self._started is None:
            self._started = now
        known = self._counts.get(phase)
        began, before = (now, done) if known is None else (known.began, known.before)
        self._counts[phase] = _Count(done, max(done, total), began, before, part)

    def advance(self, phase: str, done: int, left: int) -> None:
        """Note that a phase of a run that goes on has done so much more, and how much is left."""
        if self.running:
            before = self._counts[phase].done if phase in self._counts else 0
            self.note(phase, before + done, before + done + left)

    def embedded_ahead(self, seconds: float) -> None:
        """Note that texts were embedded before their turn: no part of how long reading takes."""
        if self.running:
            self._ahead += seconds

    def resolving(self, done: int, total: int) -> None:
        """Note how many files' names have been resolved."""
        self.note("resolving", done, total)

    def end(self) -> None:
        """Note that nothing waits any more."""
        self._started = None
        self._counts.clear()
        self._shown = self._ahead = 0.0

    def report(self) -> dict[str, Any] | None:
        """Return `{phase, done, total, share, secondsLeft}`; None where nothing runs."""
        if self._started is None or not self._counts:
            return None
        phase = max(self._counts, key=self._phases.index)
        count = self._counts[phase]
        left = self._left(phase, count)
        elapsed = self._clock() - self._started
        if left is not None and elapsed + left > 0:
            self._shown = max(self._shown, min(0.99, elapsed / (elapsed + left)))
        return {
            "phase": phase,
            "done": count.done,
            "total": count.total,
            "share": round(self._shown, 3),
            "secondsLeft": None if left is None else round(left),
        }

    def _left(self, phase: str, count: _Count) -> float | None:
        """Return the seconds that this phase and those after it will take, None if none knows."""
        first = min(self._counts, key=self._phases.index)
        ahead = self._ahead if phase == first else 0.0
        spent = self._clock() - count.began - ahead
        whole = spent / count.part if count.part > _TELLING else None
        if first == phase:
            if whole is None:
                return None
            pace = whole / self._shares[phase]
        else:
            # The machine's, as the first phase had it: a slow model makes no rule slower.
            ended = min(each.began for name, each in self._counts.items() if name != first)
            pace = (ended - self._counts[first].began - self._ahead) / self._shares[first]
            # What comes first in a phase may be easier or harder than the rest.
            expected = self._shares[phase] * pace
            trust = min(1.0, count.part / _TRUSTED)
            whole = expected if whole is None else whole * trust + expected * (1 - trust)
        after = self._phases[self._phases.index(phase) + 1 :]
        later = {one: pace * self._shares[one] for one in after}
        if "embedding" in later:
            later["embedding"] = max(0.0, later["embedding"] - self._ahead)
        return max(0.0, whole - spent) + sum(later.values())
