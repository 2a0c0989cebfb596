"""Which files of a git folder tell that HEAD, the index, a ref or the ignore rules changed."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codearch.history.repository import Repository

_STATE_FILES = frozenset({"HEAD", "index", "packed-refs", "MERGE_HEAD", "shallow"})
_MODULES = "modules"
_REF_FOLDERS = ("refs", "reftable")

_LOCK_SECONDS = 10.0

Meaning = Literal["git", "rules"]


def folders(root: Path, repository: Repository | None) -> Iterator[Path]:
    """Yield the folders of a repository that hold such files, those of refs one by one."""
    if repository is None:
        yield root / ".git"  # it may be about to become one
        return
    yield repository.git_dir
    if repository.common_dir != repository.git_dir:
        yield repository.common_dir
    yield repository.common_dir / "info"
    for name in _REF_FOLDERS:
        for place, _, _ in os.walk(repository.common_dir / name):
            yield type(repository.common_dir)(place)
    yield from _submodules(repository.common_dir / _MODULES)


def _submodules(folder: Path) -> Iterator[Path]:
    """Yield the folders of submodules that tell what they track and ignore, inner ones too."""
    if (folder / "HEAD").is_file():
        yield folder
        yield folder / "info"
        yield from _submodules(folder / _MODULES)
        return
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        return
    for entry in inside:  # a submodule's name may have slashes
        if entry.is_dir():
            yield from _submodules(entry)


def _meaning_in_submodule(path: Path) -> Meaning | None:
    if path.name == "config" or (path.name, path.parent.name) == ("exclude", "info"):
        return "rules"
    return "git" if path.name == "index" else None


class Lock:
    """Git's lock on the index, which lies there while git changes files.

    One that lies there for long belongs to a commit whose message is being written, or is left
    from a git that was killed: neither changes files. How long is measured from when it was first
    seen, since the file system's clock may be another than ours, and either may be set. Of one that
    lay there before, its time has to tell.
    """

    def __init__(self, repository: Repository | None) -> None:
        self._seen = _lock_of(repository)
        age_s = abs(time.time() - self._seen[1] / 1e9) if self._seen is not None else 0.0
        self._since = time.monotonic() - age_s

    def held(self, repository: Repository | None) -> bool:
        """Return whether git is just changing the index, and with it the files."""
        found = _lock_of(repository)
        if found is None:
            return False
        if found != self._seen:
            self._seen, self._since = found, time.monotonic()
        return time.monotonic() - self._since < _LOCK_SECONDS


def _lock_of(repository: Repository | None) -> tuple[int, int] | None:
    """Return what tells one lock from another, its time last; None where there is none."""
    if repository is None:
        return None
    try:
        status = (repository.git_dir / "index.lock").stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns


def meaning(repository: Repository | None, path: Path) -> Meaning | None:
    """Return what a change of a path inside the git folders means."""
    name = path.name
    if name.endswith(".lock"):
        return None
    if repository is None:
        return "rules" if name == "HEAD" and path.parent.name == ".git" else None
    if path in (repository.common_dir / "info" / "exclude", repository.common_dir / "config"):
        return "rules"
    if path.is_relative_to(repository.common_dir / _MODULES):
        return _meaning_in_submodule(path)
    if path.parent in (repository.git_dir, repository.common_dir):
        return "git" if name in _STATE_FILES else None
    refs = (repository.common_dir / folder for folder in _REF_FOLDERS)
    return "git" if any(path.is_relative_to(folder) for folder in refs) else None
