"""Which files changed since a revision.

Git is asked for trees and the index alone: comparing them with the working tree would run the
filters that a repository's own settings name.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from codearch.errors import GitError, UsageError
from codearch.history.git import git, head

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT = "HEAD"
_FILE = b"100"  # how the modes of regular files begin: links and submodules are not indexed


def changed_files(root: Path, revision: str) -> frozenset[str]:
    """Return the files below `root` that differ from where this work and `revision` parted.

    Edited, staged and new files that git does not ignore count. In a repository without a commit
    all do.
    """
    new = _paths(git(root, "ls-files", "--others", "--exclude-standard", "-z"))
    tracked = _blobs(git(root, "ls-files", "--stage", "-z"))
    if head(root) is None and revision == DEFAULT:
        return new | frozenset(tracked)
    then = _blobs(git(root, "ls-tree", "-r", "-z", _parting(root, revision)))
    both = tracked.keys() | then.keys()
    return new | {path for path in both if not _holds(root / path, then.get(path))}


def _holds(path: Path, blob: str | None) -> bool:
    """Say whether a file is what git keeps under a hash, also where lines end with CRLF here."""
    if blob is None:
        return False
    try:
        data = path.read_bytes() if path.is_file() and not path.is_symlink() else None
    except OSError:
        return False
    if data is None:
        return False
    return blob in (_blob(data, blob), _blob(data.replace(b"\r\n", b"\n"), blob))


def _blob(data: bytes, like: str) -> str:
    """Return git's hash of a file's content, of the kind that another one is."""
    kind = hashlib.sha1 if len(like) == 40 else hashlib.sha256
    return kind(b"blob %d\0" % len(data) + data).hexdigest()


def _blobs(listed: bytes) -> dict[str, str]:
    """Return the hash of each regular file, of `mode hash stage` or `mode type hash` and path."""
    found = {}
    for line in listed.split(b"\0"):
        described, _, path = line.partition(b"\t")
        if described.startswith(_FILE):
            words = described.split()
            found[os.fsdecode(path)] = max(words[1:], key=len).decode("ascii")
    return found


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
