"""Numbers of things that a comment gives otherwise than what is called by their name."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._comments.quantities import Contradiction
from codearch.detectors._comments.said import NUMBER, NUMBER_WORDS
from codearch.detectors._comments.tokens import text_at, tokens_of
from codearch.detectors._comments.units import UNITS
from codearch.detectors._comments.values import given, only_value
from codearch.detectors._comments.wording import leads, speaks_of_another, words_of

if TYPE_CHECKING:
    from codearch.detectors._comments.beside import Beside

_COUNT = re.compile(
    rf"(?<![\w.$#&@/-])(?P<number>[1-9]\d*(?:,\d{{3}})*|{'|'.join(NUMBER_WORDS)})[ ]"
    r"(?P<noun>[a-z]{3,}s)\b(?!-)",
    re.IGNORECASE,
)
_SIMPLE = frozenset({"string", "number", "name"})  # tokens of which an element may be one
_GIVEN = frozenset({"=", ":="})
_BRACKETS = frozenset({"[]", "()", "{}"})
_FEWEST = 2
_SIZES = frozenset({"length", "size", "count", "Length", "Count", "len", "Size"})
_TRIES = frozenset({"time", "attempt", "retry", "retries", "tries", "try"})  # the first, or not


def miscount(each: Beside) -> Contradiction | None:
    """Say how the only number of things in a comment differs from that of the code."""
    found = list(_COUNT.finditer(each.text))
    counted = _listed(each.code) or _numbered(each.code) if len(found) == 1 else None
    if counted is None or len(NUMBER.findall(each.text)) > 1:
        return None
    match = found[0]
    before, after = each.text[: match.start()], each.text[match.end() :]
    about = leads(before, counted.owner) and match["noun"].lower() not in UNITS
    if not about or speaks_of_another(f"{before} {after}", compared=counted.limit):
        return None
    tries = _is_of_tries(match["noun"], counted)
    if not tries and not _is_named(match["noun"], counted):
        return None
    text = match["number"].lower()
    said = NUMBER_WORDS[text] if text in NUMBER_WORDS else int(text.replace(",", ""))
    if abs(said - counted.amount) <= int(tries or counted.limit):
        return None
    return Contradiction(match.group(), f"the comment says {match.group()}, but {counted.shown}")


class _Counted(NamedTuple):
    amount: Fraction
    owner: str
    shown: str
    limit: bool = False  # what is beyond it differs by one, as the sign is


def _numbered(code: str) -> _Counted | None:
    """Return what a name is given, or compared to, where that is the line's only number."""
    value = only_value(code)
    if value is None or not value.owner or value.relation not in {"set", "compare"}:
        return None
    compared = value.relation == "compare"
    verb = "compared to" if compared else "given"
    shown = f"`{value.owner}` is {verb} `{value.text}`"
    return _Counted(value.amount, value.owner, shown, limit=compared)


def _listed(code: str) -> _Counted | None:
    """Return how many elements a list has that a line gives to a name."""
    tokens = tokens_of(code.rstrip(" \t;,"))
    start = next((at for at, token in enumerate(tokens) if token.text in _GIVEN), -1) + 1
    if not 0 < start < len(tokens) - 1 or text_at(tokens, start) + tokens[-1].text not in _BRACKETS:
        return None
    own = tokens[start + 1 : -1]
    elements, commas = own[::2], own[1::2]
    if len(elements) < _FEWEST or any(each.text != "," for each in commas):
        return None
    if any(each.kind not in _SIMPLE for each in elements):
        return None
    owner = given(tokens, start - 1)
    return (
        _Counted(Fraction(len(elements)), owner, f"`{owner}` is given {len(elements)}")
        if owner
        else None
    )


def _is_named(noun: str, counted: _Counted) -> bool:
    parts = re.split(r"\.|::|->", counted.owner)
    if counted.limit and len(parts) > 1 and parts[-1] in _SIZES:
        parts.pop()
    return _singular(noun) in map(_singular, words_of(parts[-1]))


def _is_of_tries(noun: str, counted: _Counted) -> bool:
    named = {_singular(word) for word in words_of(counted.owner)}
    return _singular(noun) in _TRIES and not named.isdisjoint(_TRIES)


def _singular(word: str) -> str:
    word = word.lower()
    return word if word in _TRIES else word.removesuffix("s")
