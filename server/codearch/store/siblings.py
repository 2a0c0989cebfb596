"""Vectors that another index on this machine has: of a second worktree, a clone, a fork, a copy.

Which roots are kin is not asked of git: whatever holds a passage of the same text has its vector.
The others' indexes are read and never written to, and nothing of theirs is waited for; whatever
fails there, or is just being rewritten, is not known.
"""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, Any

import numpy as np

from codearch.errors import CodearchError, VectorsError
from codearch.settings.folders import ROOT_NOTE
from codearch.store.database import FILE_NAME, connect_reader, translated
from codearch.store.schema import APPLICATION_ID, VERSION
from codearch.store.team.pack import unit_rows
from codearch.store.vectors import OthersVectors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from codearch.store.database import Connection
    from codearch.store.vectors import Vectors

log = logging.getLogger(__name__)

MOST_SIBLINGS = 16  # those written to last
TRIALS = 4  # how often one is asked that never knew anything
_BUSY_MS = 100
_AT_ONCE = 500  # numbers in one statement


class Siblings:
    """The other indexes beside one's own, opened when they are first asked.

    `folder` is one's own in the cache, `vectors` one's own of the encoder, and `reader` names who
    must have read the others' sources, too.
    """

    def __init__(self, folder: Path, vectors: Vectors, reader: str) -> None:
        self._folder = folder
        self._vectors = vectors
        self._reader = reader
        self._open: list[_Sibling] | None = None

    def known(self, keys: Sequence[int]) -> dict[int, NDArray[np.float32]]:
        """Return the vectors that others have, by the keys of their passages; never raises.

        A key is 64 bits of a SHA-256 over the text. Two texts of one key would share a vector, here
        as within one index: among a million passages and as many of others that is expected once
        in 18 million such pairs of indexes.
        """
        if self._open is None:
            self._open = list(self._opened())
        found: dict[int, NDArray[np.float32]] = {}
        for sibling in sorted(self._open, key=lambda one: -one.given):
            missing = [key for key in keys if key not in found]
            if not missing:
                break
            try:
                found |= sibling.known(missing)
            except CodearchError as error:
                log.info("%s gives no vectors: %s", sibling.folder, error.message)
                sibling.useless = True
            if sibling.useless:
                self._open.remove(sibling)
                sibling.close()
        return found

    def close(self) -> None:
        """Let go of all of them; who is asked next is looked for anew."""
        for sibling in self._open or ():
            sibling.close()
        self._open = None

    def _opened(self) -> Iterator[_Sibling]:
        for folder in _others(self._folder):
            try:
                yield _Sibling(folder, self._vectors, self._reader)
            except (CodearchError, OSError) as error:
                log.debug("%s has no vectors for us: %s", folder, error)


class _Sibling:
    """One other index. Raises VectorsError where it is not of our form, StoreError if damaged."""

    def __init__(self, folder: Path, ours: Vectors, reader: str) -> None:
        self.folder = folder
        self.given = 0
        self.useless = False
        self._asked = 0
        self._path = folder / FILE_NAME
        with translated(self._path), contextlib.ExitStack() as opened:
            self._db = connect_reader(self._path)
            opened.callback(self._db.close)
            self._db.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
            store = _store_of(self._db, reader)
            self._vectors = OthersVectors(
                folder / ours.folder.parent.name / store,
                ours.name,
                ours.dimension,
                stored=ours.stored,
            )
            opened.pop_all()

    def known(self, keys: Sequence[int]) -> dict[int, NDArray[np.float32]]:
        """Return the vectors of the passages of these keys, as far as they are there."""
        with translated(self._path):
            ids = dict(self._ids(keys))
        rows = self._vectors.get(list(ids))
        # Numbers of passages are never given twice, so whatever stands under one is of its text.
        found = {
            ids[number]: np.array(row, np.float32)
            for number, row in rows.items()
            if unit_rows(np.asarray(row, np.float32)[None, :])[0]
        }
        self._asked += 1
        self.given += len(found)
        self.useless = not self.given and self._asked >= TRIALS
        return found

    def close(self) -> None:
        """Let go of it."""
        self._db.close()

    def _ids(self, keys: Sequence[int]) -> Iterable[tuple[int, int]]:
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            yield from self._db.execute(
                f"SELECT id, key FROM passages WHERE key IN ({marks})",  # noqa: S608 - marks alone
                some,
            )


def _store_of(connection: Connection, reader: str) -> str:
    """Return the name of an index's vectors; raises VectorsError if it is not of our form."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if (application, version) != (APPLICATION_ID, VERSION):
        message = "It is of another version."
        raise VectorsError(message)
    noted: dict[str, Any] = dict(connection.execute("SELECT key, value FROM meta").fetchall())
    if noted.get("parser") != reader or not noted.get("store"):
        message = "It was read by another version."
        raise VectorsError(message)
    return str(noted["store"])


def _others(own: Path) -> list[Path]:
    """Return the folders of other roots in the cache, those written to last first."""
    found: list[tuple[float, Path]] = []
    with contextlib.suppress(OSError):
        for folder in own.parent.iterdir():
            if folder != own and (folder / ROOT_NOTE).is_file():
                with contextlib.suppress(OSError):
                    found.append(((folder / FILE_NAME).stat().st_mtime, folder))
    return [folder for _, folder in sorted(found, reverse=True)[:MOST_SIBLINGS]]
