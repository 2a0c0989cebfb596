"""Lines that are new where they stand and were taken from somewhere else: moved, not written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.history.alignment import BLANK, line_keys
from codearch.history.git import git

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

LEAST_LINES = 5  # without blank ones: fewer are alike by chance
MOST_BYTES = 20_000_000  # of a diff; whoever changes more has not moved a function
_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? ")


def lost_lines(top: Path, commit: str) -> frozenset[int]:
    """Return the keys of the lines that files had at a commit and, as staged, have no more."""
    options = ("-p", "-U0", "--no-renames", "--diff-filter=MD", "--no-ext-diff", "--no-textconv")
    told = git(top, "diff-index", "--cached", *options, commit, "--")
    if len(told) > MOST_BYTES:
        return frozenset()
    return frozenset(line_keys(b"\n".join(_removed(told.split(b"\n"))))) - {BLANK}


def _removed(lines: Sequence[bytes]) -> Iterator[bytes]:
    """Yield the lines that a diff without context takes away."""
    at = 0
    while at < len(lines):
        hunk = _HUNK.match(lines[at])
        at += 1
        if hunk:
            count = int(hunk[1] or 1)
            yield from (line[1:] for line in lines[at : at + count])
            at += count


def written(
    runs: Iterable[tuple[int, int]], keys: Sequence[int], lost: Collection[int]
) -> tuple[tuple[int, int], ...]:
    """Return the runs of new lines without those that were moved; `keys` are all of the file's.

    A stretch was moved where each of its lines was lost elsewhere; blank lines end none. Where
    nothing was moved the runs stay as they are.
    """
    given = tuple(runs)
    new = {
        line
        for first, end in given
        for line in range(first, min(end, len(keys)))
        if keys[line] != BLANK
    }
    moved: set[int] = set()
    stretch: list[int] = []
    for line, key in enumerate(keys):
        if line in new and key in lost:
            stretch.append(line)
            if len(stretch) >= LEAST_LINES:
                moved.update(stretch)
        elif key != BLANK:
            stretch = []
    return tuple(_runs(sorted(new - moved))) if moved else given


def _runs(lines: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield runs of lines, end exclusive."""
    first = end = -1
    for line in lines:
        if line != end:
            if end > first:
                yield first, end
            first = line
        end = line + 1
    if end > first:
        yield first, end
