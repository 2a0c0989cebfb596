"""A function's words and variables become inputs: pieces of a vocabulary, cut to lengths."""

from __future__ import annotations

from itertools import accumulate, chain
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from codearch.embedding.transformer.inputs import Node, windows

if TYPE_CHECKING:
    from codearch.embedding.backends import Lengths
    from codearch.embedding.transformer.inputs import GraphInput
    from codearch.embedding.transformer.vocabulary import Vocabulary
    from codearch.facts import Passage

DOC_SHARE = 4  # of a window that a doc may take is one part in so many


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
    doc: str = ""

    def parted(self, parts: int) -> list[Code]:
        """Return it in so many parts of like size; the doc stays with the first."""
        size = max(-(-len(self.words) // max(parts, 1)), 1)
        found = [self._between(at * size, (at + 1) * size) for at in range(parts)]
        return [replace(found[0], doc=self.doc), *found[1:]] if found else []

    def _between(self, start: int, end: int) -> Code:
        """Return the words between two places, with the variables that stand there."""
        inside = [number for number, one in enumerate(self.variables) if start <= one.word < end]
        place = {number: index for index, number in enumerate(inside)}
        return Code(
            self.words[start:end],
            tuple(
                Variable(
                    self.variables[number].word - start,
                    tuple(place[one] for one in self.variables[number].sources if one in place),
                )
                for number in inside
            ),
        )


def of_words(passage: Passage) -> Code:
    """Return the code of a passage that is no function's: its words."""
    words = " ".join((passage.name, passage.signature, passage.body)).split()
    return Code(tuple(words), doc=passage.doc)


class Sample(msgspec.Struct, frozen=True):
    """A documented function: its doc as a question, its code without it as the answer."""

    question: str
    code: Code


class Corpus(msgspec.Struct, frozen=True):
    """Functions that a projection is fitted on, and others that the ranking is tried on."""

    name: str
    digest: str  # SHA-256 of all of them
    fitted: tuple[Code, ...]
    tried: tuple[Sample, ...]


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
        """Return the inputs of a function: one, or several windows where it is long.

        The beginning of its doc goes before its words, as text did in training.
        """
        doc = self._vocabulary.text(code.doc)[: self._lengths.tokens // DOC_SHARE]
        lead = [*doc, self._vocabulary.special.end] if doc else []
        pieces = [lead, *self._vocabulary.words(code.words)]
        starts = list(accumulate(map(len, pieces), initial=0))[1:]
        nodes = [
            Node(starts[variable.word], starts[variable.word + 1], variable.sources)
            for variable in code.variables
        ]
        return windows(list(chain.from_iterable(pieces)), nodes, self._lengths, self._around)

    def question(self, text: str) -> GraphInput:
        """Return the input of a question: its beginning, where it is too long."""
        return windows(self._vocabulary.text(text), (), self._lengths, self._around)[0]
