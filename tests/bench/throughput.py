"""How fast new files are parsed, stored, resolved, embedded and checked."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from figures import Figure
from inputs import generated

from codearch.indexer.client import connect

if TYPE_CHECKING:
    from pathlib import Path

FILES = 3_000


def measure(folder: Path, count: int = FILES) -> list[Figure]:
    """Move generated files into a watched folder and bring its index up to date."""
    made = generated(folder / "made", count)
    root = folder / "throughput"
    root.mkdir()
    with connect(root) as client:
        client.call("flush")
        made.rename(root / "made")
        began = time.perf_counter()
        counters = client.call("index")
        seconds = time.perf_counter() - began
    assert counters["files"] == count
    assert counters["pending"] == 0
    rate = count / seconds
    return [Figure(f"{count:,} generated files", rate, "files/s", 300, "least")]
