"""Patterns learned from fixes: edits that were made again and again, in several files."""

from __future__ import annotations

import zlib
from collections import defaultdict
from typing import TYPE_CHECKING

from codearch.mining.edits import edits
from codearch.mining.fixes import changed_ranges
from codearch.mining.generalise import MOST_TOGETHER, Example, commons, is_word
from codearch.mining.trees import functions
from codearch.mining.writing import pattern_of
from codearch.parse.edited import LastTree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from codearch.detectors._patterns import Pattern
    from codearch.mining.edits import Edit
    from codearch.mining.fixes import Change, Fix
    from codearch.mining.trees import Part

LEAST_FIXES = 3
LEAST_FILES = 2
MOST_RENAMES = 4  # times that one fix may make the same edit before it is taken for a rename

Key = tuple[str, tuple[tuple[str, ...], tuple[str, ...]], bool, bytes]


class Lessons:
    """The edits of fixes by what they have in common, until patterns are asked for."""

    def __init__(self) -> None:
        self._groups: dict[Key, list[Example]] = defaultdict(list)
        self._languages: dict[Key, str] = {}
        self.fixes: dict[str, Fix] = {}

    def add(self, fix: Fix, changes: Iterable[Change]) -> None:
        """Take in what a fix changed."""
        self.fixes[fix.commit] = fix
        found = [(change, edit) for change in changes for edit in _edits(change)]
        repeated: dict[tuple[bytes, ...], int] = defaultdict(int)
        for _, edit in found:
            if not edit.level:
                repeated[*sorted(edit.removed), b"", *sorted(edit.put)] += 1
        taught = {change.path: change for change, _ in found}
        packed = {path: (_packed(each.old), _packed(each.new)) for path, each in taught.items()}
        for change, edit in found:
            if repeated[*sorted(edit.removed), b"", *sorted(edit.put)] > MOST_RENAMES:
                continue
            example = Example(
                edit.before, edit.after, edit.added, fix.commit, change.path, *packed[change.path]
            )
            for mark in sorted(filter(is_word, edit.removed | edit.put)):
                key = change.language, edit.shape, bool(edit.added), mark
                self._groups[key].append(example)

    def patterns(self, fixes: int = LEAST_FIXES, files: int = LEAST_FILES) -> list[Pattern]:
        """Return the patterns that so many fixes in so many files support, the best known first.

        The same fixes may support several, with more or less of what was around.
        """
        found: dict[str, Pattern] = {}
        seen: set[tuple[int, ...]] = set()
        for (language, *_), examples in self._groups.items():
            if len({each.commit for each in examples}) < fixes:
                continue
            if len({each.path for each in examples}) < files:
                continue
            same = tuple(id(each) for each in examples)
            if same in seen:
                continue
            seen.add(same)
            for common in commons(examples[-MOST_TOGETHER:], fixes, files):
                pattern = pattern_of(common, language, self.fixes)
                if pattern is None:
                    continue
                known = found.get(pattern.id)
                if known is None or known.fixes < pattern.fixes:
                    found[pattern.id] = pattern
        return sorted(found.values(), key=lambda each: (-each.fixes, each.id))


def _packed(source: bytes) -> bytes:
    return zlib.compress(source, 1)


def _edits(change: Change) -> Iterator[Edit]:
    old, new = changed_ranges(change)
    if not old and not new:
        return
    last = LastTree()
    before = _named(functions(change.old, change.language, old, last))
    after = _named(functions(change.new, change.language, new, last))
    for name, parts in before.items():
        others = after.get(name, [])
        if len(others) == len(parts):
            for part, other in zip(parts, others, strict=True):
                yield from edits(part, other)


def _named(found: list[tuple[str, Part]]) -> dict[str, list[Part]]:
    """Return functions by their names, in the order of the file: overloads have the same."""
    named: dict[str, list[Part]] = defaultdict(list)
    for name, part in sorted(found, key=lambda each: each[1].start):
        named[name].append(part)
    return named
