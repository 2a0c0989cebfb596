"""Which passages have a vector, and whose: what SQLite notes of the vectors in LanceDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.store.database import transaction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codearch.embedding.chosen import Chosen
    from codearch.store.database import Connection
    from codearch.store.vectors import Vectors


class Flags:
    """The flags of passages speak of one encoder's vectors; `meta` says which one that is."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    # --- whose they are ----------------------------------------------------------------------

    @property
    def store(self) -> str:
        """The name that ties vectors to this database: one that was begun anew has another."""
        return self._noted("store")

    @property
    def encoder(self) -> str:
        """The id of the encoder whose vectors the flags speak of, empty where there are none."""
        return self._noted("encoder")

    @property
    def model(self) -> str:
        """The name of that encoder's model."""
        return self._noted("model")

    @property
    def whole(self) -> str:
        """The id of the encoder that has once had all that there was, empty where none had."""
        return self._noted("whole")

    def note_whole(self, encoder: str) -> None:
        """Note that an encoder has had all that there was, which is not nothing."""
        if self.whole != encoder and self.flagged():
            with transaction(self._db):
                self._note("whole", encoder)

    def forget_whole(self, encoder: str) -> None:
        """Note that an encoder has not all any more."""
        with transaction(self._db):
            self._db.execute("DELETE FROM meta WHERE key = 'whole' AND value = ?", (encoder,))

    def turn_to(self, chosen: Chosen, present: Iterable[int]) -> None:
        """Have the flags speak of another encoder, which has vectors of these passages."""
        with transaction(self._db):
            self._db.execute("UPDATE passages SET embedded = 0 WHERE embedded <> 0")
            self._mark(present)
            self._note("encoder", chosen.encoder.id)
            self._note("model", chosen.name)

    # --- which there are ---------------------------------------------------------------------

    def mark(self, passages: Iterable[int]) -> None:
        """Note that passages have their vector, or can have none."""
        with transaction(self._db):
            self._mark(passages)

    def reconcile(self, vectors: Vectors) -> None:
        """Have embedded again what is flagged but has no vector, and forget vectors of the swept.

        A killed process may have left either; a disk that lost its last writes, both.
        """
        present = {int(number) for number in vectors.ids()}
        known = dict(self._db.execute("SELECT id, embedded FROM passages").fetchall())
        missing = [(number,) for number, flag in known.items() if flag and number not in present]
        with transaction(self._db):
            self._db.executemany("UPDATE passages SET embedded = 0 WHERE id = ?", missing)
        vectors.delete(sorted(present - known.keys()))

    def flagged(self) -> int:
        """Return how many passages have a vector."""
        return self._one("SELECT count(*) FROM passages WHERE embedded = 1")

    def waiting(self) -> int:
        """Return how many passages have none."""
        return self._one("SELECT count(*) FROM passages WHERE embedded = 0")

    def symbols_waiting(self) -> int:
        """Return how many symbols of files on disk wait for a vector."""
        return self._one(
            "SELECT count(*) FROM (SELECT DISTINCT f.id, h.position FROM passages p"
            " CROSS JOIN holders h ON h.passage = p.id CROSS JOIN files f ON f.content = h.content"
            " WHERE p.embedded = 0 AND f.session = 0)"
        )

    def next(self, most: int) -> list[int]:
        """Return the newest passages of files that have no vector."""
        rows = self._db.execute(
            "SELECT p.id FROM passages p WHERE p.embedded = 0 AND EXISTS"
            " (SELECT 1 FROM holders h JOIN files f ON f.content = h.content"
            " WHERE h.passage = p.id)"
            " ORDER BY p.id DESC LIMIT ?",
            (most,),
        )
        return [row[0] for row in rows.fetchall()]

    # --- inside a transaction ----------------------------------------------------------------

    def _mark(self, passages: Iterable[int]) -> None:
        rows = ((number,) for number in passages)
        self._db.executemany("UPDATE passages SET embedded = 1 WHERE id = ?", rows)

    def _note(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    # --- inside ------------------------------------------------------------------------------

    def _noted(self, key: str) -> str:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return "" if row is None else str(row[0])

    def _one(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])
