"""Numbers of things that a comment gives otherwise than what is called by their name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._comments.quantities import Contradiction
from codearch.detectors._comments.said import NUMBER, NUMBER_WORDS
from codearch.detectors._comments.units import UNITS
from codearch.detectors._comments.values import only_value
from codearch.detectors._comments.wording import leads, speaks_of_another, words_of

if TYPE_CHECKING:
    from codearch.detectors._comments.beside import Beside
    from codearch.detectors._comments.values import Value

_COUNT = re.compile(
    rf"(?<![\w.$#&@/-])(?P<number>[1-9]\d*(?:,\d{{3}})*|{'|'.join(NUMBER_WORDS)})[ ]"
    r"(?P<noun>[a-z]{3,}s)\b(?!-)",
    re.IGNORECASE,
)
_TRIES = frozenset({"time", "attempt", "retry", "retries", "tries", "try"})  # the first, or not


def miscount(each: Beside) -> Contradiction | None:
    """Say how the only number of things in a comment differs from that of the code."""
    found = list(_COUNT.finditer(each.text))
    if len(found) != 1 or len(NUMBER.findall(each.text)) > 1:
        return None
    match, value = found[0], only_value(each.code)
    if value is None or value.relation != "set" or match["noun"].lower() in UNITS:
        return None
    before, after = each.text[: match.start()], each.text[match.end() :]
    if not leads(before, value.owner) or speaks_of_another(f"{before} {after}", compared=False):
        return None
    tries = _is_of_tries(match["noun"], value)
    if not tries and not _is_named(match["noun"], value):
        return None
    text = match["number"].lower()
    said = NUMBER_WORDS[text] if text in NUMBER_WORDS else int(text.replace(",", ""))
    if abs(said - value.amount) <= tries:
        return None
    return Contradiction(
        match.group(),
        f"the comment says {match.group()}, but `{value.owner}` is given `{value.text}`",
    )


def _is_named(noun: str, value: Value) -> bool:
    return _singular(noun) in map(_singular, words_of(value.owner))


def _is_of_tries(noun: str, value: Value) -> bool:
    named = {_singular(word) for word in words_of(value.owner)}
    return _singular(noun) in _TRIES and not named.isdisjoint(_TRIES)


def _singular(word: str) -> str:
    word = word.lower()
    return word if word in _TRIES else word.removesuffix("s")
