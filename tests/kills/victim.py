"""Runs a module of the product so that it can be killed at named points.

    python victim.py -m MODULE [ARGUMENT …]

Indexers that are started from here are victims, too.
"""

from __future__ import annotations

import os
import runpy
import shlex
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def interpreter(folder: Path) -> str:
    """Return a program that stands for Python where the product starts an indexer by it."""
    script = folder / "victims-python"
    if not script.exists():
        line = shlex.join([sys.executable, str(Path(__file__).resolve())])
        fresh = script.with_name(f"{script.name}.{os.getpid()}")
        fresh.write_text(f'#!/bin/sh\nexec {line} "$@"\n')
        fresh.chmod(0o700)
        fresh.replace(script)
    return str(script)


def main() -> None:
    """Put the points and become the module."""
    del sys.argv[0]
    if sys.argv[0] != "-m":
        os.execv(sys.executable, [sys.executable, *sys.argv])
    module = sys.argv[1]
    del sys.argv[0]
    sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "server")]
    from kills import models, points

    if module == "codearch.indexer":
        models.offer()
        points.put_points()
    else:
        points.put_points_of_eviction()
        sys.executable = interpreter(Path(os.environ[points.PLAN]).parent)
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
