"""From the files of a workspace to the algorithms that stand in it in several languages."""

from __future__ import annotations

import hashlib
from collections import Counter, OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._algorithms.functions import functions_of, has_functions, marks_of
from codearch.detectors._algorithms.likeness import contradiction, is_algorithm
from codearch.detectors._algorithms.pairing import Candidate, Likely, groups, likely, nearest
from codearch.detectors._algorithms.words import FAMILIES

if TYPE_CHECKING:
    from codearch.detectors._algorithms.functions import Function
    from codearch.detectors._detector import FileView, ProjectView
    from codearch.facts import File

_KEPT = 40  # files whose trees are at hand


class Place(NamedTuple):
    """A function of a finding."""

    path: str
    language: str
    function: Function


class Same(NamedTuple):
    """One algorithm: its places, in order, and how alike the others are to the first."""

    places: tuple[Place, ...]
    alike: float  # of the two that are least alike


class Known:
    """The functions of files, by their contents."""

    def __init__(self) -> None:
        self.functions: dict[str, tuple[Function, ...]] = {}
        self.least = 0.0  # that they tell

    def keep(self, digests: set[str]) -> None:
        """Forget what no file has any more."""
        self.functions = {key: each for key, each in self.functions.items() if key in digests}


class Reader:
    """Reads the files of a workspace, and keeps those that were read last."""

    def __init__(self, view: ProjectView) -> None:
        self._view = view
        self._views: OrderedDict[str, FileView] = OrderedDict()
        self._marks: dict[tuple[str, int], Counter[str]] = {}

    def view(self, path: str) -> FileView:
        """Return a file."""
        known = self._views.pop(path, None) or self._view.view(path)
        self._views[path] = known
        if len(self._views) > _KEPT:
            self._views.popitem(last=False)
        return known

    def marks(self, path: str, index: int) -> Counter[str]:
        """Return the marks of a function."""
        known = self._marks.get((path, index))
        if known is None:
            known = self._marks[path, index] = marks_of(self.view(path), index)
        return known


def algorithms(view: ProjectView, reader: Reader, known: Known) -> list[Same]:
    """Return what stands in the workspace in more than one language, by its first place."""
    told, least = float(view.limits["bits"]), view.limits["percent"] / 100
    files = [
        file
        for file in view.project.files()
        if file.language in FAMILIES and not file.generated and not file.test
    ]
    if len({FAMILIES[file.language] for file in files}) < 2:
        known.keep(set())
        return []
    if known.least != told:
        known.functions, known.least = {}, told
    candidates = _candidates(view, files, known)

    def agree(one: int, other: int) -> bool:
        a, b = (reader.marks(candidates[i].path, candidates[i].function.at) for i in (one, other))
        return not contradiction(a, b)

    pairs = [
        pair
        for pair in likely(candidates, least, told, view.project.check_cancelled)
        if _is_code(reader, candidates[pair.one], candidates[pair.other])
        and agree(pair.one, pair.other)
    ]
    kept = _outermost(nearest(candidates, pairs), candidates)
    languages = {file.path: file.language for file in files}
    found = [_same(group, candidates, languages) for group in groups(kept, agree)]
    return sorted(found, key=lambda each: _order(each.places[0]))


def _candidates(view: ProjectView, files: list[File], known: Known) -> list[Candidate]:
    """Return the functions of these files; those of files that are not known are read."""
    found: list[Candidate] = []
    digests: set[str] = set()
    for file in sorted(files, key=lambda each: each.path):
        source = b"" if file.digest else view.project.source(file.path)
        digest = f"{file.language} {file.digest or hashlib.sha256(source).hexdigest()}"
        if digest not in known.functions:
            view.project.check_cancelled()
            one = view.view(file.path)
            functions = functions_of(one, known.least) if has_functions(one) else ()
            known.functions[digest] = tuple(functions)
        digests.add(digest)
        family = FAMILIES[file.language]
        found += [Candidate(file.path, family, each) for each in known.functions[digest]]
    known.keep(digests)
    return found


def _is_code(reader: Reader, one: Candidate, other: Candidate) -> bool:
    """Say whether what two functions have in common is an algorithm: data is none."""
    ours = reader.marks(one.path, one.function.at)
    return is_algorithm(ours, reader.marks(other.path, other.function.at))


def _outermost(pairs: list[Likely], candidates: list[Candidate]) -> list[Likely]:
    """Return the pairs of which neither function lies within one of another pair."""

    def inside(index: int, other: int) -> bool:
        a, b = candidates[index], candidates[other]
        if index == other or a.path != b.path:
            return False
        own, around = a.function, b.function
        return around.line <= own.line and own.end_line <= around.end_line

    return [
        pair
        for pair in pairs
        if not any(
            (inside(pair.one, each.one) and inside(pair.other, each.other))
            or (inside(pair.one, each.other) and inside(pair.other, each.one))
            for each in pairs
        )
    ]


def _same(group: list[Likely], candidates: list[Candidate], languages: dict[str, str]) -> Same:
    indices = {index for pair in group for index in (pair.one, pair.other)}
    found = [candidates[index] for index in indices]
    places = [Place(each.path, languages[each.path], each.function) for each in found]
    return Same(tuple(sorted(places, key=_order)), min(pair.alike for pair in group))


def _order(place: Place) -> tuple[str, int]:
    return place.path, place.function.line
