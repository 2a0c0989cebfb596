"""Figures of a ranking and of a threshold, each with an interval that says how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

DEPTH = 10
RESAMPLED = 1_000
CONFIDENCE = 0.95
_SEED = 20_260_101


class Figure(msgspec.Struct, frozen=True):
    """A mean over `count` cases, and between what it lies in 95 % of resamplings."""

    value: float
    low: float
    high: float
    count: int


def figure(
    cases: NDArray[np.float64],
    of: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None,
) -> Figure | None:
    """Return the figure of cases with its bootstrap interval (Efron, 1979); None of no cases.

    cases: one row a case. `of` gives the figure of resampled cases, shape (resamplings, cases,
    ...), for each resampling; the mean unless told.
    """
    if not len(cases):
        return None
    measured = of or _means
    chance = np.random.default_rng(_SEED)
    found = [
        float(measured(cases[chance.integers(0, len(cases), len(cases))][None])[0])
        for _ in range(RESAMPLED)
    ]
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(found, [tail, 1 - tail])
    return Figure(float(measured(cases[None])[0]), float(low), float(high), len(cases))


def _means(cases: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = cases.mean(1)
    return found


def ranks(scores: NDArray[np.float32], right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return from 0 the rank of each row's best right one among the wrong ones.

    scores, right: (questions, candidates); of wrong ones that score the same, half are ahead.
    """
    best = np.where(right, scores, -np.inf).max(1, keepdims=True)
    ahead = ((scores > best) & ~right).sum(1)
    beside = ((scores == best) & ~right).sum(1)
    found: NDArray[np.float64] = ahead + beside / 2
    return found


def gains(ranked: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return NDCG@10 of each rank, where one answer is right (Järvelin and Kekäläinen, 2002)."""
    return np.where(ranked < DEPTH, 1 / np.log2(ranked + 2), 0.0)


def reciprocals(ranked: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the reciprocal of each rank counted from 1."""
    found: NDArray[np.float64] = 1 / (ranked + 1)
    return found


def threshold(scores: NDArray[np.float32], right: NDArray[np.bool_]) -> float:
    """Return the lowest score that is to be taken for alike so that F1 is best."""
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    found = right[order].cumsum()
    f1 = 2 * found / (np.arange(1, len(order) + 1) + right.sum())
    ends = np.append(ordered[1:] != ordered[:-1], True)  # equal scores are taken together
    return float(ordered[np.where(ends, f1, -1.0).argmax()])


def f1(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return F1 of the sums of found, missed and wrongly taken, shape (resamplings, cases, 3)."""
    found, missed, wrong = np.moveaxis(counts.sum(1), -1, 0)
    whole = 2 * found + missed + wrong
    share: NDArray[np.float64] = 2 * found / np.maximum(whole, 1)
    return share
