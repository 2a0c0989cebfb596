"""Units that a comment gives otherwise than the name beside it: `delay_ms = 5  # in seconds`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._comments.quantities import NAME_UNITS, NAMES, Contradiction
from codearch.detectors._comments.tokens import tokens_of
from codearch.detectors._comments.units import UNITS
from codearch.detectors._comments.wording import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.detectors._comments.beside import Beside
    from codearch.detectors._comments.units import Unit

_WORD = (
    "nanoseconds|microseconds|milliseconds|millis|msecs?|ms|seconds|secs|minutes|mins|hours|days"
    "|bytes|kilobytes|megabytes|gigabytes|kb|mb|gb"
)
SIGN = re.compile(rf"\b(?:{_WORD})\b", re.IGNORECASE)
_WHOLE = re.compile(
    rf"[(\[]?(?:(?:value|time|unit|units|is|are)[ :]+)*(?:in )?(?P<unit>{_WORD})[)\].]?",
    re.IGNORECASE,
)
_WITHIN = re.compile(rf"(?<!\w)in (?P<unit>{_WORD})\b(?!\s+(?:since|of|per))", re.IGNORECASE)
_DECLARED = re.compile(
    r"(?:=|:=)|^\s*(?:[\w<>\[\]?*&:,. ]+\s)?[\w$]+\s*(?:;|,|:\s*[\w.?]+[,;]?)\s*$"
    r"|\(.*[{)]\s*[:;]?\s*$"
)
_CONVERTS = frozenset({"to", "per", "in", "as", "since", "from", "a"})  # between two units
_WORKED_OUT = re.compile(r"[*/%]|\.\w+\(|\breturn\b|=>")


def misnamed_unit(each: Beside) -> Contradiction | None:
    """Say how the only unit of a comment differs from that of the only name with a unit."""
    match = _WHOLE.fullmatch(each.text) if each.trailing else None
    found = [match] if match else list(_WITHIN.finditer(each.text))
    mentioned = {UNITS[word.group().lower()] for word in SIGN.finditer(each.text)}
    if not found or len(mentioned) != 1:
        return None
    said = found[0]["unit"]
    unit = mentioned.pop()
    if _WORKED_OUT.search(each.code) or not _DECLARED.search(each.code):
        return None
    names = [token.text for token in tokens_of(each.code) if token.kind == "name"]
    named = {name: words_of(name) for name in names}
    own = {name: its for name, words in named.items() if (its := unit_in(words))}
    if len(own) != 1 or any(UNITS.get(word) == unit for words in named.values() for word in words):
        return None
    name, its = own.popitem()
    if its.dimension != unit.dimension or _spells(each.text, name):
        return None
    return Contradiction(
        said, f"the comment says {said}, but `{name}` is in {its.title} by its name"
    )


def unit_in(words: Sequence[str]) -> Unit | None:
    """Return the unit that a name says: `delay_ms`, and `delay_ms_of_retry` behind what has one."""
    if len(words) > 1 and words[-1] in NAME_UNITS:
        return NAME_UNITS[words[-1]]
    found = [
        unit
        for before, word, after in zip(words, words[1:], words[2:], strict=False)
        if (unit := NAME_UNITS.get(word))
        and before in NAMES[unit.dimension]
        and after not in _CONVERTS
    ]
    return found[0] if len(found) == 1 else None


def _spells(text: str, name: str) -> bool:
    return name in text
