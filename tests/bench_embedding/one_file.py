"""From a saved file to its vectors, through the indexer that an editor uses."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from figures import Figure, percentile
from inputs import generated

from codearch.indexer.client import connect

if TYPE_CHECKING:
    from pathlib import Path

FILES, EDITS = 300, 60


def measure(folder: Path, edits: int = EDITS) -> list[Figure]:
    """Save files with one more function each; a flush returns when its vectors are stored.

    By then names are resolved and rules have run as well, so that vectors alone took less.
    """
    root = generated(folder / "saved", FILES)
    files = sorted(root.rglob("*.py"))
    taken = []
    with connect(root) as client:
        client.call("index")
        for number in range(edits):
            file = files[number * len(files) // edits]
            name = f"sandpiper{number}jetty"
            file.write_text(f"{file.read_text()}\n\ndef {name}(boats):\n    return len(boats)\n")
            began = time.perf_counter()
            client.call("touched", {"paths": [str(file.relative_to(root).as_posix())]})
            client.call("flush")
            taken.append((time.perf_counter() - began) * 1e3)
        counters = client.call("index")
    assert counters["pending"] == 0
    assert counters["embedded"] >= edits
    return [
        Figure("static: saved file to its vectors, p50", percentile(taken, 0.5), "ms"),
        Figure("static: saved file to its vectors, p95", percentile(taken, 0.95), "ms", 100),
    ]
