"""Which revisions are looked at: some of the first parents of HEAD, always the same ones."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from codearch.errors import GitError, UsageError
from codearch.history.git import git

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_LOG_S = 120.0


class Sample(NamedTuple):
    """One revision: its commit, and when that was made, in seconds since the epoch."""

    commit: str
    time: int

    @property
    def date(self) -> str:
        """The day, in UTC."""
        return datetime.fromtimestamp(self.time, UTC).date().isoformat()


class Stretch(NamedTuple):
    """Some revisions, the newest first: each `every`-th of so many `commits`."""

    samples: list[Sample]
    every: int
    commits: int


def samples(root: Path, since: str, until: str, most: int) -> Stretch:
    """Return the revisions of a stretch of history to look at.

    `since` and `until` are dates or revisions, "" for no bound. Commits are counted from the first
    one on, and each n-th is taken, where n is a power of two: so a new commit changes none of the
    others. The newest of the stretch is always among them. Raises GitError where there is no
    history, and UsageError that names the bound which git does not know.
    """
    tip = _revision(root, until, "until") if until and not _is_date(until) else "HEAD"
    listed = _first_parents(root, tip)
    first, last = 0, len(listed)
    if _is_date(until):
        end = _seconds(until) + timedelta(days=1).total_seconds()
        last = next((n for n in range(len(listed), 0, -1) if listed[n - 1].time < end), 0)
    if _is_date(since):
        begin = _seconds(since)
        first = next((n for n in range(last) if listed[n].time >= begin), last)
    elif since:
        commit = _revision(root, since, "since")
        known = next((n for n, each in enumerate(listed) if each.commit == commit), None)
        first = _base_in(root, listed, commit) if known is None else known
    return _sampled(listed[:last], first, most)


def _sampled(listed: Sequence[Sample], first: int, most: int) -> Stretch:
    """Return some of the commits from `first` on; `listed` has the oldest of all first."""
    count, every = len(listed) - first, 1
    while count / every > most - 1:
        every *= 2
    chosen = [n for n in range(first, len(listed)) if n % every == 0 or n == len(listed) - 1]
    return Stretch([listed[n] for n in reversed(chosen)], every, count)


def _first_parents(root: Path, tip: str) -> list[Sample]:
    asked = ("--first-parent", "--reverse", "--format=%H %ct", "--end-of-options", tip, "--")
    try:
        told = git(root, "log", *asked, timeout_s=_LOG_S).decode()
    except GitError as error:
        if "does not have any commits" in error.message or "bad revision 'HEAD'" in error.message:
            message = f"{root} has no commit yet, so there is nothing to compare."
            raise GitError(message, mend="Ask again after the first commit.") from error
        raise
    pairs = (line.split(" ") for line in told.splitlines())
    return [Sample(commit, int(time)) for commit, time in pairs]


def _base_in(root: Path, listed: Sequence[Sample], commit: str) -> int:
    """Return the place of the commit at which another branch parted from the listed ones."""
    base = git(root, "merge-base", commit, listed[-1].commit, accept=(0, 1)).decode().strip()
    return next((n for n, each in enumerate(listed) if each.commit == base), 0)


def _revision(root: Path, written: str, field: str) -> str:
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{written}^{{commit}}")
    commit = git(root, *asked, accept=(0, 1)).decode().strip()
    if not commit:
        message = f"`{field}`: git knows no revision {written!r} here, and a date is YYYY-MM-DD."
        raise UsageError(message, field=field, mend="Fetch it, or name another.")
    return commit


def _is_date(written: str) -> bool:
    return _DATE.fullmatch(written) is not None


def _seconds(date: str) -> float:
    return datetime.fromisoformat(f"{date}T00:00:00+00:00").timestamp()
