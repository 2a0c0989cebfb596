"""The interface behind which every embedding model stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from codearch.embedding.transformer.reading import Code
    from codearch.facts import Passage


class Encoder(Protocol):
    """Turns passages and questions into unit vectors whose dot product says how well they fit.

    The same text gives the same vector to the bit, alone or in any batch.
    """

    @property
    def id(self) -> str:
        """Name everything that shapes a vector: artifact, tokenizer, normaliser, precision."""
        ...

    @property
    def dimension(self) -> int:
        """Return how many numbers a vector has."""
        ...

    @property
    def precision(self) -> str:
        """Return what its weights are held in: int8, float16, float32."""
        ...

    @property
    def device(self) -> str:
        """Return where it really runs."""
        ...

    @property
    def problem(self) -> str:
        """Say why it does not run where it should, nothing where it does."""
        ...

    @property
    def chunk(self) -> int:
        """Return how many passages take some tens of milliseconds."""
        ...

    def encode_passages(self, passages: Sequence[Passage]) -> NDArray[np.float32]:
        """Return one unit row a passage, shape (passages, dimension)."""
        ...

    def encode_queries(self, queries: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row a query, shape (queries, dimension)."""
        ...


@runtime_checkable
class CodeEncoder(Encoder, Protocol):
    """An encoder that reads more of a function than its passage: its words and its data flow."""

    def encode_code(self, codes: Sequence[Code]) -> NDArray[np.float32]:
        """Return one unit row a function, shape (functions, dimension)."""
        ...
