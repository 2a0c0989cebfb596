"""Private constants of a file: names that it binds once, and that are no definitions otherwise."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from codearch.detectors._unused.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._unused.layout import Layout

_NAMED_SO = re.compile(r"_+[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_BOUND = re.compile(rb"[ \t]*(?::[^=\n]*)?=(?!=)[ \t]*")
_LITERAL = re.compile(rb"[-+]?[\d.]|[rbfuRBFU]{0,2}[\"\']|[(\[{]|(?:True|False|None)\b")


def private_constants(layout: Layout) -> set[str]:
    """Return the private names that a file binds once, at top level: to a literal, or in capitals.

    Those that stand in a list of their like are told by the list: it is as long as what it counts.
    """
    facts = layout.facts
    if not RULES[facts.language].constants:
        return set()
    places: dict[str, list[int]] = {}
    for each in facts.definitions:
        if each.scope == 0:
            places.setdefault(each.name, []).append(each.span.start_byte)
    once = {at[0]: name for name, at in places.items() if len(at) == 1}
    found = {
        at: name
        for at, name in once.items()
        if name.startswith("_")
        and not RULES[facts.language].given.fullmatch(name)
        and name not in facts.exports
        and _is_constant(layout.code, at, name)
    }
    listed = set(_listed([once[at] for at in sorted(once)]))
    return set(found.values()) - listed


def _is_constant(code: bytes, at: int, name: str) -> bool:
    bound = _BOUND.match(code, at + len(name.encode()))
    if bound is None or (at and code[at - 1 : at] != b"\n"):
        return False
    return bool(_NAMED_SO.fullmatch(name) or _LITERAL.match(code, bound.end()))


def _listed(names: list[str]) -> Iterator[str]:
    """Yield the names beside which one stands that begins with the same word, such as `_DAY_`."""
    for one, other in pairwise(names):
        word = _first_word(one)
        if word and word == _first_word(other):
            yield from (one, other)


def _first_word(name: str) -> str:
    return name.lstrip("_").partition("_")[0] if "_" in name.strip("_") else ""
