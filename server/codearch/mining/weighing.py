"""How much of what a pattern fits was mended, and how much still stands: what it is worth."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from codearch.detectors._patterns import indexed, places
from codearch.detectors._patterns.templates import HOLE
from codearch.languages import by_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codearch.detectors._patterns import Pattern

LEAST_SHARE = 0.5  # what most places do, nobody takes for a bug


def standing(patterns: Sequence[Pattern], files: Iterable[tuple[str, bytes]]) -> Counter[str]:
    """Return how many places each pattern, by its id, fits in these files."""
    found: Counter[str] = Counter()
    for path, source in files:
        language = by_path(path)
        if language is None:
            continue
        searched = indexed(source, language.name)
        for pattern in patterns:
            if language.name in pattern.languages:
                found[pattern.id] += len(places(pattern, language.name, searched))
    return found


def weighed(patterns: Sequence[Pattern], found: Counter[str]) -> list[Pattern]:
    """Return the patterns of which most places were mended, with that share as confidence.

    Of several that the same fixes support, that with the least around it is taken.
    """
    shares = {each.id: each.fixes / (each.fixes + found[each.id]) for each in patterns}
    sure = [each for each in patterns if shares[each.id] >= LEAST_SHARE]
    return [
        msgspec.structs.replace(each, confidence=round(shares[each.id], 2))
        for each in sorted(
            shortest(sure), key=lambda each: (-shares[each.id], -each.fixes, each.id)
        )
    ]


def shortest(patterns: Sequence[Pattern]) -> list[Pattern]:
    """Return of the patterns that the same fixes support the one that says least."""
    found: dict[tuple[object, ...], Pattern] = {}
    for each in sorted(patterns, key=_length):
        found.setdefault((each.languages, each.fixes, each.learned_from), each)
    return list(found.values())


def _length(pattern: Pattern) -> tuple[bool, int, str]:
    return pattern.replace is None, len(HOLE.sub("", pattern.find)), pattern.id
