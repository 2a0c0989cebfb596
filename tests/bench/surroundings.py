"""What a benchmark runs on and in: the machine, and folders and processes of its own."""

from __future__ import annotations

import contextlib
import datetime
import os
import platform
import sqlite3
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from editor import end

from codearch import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVER = Path(__file__).resolve().parents[2] / "server"
LIBRARIES = ("lancedb", "pygls", "tree-sitter", "numpy")


def machine(libraries: tuple[str, ...] = LIBRARIES) -> str:
    """Return what these figures were taken on, and when."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    memory = psutil.virtual_memory().total / 1e9
    versions = ", ".join(f"{name} {version(name)}" for name in libraries)
    return (
        f"{datetime.datetime.now().astimezone():%Y-%m-%d %H:%M %Z}, {platform.platform()},"
        f" {len(cores())} cores, {memory:.0f} GB{load}\n"
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version},"
        f" codearch {__version__}, {versions}"
    )


def cores() -> list[int]:
    """Return the numbers of the cores that this process may use."""
    if sys.platform == "linux":
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


@contextlib.contextmanager
def own_surroundings(folder: Path) -> Iterator[None]:
    """Keep cache and user settings in a folder that is removed, and end what we started."""
    os.environ["CODEARCH_CACHE_DIR"] = str(folder / "cache")
    os.environ["CODEARCH_INDEXER_IDLE_SECONDS"] = "2"
    os.environ["PYTHONPATH"] = str(SERVER)  # this clone is measured, whatever is installed
    os.environ["XDG_CONFIG_HOME"] = str(folder / "config")
    try:
        yield
    finally:
        end(
            [
                each
                for each in psutil.process_iter(["cmdline"])
                if "codearch.indexer" in (command := each.info["cmdline"] or [])
                and command[-1].startswith(str(folder))
            ]
        )
