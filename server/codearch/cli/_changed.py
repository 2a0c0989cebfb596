"""Which files changed since a revision, as git sees it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from codearch.errors import GitError, UsageError
from codearch.history.git import git, head

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT = "HEAD"
_NAMES = ("--name-only", "--no-renames", "--no-ext-diff", "--no-textconv", "--relative", "-z")


def changed_files(root: Path, revision: str) -> frozenset[str]:
    """Return the files below `root` that differ from where this work and `revision` parted.

    Edited, staged and new files that git does not ignore count. In a repository without a commit
    all do.
    """
    new = git(root, "ls-files", "--others", "--exclude-standard", "-z")
    if head(root) is None and revision == DEFAULT:
        return _paths(new) | _paths(git(root, "ls-files", "-z"))
    since = _parting(root, revision)
    return _paths(new) | _paths(git(root, "diff", *_NAMES, since, "--"))


def _parting(root: Path, revision: str) -> str:
    """Return the commit where `revision` and this work parted; the revision itself if none."""
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    commit = git(root, *asked, accept=(0, 1)).decode().strip()
    if not commit:
        message = f"--changed: git knows no revision {revision!r} here."
        raise UsageError(message, field="changed")
    try:
        return git(root, "merge-base", "HEAD", commit).decode().strip()
    except GitError:
        return commit


def _paths(listed: bytes) -> frozenset[str]:
    return frozenset(os.fsdecode(path) for path in listed.split(b"\0") if path)
