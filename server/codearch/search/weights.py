"""Every number that decides the order of results, in one value, each with its reason.

Tuned on labelled queries over 42 repositories; docs/search.md has the figures, and what each group
of weights is worth. Weights tuned further on one half of the repositories are no better on the
other (tests/search/tune.py), so more digits would be noise.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """How much a word counts in one field of a part, and how much the field's length takes off.

    A word counts weight * occurrences / (1 - shrink + shrink * length / usual), as in BM25F
    (Robertson, Zaragoza and Taylor, 2004); `usual` is a constant, so that an edit elsewhere in the
    workspace changes no score.
    """

    weight: float
    shrink: float
    usual: float  # words


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of one ranking; `WEIGHTS` is what the product uses."""

    # Words of a part of a symbol. A name says in two words what a body says in fifty.
    name: Field = Field(1.0, 0.6, 2.5)
    container: Field = Field(2.0, 0.3, 3.0)
    signature: Field = Field(1.0, 0.5, 8.0)
    doc: Field = Field(0.8, 0.5, 25.0)
    body: Field = Field(1.0, 0.5, 70.0)

    # Words of the file's path, as if they stood in each of its symbols. A file's own name is the
    # shortest summary of it that its author could find.
    stem: float = 4.0
    folder: float = 1.5
    suffix: float = 0.3

    # How soon further occurrences of one word stop to count: in a symbol, and in a whole file.
    saturation: float = 1.2
    file_saturation: float = 0.5
    # How much a file's length takes off its counts.
    file_shrink: float = 0.7
    file_usual: float = 1100.0  # words

    # The file's own score beside its best symbol's: words that its symbols share between them.
    file_share: float = 0.8
    # A file's further good symbols lift it: the second by this share, the third by half of it.
    further: float = 0.25

    # Other forms of a word (parse, parser, parsing), its usual abbreviation, and two neighbours
    # written as one ("hash map": hashmap), beside 1.0 for the word itself.
    form: float = 0.3
    abbreviation: float = 0.3
    # A known word one slip of the finger away from one that is not: pasre, pare, parrse.
    misspelt: float = 0.3
    joined: float = 0.3

    # A name, or a file's name, that consists of words asked for: definitions over mentions.
    # In shares of the most that the words themselves can give.
    name_cover: float = 0.5
    stem_cover: float = 2.0
    # The very name that was asked for, with the qualifier where one was given. A name's words can
    # give a mention 2.2 at most, so this brings the definition before all of them.
    exact_name: float = 4.0
    exact_stem: float = 2.0
    mentioned_name: float = 0.5  # the same, for a name inside a longer question
    declared_name: float = 0.9  # of that, for a constant or a field inside a symbol
    mentioned_stem: float = 0.5
    exact_case: float = 0.1  # and written just so
    exact_size: float = 0.3  # and not a mere alias: up to this for a long definition

    # What kind of thing answers: a type says what there is, top-level code is mostly wiring.
    type_kinds: float = 1.1
    module_kind: float = 0.8
    # Unless asked for: tests and examples mention everything, documents are read elsewhere.
    test: float = 0.5
    example: float = 0.8
    document: float = 0.4
    generated: float = 0.6
    data: float = 0.6
    declaration: float = 0.8
    # The vectors' part in a hybrid search: of the most that the words can give, by cosine between
    # `floor` and 1. A name is asked for by its letters, so there the vectors count less.
    meaning: float = 0.8
    meaning_of_name: float = 0.1
    floor: float = 0.2
    # How near the nearest of many unrelated passages is to a question: chance + chance_growth *
    # ln(passages), at least `floor`. Where no word asked for is known, what is no nearer than that
    # says nothing: six questions in a hundred of made-up words have a passage beyond it, and 98
    # of those that people ask.
    chance: float = 0.05
    chance_growth: float = 0.04


WEIGHTS = Weights()
