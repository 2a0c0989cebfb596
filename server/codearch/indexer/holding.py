"""The locks of a root's folder in the cache.

The order is the start lock, then the indexer's: whoever holds both may move the folder away. So
what waits for a lock may get that of a folder which is no longer there; it is noticed here.
"""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

import filelock

from codearch.settings import claimed_cache

if TYPE_CHECKING:
    from pathlib import Path

    Lock = filelock.BaseFileLock


def hold(folder: Path, name: str, seconds: float = 0) -> Lock | None:
    """Return a lock of a folder, held; None where somebody else holds it for longer than that.

    Raises FileNotFoundError where the folder has been moved away meanwhile.
    """
    path = folder / name
    lock = filelock.FileLock(str(path))
    before = _made(path)
    try:
        lock.acquire(timeout=seconds)
    except filelock.Timeout:
        return None
    except FileExistsError as error:  # it was gone, and made by another as the library made it
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder)) from error
    if _unmoved(path, before):
        return lock
    lock.release()
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))


def claim(root: Path, name: str, seconds: float = 0) -> tuple[Path, Lock | None]:
    """Return the cache folder of a root, and its lock as `hold` returns it.

    Raises StoreError where nothing can be written.
    """
    while True:
        folder = claimed_cache(root)
        try:
            return folder, hold(folder, name, seconds)
        except FileNotFoundError:
            continue  # evicted as we came: we begin a new one


def _made(path: Path) -> os.stat_result | None:
    """Return which file stands at a lock's path, made where there is none.

    While somebody has it open, its inode is given to no other file. Windows moves no folder of
    which a file is open.
    """
    if sys.platform == "win32":
        return None
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
    return path.lstat()


def _unmoved(path: Path, before: os.stat_result | None) -> bool:
    if before is None:
        return True
    try:
        return os.path.samestat(before, path.lstat())
    except OSError:
        return False
