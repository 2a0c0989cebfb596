"""The one door to LanceDB: a table of passage vectors for each encoder, searched by cosine."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import functools
import os
import re
import shutil
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from codearch.errors import StoreError, VectorsError
from codearch.store.database import NO_ROOM

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from numpy.typing import NDArray

Stored: TypeAlias = Literal["float32", "float16"]

FLAT_ROWS = 10_000  # up to here a flat search takes some 10 ms; above, an index pays
COMMITS_BEFORE_COMPACTION = 50
# Of the index's parts: more rounds, on more vectors a part, find no more (docs/decisions.md).
_TRAINING_ROUNDS, _TRAINED_ON = 10, 32
_TABLE_SUFFIX = ".lance"  # of the folder that holds a table
_READERS_SECONDS = 10.0  # longer than any search reads one version
_NO_ROOM = frozenset(  # in the words of Unix and of Windows
    {errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE, errno.EROFS, errno.EACCES, 4, 112}
)


@contextlib.contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except (RuntimeError, ValueError, OSError) as error:
        # LanceDB ends its sentences with the place in its own source, on the machine that built it.
        reason = re.sub(r",?\s*\S+\.rs:\d+(:\d+)?", "", str(error)).partition("\n")[0].strip(" .")
        if _wants_room(str(error)):
            message = f"The vectors in {path} cannot be written or read: {reason}."
            raise StoreError(message, mend=NO_ROOM) from error
        message = f"The vectors in {path} cannot be used: {reason}."
        raise VectorsError(message, mend="They are made anew from the index.") from error


def _wants_room(said: str) -> bool:
    """Say whether LanceDB lacks room, handles or leave to write, so that nothing is lost."""
    code = re.search(r"\(os error (\d+)\)", said)
    return code is not None and int(code[1]) in _NO_ROOM


@functools.cache
def _loop() -> asyncio.AbstractEventLoop:
    """Return the loop that LanceDB's answers come in on, running for as long as the process."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="codearch-vectors", daemon=True).start()
    return loop


def _begun(work: Coroutine[Any, Any, Any]) -> Future[Any]:
    return asyncio.run_coroutine_threadsafe(work, _loop())


class Vectors:
    """The vectors of one encoder. Only the indexer holds one; reads are safe from any thread.

    LanceDB is used by its asynchronous interface: a search crosses between threads once, where the
    other interface does six times.
    """

    def __init__(
        self, folder: Path, name: str, dimension: int, *, stored: Stored = "float32"
    ) -> None:
        """Open the table of a name, or make it; `stored` is what its numbers take on disk.

        A table holds one kind of numbers: one of another kind is changed on the spot, so that no
        second one lies beside it and grows old. What was float32 is rounded; what was float16
        cannot be made exact again, so that such a table becomes empty.
        """
        os.environ.setdefault("LANCEDB_LOG", "error")
        os.environ.setdefault("LANCE_LOG", "error")
        import lancedb  # noqa: PLC0415 - 1.5 s and 100 MB that words alone need not pay
        import pyarrow as pa  # noqa: PLC0415

        self.folder = folder
        self.name = name
        self.dimension = dimension
        self._pa = pa
        self._numbers = np.dtype(stored)
        kind = pa.list_(pa.from_numpy_dtype(self._numbers), dimension)
        self._schema = pa.schema([pa.field("id", pa.int64()), pa.field("vector", kind)])
        self._replaced = folder / f"{name}.replaced"
        self._compacted_at: float | None = None
        if self._replaced.exists():  # by a process that ended before the room could be freed
            since = max(
                0.0, time.time() - self._replaced.stat().st_mtime
            )  # a clock may be set back
            self._compacted_at = time.monotonic() - since
        folder.mkdir(parents=True, exist_ok=True)
        with _translated(folder):
            self._table: Any = _begun(self._opened(lancedb, name)).result()
            self._indexed = bool(_begun(self._table.list_indices()).result())
        self._commits = 0 if self._indexed else 1  # a kill may have prevented the index

    async def _opened(self, lancedb: Any, name: str) -> Any:
        connection = await lancedb.connect_async(str(self.folder))
        try:
            table = await connection.open_table(name)
        except ValueError:  # there is none
            return await connection.create_table(name, schema=self._schema, exist_ok=True)
        if (await table.schema()).equals(self._schema):
            return table
        rows = await self._rounded(table)
        self._replaced.touch()
        # One commit: a crash leaves either the old table or the new one.
        table = await connection.create_table(name, rows, schema=self._schema, mode="overwrite")
        self._commits, self._compacted_at = 1, time.monotonic()  # it wants an index and a cleaning
        return table

    async def _rounded(self, table: Any) -> Any:
        """Return the rows of a table of wider numbers, none of one of narrower ones."""
        batches = []
        if self._numbers == np.float16:
            async for batch in await table.query().to_batches():
                part = self._pa.Table.from_batches([batch])
                ids = part.column("id").to_numpy()
                batches += self._rows(ids, _matrix(part, self.dimension)).to_batches()
        return self._pa.Table.from_batches(batches, schema=self._schema)

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Wait for what a piece of work gives; raises VectorsError where LanceDB fails."""
        with _translated(self.folder):
            return _begun(work).result()

    def __len__(self) -> int:
        return int(self._do(self._table.count_rows()))

    def ids(self) -> NDArray[np.int64]:
        """Return the passage ids that have a vector."""
        found = self._do(self._table.query().select(["id"]).limit(max(len(self), 1)).to_arrow())
        ids: NDArray[np.int64] = found.column("id").to_numpy()
        return ids

    def upsert(self, ids: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Write the vectors of these passages, replacing any of the same id."""
        rows = self._rows(ids, vectors)
        merge = self._table.merge_insert("id")
        self._do(merge.when_matched_update_all().when_not_matched_insert_all().execute(rows))
        self._commits += 1

    def _rows(self, ids: Sequence[int] | NDArray[np.int64], vectors: NDArray[np.float32]) -> Any:
        """Return a table of Arrow's, with numbers as they are stored."""
        pa = self._pa
        flat = pa.array(np.ascontiguousarray(vectors, dtype=self._numbers).ravel())
        return pa.Table.from_arrays(
            [pa.array(ids, pa.int64()), pa.FixedSizeListArray.from_arrays(flat, self.dimension)],
            schema=self._schema,
        )

    def delete(self, ids: Sequence[int]) -> None:
        """Forget these passages' vectors."""
        if not ids:
            return
        self._do(self._table.delete(f"id IN ({','.join(str(int(number)) for number in ids)})"))
        self._commits += 1

    def search(self, query: NDArray[np.float32], limit: int) -> list[tuple[int, float]]:
        """Return (passage id, cosine similarity) of the nearest passages, nearest first."""
        return self.begin_search(query, limit)()

    def begin_search(
        self, query: NDArray[np.float32], limit: int
    ) -> Callable[[], list[tuple[int, float]]]:
        """Begin to search; what this returns waits for the answer of `search`."""
        request = self._table.query().nearest_to(query.astype(np.float32)).distance_type("cosine")
        if self._indexed:
            # The exact distance of what the eight bits found: 0.988 of the true nearest 200.
            request = request.nprobes(20).refine_factor(1)
        future = _begun(request.select(["id", "_distance"]).limit(limit).to_arrow())

        def answer() -> list[tuple[int, float]]:
            with _translated(self.folder):
                found = future.result()
            ids = found.column("id").to_pylist()
            distances = found.column("_distance").to_pylist()
            return [
                (number, 1.0 - distance) for number, distance in zip(ids, distances, strict=True)
            ]

        return answer

    def get(self, ids: Sequence[int]) -> dict[int, NDArray[np.float32]]:
        """Return the vectors of these passages, as far as they are there."""
        with _translated(self.folder):
            return _of(self._table, ids, self.dimension)

    @property
    def stored(self) -> Stored:
        """What the numbers take on disk."""
        return "float16" if self._numbers == np.float16 else "float32"

    @property
    def wants_index(self) -> bool:
        """Whether so many rows have gathered that flat searches take long."""
        return not self._indexed and self._commits > 0 and len(self) > FLAT_ROWS

    @property
    def wants_compaction(self) -> bool:
        """Whether enough small commits have gathered for `compact` to pay."""
        return self._commits >= COMMITS_BEFORE_COMPACTION

    @property
    def wants_cleaning(self) -> bool:
        """Whether versions that the last compaction replaced still take room."""
        return self._compacted_at is not None

    def clean(self) -> bool:
        """Forget replaced versions once no search can be reading them; return whether it did."""
        if self._compacted_at is None or time.monotonic() - self._compacted_at < _READERS_SECONDS:
            return False
        kept = timedelta(seconds=_READERS_SECONDS / 2)
        self._do(self._table.optimize(cleanup_older_than=kept, delete_unverified=False))
        self._compacted_at = None
        self._replaced.unlink(missing_ok=True)
        return True

    def compact(self, *, growing: bool = False) -> None:
        """Merge small fragments, drop old versions, and keep the index fit for the table's size.

        A table that is `growing` gets its index when it has grown: its parts are for one size.
        """
        rows = len(self)
        if rows > FLAT_ROWS and not self._indexed and not growing:
            from lancedb.index import IvfSq  # noqa: PLC0415 - as above

            kind = IvfSq(
                distance_type="cosine",
                num_partitions=max(1, int(rows**0.5)),
                max_iterations=_TRAINING_ROUNDS,
                sample_rate=_TRAINED_ON,
            )
            self._do(self._table.create_index("vector", config=kind))
            self._indexed = True
        kept = timedelta(seconds=_READERS_SECONDS)
        self._do(self._table.optimize(cleanup_older_than=kept, delete_unverified=False))
        self._compacted_at = time.monotonic()
        self._commits = 0


def drop_table(folder: Path, name: str) -> None:
    """Delete the table of a name; another can be made in its place."""
    shutil.rmtree(folder / f"{name}{_TABLE_SUFFIX}", ignore_errors=True)


def drop_others(folder: Path, names: Iterable[str]) -> None:
    """Delete the tables in a folder but for those of these names."""
    kept = {f"{name}{_TABLE_SUFFIX}" for name in names}
    for table in folder.glob(f"*{_TABLE_SUFFIX}"):
        if table.name not in kept:
            shutil.rmtree(table, ignore_errors=True)


def _matrix(found: Any, dimension: int) -> NDArray[np.float32]:
    """Return the vectors of a table of Arrow's, one row each."""
    column = found.column("vector").combine_chunks()
    return np.asarray(column.flatten()).astype(np.float32).reshape(-1, dimension)


class OthersVectors:
    """The vectors that another index has of an encoder: read, and never written to."""

    def __init__(self, folder: Path, name: str, dimension: int, *, stored: Stored) -> None:
        """Open a table; raises VectorsError where there is none as exact as `stored`."""
        import lancedb  # noqa: PLC0415 - as above
        import pyarrow as pa  # noqa: PLC0415

        self._folder = folder
        self._dimension = dimension
        with _translated(folder):
            if not folder.is_dir():  # LanceDB would make it
                message = "there are none"
                raise FileNotFoundError(message)
            connection = lancedb.connect_async(str(folder), read_consistency_interval=timedelta(0))
            self._table: Any = _begun(_existing(connection, name)).result()
            schema = _begun(self._table.schema()).result()
            kind = dict(zip(schema.names, schema.types, strict=True)).get("vector")
            exact = (pa.from_numpy_dtype(np.dtype(one)) for one in ("float32", stored))
            if kind not in [pa.list_(each, dimension) for each in exact]:
                message = f"they are {kind}"
                raise ValueError(message)

    def get(self, ids: Sequence[int]) -> dict[int, NDArray[np.float32]]:
        """Return the vectors of these passages, as far as they are there."""
        with _translated(self._folder):
            return _of(self._table, ids, self._dimension)


async def _existing(connecting: Any, name: str) -> Any:
    return await (await connecting).open_table(name)


def _of(table: Any, ids: Sequence[int], dimension: int) -> dict[int, NDArray[np.float32]]:
    """Return the vectors under these numbers in a table."""
    if not ids:
        return {}
    wanted = ",".join(str(int(number)) for number in ids)
    asked = table.query().where(f"id IN ({wanted})").limit(len(ids)).to_arrow()
    found = _begun(asked).result()
    return dict(zip(found.column("id").to_pylist(), _matrix(found, dimension), strict=True))


def drop_other_stores(folder: Path, store: str) -> None:
    """Delete what a killed process has left of the vectors of other databases than the present."""
    with contextlib.suppress(OSError):
        for left in list(folder.iterdir()):
            if left.name != store:
                shutil.rmtree(left, ignore_errors=True)


def drop(folder: Path) -> None:
    """Delete all vectors below a folder; they can be made again."""
    shutil.rmtree(folder, ignore_errors=True)
