"""A function as training and evaluation take it: a question, its code in several forms, its views.

The doc is the question and stands in none of the forms; the name stays.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from codearch import flow
from codearch.embedding.passage import passages
from codearch.embedding.training.naming import disguised, normalised
from codearch.embedding.training.views import views
from codearch.embedding.transformer.code import codes
from codearch.embedding.transformer.reading import Code
from codearch.facts import Passage
from codearch.parse import parse
from codearch.text import split_identifier, words

if TYPE_CHECKING:
    from codearch.facts import FileFacts, SymbolFact
    from codearch.flow import Program
    from codearch.languages._language import Language

MIN_WORDS = 4  # of a doc that says something
MIN_LEAVES = 12  # of a function that does something


class Form(msgspec.Struct, frozen=True):
    """One spelling of a function: as encoders of passages and as encoders of code read it."""

    passage: Passage
    code: Code


class Function(msgspec.Struct, frozen=True):
    """A function of a corpus. `body` is equal for functions that differ in names alone."""

    name: str
    language: str
    group: str
    question: str  # the doc's first paragraph, nothing where it says too little
    form: Form
    body: str
    views: tuple[tuple[str, ...], ...] = ()
    copy: Form | None = None  # the same, renamed and written otherwise

    @property
    def masked(self) -> str:
        """Return the question without the words of the function's name."""
        named = set(split_identifier(self.name))
        kept = [word for word in self.question.split() if not named & set(words(word))]
        return " ".join(kept)


def function(
    program: Program, facts: FileFacts, index: int, group: str, *, with_views: bool
) -> Function | None:
    """Return a symbol as a function with its views, or with its copy; None where it is too small.

    Symbols that are no callables are for the caller to leave out.
    """
    symbol = facts.symbols[index]
    form = _form(program, facts, index)
    if len(form.code.words) < MIN_LEAVES:
        return None
    question = " ".join(symbol.doc.split("\n\n")[0].split())
    return Function(
        symbol.name,
        program.language.name,
        group,
        question if len(question.split()) >= MIN_WORDS else "",
        form,
        _digest(program, symbol),
        tuple(views(program, facts, symbol)) if with_views else (),
        None if with_views else _copy(program, facts, index),
    )


def _form(program: Program, facts: FileFacts, index: int) -> Form:
    found = passages(facts, index, program.source)[:1]
    code = codes(program, facts.symbols[index], found)[0]
    return Form(replace(found[0], doc=""), replace(code, doc=""))


def _digest(program: Program, symbol: SymbolFact) -> str:
    text = "\0".join(normalised(program, symbol))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _copy(program: Program, facts: FileFacts, index: int) -> Form | None:
    """Return the function renamed and written otherwise, None where that is no longer the same."""
    language: Language = program.language
    data = disguised(program, facts.symbols[index])
    again = parse(data, language)
    if len(again.symbols) != len(facts.symbols):
        return None
    found = flow.read(data, language, again)
    if normalised(found, again.symbols[index]) != normalised(program, facts.symbols[index]):
        return None
    return _form(found, again, index)
