"""What patterns find in a file, what else they would have written there, and their own tests."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from codearch.detectors._patterns.expressions import found_in
from codearch.detectors._patterns.forms import Fault, read_patterns
from codearch.detectors._patterns.searching import (
    Indexed,
    Place,
    fits,
    fits_around,
    function_around,
    search,
)
from codearch.detectors._patterns.templates import HOLE
from codearch.languages import by_name
from codearch.parse import trees

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from codearch.detectors._patterns.forms import Constraint, Pattern
    from codearch.detectors._patterns.matching import Bound
    from codearch.detectors._patterns.templates import Template


def places(pattern: Pattern, language: str, source: Indexed) -> list[Place]:
    """Return where a pattern fits a source, in its order."""
    read = pattern.templates(language)
    found = [
        place
        for place in search(read["find"], source)
        if all(_holds(place.bindings.get(name), each) for name, each in pattern.where.items())
        and ("butNot" not in read or not fits(read["butNot"], place))
        and ("inside" not in read or fits_around(read["inside"], place.node, place.bindings))
        and (
            "notInside" not in read
            or not fits_around(read["notInside"], place.node, place.bindings)
        )
    ]
    if "unless" in read and source.holds(read["unless"]):
        found = [place for place in found if not _has_beside(read["unless"], place, source)]
    return sorted(found, key=lambda place: (place.start_byte, place.end_byte))


def _has_beside(unless: Template, place: Place, source: Indexed) -> bool:
    around = function_around(place.node)
    span = around.start_byte, around.end_byte
    return next(search(unless, source, span, place.bindings), None) is not None


def _holds(bound: Bound | None, constraint: Constraint) -> bool:
    text = bound.text.decode("utf-8", "replace") if bound else ""
    return (
        (not constraint.regex or found_in(constraint.regex, text))
        and (not constraint.not_regex or not found_in(constraint.not_regex, text))
        and (not constraint.kinds or (bound is not None and bound.kind in constraint.kinds))
    )


def written_instead(pattern: Pattern, place: Place, source: bytes) -> str | None:
    """Return what a pattern would have at a place, None where it does not say."""
    if pattern.replace is None:
        return None
    begin = source.rfind(b"\n", 0, place.start_byte) + 1
    indent = re.match(rb"[ \t]*", source[begin : place.start_byte])
    margin = indent[0].decode() if indent else ""

    def filled(match: re.Match[str]) -> str:
        bound = place.bindings.get(match[2])
        return source[bound.start_byte : bound.end_byte].decode("utf-8", "replace") if bound else ""

    lines = [HOLE.sub(filled, line) for line in pattern.replace.strip().splitlines()]
    return f"\n{margin}".join(lines)


def root_of(source: bytes, language: str) -> Node | None:
    """Return the root of a source's tree, None where there is none."""
    found = trees.tree_of(source, by_name(language))
    return found[1].root_node if found else None


def indexed(source: bytes, language: str) -> Indexed:
    """Return a source to search in, parsed when a pattern's words stand in it."""
    return Indexed(source, functools.cache(lambda: root_of(source, language)))


@functools.lru_cache(maxsize=256)
def failures(source: bytes) -> tuple[Fault, ...]:
    """Return which of its own examples each pattern of a file gets wrong."""
    patterns = read_patterns(source)
    return tuple(
        Fault(line, message, pattern.id)
        for pattern, line in zip(patterns.patterns, patterns.lines, strict=True)
        for message in _failed(pattern)
    )


def _failed(pattern: Pattern) -> Iterator[str]:
    for language in pattern.languages:
        for expected, examples in ((True, pattern.matches), (False, pattern.does_not_match)):
            for example in examples:
                if (
                    bool(places(pattern, language, indexed(example.encode(), language)))
                    is not expected
                ):
                    shown = " ".join(example.split())[:80]
                    yield f"It {'does not match' if expected else 'matches'} `{shown}`" + (
                        f" in {by_name(language).title}." if len(pattern.languages) > 1 else "."
                    )
