"""Measures what the documents promise, prints it beside its bounds, and exits 1 beyond one.

    python tests/bench/run.py [--only NAME …] [--root FOLDER] [--quick] [--json FILE]

Bounds on time hold for the reference machine. A slower or busier one is allowed more, by the factor
that a fixed piece of work takes longer there just before and just after each measurement; bounds on
memory and disk hold as they are. `--quick` takes small inputs, to see that the benchmark works.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import datetime
import json
import os
import platform
import signal
import sqlite3
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
SERVER = HERE.parents[1] / "server"
sys.path[:0] = [str(HERE), str(SERVER)]

import freshness  # noqa: E402
import growth  # noqa: E402
import indexing  # noqa: E402
import inputs  # noqa: E402
import psutil  # noqa: E402
import resting  # noqa: E402
import searching  # noqa: E402
import spawn  # noqa: E402
import throughput  # noqa: E402
from editor import READY_SECONDS, Editor, end  # noqa: E402
from figures import HEAD, REFERENCE_SECONDS, Figure, factor_of, unit_seconds  # noqa: E402

from codearch import __version__  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ALONE = ("spawn", "throughput", "growth")
ON_LIBRARY = ("index", "search", "symbols", "freshness", "idle", "store")
_SCALED_UNITS = frozenset({"s", "ms", "files/s"})


class Bench:
    """Runs measurements one after the other and keeps their figures."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self.wanted = set(options.only or (*ALONE, *ON_LIBRARY))
        self.quick: bool = options.quick
        self.root: Path = options.root
        self.folder = folder
        self.figures: list[Figure] = []
        self._unit = unit_seconds()
        print(
            f"a unit of work takes {self._unit:.3f} s, {REFERENCE_SECONDS} s on the idle reference"
        )
        print(f"\n{HEAD}", flush=True)

    def run(self) -> None:
        """Run what is wanted."""
        if "spawn" in self.wanted:
            self._measure(lambda: spawn.measure(self.folder))
        if "throughput" in self.wanted:
            count = 300 if self.quick else throughput.FILES
            self._measure(lambda: throughput.measure(self.folder, count))
        if not self.wanted.isdisjoint(ON_LIBRARY):
            self._on_library()
        if "growth" in self.wanted:
            for size in growth.SIZES[: 1 if self.quick else None]:
                self._measure(lambda size=size: growth.measure(self.folder, size))

    def _on_library(self) -> None:
        most = 120 if self.quick else None
        root = inputs.copy_of(self.root, self.folder / "library", most)
        count = sum(1 for each in root.rglob("*") if each.is_file())
        print(f"{self.root}: {count:,} files", flush=True)
        with Editor(root) as editor:
            if "index" in self.wanted:
                self._measure(lambda: indexing.measure(editor))
            elif not editor.ready_within(READY_SECONDS):
                raise TimeoutError(f"{root} was not ready")
            editor.until_quiet()
            idle_seconds = 5.0 if self.quick else resting.IDLE_SECONDS
            edits = 3 if self.quick else freshness.EDITS
            parts: dict[str, Callable[[], list[Figure]]] = {
                "store": lambda: resting.store(editor),
                "search": lambda: searching.measure(editor),
                "symbols": lambda: searching.symbols(editor),
                "freshness": lambda: freshness.measure(editor, edits),
                "idle": lambda: resting.idle(editor, idle_seconds),
            }
            for name, part in parts.items():
                if name in self.wanted:
                    self._measure(part)

    def _measure(self, part: Callable[[], list[Figure]]) -> None:
        """Run one measurement between two looks at how slow the machine is."""
        before = self._unit
        found = part()
        self._unit = unit_seconds()
        factor = factor_of((before, self._unit))
        for each in found:
            scaled = factor if each.unit in _SCALED_UNITS else 1.0
            figure = dataclasses.replace(each, factor=scaled)
            self.figures.append(figure)
            print(figure.row(), flush=True)


def machine() -> str:
    """Return what these figures were taken on, and when."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    memory = psutil.virtual_memory().total / 1e9
    names = ("lancedb", "pygls", "tree-sitter", "numpy")
    versions = f"codearch {__version__}, " + ", ".join(f"{name} {version(name)}" for name in names)
    return (
        f"{datetime.datetime.now().astimezone():%Y-%m-%d %H:%M %Z}, {platform.platform()},"
        f" {len(_cores())} cores, {memory:.0f} GB{load}\n"
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}"
    )


def _cores() -> list[int]:
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


@contextlib.contextmanager
def _own_surroundings(folder: Path) -> Iterator[None]:
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


def main() -> int:
    """Measure, print, and say whether every bound was kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=(*ALONE, *ON_LIBRARY), metavar="NAME")
    parser.add_argument("--root", type=Path, default=inputs.library(), help="what is indexed")
    parser.add_argument("--quick", action="store_true", help="small inputs")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as Ctrl+C does: clean up first
    with (
        tempfile.TemporaryDirectory(prefix="codearch-bench-", ignore_cleanup_errors=True) as folder,
        _own_surroundings(Path(folder).resolve()),
    ):
        print(machine())
        bench = Bench(options, Path(folder).resolve())
        bench.run()
    if options.json:
        options.json.write_text(json.dumps([dataclasses.asdict(each) for each in bench.figures]))
    missed = [each for each in bench.figures if not each.ok]
    print(f"\n{len(missed)} beyond their bound" if missed else "\nall within their bounds")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
