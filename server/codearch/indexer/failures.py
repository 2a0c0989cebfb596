"""What becomes of a step that fails: tried again, given up after some times, and always said."""

from __future__ import annotations

import time

from codearch.store.database import mend_of

_MOST_IN_A_ROW = 3
_FIRST_PAUSE_SECONDS = 15.0  # until what was given up is tried again; twice as long each time
_LONGEST_PAUSE_SECONDS = 600.0
# These take what they work on before they begin, so the next one is another matter: they are never
# given up, or whoever waits for them would wait for ever.
_TAKING = frozenset({"command", "buffer", "saved", "scan", "settle", "tell", "history", "churn"})
# These go on where they failed, so that a later success makes good what was missing.
_RESUMING = frozenset({"resolve", "embed", "vectors", "check", "arrival", "cleaning"})
# These leave a search as it is when they fail.
_NOT_SEARCHED = frozenset(
    {"command", "check", "tell", "history", "churn", "housekeeping", "cleaning", "arrival"}
)
# These leave the index as fresh as it is: vectors that are missing are counted as pending.
_FOLLOWING = _NOT_SEARCHED - {"check"} | {"settle", "encoder", "embed", "vectors"}


class Failures:
    """The failures of each step since the disk was last compared with the index."""

    def __init__(self) -> None:
        self.reasons: dict[str, str] = {}  # what the index lacks: step, reason
        self.problem = ""
        self.mend = ""
        self._in_a_row: dict[str, int] = {}
        self._pause = _FIRST_PAUSE_SECONDS
        self._again_at = 0.0

    def clear(self) -> None:
        """Begin anew: everything is tried again. Until that has ended, the problem stands."""
        self.reasons.clear()
        self._in_a_row.clear()

    def settled(self) -> None:
        """Note that nothing waits any more: where nothing has failed, all is well."""
        if not self.reasons:
            self.problem = self.mend = ""

    def failed(self, step: str, error: BaseException) -> None:
        """Note a failure."""
        self._in_a_row[step] = self._in_a_row.get(step, 0) + 1
        now = time.monotonic()
        if now > self._again_at and not self.reasons:  # all was well for a while
            self._pause = _FIRST_PAUSE_SECONDS
        if not self.reasons:
            self._again_at = now + self._pause
        self.reasons[step] = str(error)
        self.problem = f"The step {step!r} failed: {getattr(error, 'message', error)}"
        self.mend = mend_of(error)

    def succeeded(self, step: str) -> None:
        """Note that a step did something."""
        if self._in_a_row.pop(step, None) and step in _RESUMING:
            self.reasons.pop(step, None)

    def due(self) -> bool:
        """Say, once, that it is time to try anew what has failed: the disk may have room again."""
        if not self.reasons or time.monotonic() < self._again_at:
            return False
        self._pause = min(2 * self._pause, _LONGEST_PAUSE_SECONDS)
        self._again_at = time.monotonic() + self._pause
        return True

    def too_many(self, step: str) -> bool:
        """Say whether a step has failed so often that it is left alone."""
        return step not in _TAKING and self.many(step)

    def many(self, step: str) -> bool:
        """Say whether a step has failed some times in a row."""
        return self._in_a_row.get(step, 0) >= _MOST_IN_A_ROW

    @property
    def behind(self) -> bool:
        """Whether what failed keeps the index behind the disk or a buffer."""
        return not self.reasons.keys() <= _FOLLOWING

    @property
    def searchable(self) -> bool:
        """Whether a search is as good as if nothing had failed."""
        return self.reasons.keys() <= _NOT_SEARCHED
