"""Where a folder's git repository lies, found by reading files alone: no program runs for it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import msgspec

IGNORE_FILE = ".gitignore"
_READ_BY_GIT = ("config", "index", "packed-refs", "info/exclude")  # in its own folder
SMALL_FILE_BYTES = 1 << 20


class Repository(msgspec.Struct, frozen=True):
    """A working tree: its top folder, its own git folder, and the one it shares with its siblings.

    `git_dir` and `common_dir` differ in a linked working tree (`git worktree add`) alone.
    """

    top: Path
    git_dir: Path
    common_dir: Path

    @property
    def shallow(self) -> bool:
        """Whether the history was cut off when it was cloned."""
        return (self.common_dir / "shallow").is_file()


def read_regular(
    path: str | Path, *, follow_link: bool = True, most_bytes: int = SMALL_FILE_BYTES
) -> bytes | None:
    """Return a regular file's content, or the beginning of a large one, without ever waiting.

    None for anything else.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags | (0 if follow_link else getattr(os, "O_NOFOLLOW", 0)))
    except (OSError, ValueError):
        return None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(most_bytes)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def repository_at(top: Path) -> Repository | None:
    """Return the repository whose working tree begins at this very folder."""
    marker = top / ".git"
    try:
        mode = marker.stat().st_mode
    except (OSError, ValueError):
        return None
    git_dir = marker if stat.S_ISDIR(mode) else _linked_to(marker)
    if git_dir is None or not (git_dir / "HEAD").is_file():
        return None
    shared = read_regular(git_dir / "commondir")
    common_dir = git_dir if shared is None else _resolved(git_dir, shared)
    return Repository(top, git_dir, common_dir)


def repository_of(folder: Path) -> Repository | None:
    """Return the repository that a folder lies in, however deep."""
    for candidate in (folder, *folder.parents):
        found = repository_at(candidate)
        if found is not None:
            return found
    return None


def endless_file(root: Path) -> Path | None:
    """Return a file of git's own, or an ignore file around or below a folder, that is a pipe.

    To open it would wait for ever. All folders are looked through, also ignored ones.
    """
    repository = repository_of(root)
    if repository is not None:
        above = [repository.top, *(repository.top / part for part in _between(repository, root))]
        own = {repository.git_dir, repository.common_dir}
        outside = [folder / name for folder in own for name in _READ_BY_GIT]
        for path in (*outside, *(folder / IGNORE_FILE for folder in above)):
            if _is_endless(path):
                return path
    for where, folders, names in os.walk(root):
        if ".git" in folders:
            folders.remove(".git")
        if IGNORE_FILE in names and _is_endless(path := Path(where, IGNORE_FILE)):
            return path
    return None


def _between(repository: Repository, root: Path) -> list[Path]:
    """Return the folders between a repository's top and a folder in it, that one included."""
    parts = root.relative_to(repository.top).parts
    return [Path(*parts[:end]) for end in range(1, len(parts) + 1)]


def _is_endless(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)


def _linked_to(marker: Path) -> Path | None:
    """Return what a `.git` file (of a submodule or a linked working tree) points to."""
    content = read_regular(marker) or b""
    key, _, value = content.partition(b":")
    return _resolved(marker.parent, value) if key == b"gitdir" else None


def _resolved(folder: Path, target: bytes) -> Path:
    return Path(os.path.normpath(folder / os.fsdecode(target.strip(b" \r\n"))))
