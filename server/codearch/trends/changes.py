"""What differs between two revisions, file by file, as git's trees say: nothing is read for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from codearch.history.git import git

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FILES = frozenset({b"100644", b"100755", b"100664"})
_GIT_S = 120.0


class Change(NamedTuple):
    """One file in two revisions: path and blob in each, "" where it is not there."""

    old_path: str
    old: str
    path: str
    new: str


def files_of(root: Path, commit: str) -> list[Change]:
    """Return all files of a revision, as if each were new."""
    listed = git(root, "ls-tree", "-r", "-z", "--full-name", commit, ".", timeout_s=_GIT_S)
    above = _prefix(root)
    found = []
    for entry in listed.split(b"\0"):
        head, _, path = entry.partition(b"\t")
        words = head.split(b" ")
        if len(words) == 3 and words[0] in _FILES:
            name = _text(path).removeprefix(above)
            found.append(Change("", "", name, words[2].decode()))
    return found


def changes_between(root: Path, older: str, newer: str) -> list[Change]:
    """Return the files that differ between two revisions, renamed ones under both names."""
    options = ("-r", "-z", "-M", "--raw", "--no-abbrev", "--no-ext-diff", "--relative")
    told = git(root, "diff-tree", *options, older, newer, "--", timeout_s=_GIT_S)
    return list(_changes(iter(told.split(b"\0"))))


def _changes(fields: Iterator[bytes]) -> Iterator[Change]:
    for head in fields:
        if not head.startswith(b":"):
            continue
        mode, new_mode, old, new, status = head[1:].split(b" ")
        old_path = path = _text(next(fields, b""))
        if status[:1] in b"RC":
            path = _text(next(fields, b""))
        was, there = mode in _FILES, new_mode in _FILES
        if was or there:
            yield Change(
                old_path if was else "",
                old.decode() if was else "",
                path if there else "",
                new.decode() if there else "",
            )


def _prefix(root: Path) -> str:
    return _text(git(root, "rev-parse", "--show-prefix").rstrip(b"\n"))


def _text(written: bytes) -> str:
    """Decode what git prints; a path that is not UTF-8 is of no file that is indexed."""
    return written.decode("utf-8", "replace")
