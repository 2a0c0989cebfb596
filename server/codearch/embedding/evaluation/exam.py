"""What models are asked: to find functions by their docs, to know copies, to know translations."""

from __future__ import annotations

from collections import defaultdict
from itertools import permutations
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from codearch.embedding.evaluation.judges import Judge
    from codearch.embedding.training.functions import Form, Function

    FormOf = Callable[[Function], Form | None]

ASKED = 300  # questions
COPIED = 300  # functions whose copies are to be known


class Marks(msgspec.Struct, frozen=True, rename="camel"):
    """What a model has got; None where there was nothing to ask.

    ndcg, mrr: of the right function among all, asked by its doc; masked, by the doc without the
    words of the function's name. clone_f1: copies and functions of equal text told from others.
    cross_language: share of the tasks' functions whose nearest of another language is their
    translation; masked, where both have neutral names.
    """

    ndcg: Figure | None
    mrr: Figure | None
    masked_ndcg: Figure | None
    masked_mrr: Figure | None
    clone_f1: Figure | None
    cross_language: Figure | None
    masked_cross_language: Figure | None


def marks(judge: Judge, functions: Sequence[Function], tasks: Sequence[Function] = ()) -> Marks:
    """Put all questions to a model; the same functions give the same questions.

    tasks: functions that are translations of each other where their group is the same.
    """
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
        _translations(judge, tasks, lambda one: one.form),
        _translations(judge, tasks, lambda one: one.copy),
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


def _translations(judge: Judge, tasks: Sequence[Function], form: FormOf) -> Figure | None:
    """Return how often a task's nearest of another language is its translation.

    A task is one case of the bootstrap, over all its ordered pairs of languages.
    """
    held: dict[str, list[tuple[str, Form]]] = defaultdict(list)
    for one in tasks:
        read = form(one)
        if read is not None:
            held[one.language].append((one.group, read))
    found: dict[str, list[bool]] = defaultdict(list)
    for first, second in permutations(held.values(), 2):
        asked = [(task, read) for task, read in first if task in {other for other, _ in second}]
        if not asked:
            continue
        right = np.array([[task == other for other, _ in second] for task, _ in asked])
        scores = judge.likeness([read for _, read in asked], [read for _, read in second])
        for (task, _), rank in zip(asked, ranks(scores, right), strict=True):
            found[task].append(bool(rank == 0))
    return figure(np.array([np.mean(hits) for hits in found.values()]))
