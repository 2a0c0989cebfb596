"""Who wrote each line: git's blame of the committed file, carried over to the text as it is now.

Git is asked for the committed version alone. That runs no filter of the repository, and it lets one
blame serve every unsaved state of the file: `Blame.align` finds the committed lines again by their
text, as `git blame -w` does without regard to white space.
"""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec

from codearch.facts import History, Span
from codearch.history.git import git
from codearch.history.repository import read_regular, repository_of
from codearch.languages import by_path
from codearch.secrets import find, hidden
from codearch.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_HEAD_BYTES = 8192  # in which a file without a telling name says its language
IGNORED_REVISIONS = ".git-blame-ignore-revs"  # the name that GitHub and GitLab honour


class Commit(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One commit. `time` is the author's, in seconds since the epoch; names follow the mailmap."""

    hash: str
    author: str
    time: int
    subject: str


class Blame(msgspec.Struct, frozen=True, array_like=True):
    """The commit of each line of a committed file; `lines` indexes `commits`, `keys` are texts.

    It holds for as long as no further commit touches the file (see `touched`). One that git could
    not give has a `problem`, and the digest of the file as it was `tried` with.
    """

    commits: tuple[Commit, ...] = ()
    lines: tuple[int, ...] = ()
    keys: tuple[int, ...] = ()
    problem: str = ""
    tried: bytes = b""

    def align(self, content: bytes) -> list[Commit | None]:
        """Return the commit of each line of `content`, None for lines that are not committed."""
        keys = _keys(content)
        aligned: list[Commit | None] = [None] * len(keys)
        for old, new, size in _common_runs(self.keys, keys):
            for offset in range(size):
                aligned[new + offset] = self.commits[self.lines[old + offset]]
        return aligned


def blame(root: Path, path: str) -> Blame:
    """Return the blame of a file at HEAD; an empty one where HEAD has no such file.

    Moves within the file are followed, changes of white space and the commits that the repository
    lists in `.git-blame-ignore-revs` are passed over. Raises GitError.
    """
    if not git(root, "ls-tree", "-z", "HEAD", "--", path, accept=(0, 128)):
        return Blame()
    # Git fails where the repository's own settings name a file of revisions that is missing.
    options = ("--porcelain", "-w", "-M", "--no-textconv", "--encoding=UTF-8")
    revisions = ("--no-ignore-revs-file", *_passed_over(root))
    told = git(root, "blame", *options, *revisions, "HEAD", "--", path, timeout_s=120)
    return _parse(told, path)


def symbol_history(
    lines: Sequence[Commit | None], span: Span, file_commits: int = 0
) -> History | None:
    """Return the history of the lines of a span; None where none of them is committed."""
    end = span.end_line + (span.end_column > 0)
    own = lines[span.line : max(end, span.line + 1)]
    owned = [commit for commit in own if commit is not None]
    if not owned:
        return None
    authors = Counter(commit.author for commit in owned).most_common()
    last = max(owned, key=lambda commit: commit.time)
    return History(
        author=authors[0][0],
        authors=tuple(authors),
        last_commit=last.hash,
        last_author=last.author,
        last_time=last.time,
        last_subject=last.subject,
        commits=len({commit.hash for commit in owned}),
        file_commits=file_commits,
        uncommitted=len(own) - len(owned),
    )


def _passed_over(root: Path) -> tuple[str, ...]:
    """Return the option that leaves out mass changes, if the repository lists such and rightly."""
    repository = repository_of(root)
    if repository is None:
        return ()
    file = repository.top / IGNORED_REVISIONS
    listed = read_regular(file, follow_link=False)
    if listed is None:
        return ()
    # Git gives up on a file with an abbreviated or unknown hash.
    revisions = [line.split(b"#")[0].strip() for line in listed.splitlines()]
    known = git(
        root, "cat-file", "--batch-check=%(objecttype)", stdin=b"\n".join(filter(None, revisions))
    )
    types = known.split()
    whole = all(len(revision) in (0, 40, 64) for revision in revisions)
    return (f"--ignore-revs-file={file}",) if whole and set(types) == {b"commit"} else ()


def _parse(porcelain: bytes, path: str = "") -> Blame:
    """Read `git blame --porcelain`, which describes each commit at its first line alone."""
    found: dict[str, int] = {}
    commits: list[Commit] = []
    lines: list[int] = []
    texts: list[bytes] = []
    described: dict[str, str] = {}
    current = ""
    for line in porcelain.split(b"\n"):
        if line.startswith(b"\t"):
            if current not in found:
                found[current] = len(commits)
                commits.append(_commit(current, described))
            lines.append(found[current])
            texts.append(line[1:])
            current, described = "", {}
        elif not current:
            current = line.partition(b" ")[0].decode("ascii", "replace")
        else:
            key, _, value = line.decode("utf-8", "replace").partition(" ")
            described[key] = value
    keys = _keys(_as_indexed(b"\n".join(texts), path))
    return Blame(tuple(commits), tuple(lines), tuple(keys)[: len(lines)])


def _as_indexed(content: bytes, path: str) -> bytes:
    """Return a committed file as the index would have it: without its secrets."""
    language = by_path(path, content[:_HEAD_BYTES])
    if language is None:
        return content
    source = decode(content).encode("utf-8", "replace")
    return hidden(source, find(source, language.name))


def _commit(full_hash: str, described: dict[str, str]) -> Commit:
    time = described.get("author-time", "0")
    return Commit(
        hash=full_hash,
        author=described.get("author", ""),
        time=int(time) if time.lstrip("-").isdigit() else 0,
        subject=described.get("summary", ""),
    )


def _key(line: bytes) -> int:
    """Return a number for a line's text without white space."""
    digest = blake2b(b"".join(line.split()), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


_BLANK = _key(b"")


def _keys(content: bytes) -> list[int]:
    """Return the key of each line, whatever the file's encoding."""
    known: dict[bytes, int] = {}
    keys: list[int] = []
    for line in decode(content).encode("utf-8", "replace").split(b"\n"):
        key = known.get(line)
        if key is None:
            key = known[line] = _key(line)
        keys.append(key)
    return keys


def _common_runs(old: Sequence[int], new: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Yield (place in old, place in new, length) of what both have, in order."""
    start = 0
    end = min(len(old), len(new))
    while start < end and old[start] == new[start]:
        start += 1
    tail = 0
    while tail < end - start and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    yield 0, 0, start
    # Lines that stand everywhere (blank ones, closing braces) are anchors of nothing: difflib's
    # own rule against them also keeps this far from quadratic.
    middle = SequenceMatcher(None, old[start : len(old) - tail], new[start : len(new) - tail])
    for block in middle.get_matching_blocks():
        if any(key != _BLANK for key in old[start + block.a : start + block.a + block.size]):
            yield start + block.a, start + block.b, block.size
    yield len(old) - tail, len(new) - tail, tail
