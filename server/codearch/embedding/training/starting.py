"""Where a training begins: the static model as a small network, or published weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch

from codearch.embedding.shipped import shipped_encoder
from codearch.embedding.training import low_rank
from codearch.embedding.transformer import export, weights
from codearch.embedding.transformer.inputs import FIRST_POSITION
from codearch.embedding.transformer.network import Network, Shape
from codearch.embedding.transformer.projection import principal_components
from codearch.embedding.transformer.vocabulary import Vocabulary, learn
from codearch.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from codearch.embedding.backends import Lengths
    from codearch.embedding.training.functions import Function
    from codearch.embedding.training.lessons import Lessons
    from codearch.embedding.training.plan import Plan, Sizes

DIMENSION = 256  # of the vectors
FITTED = 512  # functions on which the head of published weights begins
LEVELS = 4  # one in so many numbers of a row makes all rows alike to layer norm
KEPT = 0.99  # share of the pieces whose vectors keep their length
SMALL = 0.1  # of the usual spread: places matter little before anything is learned


class Start(NamedTuple):
    """A network before its first step."""

    network: Network
    shape: Shape
    vocabulary: Path  # the folder of its files


def write_vocabulary(functions: Sequence[Function], pieces: int, folder: Path) -> None:
    """Learn byte pairs from functions; writes vocab.json and merges.txt."""
    learn(_texts(functions), pieces, folder)


def _texts(functions: Sequence[Function]) -> Iterator[str]:
    for one in functions:
        yield one.question
        for words in (one.form.code.words, *one.views):
            yield f" {' '.join(words)}"


def from_static(sizes: Sizes, folder: Path, longest: Lengths, seed: int) -> Start:
    """Return a network that first is the static model over its pieces: its layers add nothing.

    Positions run to the longest input that the model will ever be given.
    """
    vocabulary = Vocabulary(folder)
    shape = Shape(
        vocabulary=len(vocabulary),
        positions=longest.tokens + longest.nodes + FIRST_POSITION,
        hidden=sizes.hidden,
        layers=sizes.layers,
        heads=sizes.heads,
        inner=sizes.inner,
        dimension=DIMENSION,
    )
    network = weights.seeded(shape, seed)
    rows = levelled(shipped_encoder().sums(vocabulary.texts()), shape.hidden)
    with torch.no_grad():
        network.words.weight.copy_(torch.from_numpy(rows))
        network.places.weight *= SMALL
        network.head.projection[-(shape.hidden // LEVELS) :] = 0.0
        for layer in network.layers:
            layer.attention.output.weight.zero_()
            layer.outer.weight.zero_()
    return Start(network, shape, folder)


def levelled(vectors: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Return rows of `width` numbers that layer norm leaves as they are.

    It would make all pieces count alike. So the last numbers of a row, one in LEVELS, take up what
    the others are short of in sum and in length; they are many, so that none is so large that
    eight bits would have no steps left for the others. Where there is no room for all of a vector,
    its principal components stand for it; the longest are cut to what nearly all keep within.
    """
    level = width // LEVELS
    inner = width - level
    if inner < vectors.shape[1]:
        _, axes = np.linalg.eigh(vectors.T @ vectors)
        vectors = vectors @ axes[:, ::-1][:, :inner]
    rows = np.zeros((len(vectors), width))
    rows[:, : vectors.shape[1]] = vectors
    needed = (rows**2).sum(1) + rows.sum(1) ** 2 / level
    room = float(np.quantile(needed, KEPT))
    rows *= np.sqrt(np.minimum(1.0, room / np.maximum(needed, room)))[:, None]
    sums, needed = rows.sum(1), np.minimum(needed, room)
    spread = np.sqrt((room - needed) / level)
    signs = np.where(np.arange(level) % 2, -1.0, 1.0)
    signs -= signs.mean()
    signs /= np.sqrt((signs**2).mean())
    rows[:, inner:] = spread[:, None] * signs - (sums / level)[:, None]
    rows *= np.sqrt(width / room)
    return rows


def from_published(folder: Path, plan: Plan, lessons: Lessons) -> Start:
    """Return published weights of which only what the plan says is learned, with a head.

    The head begins as principal components of some of the functions where there are enough.
    """
    network, shape = weights.read(folder, DIMENSION)
    if plan.top > shape.layers:
        message = f"The model has {shape.layers} layers; {plan.top} are too many."
        raise EncoderError(message, mend=f"Give --layers at most {shape.layers}.")
    inputs = [one.code for one in lessons.training[:FITTED]]
    if shape.hidden > DIMENSION < len(inputs) and not weights.has_head(folder):
        rows = np.stack(list(export.pooled(network, inputs, lessons.special)))
        centre, axes, _ = principal_components(rows, DIMENSION)
        export.set_head(network, centre, axes)
    _choose(network, plan)
    return Start(network, shape, folder)


def _choose(network: Network, plan: Plan) -> None:
    """Let only those weights be learned that the plan names."""
    if plan.learned == "all":
        return
    network.requires_grad_(requires_grad=False)
    network.head.requires_grad_()
    if plan.learned == "low-rank":
        low_rank.attach(network, plan.seed)
        return
    for layer in list(network.layers)[-plan.top :]:
        layer.requires_grad_()
