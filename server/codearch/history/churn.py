"""How often files change, and which change together: one pass over git's log."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from secrets import token_hex
from typing import TYPE_CHECKING

import msgspec

from codearch.facts import Edge
from codearch.history.git import git, head
from codearch.history.repository import repository_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

YEAR_S = 365 * 24 * 3600
MASS_COMMIT_FILES = 50  # a commit of more files says nothing about any two of them
MIN_TOGETHER = 3
MIN_DEGREE = 0.3


class Churn(msgspec.Struct, frozen=True):
    """What the log says of files, by the names that they have now.

    `commits` counts those within the last year before the newest commit. A coupling's `confidence`
    is the degree of A. Tornhill, "Your Code as a Crime Scene" (2015): shared commits over the mean
    of both files' commits; `count` is the number of shared commits.
    """

    commits: dict[str, int]
    coupling: tuple[Edge, ...]
    newest: int  # time of the newest commit, in seconds since the epoch; 0 without commits
    read: int  # how many commits were read
    shallow: bool  # the clone holds only a part of the history


class _Change(msgspec.Struct):
    time: int
    paths: list[str]


def churn(root: Path, limit: int = 5000) -> Churn:
    """Read the newest `limit` commits, merges left out, and follow renames; raise GitError."""
    repository = repository_of(root)
    shallow = repository is not None and repository.shallow
    if head(root) is None:
        return Churn({}, (), 0, 0, shallow)
    options = ("--no-merges", "--no-ext-diff", "--no-textconv", "-M", "--name-status", "-z")
    mark = token_hex(8)  # no path begins so
    form = ("--relative", f"--format={mark}%ct", f"--max-count={limit}", "--ignore-submodules=all")
    log = git(root, "log", *options, *form, "HEAD", timeout_s=300)
    changes = list(_changes(log, mark.encode()))
    newest = max((change.time for change in changes), default=0)
    recent = Counter(
        path for change in changes if change.time > newest - YEAR_S for path in change.paths
    )
    return Churn(dict(recent), _coupling(changes), newest, len(changes), shallow)


def _changes(log: bytes, mark: bytes) -> Iterator[_Change]:
    """Yield each commit, newest first, with its paths under their present names."""
    present: dict[str, str] = {}
    for record in log.split(mark)[1:]:
        time, _, listed = record.partition(b"\0")
        paths: list[str] = []
        renamed: dict[str, tuple[str, str]] = {}  # new name: old name, present name
        fields = iter(listed.removeprefix(b"\n").split(b"\0"))
        for status in fields:
            if not status:
                continue
            path = _text(next(fields, b""))
            if status[:1] in b"RC":
                old, path = path, _text(next(fields, b""))
                if status.startswith(b"R"):
                    renamed[path] = old, present.get(path, path)
            paths.append(present.get(path, path))
        # In older commits the old name means this file, and the new name meant another.
        for new in renamed:
            present.pop(new, None)
        present |= renamed.values()
        yield _Change(int(time), paths)


def _text(path: bytes) -> str:
    """Decode a path; one that is not UTF-8 is of no file that is indexed."""
    return path.decode("utf-8", "replace")


def _coupling(changes: list[_Change]) -> tuple[Edge, ...]:
    """Return the pairs of files that change together often enough to mean something."""
    small = [set(change.paths) for change in changes if len(change.paths) <= MASS_COMMIT_FILES]
    alone = Counter(path for paths in small for path in paths)
    frequent = {path for path, count in alone.items() if count >= MIN_TOGETHER}
    together = Counter(
        pair for paths in small for pair in combinations(sorted(paths & frequent), 2)
    )
    edges = [
        Edge(one, other, "change", count, degree)
        for (one, other), count in together.items()
        if count >= MIN_TOGETHER
        and (degree := 2 * count / (alone[one] + alone[other])) >= MIN_DEGREE
    ]
    return tuple(sorted(edges, key=lambda edge: (-edge.confidence, -edge.count, edge.source)))
