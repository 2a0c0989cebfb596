"""Who wrote each line: git's blame of the committed file, carried over to the text as it is now.

Git is asked for the committed version alone. That runs no filter of the repository, and it lets one
blame serve every unsaved state of the file: `Blame.align` finds the committed lines again by their
text, as `git blame -w` does without regard to white space.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from codearch.facts import History, Span
from codearch.history.alignment import as_indexed, common_runs, line_keys
from codearch.history.git import git
from codearch.history.repository import read_regular, repository_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

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
        keys = line_keys(content)
        aligned: list[Commit | None] = [None] * len(keys)
        for old, new, size in common_runs(self.keys, keys):
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
    keys = line_keys(as_indexed(b"\n".join(texts), path))
    return Blame(tuple(commits), tuple(lines), tuple(keys)[: len(lines)])


def _commit(full_hash: str, described: dict[str, str]) -> Commit:
    time = described.get("author-time", "0")
    return Commit(
        hash=full_hash,
        author=described.get("author", ""),
        time=int(time) if time.lstrip("-").isdigit() else 0,
        subject=described.get("summary", ""),
    )
