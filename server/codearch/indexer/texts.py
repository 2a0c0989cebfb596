"""What an encoder reads of passages: kept from their parsing, or made again from their contents."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from codearch.embedding.encoder import CodeEncoder
from codearch.embedding.texts import encode, texts
from codearch.facts import Passage
from codearch.index.prepare import passage_key
from codearch.index.unpacking import read_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from codearch.embedding.encoder import Encoder
    from codearch.embedding.texts import Text
    from codearch.store.database import Connection

LEAST = 32  # texts in one step: each costs a commit of vectors
STEP_SECONDS = 1.0  # after which a step ends where a slow encoder is, so that what it made is kept
_KEPT = 100_000  # passages: about as many bytes as their sources
_MANY = 20_000  # passages, some 20 MB: then they are embedded before more is read


class Texts:
    """Gives the texts of passages by their numbers."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._recent: dict[int, Passage] = {}

    def keep(self, fresh: dict[int, Passage]) -> None:
        """Keep passages just written, which saves making them again."""
        if len(self._recent) + len(fresh) <= _KEPT:
            self._recent.update(fresh)

    @property
    def many(self) -> bool:
        """Whether passages take so much memory that they should be embedded soon."""
        return len(self._recent) > _MANY

    def forget(self) -> None:
        """Forget the passages that were kept."""
        self._recent.clear()

    def read(self, encoder: Encoder, ids: Sequence[int]) -> dict[int, Text]:
        """Return what this encoder reads of passages, as far as a content still holds them."""
        found: dict[int, Text] = {}
        if not isinstance(encoder, CodeEncoder):  # it reads more than passages
            found.update((one, self._recent.pop(one)) for one in ids if one in self._recent)
        for number in ids:
            if number not in found:
                found |= self._around(encoder, number)
        return {number: found[number] for number in ids if number in found}

    def put_back(self, read: dict[int, Text]) -> None:
        """Keep texts that were read too early, where reading them again would cost something."""
        self.keep({at: text for at, text in read.items() if isinstance(text, Passage)})

    def _around(self, encoder: Encoder, number: int) -> dict[int, Text]:
        """Return all texts of the content that holds this one: its neighbours wait as well."""
        row = self._db.execute(
            "SELECT content FROM holders WHERE passage = ? LIMIT 1", (number,)
        ).fetchone()
        if row is None:
            return {}
        read = texts(encoder, *read_facts(self._db, row[0]))
        keys = {passage_key(passage): text for passage, text in read}
        found: dict[int, Text] = {}
        for key, each in keys.items():
            known = self._db.execute("SELECT id FROM passages WHERE key = ?", (key,)).fetchone()
            if known is not None:
                found[known[0]] = each
        return found


def at_once(encoder: Encoder) -> int:
    """Return how many texts one step takes: some 100 ms of a fast encoder, more of a slow one."""
    return max(encoder.chunk, LEAST)


def encoded(
    encoder: Encoder, read: dict[int, Text], interrupted: Callable[[], bool]
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
