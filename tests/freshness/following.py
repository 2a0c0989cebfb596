"""Watches an indexer follow the disk: what it holds, what it says, and whether both are true."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from codearch.indexer.client import Client
from codearch.settings import root_cache
from patience import PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

LAG_SECONDS = 0.3  # that `ready` may be behind the disk


class Following:
    """A client of a root's indexer, and what it is told."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.states: list[str] = []
        self._news = threading.Condition()
        self.client = Client(root, on_event=self._told)

    def __enter__(self) -> Self:
        self.client.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def _told(self, event: str, told: dict[str, Any]) -> None:
        with self._news:
            if event == "status":
                self.states.append(told["state"])
            self._news.notify_all()

    def status(self) -> dict[str, Any]:
        """Return the status as it is now."""
        status: dict[str, Any] = self.client.call("status")
        return status

    def settle(self) -> dict[str, Any]:
        """Wait until the index is what the disk holds, and says so; return the status.

        Nothing is asked to be brought up to date. Fails where `ready` is said for too long over
        something else than the disk holds.
        """
        began = time.monotonic()
        while True:
            status = self.status()
            wrong = differences(self.root)
            passed = time.monotonic() - began
            if status["state"] == "ready":
                if not wrong:
                    return status
                assert passed < LAG_SECONDS, f"ready, but not so: {sorted(wrong)[:5]}"
            assert passed < PATIENCE_SECONDS, f"{status['state']}: {sorted(wrong)[:5]}"
            with self._news:
                self._news.wait(0.05)

    def stale(self, path: str) -> bool:
        """Return whether the index holds something else of a file than the disk."""
        data = (self.root / path).read_bytes()
        return indexed(self.root).get(path) != hashlib.sha256(data).digest()

    def embedded(self) -> int:
        """Return how many texts have been embedded since this was last asked."""
        return int(self.client.call("index")["embedded"])


def differences(root: Path) -> set[str]:
    """Return the files of which index and disk hold something different."""
    held, there = indexed(root), on_disk(root)
    return {path for path in held.keys() | there.keys() if held.get(path) != there.get(path)}


def indexed(root: Path) -> dict[str, bytes]:
    """Return the digest of each indexed file."""
    where = f"file:{root_cache(root) / 'index.db'}?mode=ro"
    with contextlib.closing(sqlite3.connect(where, uri=True)) as connection:
        return dict(connection.execute("SELECT path, digest FROM files WHERE session = 0"))


def on_disk(root: Path) -> dict[str, bytes]:
    """Return the digest of each file, those of git and of other working trees left out."""
    found = {}
    for file in _files(root):
        with contextlib.suppress(OSError):  # git is at work
            found[file.relative_to(root).as_posix()] = hashlib.sha256(file.read_bytes()).digest()
    return found


def _files(root: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(root):
        folders[:] = [each for each in folders if each not in {".git", "trees"}]
        yield from (Path(where, name) for name in names if name != ".git")
