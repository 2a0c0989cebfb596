"""What resolutions asked the workspace: each file's questions in the store, who asked in memory.

On disk a file's questions are one row. Who asked one is only wanted after an edit that other files
can see; then everything is read once, and after that what was resolved since.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

    from codearch.store.database import Connection

_KEY_BYTES = 3  # two keys of one hash resolve a file in vain, and nothing else
_FILE_BITS = np.uint64(32)
_FILE_MASK = np.uint64((1 << 32) - 1)
_MOST_RECENT = 500  # files; beyond, everything is read again when it is next wanted
_ROWS_A_STEP = 1_000


def key_hash(key: str) -> int:
    """Return the 24-bit hash under which a resolution's question is kept."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=_KEY_BYTES).digest(), "little")


def store_asked(connection: Connection, file: int, keys: Iterable[str]) -> None:
    """Store what the resolution of a file asked, in place of what it asked before."""
    packed = b"".join(key_hash(key).to_bytes(_KEY_BYTES, "little") for key in keys)
    connection.execute("DELETE FROM asked WHERE file = ?", (file,))
    connection.execute("INSERT INTO asked (file, keys) VALUES (?, ?)", (file, packed))


class Askers:
    """Which files asked something. It follows the store by itself: rows have growing numbers.

    A file that has not been resolved since it changed is still held for who asked what it did
    before: it waits to be resolved anyhow.
    """

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._read_to = 0
        self._sorted: NDArray[np.uint64] | None = None  # hash and file, in one number
        self._recent: dict[int, frozenset[int]] = {}  # by file, of those that were resolved since

    def of(self, keys: Iterable[str]) -> set[int]:
        """Return the files that asked one of these questions."""
        hashes = {key_hash(key) for key in keys}
        if not hashes:
            return set()
        files = self._before(hashes, self._up_to_date())
        files -= self._recent.keys()
        files |= {file for file, asked in self._recent.items() if not asked.isdisjoint(hashes)}
        return files

    def _before(self, hashes: Collection[int], held: NDArray[np.uint64]) -> set[int]:
        wanted = np.fromiter(hashes, np.uint64, len(hashes)) << _FILE_BITS
        begins = np.searchsorted(held, wanted)
        ends = np.searchsorted(held, wanted | _FILE_MASK, side="right")
        found: set[int] = set()
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
            if begin < end:
                found.update((held[begin:end] & _FILE_MASK).tolist())
        return found

    def _up_to_date(self) -> NDArray[np.uint64]:
        held = self._sorted
        if held is not None:
            rows = self._db.execute(
                "SELECT id, file, keys FROM asked WHERE id > ? ORDER BY id LIMIT ?",
                (self._read_to, _MOST_RECENT + 1),
            ).fetchall()
            if len(rows) + len(self._recent) <= _MOST_RECENT:
                for number, file, packed in rows:
                    self._recent[file] = frozenset(_unpacked(packed).tolist())
                    self._read_to = number
                return held
        held = self._sorted = self._read_all()
        return held

    def _read_all(self) -> NDArray[np.uint64]:
        self._recent.clear()
        (size,) = self._db.execute("SELECT coalesce(sum(length(keys)), 0) FROM asked").fetchone()
        held = np.empty(size // _KEY_BYTES, np.uint64)
        at = 0
        cursor = self._db.execute("SELECT id, file, keys FROM asked ORDER BY id")
        while rows := cursor.fetchmany(_ROWS_A_STEP):
            for number, file, packed in rows:
                asked = _unpacked(packed)
                end = at + len(asked)
                held[at:end] = (asked.astype(np.uint64) << _FILE_BITS) | np.uint64(file)
                at = end
                self._read_to = number
        held.sort()
        return held


def _unpacked(packed: bytes) -> NDArray[np.uint32]:
    wide = np.zeros((len(packed) // _KEY_BYTES, 4), np.uint8)
    wide[:, :_KEY_BYTES] = np.frombuffer(packed, np.uint8).reshape(-1, _KEY_BYTES)
    return wide.view("<u4")[:, 0]
