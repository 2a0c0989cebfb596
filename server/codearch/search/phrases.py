"""Exact phrases: looked for in the text itself, so that signs, spaces and comments count.

Only files are read that hold the phrase's words: within it whole ones, at its ends words that end
or begin so. What the index has no words of is not found then: the markup of doc comments (tags like
`@param`; one that the phrase shows as such is passed over), what is glued to a script without
spaces, and parts of words of more than 200 characters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

import numpy as np

from codearch.search.ranking import Scope
from codearch.search.scoring import concepts, word_scores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from codearch.facts import Symbol
    from codearch.search.query import Query
    from codearch.search.view import View
    from codearch.search.vocabulary import Vocabulary

_MOST_PLACES = 1000  # of a phrase in one file
_MOST_WORDS = 2000  # that begin or end as a phrase does; more tell little
_WORD = re.compile(r"\w+")
_MARKS = ("@", "<", "/", "\\")  # what stands before a tag
_ENOUGH = 4  # times the page: files that hold a phrase, before the search for it ends


class Sources(Protocol):
    """What a search reads of the index beside the catalogue: a snapshot gives it."""

    @property
    def session(self) -> int:
        """Return whose buffers are seen; 0 for what is on disk."""
        ...

    def check_cancelled(self) -> None:
        """Raise Cancelled if whoever asked no longer wants the answer."""
        ...

    def symbols_by_id(self, numbers: Sequence[str], /) -> dict[str, Symbol]:
        """Return the symbols of these ids, as far as they are there."""
        ...

    def source(self, path: str, /) -> bytes:
        """Return a file's text in UTF-8."""
        ...

    def symbols(self, path: str, /) -> list[Symbol]:
        """Return a file's symbols."""
        ...


def with_phrases(
    view: View,
    sources: Sources,
    query: Query,
    scope: Scope,
    limit: int,
) -> Scope:
    """Return the symbols in whose lines all the phrases stand, whatever their case.

    Files are read in the order of how well their words fit, until enough are found; a rare phrase
    is looked for in all that hold its words.
    """
    found = np.zeros(len(view.symbol_uid), np.bool_)
    holding = 0
    files = scope.files & _with_words(view, query.phrases)
    for file in _likely_first(view, query, files):
        sources.check_cancelled()
        symbols = _symbols_with(view, sources, query.phrases, file)
        if symbols:
            found[symbols] = True
            holding += 1
            if holding >= _ENOUGH * limit:
                break
    return Scope(scope.files, found if scope.symbols is None else found & scope.symbols)


def _with_words(view: View, phrases: Sequence[str]) -> NDArray[np.bool_]:
    """Return the files that hold the words of all phrases."""
    found = np.ones(len(view.file_alive), np.bool_)
    for phrase in phrases:
        for match in _WORD.finditer(phrase):
            key = match[0].replace("_", "").lower()  # as the index has the whole of a name
            if not (key.isascii() and key) or phrase[: match.start()].endswith(_MARKS):
                continue
            at_start, at_end = match.start() == 0, match.end() == len(phrase)
            words = _words_like(view.vocabulary, key, at_start=at_start, at_end=at_end)
            if len(words) <= _MOST_WORDS:
                found &= _holding(view, view.vocabulary.numbers(words))
    return found


def _words_like(vocabulary: Vocabulary, key: str, *, at_start: bool, at_end: bool) -> list[str]:
    """Return the words that a phrase's word may be: all of one, or at its ends a part."""
    if at_start:
        held = vocabulary.containing(key)
        return held if at_end else [word for word in held if word.endswith(key)]
    return vocabulary.beginning_with(key) if at_end else [key]


def _holding(view: View, terms: Sequence[int]) -> NDArray[np.bool_]:
    """Return the files that hold one of these words."""
    found = np.zeros(len(view.file_alive), np.bool_)
    for run in view.runs:
        for term in terms:
            found[view.part_file[run.parts[run.find(term)]]] = True
    return found


def _likely_first(view: View, query: Query, files: NDArray[np.bool_]) -> list[int]:
    scores = word_scores(view, concepts(query, view, view.weights), view.weights)
    among = np.flatnonzero(files)
    return [int(file) for file in among[np.argsort(-scores.files[among], kind="stable")]]


def _symbols_with(view: View, sources: Sources, phrases: Sequence[str], file: int) -> list[int]:
    """Return the innermost symbols of a file that hold a phrase, if the file holds them all."""
    path = view.paths[file]
    text = sources.source(path).decode("utf-8", errors="replace").lower()
    wanted = [phrase.lower() for phrase in phrases]
    if not all(phrase in text for phrase in wanted):
        return []
    lines = sorted({text.count("\n", 0, at) for phrase in wanted for at in _places(text, phrase)})
    symbols = sources.symbols(path)
    by_uid = {int(uid): at for at, uid in _uids(view, file)}
    found = set()
    for line in lines:
        around = [one for one in symbols if one.span.line <= line <= one.span.end_line]
        inner = min(
            around or symbols[:1], key=lambda one: one.span.end_line - one.span.line, default=None
        )
        if inner is not None and int(inner.id, 16) in by_uid:
            found.add(by_uid[int(inner.id, 16)])
    return sorted(found)


def _uids(view: View, file: int) -> list[tuple[int, int]]:
    start, end = view.symbols_of(file)
    return [(at, int(view.symbol_uid[at])) for at in range(start, end)]


def _places(text: str, phrase: str) -> list[int]:
    places: list[int] = []
    at = text.find(phrase)
    while at >= 0 and len(places) < _MOST_PLACES:
        places.append(at)
        at = text.find(phrase, at + 1)
    return places
