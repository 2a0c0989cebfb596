"""Measures how long an index takes to repair itself.

    python tests/kills/repairing.py FOLDER [--files N]

Copies N source files below FOLDER, indexes them, and damages the index in two ways.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "server")]


def main() -> None:
    """Print the seconds, of the clock and of processors, that each repair takes."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=1_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="repairing-") as place:
        os.environ["CODEARCH_CACHE_DIR"] = f"{place}/cache"
        root = Path(place, "root")
        for number, path in enumerate(sorted(options.folder.rglob("*.py"))[: options.files]):
            target = root / path.relative_to(options.folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            count = number + 1
        print(f"{count} files")
        _timed("from nothing", root)
        for store in root_cache(root).glob("index.db"):
            store.write_bytes(bytes(store.stat().st_size))
        _timed("a database of zeros", root)
        for file in (root_cache(root) / "vectors").rglob("*.manifest"):
            file.write_bytes(b"")
        _timed("empty manifests of the vectors", root)
        _timed("nothing", root)


def _timed(what: str, root: Path) -> None:
    began, worked = time.perf_counter(), _processor_seconds()
    with Running(root) as running:
        counters = running.index()
        status = running.ask("status")
    seconds, work = time.perf_counter() - began, _processor_seconds() - worked
    said = [one["message"] for one in status["problems"] if one["severity"] > 3]
    print(f"{what}: {seconds:.1f} s, {work:.1f} s of processors, {counters['symbols']} symbols")
    print(f"   {said}")


def _processor_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


if __name__ == "__main__":
    from codearch.settings import root_cache
    from indexer.running import Running

    main()
