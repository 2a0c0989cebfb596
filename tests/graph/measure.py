"""Times resolution of a checkout on one core: all its files, then single files alone.

measure.py FOLDER [FILE...]
"""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE / "handcheck"), str(HERE.parents[1] / "server")]

from sample import load

from codearch.graph import Resolver


def main(folder: Path, singles: list[str]) -> None:
    """Print files, calls, resolved calls and seconds of processor time."""
    workspace = load(folder)
    gc.freeze()
    resolver, calls, resolved, asked = Resolver(workspace), 0, 0, 0
    start = time.process_time()
    for path, facts in workspace.files.items():
        resolution = resolver.resolve(path, facts)
        calls += len(facts.calls)
        resolved += len(resolution.calls)
        asked += len(resolution.asked)
    seconds = time.process_time() - start
    files = len(workspace.files)
    print(f"{files} files, {calls} calls, {resolved} resolved, {asked} keys: {seconds:.1f} s")
    for path in singles:
        facts = workspace.files[path]
        again = Resolver(workspace)
        start = time.process_time()
        again.resolve(path, facts)
        cold = time.process_time() - start
        print(
            f"{path}, {facts.lines} lines: {1000 * cold / facts.lines * 1000:.0f} ms / 1,000 lines"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
