"""From the files of a workspace to the families of clones in it."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._clones import candidates
from codearch.detectors._clones.families import Family, Pair, Place, families
from codearch.detectors._clones.lexicons import LEXICONS
from codearch.detectors._clones.matching import Least, matches
from codearch.detectors._clones.sources import Source, source_of
from codearch.detectors._clones.tokens import tokens_of
from codearch.facts import CALLABLE_KINDS
from codearch.lazy import Lazy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from codearch.detectors._detector import Draft, Project
    from codearch.facts import File, Symbol
else:
    np = Lazy("numpy")


__all__ = ["Least", "Seen", "found_in"]

_MOST_TOKENS = 4_000_000  # of files that are being compared, in memory

_ITSELF = ""  # stands for the other file's digest

Span = tuple[int, int, int, int, int, int]  # lines of both places, type, tokens


class Seen:
    """What is known by content: a file's prints, and the clones between two files."""

    def __init__(self) -> None:
        self.prints: dict[str, NDArray[np.uint32]] = {}
        self.spans: dict[tuple[str, str], tuple[Span, ...]] = {}
        self.least = Least(0, 0)  # that the spans are of
        self.tests: dict[str, list[tuple[int, int]]] = {}  # first and last lines
        self.drafts: dict[tuple[object, ...], Draft] = {}

    def keep(self, digests: set[str]) -> None:
        """Forget what no file has any more."""
        self.prints = {key: value for key, value in self.prints.items() if key in digests}
        self.tests = {key: value for key, value in self.tests.items() if key in digests}
        digests = {*digests, _ITSELF}
        self.spans = {key: value for key, value in self.spans.items() if digests.issuperset(key)}


class Found(NamedTuple):
    """The families of clones in a workspace."""

    families: list[Family]
    digests: dict[str, str]  # of all files, by path
    tests: Callable[[Place], bool]  # whether a place is a test's


def found_in(
    project: Project, least: Least, seen: Seen, off: Callable[[str], bool] = lambda _: False
) -> Found:
    """Return the families of clones of at least this size, those that save most first.

    Files that are `off` are compared with none.
    """
    pairs: list[Pair] = []
    every = (file for file in project.files() if not off(file.path))
    files = [file for file in every if file.language in LEXICONS and not file.generated]
    reader = _Reader(project, seen)
    if seen.least != least:
        seen.spans, seen.least = {}, least
    digests = {file.path: file.digest or reader.digest(file) for file in files}
    by_family: dict[str, list[File]] = {}
    for file in files:
        by_family.setdefault(LEXICONS[file.language].family, []).append(file)
    for group in by_family.values():
        pairs += _pairs(group, digests, reader, least, seen)
    seen.keep(set(digests.values()))
    test_files = frozenset(file.path for file in files if file.test)

    def in_tests(place: Place) -> bool:
        inside = seen.tests.get(digests[place.path], [])
        return place.path in test_files or any(a <= place.line <= b for a, b in inside)

    return Found(families(pairs), digests, in_tests)


def _pairs(
    files: list[File], digests: dict[str, str], reader: _Reader, least: Least, seen: Seen
) -> Iterator[Pair]:
    """Yield the pairs of clones between files of one family of languages."""
    for file in files:
        digest = digests[file.path]
        if digest not in seen.prints:
            reader.check_cancelled()
            seen.prints[digest] = np.array(sorted(reader.source(file).prints), np.uint32)
    alone = [(index, index) for index in range(len(files))]
    shared = candidates.pairs([seen.prints[digests[file.path]] for file in files])
    for i, j in sorted([*alone, *shared]):
        a, b = files[i], files[j]
        # A file within itself is told from two files that are the same.
        key = digests[a.path], digests[b.path] if i != j else _ITSELF
        spans = seen.spans.get(key)
        if spans is None:
            reader.check_cancelled()
            spans = ()
            if i != j or reader.repeats(a):
                spans = tuple(_spans(reader.source(a), reader.source(b), least))
            seen.spans[key] = spans
        for line, end_line, other, other_end, kind, tokens in spans:
            yield Pair(Place(a.path, line, end_line), Place(b.path, other, other_end), kind, tokens)


def _spans(a: Source, b: Source, least: Least) -> Iterable[Span]:
    """Yield the lines of the clones between two files."""
    lines, others = a.tokens.lines, b.tokens.lines
    for match in matches(a, b, least):
        yield (
            int(lines[match.first]),
            int(lines[match.end - 1]),
            int(others[match.other]),
            int(others[match.other_end - 1]),
            match.type,
            match.end - match.first,
        )


class _Reader:
    """Reads files for comparison, and keeps those that were used last."""

    def __init__(self, project: Project, seen: Seen) -> None:
        self._project = project
        self._seen = seen
        self._kept: OrderedDict[str, Source] = OrderedDict()
        self._tokens = 0

    def check_cancelled(self) -> None:
        """Raise Cancelled if something more urgent waits."""
        self._project.check_cancelled()

    def digest(self, file: File) -> str:
        """Return what stands for a file's content where the index does not say it."""
        return hashlib.sha256(self._project.source(file.path)).hexdigest()

    def repeats(self, file: File) -> bool:
        """Say whether a print stands in a file twice."""
        return any(len(places) > 1 for places in self.source(file).prints.values())

    def source(self, file: File) -> Source:
        """Return a file's tokens and functions."""
        known = self._kept.get(file.path)
        if known is not None:
            self._kept.move_to_end(file.path)
            return known
        tokens = tokens_of(self._project.source(file.path), file.language)
        symbols = self._project.symbols(file.path)
        functions = [_lines(each) for each in symbols if each.kind in CALLABLE_KINDS]
        digest = file.digest or self.digest(file)
        self._seen.tests[digest] = [_lines(each) for each in symbols if each.test]
        made = source_of(tokens, file.language, functions)
        self._kept[file.path] = made
        self._tokens += len(tokens)
        while self._tokens > _MOST_TOKENS and len(self._kept) > 2:
            self._tokens -= len(self._kept.popitem(last=False)[1].tokens)
        return made


def _lines(symbol: Symbol) -> tuple[int, int]:
    return symbol.span.line, symbol.span.end_line
