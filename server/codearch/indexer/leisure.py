"""What the loop does when nobody waits: git's history, upkeep, and models that have arrived."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from codearch.indexer.looking import Looking
from codearch.indexer.studying import Studying

if TYPE_CHECKING:
    from collections.abc import Callable

    from codearch.indexer.telling import Telling
    from codearch.indexer.waiting import Waiting
    from codearch.indexer.workshop import Workshop

_QUIET_SECONDS = 1.0  # of idleness before housekeeping


class Leisure:
    """Work in steps that end as soon as anything comes. The engine's thread alone."""

    def __init__(
        self, shop: Workshop, waiting: Waiting, telling: Telling, gives_way: Callable[[], bool]
    ) -> None:
        self.studying = Studying(shop, waiting)
        self.owes_vectors = False  # that wait until the machine has power
        self._shop = shop
        self._waiting = waiting
        self._telling = telling
        self._looking = Looking(shop, waiting, gives_way)
        self._house_is_kept = False
        self._since = time.monotonic()
        self.past: tuple[tuple[str, Callable[[], bool]], ...] = (
            ("history", self._read_blame),
            ("churn", lambda: self._looking.history(self._interrupted)),
        )
        self.kinds = (
            ("power", self._make_good),
            *self.past,
            ("trends", lambda: self.studying.step(self._interrupted)),
            ("housekeeping", self._keep_house),
            ("cleaning", self._clean),
            ("arrival", self._arrive),
        )

    def begin(self, *, news: bool) -> None:
        """Nothing waits any more; with news the house is to be kept again."""
        self.owes_vectors = self._shop.holds_vectors
        if news:
            self._house_is_kept = False
            self._since = time.monotonic()

    @property
    def past_is_awaited(self) -> bool:
        """Whether somebody waits until the history of all files has been read."""
        return self._looking.awaited

    def _interrupted(self) -> bool:
        return self._waiting.urgent

    def _read_blame(self) -> bool:
        read, paths = self._looking.blame()
        if paths:
            self._telling.changed(self._shop.writer.generation(), paths)
        return read

    def _make_good(self) -> bool:
        """Go on with the vectors that waited for power."""
        if not self.owes_vectors or self._shop.holds("embed"):
            return False
        self.owes_vectors = False
        self._waiting.reconcile()
        return True

    def _keep_house(self) -> bool:
        if self._house_is_kept or time.monotonic() - self._since < _QUIET_SECONDS:
            return False
        self._house_is_kept = not self._shop.keep_house(self._interrupted)
        return not self._house_is_kept

    def _clean(self) -> bool:
        return self._shop.embedder.clean()

    def _arrive(self) -> bool:
        if self._shop.embedder.arrival is None or self._shop.holds("arrival"):
            return False
        if not self._shop.embedder.arrive(self._interrupted):
            return False
        if self._shop.embedder.arrival is None:
            self._house_is_kept = False
            self._telling.due = True
        return True
