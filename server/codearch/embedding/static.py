"""A static encoder: a text's vector is the weighted sum of its pieces' vectors, with numpy alone.

The table is int8 with a scale a row. Sums are taken over whole numbers held in float64, which is
exact in whatever order they are added, so that a vector is the same to the bit in every batch, on
every machine and with every BLAS.
"""

from __future__ import annotations

import hashlib
import io
import math
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from codearch.checked import learnt
from codearch.embedding.tokens import NORMALISER, Tokenizer
from codearch.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from codearch.facts import Passage

FORMAT = 2
FILES = ("model.json", "vocabulary.txt", "table.npy", "weights.npy")
FIELDS = ("name", "signature", "doc", "body")
WHOLE = 2.0**30  # weights are whole multiples of the largest weight / WHOLE
REPAIR = "Reinstall the package, or train the model again (models/README.md)."


class Description(msgspec.Struct, frozen=True):
    """What model.json says of an artifact."""

    format: int
    name: str
    dimension: int
    normaliser: int


class StaticEncoder:
    """The encoder that ships. `weights` has a row a piece: one column a field, then the query's."""

    precision = "int8"
    device = "cpu"
    problem = ""
    chunk = 512

    def __init__(
        self,
        name: str,
        tokenizer: Tokenizer,
        table: NDArray[np.int8],
        weights: NDArray[np.float32],
    ) -> None:
        self.id = name
        self.dimension = int(table.shape[1])
        self._tokenizer = tokenizer
        self._table = table
        exact = weights.astype(np.float64)
        scaled = np.rint(exact * (WHOLE / max(float(np.abs(exact).max()), 1e-30)))
        self._weights: list[list[float]] = scaled.T.tolist()

    def encode_passages(self, passages: Sequence[Passage]) -> NDArray[np.float32]:
        """Return one unit row a passage; a passage without words gets the first axis."""
        return self._rows([self._passage_weights(passage) for passage in passages])

    def encode_queries(self, queries: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row a query; a query without words gets the first axis."""
        return self._rows([self._query_weights(query) for query in queries])

    def sums(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return one row a text: its pieces' sum as body and query weigh them, not made a unit."""
        body, query = self._weights[FIELDS.index("body")], self._weights[-1]
        rows = np.zeros((len(texts), self.dimension))
        for number, text in enumerate(texts):
            for piece, count in self._tokenizer.counts(text).items():
                rows[number] += math.sqrt(body[piece] * query[piece]) * count * self._table[piece]
        return rows

    def _passage_weights(self, passage: Passage) -> dict[int, float]:
        """Return how much each piece counts in a passage, over all its fields."""
        found: dict[int, float] = {}
        for field, weights in zip(FIELDS, self._weights, strict=False):
            text = getattr(passage, field)
            if text:
                counts = self._tokenizer.counts(text)
                level = 1 / math.sqrt(max(len(counts), 1)) if field == "body" else 1.0
                _add(found, counts, weights, level)
        return found

    def _query_weights(self, query: str) -> dict[int, float]:
        """Return how much each piece counts in a query."""
        found: dict[int, float] = {}
        _add(found, self._tokenizer.counts(query), self._weights[-1])
        return found

    def _rows(self, weighted: list[dict[int, float]]) -> NDArray[np.float32]:
        """Sum each item's pieces, exactly, and scale the sum to length one."""
        rows = np.zeros((len(weighted), self.dimension), np.float32)
        for row, pieces in zip(rows, weighted, strict=True):
            row[:] = self._unit(pieces)
        return rows

    def _unit(self, pieces: dict[int, float]) -> NDArray[np.float64]:
        count = len(pieces)
        ids = np.fromiter(pieces.keys(), np.intp, count)
        weights = np.fromiter(pieces.values(), np.float64, count)
        total = weights @ self._table[ids].astype(np.float64)
        length = math.sqrt(math.fsum((total * total).tolist())) if count else 0.0
        if length == 0.0:
            total[0] = length = 1.0
        return total / length


def _add(
    found: dict[int, float], counts: dict[int, int], weights: list[float], level: float = 1.0
) -> None:
    """Add a field's part: its weight of each piece times the square root of the count.

    `level` takes out the length of a field, the body's above all.
    """
    for piece, count in counts.items():
        weight = weights[piece] * level
        if count > 1:
            weight *= math.sqrt(count)
        found[piece] = found.get(piece, 0.0) + round(weight)


def load(folder: Path) -> StaticEncoder:
    """Read an artifact; raises EncoderError that names what is missing or does not fit."""
    try:
        contents = {name: (folder / name).read_bytes() for name in FILES}
        description = msgspec.json.decode(contents["model.json"], type=learnt(Description))
        table = np.load(folder / "table.npy", mmap_mode="r", allow_pickle=False)
        weights = np.load(io.BytesIO(contents["weights.npy"]), allow_pickle=False)
        pieces = contents["vocabulary.txt"].decode().splitlines()
    except (OSError, EOFError, ValueError, msgspec.MsgspecError) as error:
        message = f"The embedding model in {folder} cannot be read: {error}."
        raise EncoderError(message, mend=REPAIR) from error
    shapes = (len(pieces), description.dimension), (len(pieces), len(FIELDS) + 1)
    known = (description.format, description.normaliser) == (FORMAT, NORMALISER)
    if not known or (table.shape, weights.shape) != shapes or table.dtype != np.int8:
        message = f"The embedding model in {folder} is not of the form that this version reads."
        raise EncoderError(message, mend=REPAIR)
    parts = [*(contents[name] for name in FILES), f"normaliser {NORMALISER}".encode()]
    digest = hashlib.sha256(b"\0".join(parts)).hexdigest()
    name = f"{description.name}-{digest[:16]}"
    return StaticEncoder(name, Tokenizer(pieces), table, weights)
