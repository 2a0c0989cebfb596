"""The one door to LanceDB: a table of passage vectors for each encoder, searched by cosine."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from codearch.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

FLAT_ROWS = 10_000  # up to here a flat search takes some 10 ms; above, an index pays
COMMITS_BEFORE_COMPACTION = 50
_KEEP_VERSIONS = timedelta(minutes=2)
_READERS_SECONDS = 10.0  # longer than any search reads one version


@contextlib.contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except (RuntimeError, ValueError, OSError) as error:
        message = f"The vectors in {path} cannot be used: {error}."
        raise StoreError(message, mend="They are made anew from the index.") from error


class Vectors:
    """The vectors of one encoder. Only the indexer holds one; reads are safe from any thread."""

    def __init__(self, folder: Path, name: str, dimension: int) -> None:
        os.environ.setdefault("LANCEDB_LOG", "error")
        os.environ.setdefault("LANCE_LOG", "error")
        import lancedb  # noqa: PLC0415 - 1.5 s and 100 MB that words alone need not pay
        import pyarrow as pa  # noqa: PLC0415

        self.folder = folder
        self.dimension = dimension
        self._pa = pa
        self._schema = pa.schema(
            [pa.field("id", pa.int64()), pa.field("vector", pa.list_(pa.float32(), dimension))]
        )
        folder.mkdir(parents=True, exist_ok=True)
        with _translated(folder):
            self._connection: Any = lancedb.connect(str(folder))
            self._table: Any = self._connection.create_table(
                name, schema=self._schema, exist_ok=True
            )
        self._commits = 0
        self._compacted_at: float | None = None
        self._indexed = bool(self._table.list_indices())

    def __len__(self) -> int:
        with _translated(self.folder):
            return int(self._table.count_rows())

    def ids(self) -> NDArray[np.int64]:
        """Return the passage ids that have a vector."""
        with _translated(self.folder):
            found = self._table.search().select(["id"]).limit(max(len(self), 1)).to_arrow()
        ids: NDArray[np.int64] = found.column("id").to_numpy()
        return ids

    def upsert(self, ids: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Write the vectors of these passages, replacing any of the same id."""
        pa = self._pa
        flat = pa.array(np.ascontiguousarray(vectors, dtype=np.float32).ravel())
        rows = pa.Table.from_arrays(
            [pa.array(ids, pa.int64()), pa.FixedSizeListArray.from_arrays(flat, self.dimension)],
            schema=self._schema,
        )
        with _translated(self.folder):
            self._table.merge_insert(
                "id"
            ).when_matched_update_all().when_not_matched_insert_all().execute(rows)
        self._commits += 1

    def delete(self, ids: Sequence[int]) -> None:
        """Forget these passages' vectors."""
        if not ids:
            return
        with _translated(self.folder):
            self._table.delete(f"id IN ({','.join(str(int(number)) for number in ids)})")
        self._commits += 1

    def search(self, query: NDArray[np.float32], limit: int) -> list[tuple[int, float]]:
        """Return (passage id, cosine similarity) of the nearest passages, nearest first."""
        with _translated(self.folder):
            request = self._table.search(query.astype(np.float32)).distance_type("cosine")
            if self._indexed:
                # The exact distance of what the eight bits found: 0.988 of the true nearest 200.
                request = request.nprobes(20).refine_factor(1)
            found = request.select(["id", "_distance"]).limit(limit).to_arrow()
        ids = found.column("id").to_pylist()
        distances = found.column("_distance").to_pylist()
        return [(number, 1.0 - distance) for number, distance in zip(ids, distances, strict=True)]

    def get(self, ids: Sequence[int]) -> dict[int, NDArray[np.float32]]:
        """Return the vectors of these passages, as far as they are there."""
        if not ids:
            return {}
        wanted = ",".join(str(int(number)) for number in ids)
        with _translated(self.folder):
            found = self._table.search().where(f"id IN ({wanted})").limit(len(ids)).to_arrow()
        column = found.column("vector").combine_chunks()
        matrix = np.asarray(column.flatten()).reshape(-1, self.dimension)
        return dict(zip(found.column("id").to_pylist(), matrix, strict=True))

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
        with _translated(self.folder):
            self._table.optimize(
                cleanup_older_than=timedelta(seconds=_READERS_SECONDS / 2), delete_unverified=False
            )
        self._compacted_at = None
        return True

    def compact(self) -> None:
        """Merge small fragments, drop old versions, and keep the index fit for the table's size."""
        with _translated(self.folder):
            rows = self._table.count_rows()
            if rows > FLAT_ROWS and not self._indexed:
                self._table.create_index(
                    metric="cosine",
                    index_type="IVF_SQ",
                    num_partitions=max(1, int(rows**0.5)),
                    vector_column_name="vector",
                )
                self._indexed = True
            self._table.optimize(cleanup_older_than=_KEEP_VERSIONS, delete_unverified=False)
        self._compacted_at = time.monotonic()
        self._commits = 0


def drop(folder: Path) -> None:
    """Delete all vectors below a folder; they can be made again."""
    shutil.rmtree(folder, ignore_errors=True)
