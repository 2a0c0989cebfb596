"""A checkout of 2,000 files, there and back: how soon it is settled, and what it costs."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import subprocess
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from editor import READY_SECONDS, Editor
from figures import Figure
from inputs import generated, module

from codearch.indexer.client import Client
from codearch.settings import root_cache

if TYPE_CHECKING:
    from pathlib import Path

FILES = 2000
_LAG_SECONDS = 0.3  # that `ready` may be behind the disk
_LOOK_SECONDS = 0.02  # between two looks: more would keep the server busy with them
_IDENTITY = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")


class Checkout(NamedTuple):
    """What one checkout took, from when git had ended."""

    seconds: float
    commits: int
    embedded: int
    lies: int  # how often `ready` was said too soon


def measure(folder: Path, count: int = FILES) -> list[Figure]:
    """Change between two branches that differ in each file; the second time all is known."""
    root = _repository(folder / "checkout", count)
    with Editor(root) as editor, Client(root) as client:
        if not editor.ready_within(READY_SECONDS):
            raise TimeoutError(f"{root} was not ready")
        editor.until_quiet()
        there = _checkout(editor, client, "side")
        editor.until_quiet()
        back = _checkout(editor, client, "main")
    return [
        Figure(f"checkout of {count:,} new files, settled", there.seconds, "s", 10),
        Figure(f"checkout of {count:,} known files, settled", back.seconds, "s", 10),
        Figure("commits of the index for one of them", max(there.commits, back.commits), "", 20),
        Figure("texts embedded on the way back", back.embedded, "", 0),
        Figure("`ready` said over stale answers", there.lies + back.lies, "times", 0),
    ]


def _repository(root: Path, count: int) -> Path:
    """Make a repository of two branches: each file of the second is another one."""
    generated(root, count)
    _git(root, "init", "-q", "-b", "main")
    _commit(root)
    _git(root, "checkout", "-q", "-b", "side")
    for number in range(count):
        file = root / f"part{number // 100:03}" / f"module{number:05}.py"
        file.write_text(module(number + count))
    _commit(root)
    _git(root, "checkout", "-q", "main")
    return root


def _commit(root: Path) -> None:
    _git(root, "add", "-A")
    _git(root, *_IDENTITY, "commit", "-q", "-m", "all")


def _git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=root, check=True)


def _checkout(editor: Editor, client: Client, branch: str) -> Checkout:
    client.call("index")  # what is embedded is counted from here
    before = _folder(editor)
    _git(editor.root, "checkout", "-q", branch)
    began = time.perf_counter()
    wanted = _digests(editor.root)
    lies = 0
    while True:
        passed = time.perf_counter() - began
        status = _folder(editor)
        if status["state"] == "ready":
            if _indexed(editor.root) == wanted:
                break
            lies += passed > _LAG_SECONDS
        time.sleep(_LOOK_SECONDS)
    commits = status["generation"] - before["generation"]
    return Checkout(passed, commits, client.call("index")["embedded"], lies)


def _folder(editor: Editor) -> dict[str, Any]:
    folder: dict[str, Any] = editor.command("status")["folders"][0]
    return folder


def _digests(root: Path) -> dict[str, bytes]:
    return {
        file.relative_to(root).as_posix(): hashlib.sha256(file.read_bytes()).digest()
        for file in root.rglob("*.py")
    }


def _indexed(root: Path) -> dict[str, bytes]:
    where = f"file:{root_cache(root) / 'index.db'}?mode=ro"
    with contextlib.closing(sqlite3.connect(where, uri=True)) as connection:
        return dict(connection.execute("SELECT path, digest FROM files WHERE session = 0"))
