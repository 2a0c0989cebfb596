"""An index where there is no room, no leave to write, or no handle left; run by `test_limits.py`.

    python crowded.py full|handles ROOT CACHE

Prints what the index said as JSON: when it lacked something, and when it had it again.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

_PATIENCE_SECONDS = 90.0
_WIDE = 65_536


def full(cache: str) -> None:
    """Mount a file system upon the cache that the index does not fit into."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1200k", "tmpfs", cache], check=True)


def roomy(cache: str) -> None:
    """Give it room."""
    subprocess.run(["mount", "-o", "remount,size=200m", cache], check=True)


def few_handles(_cache: str) -> None:
    """Have hardly more handles than are in use."""
    lowest = os.open("/", os.O_RDONLY)
    os.close(lowest)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, most))


def many_handles(_cache: str) -> None:
    """Have enough of them."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, _WIDE), most))


LIMITS = {"full": (full, roomy), "handles": (few_handles, many_handles)}


def main() -> None:
    """Index under a limit, take it away, and wait until all is well by itself."""
    from codearch.indexer import engine, failures

    engine._FAILURE_PAUSE_SECONDS = 0.02
    failures._FIRST_PAUSE_SECONDS = 0.5
    from indexer.running import Running
    from patience import comes_true

    begin, end = LIMITS[sys.argv[1]]
    os.environ["CODEARCH_CACHE_DIR"] = sys.argv[3]
    if begin is full:
        begin(sys.argv[3])
    with Running(Path(sys.argv[2])) as running:
        if begin is few_handles:
            begin(sys.argv[3])
        running.ask("flush")
        said: list[dict[str, Any]] = [running.ask("status")]
        end(sys.argv[3])
        comes_true(lambda: _is_well(running.ask("status")), _PATIENCE_SECONDS)
        found = running.search("surface covered", mode="semantic")
        print(json.dumps([*said, running.ask("status"), found]))


def _is_well(status: dict[str, Any]) -> bool:
    return (status["state"], status["health"], status["pending"]) == ("ready", "ok", 0)


if __name__ == "__main__":
    here = Path(__file__).resolve()
    sys.path[:0] = [str(here.parents[1]), str(here.parents[2] / "server")]
    main()
