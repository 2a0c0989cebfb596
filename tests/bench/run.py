"""Measures what the documents promise, prints it beside its bounds, and exits 1 beyond one.

    python tests/bench/run.py [--only NAME …] [--root FOLDER] [--quick] [--json FILE]

Bounds on time hold for the reference machine. A slower or busier one is allowed more, by the factor
that a fixed piece of work takes longer there just before and just after each measurement; bounds on
memory and disk hold as they are. `--quick` takes small inputs, to see that the benchmark works.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parents[1] / "server")]

import checking
import cold
import committed
import edited
import effort
import git
import growth
import ignored
import indexing
import inputs
import keystrokes
import large
import monorepo
import patterns
import priority
import repairing
import resting
import searching
import spawn
import team
import throughput
import windows
from editor import READY_SECONDS, Editor
from sheet import Sheet
from surroundings import machine, own_surroundings

import freshness

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from figures import Figure

ALONE = (
    *("spawn", "throughput", "cold", "typing", "calm", "growth", "large"),
    *("git", "history", "ignored", "team", "windows", "repair", "check", "edits"),
)
ON_HISTORIES = ("patterns", "priority", "effort")  # only where it is asked for
ON_LIBRARY = ("index", "search", "symbols", "freshness", "comments", "idle", "store")


class Bench:
    """Runs what is wanted, one after the other."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self.wanted = set(options.only or (*ALONE, *ON_LIBRARY))
        self.quick: bool = options.quick
        self.root: Path = options.root
        self.histories: list[Path] = options.histories
        self.idle_seconds: float = 5.0 if self.quick else options.idle_seconds
        self.folder = folder
        self.sheet = Sheet()

    def run(self) -> None:
        """Run what is wanted."""
        self._run(("spawn", "throughput"))
        if not self.wanted.isdisjoint(ON_LIBRARY):
            self._on_library()
        self._run(("cold", "typing", "calm"))
        if "growth" in self.wanted:
            for size in growth.SIZES[: 1 if self.quick else None]:
                self.sheet.measure(lambda size=size: growth.measure(self.folder, size))
        names = (
            "git",
            "history",
            "ignored",
            "team",
            "windows",
            "repair",
            "check",
            "edits",
            "large",
        )
        self._run((*names, *ON_HISTORIES))

    def _run(self, names: Sequence[str]) -> None:
        for name in names:
            if name in self.wanted:
                self.sheet.measure(lambda name=name: self._alone(name))

    def _alone(self, name: str) -> list[Figure]:
        """Return the figures of one part that makes its own input."""
        lines, files = (8_000, 150) if self.quick else (monorepo.LINES, monorepo.FILES)
        edits = 3 if self.quick else large.EDITS
        folder = self.folder
        parts: dict[str, Callable[[], list[Figure]]] = {
            "spawn": lambda: spawn.measure(folder),
            "throughput": lambda: throughput.measure(folder, self._few(300, throughput.FILES)),
            "cold": lambda: cold.measure(folder, lines, files),
            "typing": lambda: keystrokes.measure(
                self.root, folder, self._few(2, keystrokes.EDITS), 120 if self.quick else None
            ),
            "calm": lambda: resting.calm(folder, self._few(200, resting.FILES), self.idle_seconds),
            "git": lambda: git.measure(folder, self._few(200, git.FILES)),
            "history": lambda: committed.measure(folder, self._few(2000, committed.COMMITS)),
            "ignored": lambda: ignored.measure(folder, self._few(1000, ignored.FILES)),
            "team": lambda: team.measure(self.root, folder, 120 if self.quick else None),
            "windows": lambda: windows.measure(folder, self._few(100, windows.FILES)),
            "repair": lambda: repairing.measure(self.root, folder, self._few(100, repairing.FILES)),
            "check": lambda: checking.measure(self.root, folder, 120 if self.quick else None),
            "edits": lambda: edited.measure(folder, self._few(100, edited.EDITS)),
            "large": lambda: large.measure(folder, lines, files, edits),
            "priority": lambda: priority.measure(self.histories),
            "effort": lambda: effort.measure(self.histories),
            "patterns": lambda: patterns.measure(self.histories, self._few(100, patterns.FIXES)),
        }
        return parts[name]()

    def _few(self, few: int, usual: int) -> int:
        return few if self.quick else usual

    def _on_library(self) -> None:
        most = 120 if self.quick else None
        root = inputs.copy_of(self.root, self.folder / "library", most)
        count = sum(1 for each in root.rglob("*") if each.is_file())
        print(f"{self.root}: {count:,} files", flush=True)
        with Editor(root) as editor:
            if "index" in self.wanted:
                self.sheet.measure(lambda: indexing.measure(editor))
            elif not editor.ready_within(READY_SECONDS):
                raise TimeoutError(f"{root} was not ready")
            editor.until_quiet()
            edits = 3 if self.quick else freshness.EDITS
            parts: dict[str, Callable[[], list[Figure]]] = {
                "store": lambda: resting.store(editor),
                "search": lambda: searching.measure(editor),
                "symbols": lambda: searching.symbols(editor),
                "freshness": lambda: freshness.measure(editor, edits),
                "comments": lambda: freshness.comments(
                    editor, 20 if self.quick else freshness.TOUCHED
                ),
                "idle": lambda: resting.idle(editor, self.idle_seconds),
            }
            for name, part in parts.items():
                if name in self.wanted:
                    self.sheet.measure(part)


def main() -> int:
    """Measure, print, and say whether every bound was kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only", nargs="+", choices=(*ALONE, *ON_LIBRARY, *ON_HISTORIES), metavar="NAME"
    )
    parser.add_argument(
        "--histories",
        nargs="+",
        type=Path,
        default=[],
        help="repositories, for `patterns`, `priority` and `effort`",
    )
    parser.add_argument("--root", type=Path, default=inputs.library(), help="what is indexed")
    parser.add_argument("--quick", action="store_true", help="small inputs")
    parser.add_argument(
        "--idle-seconds", type=float, default=resting.IDLE_SECONDS, help="how long idleness lasts"
    )
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    if not set(ON_HISTORIES).isdisjoint(options.only or ()) and not options.histories:
        parser.error("`patterns`, `priority` and `effort` need --histories")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as Ctrl+C does: clean up first
    with (
        tempfile.TemporaryDirectory(prefix="codearch-bench-", ignore_cleanup_errors=True) as folder,
        own_surroundings(Path(folder).resolve()),
    ):
        print(machine())
        bench = Bench(options, Path(folder).resolve())
        bench.run()
    if options.json:
        bench.sheet.write(options.json)
    return bench.sheet.verdict()


if __name__ == "__main__":
    sys.exit(main())
