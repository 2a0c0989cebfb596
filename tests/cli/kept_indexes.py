"""Projects with indexes in a cache folder of the test's own; fixtures to be imported."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import time
from typing import TYPE_CHECKING, Any

import pytest

from codearch.indexer.client import Client
from codearch.indexer.holding import hold
from codearch.indexer.protocol import LOCK_NAME
from codearch.settings import root_cache
from codearch.store.database import FILE_NAME
from patience import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DAY = 86_400


@pytest.fixture(autouse=True)
def cache(codearch: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder and user settings of the test's own."""
    monkeypatch.setenv("CODEARCH_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "0.2")
    return tmp_path / "cache"


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache folder of a project that an indexer has indexed and left."""
    root, home = tmp_path_factory.mktemp("template"), tmp_path_factory.mktemp("home")
    project(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CODEARCH_CACHE_DIR", str(home))
        patch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "0")
        with Client(root) as client:
            client.call("index")
        wait_until(lambda: left(root))
        return root_cache(root)


@pytest.fixture
def indexed(template: Path, tmp_path: Path, cache: Path) -> Callable[[str], Path]:
    """Make a project with an index: a copy of one that is the same but for its place."""

    def index(name: str) -> Path:
        root = tmp_path / name
        root.mkdir()
        project(root)
        assert cache in root_cache(root).parents
        shutil.copytree(template, root_cache(root))
        (root_cache(root) / "root.txt").write_text(f"{root}\n")
        with contextlib.closing(sqlite3.connect(root_cache(root) / "index.db")) as store, store:
            store.execute("UPDATE meta SET value = ? WHERE key = 'root'", (str(root),))
        (root_cache(root) / "index.db-left").unlink()  # as if its process had been killed
        return root

    return index


def project(root: Path) -> None:
    (root / "codearch.toml").touch()
    (root / "tax.py").write_text("def value_added(net):\n    return net * 1.2\n")


def left(root: Path) -> bool:
    """Say whether no indexer holds a root's lock any more."""
    lock = hold(root_cache(root), LOCK_NAME)
    if lock is not None:
        lock.release()
    return lock is not None


def unused_for(root: Path, days: float) -> None:
    """Have a root's index look as if nobody had used it for so long."""
    then = time.time() - days * DAY
    for name in ("root.txt", FILE_NAME):
        os.utime(root_cache(root) / name, (then, then))


def listed(codearch: Callable) -> dict[str, Any]:
    """Return what is listed, by root."""
    return {one["root"]: one for one in codearch("cache", "list", "--json").json["caches"]}
