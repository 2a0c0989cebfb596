"""A transformer as an encoder: an exported artifact, its vocabulary and a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from codearch.embedding.transformer import artifact as artifacts
from codearch.embedding.transformer.reading import Reader, of_words
from codearch.embedding.transformer.running import Runner
from codearch.embedding.transformer.session import Session, polite_threads
from codearch.embedding.transformer.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from codearch.embedding.transformer.reading import Code
    from codearch.facts import Passage


_TOGETHER = 128  # functions that an accelerator takes some tens of milliseconds for


class TransformerEncoder:
    """Turns functions and questions into unit vectors; a long function's is its windows' mean."""

    def __init__(self, folder: Path, device: str = "auto") -> None:
        """Load an artifact; raises EncoderError that says what is wrong with it."""
        self.artifact = artifacts.read(folder)
        self.id = artifacts.identity(folder, self.artifact)
        self.dimension = self.artifact.dimension
        self.precision = self.artifact.precision
        vocabulary = Vocabulary(folder)
        self._reader = Reader(vocabulary, self.artifact.lengths, self.artifact.around)
        self._session = Session(folder / artifacts.GRAPH, device, polite_threads())
        self._runner = Runner(self._session, vocabulary.special, self.artifact.precision)

    @property
    def chunk(self) -> int:
        """Return how many functions go together: one where no more run at a time anyway."""
        return 1 if self._runner.alone else _TOGETHER

    @property
    def device(self) -> str:
        """Return where it really runs."""
        return self._session.device.name

    @property
    def problem(self) -> str:
        """Say why it runs elsewhere than it should, nothing where it does not."""
        return self._session.problem

    def encode_passages(self, passages: Sequence[Passage]) -> NDArray[np.float32]:
        """Return one unit row a passage, of whose code nothing but its words is known."""
        return self.encode_code([of_words(passage) for passage in passages])

    def encode_code(self, codes: Sequence[Code]) -> NDArray[np.float32]:
        """Return one unit row a function, shape (functions, dimension)."""
        inputs = [self._reader.code(code) for code in codes]
        flat = [one for windows in inputs for one in windows]
        if not flat:
            return np.zeros((0, self.dimension), np.float32)
        rows = self._runner.vectors(flat)
        starts = np.cumsum([0, *(len(windows) for windows in inputs[:-1])])
        return _unit(np.add.reduceat(rows, starts, axis=0))

    def encode_queries(self, queries: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row a question; they go ahead of functions that are being encoded."""
        rows = [self._runner.question(self._reader.question(query)) for query in queries]
        return np.stack(rows) if rows else np.zeros((0, self.dimension), np.float32)


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    found: NDArray[np.float32] = rows / np.maximum(
        np.linalg.norm(rows, axis=1, keepdims=True), 1e-6
    )
    return found
