"""What models are asked: to find functions by their docs, to know copies, to know translations."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from codearch.embedding.evaluation.measures import (
    Figure,
    f1,
    figure,
    gains,
    ranks,
    reciprocals,
    threshold,
)
from codearch.text import split_identifier, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from codearch.embedding.evaluation.judges import Judge
    from codearch.embedding.training.functions import Form, Function

ASKED = 300  # questions
COPIED = 300  # functions whose copies are to be known
Key = tuple[tuple[str, ...], tuple[str, ...]]  # words of a name and of a doc


class Marks(msgspec.Struct, frozen=True, rename="camel"):
    """What a model has got; None where there was nothing to ask.

    ndcg, mrr: of the right function among all, asked by its doc; masked, by the doc without the
    words of the function's name. clone_f1: copies and functions of equal text told from others.
    cross_language: share of functions whose translation is the nearest of its language.
    """

    ndcg: Figure | None
    mrr: Figure | None
    masked_ndcg: Figure | None
    masked_mrr: Figure | None
    clone_f1: Figure | None
    cross_language: Figure | None


def marks(judge: Judge, functions: Sequence[Function]) -> Marks:
    """Put all questions to a model; the same functions give the same questions."""
    asked = [one for one in functions if one.question][:ASKED]
    masked = [one for one in asked if one.masked]
    plain = ranked(judge, functions, asked, [one.question for one in asked])
    hidden = ranked(judge, functions, masked, [one.masked for one in masked])
    return Marks(
        figure(gains(plain)),
        figure(reciprocals(plain)),
        figure(gains(hidden)),
        figure(reciprocals(hidden)),
        _clones(judge, functions),
        _translations(judge, functions),
    )


def ranked(
    judge: Judge, functions: Sequence[Function], asked: Sequence[Function], questions: list[str]
) -> NDArray[np.float64]:
    """Return the rank of each function's best right answer; what is alike is as right as itself."""
    if not asked:
        return np.zeros(0)
    bodies, docs = (
        _numbers([one.body for one in functions]),
        _numbers([d.question for d in functions]),
    )
    place = {id(one): at for at, one in enumerate(functions)}
    rows = np.array([place[id(one)] for one in asked])
    right = (bodies[rows][:, None] == bodies) | (docs[rows][:, None] == docs)
    return ranks(judge.answers(questions, [one.form for one in functions]), right)


def _numbers(labels: Sequence[str]) -> NDArray[np.int64]:
    """Return the same number for the same label; each empty one has its own."""
    known: dict[str, int] = {}
    found = [known.setdefault(label or f"\0{at}", len(known)) for at, label in enumerate(labels)]
    return np.array(found, np.int64)


def _clones(judge: Judge, functions: Sequence[Function]) -> Figure | None:
    """Return F1 of copies and of functions of equal text among all pairs.

    The threshold is chosen on one half of the functions and tried on the other.
    """
    pairs = [(one, one.copy) for one in functions if one.copy is not None][:COPIED]
    if len(pairs) < 2:
        return None
    forms = [one.form for one, _ in pairs]
    copies = [copy for _, copy in pairs]
    bodies = _numbers([one.body for one, _ in pairs])
    alike = np.hstack([bodies[:, None] == bodies] * 2)
    scores = judge.likeness(forms, [*copies, *forms])
    asked = np.ones_like(alike)
    asked[:, len(pairs) :][np.eye(len(pairs), dtype=bool)] = False  # nobody asks for itself
    chosen, tried = slice(0, None, 2), slice(1, None, 2)
    least = threshold(scores[chosen][asked[chosen]], alike[chosen][asked[chosen]])
    taken = (scores[tried] >= least) & asked[tried]
    right = alike[tried] & asked[tried]
    counts = [(taken & right).sum(1), (~taken & right).sum(1), (taken & ~right).sum(1)]
    return figure(np.stack(counts, 1).astype(np.float64), f1)


class _Crossing(NamedTuple):
    """Functions of one language with the words that name them, and those of another."""

    first: list[Form]
    second: list[Form]
    right: NDArray[np.bool_]


def _translations(judge: Judge, functions: Sequence[Function]) -> Figure | None:
    found: list[NDArray[np.bool_]] = []
    for crossing in _crossings(functions):
        ranked = ranks(judge.likeness(crossing.first, crossing.second), crossing.right)
        found.append(ranked == 0)
    return figure(np.concatenate(found).astype(np.float64)) if found else None


def _crossings(functions: Sequence[Function]) -> Iterator[_Crossing]:
    """Yield each pair of languages in which functions have the same name and doc, word by word."""
    held: dict[str, list[tuple[Key, Form]]] = defaultdict(list)
    for one in functions:
        key = (tuple(split_identifier(one.name)), tuple(words(one.question)))
        held[one.language].append((key, one.form))
    for language, own in sorted(held.items()):
        for other, theirs in sorted(held.items()):
            keys = {key for key, _ in theirs if key[1]}
            shared = [(key, form) for key, form in own if key in keys]
            if language != other and shared:
                right = [[key == each for each, _ in theirs] for key, _ in shared]
                yield _Crossing(
                    [form for _, form in shared], [form for _, form in theirs], np.array(right)
                )
