"""Files of ours that people keep with their code: read with care, replaced whole."""

from __future__ import annotations

import os
import stat
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from codearch.errors import CodearchError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_SETTLED_NS = 2_000_000_000  # after which a further change shows in any file system's times
_MOST_KEPT = 64
_kept: dict[tuple[Path, Callable[[bytes | None], Any]], tuple[tuple[int, ...], Any]] = {}


def understood(path: Path, read: Callable[[bytes | None], T]) -> T:
    """Return what `read` makes of a file's bytes, kept for as long as the file is the same one.

    That is told by its time, size and inode, unless it has been written so lately that a further
    change may leave them as they are. What `read` raises is not kept.
    """
    stamp = _stamp(path)
    known = _kept.get((path, read))
    if known is not None and stamp and known[0] == stamp:
        found: T = known[1]
        return found
    began = time.time_ns()
    found = read(regular_file(path))
    if stamp and stamp == _stamp(path) and began - stamp[0] > _SETTLED_NS:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[path, read] = stamp, found
    return found


def _stamp(path: Path) -> tuple[int, ...]:
    """Return what tells one state of a file from the next; nothing where there is none."""
    try:
        state = path.lstat()
    except OSError:
        return ()
    return state.st_mtime_ns, state.st_size, state.st_ino, state.st_mode


def regular_file(path: Path) -> bytes | None:
    """Return a file's bytes; None for what is absent, no regular file, or behind a link."""
    try:
        for part in (path.parent, path):
            if stat.S_ISLNK(part.lstat().st_mode):
                return None
        return path.read_bytes() if stat.S_ISREG(path.lstat().st_mode) else None
    except OSError:
        return None


def replace_file(path: Path, text: str) -> None:
    """Write a file in one step; raise CodearchError where that cannot be done."""
    try:
        if path.parent.is_symlink() or path.is_symlink():
            message = f"{path} is, or lies behind, a symbolic link: it is not written."
            raise CodearchError(message)
        path.parent.mkdir(exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror}."
        raise CodearchError(message) from None
