"""Whether another model finds more than the present one, each with words beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from codearch.embedding.evaluation.exam import ASKED, ranked
from codearch.embedding.evaluation.measures import Figure, figure, gains

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from codearch.embedding.evaluation.judges import Judge
    from codearch.embedding.training.functions import Form, Function

VECTORS_PART = 0.7  # of a score; the rest is the words', as the shipped encoder was measured


class Duel(msgspec.Struct, frozen=True):
    """NDCG@10 of two models with words, and of the second minus the first, question by question.

    Every documented function is asked for by its doc, and again without the words of its name.
    """

    functions: int
    present: Figure
    next: Figure
    difference: Figure

    @property
    def won(self) -> bool:
        """Return whether the next one finds more, and not by chance."""
        return self.difference.low > 0


def duel(words: Judge, present: Judge, next_: Judge, functions: Sequence[Function]) -> Duel | None:
    """Put the same questions to both; None where there are none."""
    first = _gains(_Fused(words, present), functions)
    second = _gains(_Fused(words, next_), functions)
    marks = figure(first), figure(second), figure(second - first)
    if marks[0] is None or marks[1] is None or marks[2] is None:
        return None
    return Duel(len(functions), marks[0], marks[1], marks[2])


def _gains(judge: Judge, functions: Sequence[Function]) -> NDArray[np.float64]:
    asked = [one for one in functions if one.question][:ASKED]
    masked = [one for one in asked if one.masked]
    plain = ranked(judge, functions, asked, [one.question for one in asked])
    hidden = ranked(judge, functions, masked, [one.masked for one in masked])
    return np.concatenate([gains(plain), gains(hidden)])


class _Fused:
    """Words and vectors, each as a share of its best for the question."""

    def __init__(self, words: Judge, vectors: Judge) -> None:
        self._words, self._vectors = words, vectors

    def answers(self, questions: Sequence[str], forms: Sequence[Form]) -> NDArray[np.float32]:
        """Return the scores of forms as answers, shape (questions, forms)."""
        words = _shares(self._words.answers(questions, forms))
        vectors = _shares(self._vectors.answers(questions, forms))
        found: NDArray[np.float32] = VECTORS_PART * vectors + (1 - VECTORS_PART) * words
        return found

    def likeness(self, first: Sequence[Form], second: Sequence[Form]) -> NDArray[np.float32]:
        """Return how alike forms are by their vectors, shape (first, second)."""
        return self._vectors.likeness(first, second)


def _shares(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    best = np.maximum(scores.max(1, keepdims=True), 1e-9)
    found: NDArray[np.float32] = np.maximum(scores, 0) / best
    return found
