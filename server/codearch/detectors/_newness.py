"""Which findings are about new code, which lie in copies of others' code, and which press most."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from codearch.facts import CALLABLE_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from codearch.facts import Finding, Span, Symbol
    from codearch.history.newcode import Novelty

NEW_PART = 1 / 3  # of the lines of a definition whose size or complexity counts as new
COPIED_PART = 2 / 3  # of the lines of a copy that is new; one edited line makes no copy
_NAMED = re.compile(r"`([^`]+)`")
_WORD = re.compile(r"[^\W\d]\w*")
_VENDORED = frozenset(
    {"vendor", "vendors", "_vendor", "third_party", "third-party", "thirdparty", "3rdparty",
     "3rd-party", "node_modules", "bower_components", "jspm_packages", "godeps", "pods", "carthage",
     "site-packages", "dist-packages"}
)  # fmt: skip
_MINIFIED = re.compile(r"[.-]min\.(?:m?js|css)$")


class Definitions(Protocol):
    """The part of a snapshot that tells how far a definition reaches."""

    def symbols(self, path: str, /) -> Sequence[Symbol]:
        """Return the symbols of a file."""


def is_vendored(path: str) -> bool:
    """Say whether a file is a copy of others' code, told by where it lies."""
    *folders, name = path.split("/")
    return bool(_MINIFIED.search(name)) or not _VENDORED.isdisjoint(map(str.lower, folders))


def is_on_new_code(
    finding: Finding,
    definitions: Definitions,
    novelty: Callable[[str], Novelty],
    *,
    measured: bool = False,
) -> bool:
    """Say whether a finding is about code that is new; `novelty` tells what is, of a path.

    That is: a line that it marks, a line of the definition that it is about, or a line of one of
    its other places. What is dead is new where what used it went, though its own line is old. A
    definition that is `measured` has to be new in good part: no one line makes it what it is. Of
    copies one has to be.
    """
    own = novelty(finding.path)
    if finding.category == "duplication":
        places = [(finding.path, *_lines(finding.span))]
        places += [(each.path, each.line, each.end_line) for each in finding.related]
        return any(
            _new_part(novelty(path), range(first, last + 1)) >= COPIED_PART
            for path, first, last in places
        )
    stretches = list(_stretches(finding, definitions))
    if measured:
        lines = {line for first, last in stretches for line in range(first, last + 1)}
        return _new_part(own, lines) >= NEW_PART
    if any(own.touches(first, last) for first, last in stretches):
        return True
    if finding.category == "dead-code" and not own.gone.isdisjoint(_names(finding.message)):
        return True
    return any(novelty(each.path).touches(each.line, each.end_line) for each in finding.related)


def _new_part(novelty: Novelty, lines: Collection[int]) -> float:
    return sum(novelty.touches(line, line) for line in lines) / max(len(lines), 1)


def most_pressing(findings: Iterable[Finding], limit: int) -> list[Finding]:
    """Return as many findings, those of the highest priority."""
    return sorted(findings, key=lambda one: (-one.priority, -one.severity, one.span.line))[:limit]


def one_of_each(findings: Iterable[Finding], measures: Collection[str]) -> list[Finding]:
    """Return the findings with one of each definition that several of these rules measure.

    It is the one that presses most, and its message names the others: who mends it looks at all.
    """
    told: list[Finding] = []
    measured: dict[tuple[str, int, str], list[Finding]] = {}
    for each in findings:
        if each.rule in measures:
            place = each.path, each.span.start_byte, each.symbol
            measured.setdefault(place, []).append(each)
        else:
            told.append(each)
    for several in measured.values():
        first, *others = most_pressing(several, len(several))
        also = ", ".join(f"`{each.rule}`" for each in others)
        told.append(replace(first, message=f"{first.message} (also {also})") if also else first)
    return told


def _stretches(finding: Finding, definitions: Definitions) -> Iterator[tuple[int, int]]:
    """Yield the lines that a finding is about, first and last.

    One on a function is about all of it, one on a type about the first lines of its members: what
    they do is no matter of the type.
    """
    yield _lines(finding.span)
    if not finding.symbol:
        return
    symbols = definitions.symbols(finding.path)
    for symbol in symbols:
        if (
            symbol.span.start_byte != finding.span.start_byte
            or symbol.qualified_name != finding.symbol
        ):
            continue
        if symbol.kind in CALLABLE_KINDS:
            yield _lines(symbol.span)
        for member in symbols:
            if member.container == finding.symbol:
                yield _lines(member.name_span)


def _lines(span: Span) -> tuple[int, int]:
    ends_before = span.end_column == 0 and span.end_line > span.line
    return span.line, span.end_line - ends_before


def _names(message: str) -> set[str]:
    return {word for quoted in _NAMED.findall(message) for word in _WORD.findall(quoted)}
