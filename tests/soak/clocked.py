"""Runs a module of the product by a clock that somebody else can set.

    python clocked.py -m MODULE [ARGUMENT …]

The file that SOAK_CLOCK names holds the seconds that the clock is ahead; `time.time` and
`time.time_ns` obey it, here and in every indexer that is started from here. What lies inside
native libraries keeps the machine's clock.
"""

from __future__ import annotations

import os
import runpy
import shlex
import sys
import time
from pathlib import Path

_real_ns = time.time_ns


def now_ns() -> int:
    """Return the time in nanoseconds, by the clock that can be set."""
    try:
        ahead = float(Path(os.environ["SOAK_CLOCK"]).read_text())
    except (KeyError, OSError, ValueError):
        ahead = 0.0
    return _real_ns() + int(ahead * 1e9)


def _interpreter() -> str:
    """Return a program that stands for Python where the product starts an indexer by it."""
    script = Path(os.environ["SOAK_CLOCK"]).with_name("clocked-python")
    line = shlex.join([sys.executable, str(Path(__file__).resolve())])
    text = f'#!/bin/sh\nexec {line} "$@"\n'
    if not script.exists():
        fresh = script.with_name(f"{script.name}.{os.getpid()}")
        fresh.write_text(text)
        fresh.chmod(0o700)
        fresh.replace(script)
    return str(script)


def main() -> None:
    """Set the clock and become the module."""
    del sys.argv[0]
    if sys.argv[0] != "-m":
        os.execv(sys.executable, [sys.executable, *sys.argv])
    module = sys.argv[1]
    del sys.argv[0]
    time.time_ns = now_ns
    time.time = lambda: now_ns() / 1e9
    if not sys.flags.safe_path:
        del sys.path[0]  # this folder
    if module == "codearch":
        sys.executable = _interpreter()
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
