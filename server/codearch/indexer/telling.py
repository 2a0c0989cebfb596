"""What clients are told unasked: the status when it has changed, and what changed in the index."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_PAUSE_SECONDS = 0.25
_PAUSE_FACTOR = 20  # times as long as the status took: counting a large index takes a while


class Telling:
    """Tells every client, by `tell`; on the loop's thread alone."""

    def __init__(self, status: Callable[[], dict[str, Any]]) -> None:
        self.tell: Callable[[str, dict[str, Any]], None] = lambda _event, _told: None
        self._status = status
        self._told: dict[str, Any] = {}
        self._told_at = 0.0
        self._took = 0.0  # seconds, the last time
        self.due = False  # whether the status has to be told whatever it costs

    @property
    def told_state(self) -> str:
        """Return the state that was told last."""
        return str(self._told.get("state", ""))

    def status(self) -> bool:
        """Tell the status if it is due, and has changed since it was last told."""
        now = time.monotonic()
        if not self.due and now - self._told_at < max(_PAUSE_SECONDS, self._took * _PAUSE_FACTOR):
            return False
        self.due = False
        status = self._status()
        self._told_at = time.monotonic()
        self._took = self._told_at - now
        if status != self._told:
            self._told = status
            self.tell("status", status)
        return True

    def checked(self) -> None:
        """Tell that the findings of buffers are up to date."""
        self.tell("checked", {})

    def changed(self, generation: int, paths: list[str]) -> None:
        """Tell of files that changed in a generation; of none: anything may have."""
        self.tell("changed", {"generation": generation, "paths": paths})
