"""The interface behind which every embedding model stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

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

    def encode_passages(self, passages: Sequence[Passage]) -> NDArray[np.float32]:
        """Return one unit row a passage, shape (passages, dimension)."""
        ...

    def encode_queries(self, queries: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row a query, shape (queries, dimension)."""
        ...
