"""The fixes of a repository: commits that mend something that runs, and what they changed.

What is tangled (many files, many lines), cosmetic or only moved teaches nothing.
"""

from __future__ import annotations

import itertools
import os
from collections import Counter
from datetime import UTC, datetime
from secrets import token_hex
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._patterns.contexts import CONTEXTS
from codearch.history.alignment import common_runs, line_keys
from codearch.history.git import git
from codearch.history.kinds import APART, Kind, kind_of
from codearch.history.log import Logged, LoggedChange
from codearch.index.test_paths import is_test_path
from codearch.languages import by_path
from codearch.text import as_utf8

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


MOST_FILES = 8  # of code in one fix: beyond it is tangled with something else
MOST_LINES = 160  # of one file that it touches, before and after
MOST_BYTES = 400_000  # of one file
LOG_S = 600.0
_BLOCK = 1024
_AT_ONCE = 60  # commits whose files are read together


class Change(NamedTuple):
    """A file that a fix changed, as it was and as it became, in UTF-8; it may hold secrets."""

    path: str
    language: str
    old: bytes
    new: bytes


class Fix(NamedTuple):
    """A commit that mends something."""

    commit: str
    time: int
    subject: str
    files: tuple[tuple[str, str, str], ...]  # of code that is no test: path, old and new content

    @property
    def day(self) -> str:
        """The day of its commit."""
        return datetime.fromtimestamp(self.time, UTC).strftime("%Y-%m-%d")


def fixes_of(
    root: Path, revisions: str = "HEAD", limit: int = 100_000, *, whatever: bool = False
) -> list[Fix]:
    """Return the fixes of a range of commits, the oldest first; raise GitError where git fails.

    No file is read for it: names, kinds of change and messages are enough. With `whatever` any
    commit counts as one, since somebody says so.
    """
    options = ("--no-merges", "--no-renames", "--raw", "--no-abbrev", "-z", "--relative")
    mark = token_hex(8)  # nothing that is logged begins so
    form = f"--format={mark}%H%x00%ct%x00%an%x00%ae%x00%B%x00"
    output = git(
        root, "log", "--reverse", *options, form, f"--max-count={limit}", "--end-of-options",
        revisions, "--",
        timeout_s=LOG_S,
    )  # fmt: skip
    found = (_fix(record, whatever=whatever) for record in output.split(mark.encode()) if record)
    return [each for each in found if each is not None]


def _fix(record: bytes, *, whatever: bool) -> Fix | None:
    number, when, name, email, message, *fields = record.split(b"\0")
    raw = [each.lstrip(b"\n") for each in fields]
    listed = [
        (path.decode("utf-8", "replace"), head.split(b" "))
        for head, path in itertools.pairwise(raw)
        if head.startswith(b":")
    ]
    commit = Logged(
        number.decode(),
        int(when),
        name.decode("utf-8", "replace"),
        email.decode("utf-8", "replace"),
        message.decode("utf-8", "replace"),
        tuple(LoggedChange(path, head[4].decode()) for path, head in listed),
    )
    kind = kind_of(commit, frozenset())
    if not whatever and (not kind & Kind.FIX or kind & APART):
        return None
    files = tuple(
        (path, head[2].decode(), head[3].decode())
        for path, head in listed
        if head[4] == b"M" and is_code(path)
    )
    if not 0 < len(files) <= MOST_FILES:
        return None
    return Fix(commit.hash, commit.time, commit.subject, files)


def is_code(path: str) -> bool:
    """Say whether patterns are learned from a file: code in one of the languages, and no test."""
    return bool(_language(path)) and not is_test_path(path)


def _language(path: str) -> str:
    language = by_path(path)
    return language.name if language is not None and language.name in CONTEXTS else ""


def read_changes(root: Path, chosen: Sequence[Fix]) -> Iterator[tuple[Fix, list[Change]]]:
    """Yield what fixes changed, file by file."""
    for start in range(0, len(chosen), _AT_ONCE):
        batch = chosen[start : start + _AT_ONCE]
        blobs = contents(root, [name for fix in batch for _, *both in fix.files for name in both])
        for fix in batch:
            found = []
            for path, before, after in fix.files:
                old, new = blobs.get(before), blobs.get(after)
                if old and new and max(len(old), len(new)) <= MOST_BYTES:
                    found.append(Change(path, _language(path), _utf8(old), _utf8(new)))
            yield fix, found


def _utf8(content: bytes) -> bytes:
    return as_utf8(content)


def contents(root: Path, blobs: Sequence[str]) -> dict[str, bytes]:
    """Return what files of commits hold, by their hashes; a clone may lack some."""
    asked = "".join(f"{name}\n" for name in blobs)
    output = git(root, "cat-file", "--batch", stdin=asked.encode(), timeout_s=LOG_S)
    found: dict[str, bytes] = {}
    at = 0
    for name in blobs:
        end = output.index(b"\n", at)
        head = output[at:end].split(b" ")
        at = end + 1
        if len(head) == 3 and head[1] == b"blob":
            size = int(head[2])
            found[name] = output[at : at + size]
            at += size + 1
    return found


def changed_ranges(change: Change) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return the stretches of bytes, before and after, that are not the same lines.

    Nothing where lines were only moved, or where only white space differs.
    """
    head, tail = _alike(change.old, change.new)
    old = line_keys(change.old[head : len(change.old) - tail])
    new = line_keys(change.new[head : len(change.new) - tail])
    before, after = [], []  # rows of lines, from and to
    at = other = 0
    for start, other_start, size in common_runs(old, new):
        if at < start or other < other_start:
            before.append((at, start))
            after.append((other, other_start))
        at, other = start + size, other_start + size
    if Counter(k for a, b in before for k in old[a:b]) == Counter(
        k for a, b in after for k in new[a:b]
    ):
        return [], []
    if sum(b - a for a, b in (*before, *after)) > MOST_LINES:
        return [], []
    olds, news = _bytes(change.old, head, tail, before), _bytes(change.new, head, tail, after)
    narrowed = [_narrowed(change.old, change.new, a, b) for a, b in zip(olds, news, strict=True)]
    return [old for old, _ in narrowed], [new for _, new in narrowed]


def _alike(old: bytes, new: bytes) -> tuple[int, int]:
    """Return how many bytes of whole lines two texts begin, and end, with alike."""
    head = _same(old, new)
    head = old.rfind(b"\n", 0, head) + 1
    tail = _same(old[head:][::-1], new[head:][::-1])
    end = old.find(b"\n", len(old) - tail)
    return head, len(old) - end if end >= 0 and tail else 0


def _same(a: bytes, b: bytes) -> int:
    """Return how many bytes two texts begin with alike, block by block."""
    at, most = 0, min(len(a), len(b))
    while at < most and a[at : at + _BLOCK] == b[at : at + _BLOCK]:
        at += _BLOCK
    at = min(at, most)
    return at + len(os.path.commonprefix((a[at : at + _BLOCK], b[at : at + _BLOCK])))  # noqa: RUF071


def _bytes(
    source: bytes, head: int, tail: int, rows: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return lines as bytes; they are counted from `head` on."""
    end = len(source) - tail
    starts = [head]
    for line in source[head:end].split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    return [(starts[first], min(starts[last], end)) for first, last in rows]


def _narrowed(
    old: bytes, new: bytes, a: tuple[int, int], b: tuple[int, int]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return two stretches without what they begin and end with alike, white space included."""
    had, has = old[slice(*a)], new[slice(*b)]
    head = _same(had, has)
    tail = _same(had[head:][::-1], has[head:][::-1])
    found = []
    for text, (start, end) in ((had, a), (has, b)):
        inner = text[head : len(text) - tail]
        start += head + len(inner) - len(inner.lstrip())  # noqa: PLW2901 - as narrowed
        found.append((start, max(start, end - tail - (len(inner) - len(inner.rstrip())))))
    return found[0], found[1]
