"""Functions as a network takes them, and which of them make a batch: told by seed and step alone.

Nothing random is remembered from one step to the next, so that a training that goes on from a
checkpoint meets the batches that an uninterrupted one meets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from codearch.embedding.transformer.reading import Code, Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from codearch.embedding.training.functions import Function
    from codearch.embedding.training.plan import Plan
    from codearch.embedding.transformer.inputs import GraphInput, Special
    from codearch.embedding.transformer.vocabulary import Vocabulary

Around = tuple[list[str], list[str]]


class Lesson(NamedTuple):
    """One function as inputs; `body` and `doc` are the same number where they are equal."""

    code: GraphInput
    question: GraphInput | None
    views: tuple[GraphInput, ...]
    body: int
    doc: int  # -1 without a question


class Lessons(NamedTuple):
    """What is trained on, and what it is measured on: pairs of questions and code."""

    training: list[Lesson]
    development: list[Lesson]
    special: Special


class Turn(NamedTuple):
    """The batch of one step: lessons, and two views of each."""

    lessons: list[Lesson]
    first: list[GraphInput]
    second: list[GraphInput]


def lessons(
    parts: tuple[Sequence[Function], Sequence[Function]],
    vocabulary: Vocabulary,
    around: Around,
    plan: Plan,
    told: Callable[[int, int], None],
) -> Lessons:
    """Return the training and the development part as inputs; of the latter what has a question.

    What stands in both parts, in whatever names, is left out of development. A view that shows
    nothing, such as the data flow of a function without variables, is left out of its function.
    """
    training, development = parts
    reader = Reader(vocabulary, plan.lengths, around)
    looking = Reader(vocabulary, plan.view_lengths, around)
    bodies: dict[str, int] = {}
    docs: dict[str, int] = {}
    known = {one.body for one in training}
    measured = [one for one in development if one.question and one.body not in known]
    found: list[Lesson] = []
    total = len(training) + len(measured)
    for one in (*training, *measured):
        question = reader.question(one.question) if one.question else None
        found.append(
            Lesson(
                reader.code(one.form.code)[0],
                question,
                tuple(looking.code(Code(view))[0] for view in one.views if view),
                bodies.setdefault(one.body, len(bodies)),
                docs.setdefault(one.question, len(docs)) if one.question else -1,
            )
        )
        told(len(found), total)
    count = len(training)
    return Lessons(found[:count], found[count:], vocabulary.special)


def turn(training: Sequence[Lesson], plan: Plan, step: int) -> Turn:
    """Return the batch of a step: the next part of the epoch's order, and two views by chance."""
    size = min(plan.batch, len(training))
    of_epoch = len(training) // size
    epoch, number = divmod(step, of_epoch)
    order = np.random.default_rng((plan.seed, 1, epoch)).permutation(len(training))
    chosen = [training[at] for at in order[number * size : (number + 1) * size]]
    chance = np.random.default_rng((plan.seed, 2, step))
    pairs: list[NDArray[np.int64]] = [
        chance.choice(len(one.views), 2, replace=False) for one in chosen
    ]
    return Turn(
        chosen,
        [one.views[pair[0]] for one, pair in zip(chosen, pairs, strict=True)],
        [one.views[pair[1]] for one, pair in zip(chosen, pairs, strict=True)],
    )
