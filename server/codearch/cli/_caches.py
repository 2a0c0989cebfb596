"""The index folders in the cache: whose they are, how large, and when they were last used."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import click

from codearch.indexer import launch
from codearch.indexer.protocol import Request, encode
from codearch.settings.folders import ROOT_NOTE

LEAVE_SECONDS = 10.0


@dataclass(frozen=True)
class Cache:
    """One index on this machine; `last_used` in seconds since the epoch."""

    folder: Path
    root: str
    bytes: int
    last_used: int

    @property
    def root_exists(self) -> bool:
        """Whether the folder that it indexes is still there."""
        return Path(self.root).is_dir()


def caches(home: Path) -> list[Cache]:
    """Return the indexes below a cache folder, the last used first; other folders are not ours."""
    if not home.is_dir():
        return []
    found = [measured(folder) for folder in home.iterdir() if (folder / ROOT_NOTE).is_file()]
    return sorted(found, key=lambda one: (-one.last_used, one.root))


def remove(cache: Cache) -> bool:
    """Remove an index after its indexer has left; False if it does not leave."""
    if not _asked_to_leave(cache.folder):
        click.echo(f"codearch: the indexer of {cache.root} does not leave.", err=True)
        return False
    shutil.rmtree(cache.folder, ignore_errors=True)
    return not cache.folder.exists()


def measured(folder: Path) -> Cache:
    """Return what a root's folder in the cache holds."""
    size, newest = 0, 0.0
    for where, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                state = Path(where, name).lstat()
                size += state.st_size
                newest = max(newest, state.st_mtime)
    root = (folder / ROOT_NOTE).read_text("utf-8", "surrogateescape").strip()
    return Cache(folder, root, size, int(newest))


def _asked_to_leave(folder: Path) -> bool:
    """Ask the indexer that uses a folder to end, and wait for it; True where none does."""
    found = launch.connect(folder)
    if found is None:
        return True
    connection, _ = found
    with contextlib.closing(connection):
        connection.send_bytes(encode(Request(1, "leave")))
        deadline = time.monotonic() + LEAVE_SECONDS
        while time.monotonic() < deadline:
            try:
                if connection.poll(0.1):
                    connection.recv_bytes()
            except (EOFError, OSError):
                return True
    return False
