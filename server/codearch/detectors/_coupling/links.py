"""Which files the code itself ties together, so that nobody wonders why they change at once."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codearch.detectors._detector import Project
    from codearch.facts import Edge, File

_C_FAMILY = frozenset({"c", "cpp"})
# Go and C# import packages and namespaces, C headers: who uses which file is not known well enough
# there to count it.
_IMPORTING_FILES = frozenset({"python", "javascript", "typescript", "java", "rust"})
# Names that say which part of one thing a file is, or for which system, not which thing.
_PART = re.compile(
    "tests?|spec|impl|internal|inl|types?|styles|priv|unix|posix|linux|darwin|macos|osx|android|ios|"
    "(?:free|open|net)?bsd|windows|win(?:32)?|wasm|js|amd64|x86|arm(?:64)?|generic|other|fallback|"
    "unsupported|stub|native|browser|node|web"
)


class Links:
    """The links in code between files, a header and what implements it taken as one."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self.edges = project.import_graph()
        self._uses: dict[str, set[str]] = defaultdict(set)
        self._users: dict[str, set[str]] = defaultdict(set)
        for edge in self.edges:
            self._uses[edge.source].add(edge.target)
            self._users[edge.target].add(edge.source)

    def tied(self, one: File, other: File) -> bool:
        """Say whether two files have a link in code, directly or by one file between them."""
        if same_module(one.path, other.path):
            return True
        uses, users = self._uses, self._users
        if other.path in uses[one.path] or one.path in uses[other.path]:
            return True
        if uses[one.path] & users[other.path] or uses[other.path] & users[one.path]:
            return True
        if {one.language, other.language} <= _C_FAMILY and self._by_headers(one.path, other.path):
            return True
        names = self._project.names_something_of
        return names(one.path, other.path) or names(other.path, one.path)

    def _by_headers(self, one: str, other: str) -> bool:
        """Say whether one of two C files includes the other's header."""
        return any(
            same_module(used, target)
            for source, target in ((one, other), (other, one))
            for used in self._uses[source]
        )


def same_module(one: str, other: str) -> bool:
    """Say whether two files are parts of one thing by their names: `tree.c` and `tree.h`."""
    return _thing(one) == _thing(other)


def _thing(path: str) -> str:
    words = PurePosixPath(path).name.lower().split(".")[0]
    for mark in "-_":
        head, _, last = words.rpartition(mark)
        if head and _PART.fullmatch(last):
            words = head
        first, _, rest = words.partition(mark)
        if rest and _PART.fullmatch(first):
            words = rest
    return words


def code_files(files: Iterable[File], languages: frozenset[str]) -> dict[str, File]:
    """Return the files that people write to be run, tests left out."""
    return {
        file.path: file
        for file in files
        if file.language in languages and not (file.test or file.generated)
    }


def between(edges: Iterable[Edge], files: dict[str, File]) -> list[Edge]:
    """Return the imports from one of these files to another, where a file imports files."""
    own = {path for path, file in files.items() if file.language in _IMPORTING_FILES}
    return [edge for edge in edges if edge.source in own and edge.target in own]
