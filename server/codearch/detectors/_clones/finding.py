"""From the files of a workspace to the families of clones in it, step by step as files change."""

from __future__ import annotations

import hashlib
from collections import OrderedDict, defaultdict
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from codearch.detectors._clones.candidates import Candidates
from codearch.detectors._clones.families import Families, Pair, Place
from codearch.detectors._clones.kept import (
    RULE,
    Kept,
    Span,
    counts,
    made_of,
    mark,
    marks,
    pack,
    short,
    unpack,
)
from codearch.detectors._clones.lexicons import LEXICONS
from codearch.detectors._clones.matching import Least, matches
from codearch.detectors._clones.prints import unpacked
from codearch.detectors._clones.sources import Source, source_of
from codearch.detectors._clones.tokens import tokens_of
from codearch.facts import CALLABLE_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from codearch.detectors._clones.families import Family
    from codearch.detectors._clones.kept import Lines
    from codearch.detectors._detector import Project, ProjectView
    from codearch.facts import File, Symbol

__all__ = ["Known", "Least", "look"]

_MOST_TOKENS = 4_000_000  # of files that are being compared, in memory
_TOGETHER = 1_000  # files that are compared with as many others before the next: so few come again
_FEW_FILES = 100  # that are looked up one by one
_ITSELF = b""  # stands for the other file's digest

_Spans = tuple[Span, ...]


class Known:
    """What is known of a workspace from one look to the next."""

    def __init__(self, least: Least) -> None:
        self.least = least
        self.digests: dict[str, str] = {}  # of all files, as the index has them
        self.contents: dict[str, bytes] = {}  # of those that are compared
        self.families = Families()
        self._of: dict[str, str] = {}  # the family of languages
        self._candidates: dict[str, Candidates] = {}
        self._tests: dict[str, tuple[Lines, ...]] = {}
        self._test_files: set[str] = set()
        self.changed: set[str] = set()  # since families were made
        self.alone: set[str] = set()  # still to be compared with themselves
        self.found: dict[tuple[str, str], _Spans] = {}  # since then
        self.learnt: dict[str, list[tuple[bytes, _Spans]]] = {}  # for the index to keep

    def is_test(self, place: Place) -> bool:
        """Say whether a place is a test's."""
        inside = self._tests.get(place.path, ())
        return place.path in self._test_files or any(a <= place.line <= b for a, b in inside)

    def see(self, files: Mapping[str, tuple[File, Kept]], gone: Iterable[str]) -> None:
        """Know files as they are now, and forget those that are gone or count no more."""
        out = {path for path in gone if path in self.contents}
        changed = out | files.keys()
        self.changed |= changed
        for key in [key for key in self.found if not changed.isdisjoint(key)]:
            del self.found[key]
        made: dict[str, dict[str, NDArray[np.uint64]]] = defaultdict(dict)
        left: dict[str, set[str]] = defaultdict(set)
        for path in changed:
            before = self._of.get(path)
            now = LEXICONS[files[path][0].language].family if path in files else None
            if before is not None and before != now:
                left[before].add(path)
            self._forget(path)
        for path, (file, kept) in files.items():
            family = LEXICONS[file.language].family
            made[family][path] = unpacked(kept.prints)
            self._of[path], self.contents[path] = family, kept.digest
            if kept.tests:
                self._tests[path] = kept.tests
            if file.test:
                self._test_files.add(path)
            if kept.repeats:
                self.alone.add(path)
        for family in made.keys() | left.keys():
            candidates = self._candidates.setdefault(family, Candidates())
            candidates.change(made[family], left[family])

    def _forget(self, path: str) -> None:
        for each in (self._of, self.contents, self._tests, self.learnt):
            each.pop(path, None)
        self._test_files.discard(path)
        self.alone.discard(path)

    def missing(self) -> Iterable[tuple[Candidates, list[tuple[int, int]]]]:
        """Yield the pairs of files that are still to be compared."""
        for each in self._candidates.values():
            yield each, each.missing()

    def note(self, path: str, other: str, spans: _Spans) -> None:
        """Note the clones of two files."""
        if spans:
            self.found[path, other] = spans

    def learn(self, path: str, other: str, spans: _Spans) -> None:
        """Have the index keep what comparing two files has shown, with one that has changed."""
        if path == other:
            self.learnt.setdefault(path, []).append((_ITSELF, spans))
        elif path in self.changed or other not in self.changed:
            self.learnt.setdefault(path, []).append((self.contents[other], spans))
        else:
            self.learnt.setdefault(other, []).append((self.contents[path], _turned(spans)))

    def renew(self) -> None:
        """Make families of what was found."""
        pairs = [
            Pair(Place(path, line, end), Place(other, there, there_end), kind, tokens)
            for (path, other), spans in self.found.items()
            for line, end, there, there_end, kind, tokens in spans
        ]
        self.families.update(self.changed, pairs)
        self.changed, self.found = set(), {}


def look(view: ProjectView, known: Known) -> list[Family]:
    """Return the families of clones as the files are now, those that save most first."""
    looking = _Looking(view, known)
    looking.see()
    try:
        looking.compare()
    finally:
        looking.write()
    known.renew()
    return known.families.all()


class _Said(NamedTuple):
    """What is kept of a file's comparisons."""

    clones: dict[bytes, _Spans]
    others: set[bytes]

    def of(self, digest: bytes) -> _Spans | None:
        """Return its clones with a content, None where that is not known."""
        found = self.clones.get(digest)
        return () if found is None and mark(digest) in self.others else found


class _Looking:
    """One look at the workspace."""

    def __init__(self, view: ProjectView, known: Known) -> None:
        self._view, self._known = view, known
        self._project = view.project
        self._stored: Mapping[str, bytes] = {}  # all of it, at the first look
        self._said: dict[str, _Said] = {}
        self._reader = _Reader(self._project)

    def see(self) -> None:
        """Have what is known of each file be that of the file as it is."""
        known = self._known
        digests = self._project.digests()
        gone = known.digests.keys() - digests.keys()
        changed = [p for p, each in digests.items() if not each or known.digests.get(p) != each]
        if not known.digests:
            self._stored = self._project.extracts(RULE)
        seen: dict[str, tuple[File, Kept]] = {}
        for path, file in _files(self._project, changed).items():
            if counts(file.language) and not file.generated and not self._view.off(path):
                seen[path] = file, self._kept(file)
        known.see(seen, {*gone, *changed} - seen.keys())
        known.digests = dict(digests)

    def _kept(self, file: File) -> Kept:
        digest = file.digest or hashlib.sha256(self._project.source(file.path)).hexdigest()
        kept = self._kept_of(file.path)
        if kept is not None and kept.digest == short(digest):
            return kept
        self._project.check_cancelled()
        source, symbols = self._project.source(file.path), self._project.symbols(file.path)
        made = made_of(source, file.language, digest, symbols)
        self._view.kept[file.path] = pack(made)
        return made

    def _kept_of(self, path: str) -> Kept | None:
        data = self._view.kept.get(path) or self._stored.get(path)
        return unpack(data or self._project.extract(RULE, path))

    def compare(self) -> None:
        """Compare the files that share something, but for those that have been compared."""
        known = self._known
        for path in sorted(known.alone):
            spans = self._said_of(path).of(_ITSELF)
            known.note(path, path, self._spans(path, path) if spans is None else spans)
            known.alone.discard(path)
        for candidates, pairs in known.missing():
            done: list[tuple[int, int]] = []
            try:
                for i, j in sorted(pairs, key=_together):
                    path, other = candidates.paths[i], candidates.paths[j]
                    spans = self._known_spans(path, other)
                    known.note(path, other, self._spans(path, other) if spans is None else spans)
                    done.append((i, j))
            finally:
                candidates.note_compared(done)

    def _known_spans(self, path: str, other: str) -> _Spans | None:
        contents = self._known.contents
        spans = self._said_of(path).of(contents[other])
        if spans is None:
            spans = self._said_of(other).of(contents[path])
            spans = spans and _turned(spans)
        return spans

    def _said_of(self, path: str) -> _Said:
        said = self._said.get(path)
        if said is None:
            kept = self._kept_of(path)
            said = _Said({}, set())
            if kept is not None and kept.digest == self._known.contents[path]:
                said = _Said(dict(kept.clones), marks(kept.others))
            self._said[path] = said
        return said

    def _spans(self, path: str, other: str) -> _Spans:
        self._project.check_cancelled()
        one, another = self._reader.source(path), self._reader.source(other)
        spans = tuple(_lines_of(one, another, self._known.least))
        self._known.learn(path, other, spans)
        return spans

    def write(self) -> None:
        """Have the index keep what comparing has shown."""
        learnt, self._known.learnt = self._known.learnt, {}
        present = {*self._known.contents.values(), _ITSELF} if learnt else set()
        for path, found in learnt.items():
            kept = self._kept_of(path)
            if kept is None:
                continue
            clones = {each: spans for each, spans in kept.clones if each in present}
            clones |= {each: spans for each, spans in found if spans or not each}
            near = {mark(each) for each in present}
            others = {each for each in marks(kept.others) if each in near}
            others |= {mark(each) for each, spans in found if each and not spans}
            new = msgspec.structs.replace(
                kept, clones=tuple(clones.items()), others=b"".join(sorted(others))
            )
            self._view.kept[path] = pack(new)


def _together(pair: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return by what pairs of files are ordered, so that those of the same files come together."""
    return pair[0] // _TOGETHER, pair[1] // _TOGETHER, *pair


def _turned(spans: _Spans) -> _Spans:
    """Return the clones of two files as those of the second with the first."""
    return tuple((c, d, a, b, kind, tokens) for a, b, c, d, kind, tokens in spans)


def _lines_of(a: Source, b: Source, least: Least) -> Iterable[Span]:
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


def _files(project: Project, paths: list[str]) -> dict[str, File]:
    if len(paths) > _FEW_FILES:
        wanted = set(paths)
        return {file.path: file for file in project.files() if file.path in wanted}
    return {path: file for path in paths if (file := project.file(path))}


class _Reader:
    """Reads files for comparison, and keeps those that were used last."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._kept: OrderedDict[str, Source] = OrderedDict()
        self._tokens = 0

    def source(self, path: str) -> Source:
        """Return a file's tokens and functions."""
        known = self._kept.get(path)
        if known is not None:
            self._kept.move_to_end(path)
            return known
        file = self._project.file(path)
        assert file is not None, path  # noqa: S101 - it was found in it
        tokens = tokens_of(self._project.source(path), file.language)
        symbols = self._project.symbols(path)
        functions = [_lines(each) for each in symbols if each.kind in CALLABLE_KINDS]
        made = source_of(tokens, file.language, functions)
        self._kept[path] = made
        self._tokens += len(tokens)
        while self._tokens > _MOST_TOKENS and len(self._kept) > 2:
            self._tokens -= len(self._kept.popitem(last=False)[1].tokens)
        return made


def _lines(symbol: Symbol) -> Lines:
    return symbol.span.line, symbol.span.end_line
