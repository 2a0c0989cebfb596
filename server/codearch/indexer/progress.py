"""How far bulk work has come, and how long it will still take."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Seconds of each later phase for one of processor time that parsing took: about the same for
# Python's library, workspaces of TypeScript, Java and Go, and a generated one of small files, and
# on a busy machine too, where workers wait for a core and the time until all is read tells little.
# Of some nobody is told: of "vectors", the one step in which they are indexed, and of "comparing",
# where rules look at the whole workspace. "checking" is what workers have left of it.
_COSTS = {"resolving": 0.4, "embedding": 0.27, "vectors": 0.08, "checking": 0.12, "comparing": 0.74}
_TOLD_AS = {"comparing": "checking"}
_TELLING = 0.05  # of a phase, from which on its pace tells how long it takes
_TRUSTED = 0.3  # of a later phase, from which on nothing else does
_MEASURED = 0.5  # seconds of our own processor time, from which on they tell how we are held up
_ON_OUR_THREAD = ("resolving", "checking")


class _Count(NamedTuple):
    """How much of a phase is done, and when it began, with how much done already."""

    done: int
    total: int
    began: float
    before: int
    busy: float  # processor time of the engine's thread when it began
    weighed: float | None = None  # the part that is done where files are not all alike

    @property
    def part(self) -> float:
        if self.weighed is not None:
            return self.weighed
        whole = self.total - self.before
        return (self.done - self.before) / whole if whole else 1.0


class Progress:
    """One run of bulk work: usually from the first file read to the last finding.

    `busy` gives the processor time in seconds of the thread that notes.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        busy: Callable[[], float] = time.thread_time,
        costs: Mapping[str, float] = _COSTS,
    ) -> None:
        self._clock, self._busy = clock, busy
        self._costs, self._phases = costs, ("reading", *costs)
        self._started: float | None = None
        self._counts: dict[str, _Count] = {}
        self._shown = 0.0  # the greatest share that was told: a bar never goes back
        self._ahead = 0.0  # seconds of embedding while there was still to be read
        self._parsed = 0.0  # seconds of the workers' processor time
        self._held_up = 1.0  # how many times as long it takes us as it would alone
        self._without: set[str] = set()  # phases that do not come

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
        if known is None:
            count = _Count(done, max(done, total), now, done, self._busy(), part)
        else:
            count = known._replace(done=done, total=max(done, total), weighed=part)
        self._counts[phase] = count
        if phase in _ON_OUR_THREAD and (worked := self._busy() - count.busy) > _MEASURED:
            self._held_up = max(1.0, (now - count.began) / worked)

    def advance(self, phase: str, done: int, left: int) -> None:
        """Note that a phase of a run that goes on has done so much more, and how much is left."""
        if self.running:
            before = self._counts[phase].done if phase in self._counts else 0
            self.note(phase, before + done, before + done + left)

    def compares(self) -> None:
        """Note that rules begin to look at the whole workspace: nobody knows how far they are."""
        if self.running and "comparing" not in self._counts:
            self.note("comparing", 0, 1)

    def leave_out(self, phase: str) -> None:
        """Expect no such phase in this run."""
        self._without.add(phase)

    def parsed(self, seconds: float) -> None:
        """Note the processor time that workers took for some of what is read."""
        if self.running:
            self._parsed += seconds

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
        self._without.clear()
        self._shown = self._ahead = self._parsed = 0.0
        self._held_up = 1.0

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
        shown = _TOLD_AS.get(phase, phase)
        count = self._counts.get(shown, count)
        return {
            "phase": shown,
            "done": count.done,
            "total": count.total,
            "share": round(self._shown, 3),
            "secondsLeft": None if left is None else round(left),
        }

    def _left(self, phase: str, count: _Count) -> float | None:
        """Return the seconds that this phase and those after it will take, None if none knows."""
        first = min(self._counts, key=self._phases.index)
        spent = self._clock() - count.began - (self._ahead if phase == first else 0.0)
        whole = spent / count.part if count.part > _TELLING else None
        if first == phase:
            if whole is None:
                return None
            pace = self._pace_of_first(phase, whole, count.part)
        else:
            ended = min(each.began for name, each in self._counts.items() if name != first)
            seconds = ended - self._counts[first].began - self._ahead
            pace = self._pace_of_first(first, seconds, 1.0) * self._held_up
            # What comes first in a phase may be easier or harder than the rest.
            expected = self._costs[phase] * pace
            trust = min(1.0, count.part / _TRUSTED)
            whole = expected if whole is None else whole * trust + expected * (1 - trust)
        after = set(self._phases[self._phases.index(phase) + 1 :]) - self._without
        later = {one: pace * self._costs[one] for one in after}
        if "embedding" in later:
            later["embedding"] = max(0.0, later["embedding"] - self._ahead)
        return max(0.0, whole - spent) + sum(later.values())

    def _pace_of_first(self, phase: str, seconds: float, part: float) -> float:
        """Return what the costs of later phases are to be multiplied by.

        `seconds` is how long all of the first phase takes, `part` how much of it is done.
        """
        if phase != "reading":
            return seconds / self._costs[phase]
        return self._parsed / part
