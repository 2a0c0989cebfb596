"""Defaults of parameters in prose: comments of a function that say `limit defaults to 20`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._comments.defaults import DEFAULT, Wrong, default_in
from codearch.detectors._comments.literals import constant, differ
from codearch.facts import CALLABLE_KINDS
from codearch.parse.comments import prose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._detector import FileView
    from codearch.facts import Comment, Parameter, SymbolFact

_SIGN = re.compile(r"(?i)\bdefault(?:s|ed|ing)?\b")
_ANOTHER = re.compile(
    r"\b(?:was|were|previous(?:ly)?|used to|old|former(?:ly)?|not|if|unless|when|except)\b|n't\b",
    re.IGNORECASE,
)
_OWNED = re.compile(r"(?:['\u2019]s|\b(?:their|its|other|his))\s+[`'\"(]*$")  # it is another's


def misspoken_defaults(file: FileView) -> Iterator[Wrong]:
    """Yield the defaults that comments in a function give to its parameters, and are not theirs."""
    for comment in file.facts.comments:
        if comment.kind == "doc" or _SIGN.search(comment.text) is None:
            continue
        text = prose(comment.text)
        symbol = _around(file, comment)
        if symbol is None or _ANOTHER.search(text):
            continue
        for one in symbol.parameters:
            wrong = _wrong(file, comment, symbol, one)
            if wrong is not None:
                yield wrong


def _wrong(file: FileView, comment: Comment, symbol: SymbolFact, one: Parameter) -> Wrong | None:
    given = constant(one.default) if one.default else None
    name = one.name.lstrip("*&$")
    if given is None or not name or given.value == name:
        return None
    named = re.compile(rf"(?<![\w.]){re.escape(name)}[`'\")]*,?\s+(?=default)", re.IGNORECASE)
    match = named.search(comment.text)
    if match is None or _OWNED.search(comment.text, 0, match.start()):
        return None
    found = DEFAULT.match(comment.text, match.end())
    said = default_in(found) if found else None
    if said is None or not differ(said.value, given):
        return None
    start = comment.span.start_byte + len(comment.text[: said.start].encode())
    span = file.span(start, start + len(said.text.encode()))
    return Wrong(symbol, one.name, said.text, one.default, span, "comment says")


def _around(file: FileView, comment: Comment) -> SymbolFact | None:
    """Return the innermost function that a comment stands in, or right before."""
    place = comment.span.start_byte
    found = None
    for symbol in file.facts.symbols:  # parents come before children
        if symbol.span.start_byte > place and symbol.lead_byte > place:
            break
        if symbol.kind in CALLABLE_KINDS and symbol.lead_byte <= place < symbol.span.end_byte:
            found = symbol
    return found
