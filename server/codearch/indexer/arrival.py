"""The vectors of the next encoder, made at leisure beside those that still answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from codearch.indexer.texts import at_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from codearch.embedding.chosen import Chosen
    from codearch.indexer.elsewhere import Elsewhere, Made
    from codearch.indexer.texts import Texts
    from codearch.store.database import Connection
    from codearch.store.vectors import Vectors


class Arrival:
    """What the next encoder has embedded is known by its vectors alone, so a kill loses none.

    Numbers of passages are never given twice, so whatever has a vector has the right one.
    """

    def __init__(
        self, connection: Connection, chosen: Chosen, vectors: Vectors, elsewhere: Elsewhere
    ) -> None:
        self._db = connection
        self.chosen = chosen
        self.vectors = vectors
        self.elsewhere = elsewhere
        self.made = {int(number) for number in vectors.ids()}
        self._forget_swept()
        self._waiting: list[int] = []  # the newest last
        self.total = 0
        self.complete = False
        self._look()

    @property
    def done(self) -> int:
        """Return how many of the files' texts have a vector."""
        return self.total - len(self._waiting)

    def step(self, texts: Texts, interrupted: Callable[[], bool]) -> Made:
        """Embed the next texts, the newest first; return their vectors."""
        encoder = self.chosen.encoder
        ids = self._waiting[: -at_once(encoder) - 1 : -1]
        read = texts.read(encoder, ids)
        made = self.elsewhere.make(read, interrupted)
        if made.vectors:
            self.vectors.upsert(list(made.vectors), np.stack(list(made.vectors.values())))
        done = {*made.vectors, *(number for number in ids if number not in read)}
        self.made |= done
        self._waiting[-len(ids) :] = [number for number in reversed(ids) if number not in done]
        if self.vectors.wants_compaction or (not self._waiting and self.vectors.wants_index):
            self.vectors.compact(growing=bool(self._waiting))
        if not self._waiting:
            self._look()
        return made

    def _look(self) -> None:
        """Look for what waits: at first all, in the end what was edited meanwhile."""
        held = self._db.execute(
            "SELECT DISTINCT h.passage FROM holders h JOIN files f ON f.content = h.content"
            " ORDER BY h.passage"
        ).fetchall()
        self.total = len(held)
        self._waiting = [number for (number,) in held if number not in self.made]
        self.complete = not self._waiting

    def _forget_swept(self) -> None:
        """Delete the vectors of passages that were swept while nobody had this encoder."""
        known = {number for (number,) in self._db.execute("SELECT id FROM passages")}
        self.vectors.delete(sorted(self.made - known))
        self.made &= known
