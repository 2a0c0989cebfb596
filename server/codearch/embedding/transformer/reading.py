"""A function's words and variables become inputs: pieces of a vocabulary, cut to lengths."""

from __future__ import annotations

from itertools import accumulate, chain
from typing import TYPE_CHECKING

import msgspec

from codearch.embedding.transformer.inputs import Node, windows

if TYPE_CHECKING:
    from codearch.embedding.backends import Lengths
    from codearch.embedding.transformer.inputs import GraphInput
    from codearch.embedding.transformer.vocabulary import Vocabulary


class Variable(msgspec.Struct, frozen=True, array_like=True):
    """A variable where it stands: the word, and the variables that its value comes from."""

    word: int
    sources: tuple[int, ...]  # indexes of variables


class Code(msgspec.Struct, frozen=True, array_like=True):
    """A function as a transformer reads it: leaves of its tree without comments, and data flow.

    A text without a tree is its words, with no variables.
    """

    words: tuple[str, ...]
    variables: tuple[Variable, ...] = ()


class Reader:
    """Turns code and questions into inputs of one model."""

    def __init__(
        self, vocabulary: Vocabulary, lengths: Lengths, around: tuple[list[str], list[str]]
    ) -> None:
        self._vocabulary, self._lengths = vocabulary, lengths
        before, behind = around
        self._around = (
            [vocabulary.id_of(piece) for piece in before],
            [vocabulary.id_of(piece) for piece in behind],
        )

    def code(self, code: Code) -> list[GraphInput]:
        """Return the inputs of a function: one, or several windows where it is long."""
        pieces = self._vocabulary.words(code.words)
        starts = list(accumulate(map(len, pieces), initial=0))
        nodes = [
            Node(starts[variable.word], starts[variable.word + 1], variable.sources)
            for variable in code.variables
        ]
        return windows(list(chain.from_iterable(pieces)), nodes, self._lengths, self._around)

    def question(self, text: str) -> GraphInput:
        """Return the input of a question: its beginning, where it is too long."""
        return windows(self._vocabulary.text(text), (), self._lengths, self._around)[0]
