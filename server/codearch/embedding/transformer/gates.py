"""What an exported graph must show before it is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from codearch.embedding.transformer.artifact import Gate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MOST_DIFFERENCE = 1e-4  # of any number of a unit vector, float32 against PyTorch
MOST_RANKING_LOSS = 0.01  # of NDCG@10, against float32
DEPTH = 10


def parity(expected: NDArray[np.float32], found: NDArray[np.float32]) -> Gate:
    """Compare a float32 graph's vectors with PyTorch's."""
    return Gate("parity", float(np.abs(expected - found).max()), MOST_DIFFERENCE, at_most=True)


def finite(found: NDArray[np.float32]) -> Gate:
    """Count what is no number in the vectors of the empty, the shortest and the longest input."""
    return Gate("not finite", float((~np.isfinite(found)).sum()), 0.0, at_most=True)


def ranking(reference: float, found: float) -> Gate:
    """Compare the ranking of a smaller graph with that of float32."""
    return Gate("ranking loss", round(reference - found, 6), MOST_RANKING_LOSS, at_most=True)


def ndcg(
    queries: NDArray[np.float32], candidates: NDArray[np.float32], right: Sequence[int]
) -> float:
    """Return the mean NDCG@10 where each query has one right candidate.

    Candidates that score alike count as ranked before the right one.
    """
    scores = queries @ candidates.T
    own = scores[np.arange(len(right)), right]
    ranks = (scores >= own[:, None]).sum(1)
    gains = np.where(ranks <= DEPTH, 1 / np.log2(ranks + 1), 0.0)
    return float(gains.mean())
