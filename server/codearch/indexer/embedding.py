"""Passages become vectors: those that wait for it, newest first, in small steps."""

from __future__ import annotations

import hashlib
import logging
import time
from typing import TYPE_CHECKING

import numpy as np

from codearch.embedding.encoder import CodeEncoder
from codearch.embedding.texts import encode, texts
from codearch.errors import EncoderError, VectorsError
from codearch.index.contents import unpack_source
from codearch.index.packing import unpack
from codearch.index.prepare import passage_key
from codearch.store.database import transaction
from codearch.store.processor import runs_lancedb
from codearch.store.vectors import drop

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from codearch.embedding.encoder import Encoder
    from codearch.embedding.texts import Text
    from codearch.facts import Passage
    from codearch.store.database import Connection
    from codearch.store.vectors import Vectors

log = logging.getLogger(__name__)

_MOST_RENEWALS = 3  # in the life of a process: more would help nobody
CHUNKS = 8  # of a slow encoder in one step
STEP_SECONDS = 1.0  # after which a step ends where a slow encoder is, so that what it made is kept
_RECENT_KEPT = 100_000  # about as many bytes as their sources


class Embedder:
    """Keeps vectors in step with passages. `problem` says why there are none."""

    def __init__(self, connection: Connection, folder: Path) -> None:
        self._db = connection
        self._folder = folder
        self.encoder: Encoder | None = None
        self.awaited = True  # until the encoder has been loaded, or it is known that there is none
        self.vectors: Vectors | None = None
        self.problem = ""
        self.mend = ""
        self.renewed = ""  # why vectors that were there had to be made again
        self._renewals = 0
        self.embedded = 0  # passages, since the start
        self._recent: dict[int, Passage] = {}

    def do_without(self, problem: str, mend: str = "`codearch doctor` tells more.") -> None:
        """Use no encoder, so that words alone answer, and say why."""
        self.encoder = self.vectors = None
        self.awaited = False
        self.problem, self.mend = problem, mend

    def load(self, encoder: Encoder) -> None:
        """Begin to use an encoder; a failure leaves words alone, and says so."""
        if not runs_lancedb():
            self.do_without("Vectors are not available: this processor has no AVX2.")
            return
        try:
            try:
                vectors = self._opened(encoder)
            except VectorsError as error:
                self._drop(error)
                vectors = self._opened(encoder)
        except (ImportError, VectorsError, EncoderError) as error:
            self.do_without(f"Vectors are not available: {error}")
            return
        if isinstance(encoder, CodeEncoder):
            self._recent.clear()  # it reads more than the passages that were kept before it came
        self.encoder, self.vectors = encoder, vectors
        self.awaited = False
        self.problem = ""

    def renew(self, error: VectorsError) -> None:
        """Have all vectors made again, since those that there are cannot be used; words answer."""
        encoder = self.encoder
        if encoder is None:
            return
        self._renewals += 1
        if self._renewals > _MOST_RENEWALS:
            self.do_without(f"Vectors are not available: {error}")
            return
        self._drop(error)
        self.load(encoder)

    def _opened(self, encoder: Encoder) -> Vectors:
        from codearch.store.vectors import Vectors  # noqa: PLC0415 - lancedb costs 1.5 s

        name = f"passages_{hashlib.sha256(encoder.id.encode()).hexdigest()[:16]}"
        vectors = Vectors(self._folder / self._store_id(), name, encoder.dimension)
        self._take_over(encoder.id)
        self._reconcile(vectors)
        return vectors

    def _drop(self, error: VectorsError) -> None:
        log.warning("the vectors are made again: %s", error.message)
        self.renewed = f"{error.message} They were made again."
        drop(self._folder)

    def remember(self, fresh: dict[int, Passage]) -> None:
        """Keep the texts of passages just written, which saves reading them again."""
        if isinstance(self.encoder, CodeEncoder):
            return  # it reads more than passages
        if len(self._recent) + len(fresh) <= _RECENT_KEPT:
            self._recent.update(fresh)

    def pending(self) -> int:
        """Return how many symbols wait for a vector; 0 where none can be made."""
        if self.encoder is None and not self.awaited:
            return 0
        row = self._db.execute(
            "SELECT count(*) FROM (SELECT DISTINCT f.id, h.position FROM passages p"
            " CROSS JOIN holders h ON h.passage = p.id CROSS JOIN files f ON f.content = h.content"
            " WHERE p.embedded = 0 AND f.session = 0)"
        ).fetchone()
        return int(row[0])

    def waiting(self) -> int:
        """Return how many passages have no vector."""
        row = self._db.execute("SELECT count(*) FROM passages WHERE embedded = 0").fetchone()
        return int(row[0])

    def step(self, interrupted: Callable[[], bool] = lambda: False) -> int:
        """Embed the next passages; return how many, 0 when nothing waits.

        A step takes some 100 ms, so that an edit never waits long; that of a slow encoder ends
        early if something more urgent has come in.
        """
        if self.encoder is None or self.vectors is None:
            return 0
        ids = self._next(self.encoder.chunk * (1 if self.encoder.chunk > CHUNKS else CHUNKS))
        if not ids:
            self._recent.clear()
            return 0
        read = self._texts(ids)
        made = self._encoded(self.encoder, read, interrupted)
        if made:
            self.vectors.upsert(list(made), np.stack(list(made.values())))
        lost = [number for number in ids if number not in read]
        with transaction(self._db):
            self._db.executemany(
                "UPDATE passages SET embedded = 1 WHERE id = ?",
                [(number,) for number in (*made, *lost)],
            )
        self.embedded += len(made)
        return len(made) + len(lost)

    def _next(self, most: int) -> list[int]:
        rows = self._db.execute(
            "SELECT p.id FROM passages p WHERE p.embedded = 0 AND EXISTS"
            " (SELECT 1 FROM holders h JOIN files f ON f.content = h.content"
            " WHERE h.passage = p.id)"
            " ORDER BY p.id DESC LIMIT ?",
            (most,),
        )
        return [row[0] for row in rows.fetchall()]

    def _encoded(
        self, encoder: Encoder, read: dict[int, Text], interrupted: Callable[[], bool]
    ) -> dict[int, NDArray[np.float32]]:
        """Return the vectors of the first texts, of all where there is time."""
        numbers = list(read)
        made: dict[int, NDArray[np.float32]] = {}
        ends = time.monotonic() + STEP_SECONDS
        for start in range(0, len(numbers), encoder.chunk):
            if made and (interrupted() or time.monotonic() > ends):
                break
            chunk = numbers[start : start + encoder.chunk]
            made |= zip(chunk, encode(encoder, [read[at] for at in chunk]), strict=True)
        return made

    def query(self, text: str) -> NDArray[np.float32] | None:
        """Return the vector of a question, None where vectors are not available."""
        return None if self.encoder is None else self.encoder.encode_queries([text])[0]

    def index(self) -> bool:
        """Index the vectors when they have become many; return whether it was done."""
        if self.vectors is None or not self.vectors.wants_index:
            return False
        self.vectors.compact()
        return True

    def maintain(self) -> bool:
        """Keep the vectors small and fast to search; return whether more is to be done."""
        if self.vectors is None:
            return False
        if self.vectors.wants_compaction:
            self.vectors.compact()
            return True
        if self.vectors.wants_cleaning:
            self.vectors.clean()
            return True
        return False

    # --- inside ------------------------------------------------------------------------------

    def _texts(self, ids: Sequence[int]) -> dict[int, Text]:
        """Return the texts of these passages, from memory or made again from their contents."""
        found: dict[int, Text] = {
            number: self._recent.pop(number) for number in ids if number in self._recent
        }
        for number in ids:
            if number not in found:
                found |= self._made_again(number)
        return {number: found[number] for number in ids if number in found}

    def _made_again(self, number: int) -> dict[int, Text]:
        """Return all texts of the content that holds this one: its neighbours wait as well."""
        row = self._db.execute(
            "SELECT c.facts, c.source FROM holders h JOIN contents c ON c.id = h.content"
            " WHERE h.passage = ? LIMIT 1",
            (number,),
        ).fetchone()
        if row is None or self.encoder is None:
            return {}
        source = unpack_source(row[1])
        facts = unpack(row[0], source)
        keys = {passage_key(one): text for one, text in texts(self.encoder, facts, source)}
        found: dict[int, Text] = {}
        for key, each in keys.items():
            known = self._db.execute("SELECT id FROM passages WHERE key = ?", (key,)).fetchone()
            if known is not None:
                found[known[0]] = each
        return found

    def _store_id(self) -> str:
        """Return the name that ties vectors to this database; a rebuilt one has another."""
        row = self._db.execute("SELECT value FROM meta WHERE key = 'store'").fetchone()
        return str(row[0])

    def _take_over(self, encoder: str) -> None:
        """Note whose vectors the flags speak of; those of another encoder do not count."""
        row = self._db.execute("SELECT value FROM meta WHERE key = 'encoder'").fetchone()
        if row is None or row[0] != encoder:
            with transaction(self._db):
                self._db.execute("UPDATE passages SET embedded = 0 WHERE embedded <> 0")
                self._db.execute("INSERT OR REPLACE INTO meta VALUES ('encoder', ?)", (encoder,))

    def _reconcile(self, vectors: Vectors) -> None:
        """Have embedded again what is flagged but has no vector: LanceDB may be gone."""
        row = self._db.execute("SELECT count(*) FROM passages WHERE embedded = 1").fetchone()
        flagged = int(row[0])
        if flagged <= len(vectors):
            return
        present = {int(number) for number in vectors.ids()}
        with transaction(self._db):
            rows = self._db.execute("SELECT id FROM passages WHERE embedded = 1")
            missing = [(row[0],) for row in rows.fetchall() if row[0] not in present]
            self._db.executemany("UPDATE passages SET embedded = 0 WHERE id = ?", missing)
