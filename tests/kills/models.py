"""A second model, so that one can arrive while the other answers: the shipped one, seen in a mirror.

A setting chooses between them that means nothing to either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from codearch.embedding.chosen import Chosen
from codearch.embedding.shipped import shipped_encoder
from codearch.indexer import workshop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from codearch.embedding.encoder import Encoder
    from codearch.facts import Passage
    from codearch.settings import Settings

KEY, SHIPPED, MIRRORED = "model.device", "auto", "cpu"


class Mirror:
    """Gives the shipped encoder's vectors back to front."""

    precision, device, problem = "float32", "cpu", ""

    def __init__(self) -> None:
        self._inner = shipped_encoder()
        self.id = f"mirrored-{self._inner.id}"
        self.dimension, self.chunk = self._inner.dimension, self._inner.chunk

    def encode_passages(self, passages: Sequence[Passage]) -> NDArray[np.float32]:
        return np.ascontiguousarray(self._inner.encode_passages(passages)[:, ::-1])

    def encode_queries(self, queries: Sequence[str]) -> NDArray[np.float32]:
        return np.ascontiguousarray(self._inner.encode_queries(queries)[:, ::-1])


def offer() -> None:
    """Have the product choose between the two in this process."""
    workshop.chosen_encoder = _chosen
    workshop.encoder_of = _of


def _chosen(settings: Settings) -> Chosen:
    if settings.model.device == MIRRORED:
        return Chosen("mirrored", Mirror())
    return Chosen("static", shipped_encoder())


def _of(identity: str, _name: str, _settings: Settings) -> Encoder | None:
    known: tuple[Encoder, ...] = (shipped_encoder(), Mirror())
    return next((encoder for encoder in known if encoder.id == identity), None)
