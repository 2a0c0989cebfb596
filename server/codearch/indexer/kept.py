"""What lies in the cache folder: the indexes, whose they are, how large, and when last used."""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from codearch.errors import StoreError
from codearch.indexer.protocol import ENDPOINT_NAME, Endpoint, read_endpoint
from codearch.logs import LOGS_FOLDER
from codearch.settings.folders import ROOT_NOTE
from codearch.store.database import FILE_NAME
from codearch.store.recognising import recognised

if TYPE_CHECKING:
    from codearch.store.recognising import Kind

ASIDE = ".removed-"  # the beginning of a folder's name that is being deleted
UPKEEP_LOCK_NAME = ".upkeep.lock"
_OURS = frozenset({UPKEEP_LOCK_NAME, LOGS_FOLDER})
_CLOCK_SECONDS = 2.0  # by which the clocks of files and of processes may differ


@dataclass(frozen=True)
class Kept:
    """One index on this machine; `last_used` in seconds since the epoch, now where it is in use."""

    folder: Path
    root: str
    bytes: int
    files: int  # of the index, not of the root
    last_used: float
    in_use: bool
    store: Kind

    @property
    def root_exists(self) -> bool:
        """Whether the folder that it indexes is still there, or nobody can tell."""
        try:
            return Path(self.root).is_dir()
        except (OSError, ValueError):
            return True


@dataclass(frozen=True)
class Contents:
    """All that lies in a cache folder; `leftovers` are folders that somebody was deleting."""

    home: Path
    indexes: tuple[Kept, ...] = ()  # the last used first
    leftovers: tuple[Path, ...] = ()
    unknown: tuple[Path, ...] = ()  # not ours, and left alone

    @property
    def bytes(self) -> int:
        """Return the size of all indexes."""
        return sum(one.bytes for one in self.indexes)


def contents(home: Path) -> Contents:
    """Return what lies in a cache folder, nothing where there is none.

    Raises StoreError where it cannot be read.
    """
    try:
        entries = sorted(home.iterdir())
    except FileNotFoundError:
        return Contents(home)
    except OSError as error:
        message = f"The cache folder {home} cannot be read: {error.strerror or error}."
        mend = "Let CODEARCH_CACHE_DIR name a folder of your own."
        raise StoreError(message, mend=mend) from error
    indexes, leftovers, unknown = [], [], []
    for entry in entries:
        if entry.name.startswith(ASIDE):
            leftovers.append(entry)
        elif (found := measured(entry)) is not None:
            indexes.append(found)
        elif entry.name not in _OURS:
            unknown.append(entry)
    indexes.sort(key=lambda one: (-one.last_used, one.root))
    return Contents(home, tuple(indexes), tuple(leftovers), tuple(unknown))


def measured(folder: Path) -> Kept | None:
    """Return the index that a folder holds, None where it holds none or cannot be read."""
    try:
        if folder.is_symlink():
            return None
        root = (folder / ROOT_NOTE).read_text("utf-8", "surrogateescape").removesuffix("\n")
    except OSError:
        return None
    size, count = size_of(folder)
    in_use = user_of(folder) is not None
    last_used = time.time() if in_use else _last_used(folder)
    return Kept(folder, root, size, count, last_used, in_use, recognised(folder / FILE_NAME))


def size_of(folder: Path) -> tuple[int, int]:
    """Return the bytes and the number of all files below a folder, but for those that vanish."""
    size = count = 0
    for where, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                size += os.lstat(os.path.join(where, name)).st_size  # noqa: PTH118 - hot loop
                count += 1
    return size, count


def user_of(folder: Path) -> Endpoint | None:
    """Return the indexer that works on a folder; None also for one that has died.

    The system may have given a dead one's number to another process, which began after it spoke.
    """
    endpoint = read_endpoint(folder)
    if endpoint is None:
        return None
    try:
        said = (folder / ENDPOINT_NAME).stat().st_mtime
        process = psutil.Process(endpoint.pid)
        if process.status() == psutil.STATUS_ZOMBIE:  # killed, and whoever started it lives on
            return None
        began = process.create_time()
    except (OSError, psutil.Error, ValueError):
        return None
    return endpoint if began <= said + _CLOCK_SECONDS else None


def _last_used(folder: Path) -> float:
    """Return when clients and indexers last noted their use; one that was killed wrote at least.

    Locks, sockets and logs tell nothing: whoever looks after the cache touches them too.
    """
    newest = 0.0
    for name in (ROOT_NOTE, FILE_NAME, f"{FILE_NAME}-wal"):
        with contextlib.suppress(OSError):
            newest = max(newest, (folder / name).stat().st_mtime)
    return newest
