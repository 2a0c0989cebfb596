"""Runs a module of the product so that it can be killed at named points.

    python victim.py -m MODULE [ARGUMENT …]

Indexers that are started from here are victims, too.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve()


def interpreter(folder: Path) -> str:
    """Return a program that stands for Python where the product starts an indexer by it."""
    import stand_in

    return stand_in.interpreter(folder / "victims-python", HERE)


def _put_points(module: str) -> None:
    from kills import models, points

    if module == "codearch.indexer":
        models.offer()
        points.put_points()
    else:
        points.put_points_of_eviction()
        sys.executable = interpreter(Path(os.environ[points.PLAN]).parent)


def main() -> None:
    """Put the points and become the module."""
    sys.path[:0] = [str(HERE.parents[1]), str(HERE.parents[2] / "server")]
    from stand_in import become

    become(_put_points)


if __name__ == "__main__":
    main()
