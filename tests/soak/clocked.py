"""Runs a module of the product by a clock that somebody else can set.

    python clocked.py -m MODULE [ARGUMENT …]

The file that SOAK_CLOCK names holds the seconds that the clock is ahead; `time.time` and
`time.time_ns` obey it, here and in every indexer that is started from here. What lies inside
native libraries keeps the machine's clock.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

_HERE = Path(__file__).resolve()
_real_ns = time.time_ns


def now_ns() -> int:
    """Return the time in nanoseconds, by the clock that can be set."""
    try:
        ahead = float(Path(os.environ["SOAK_CLOCK"]).read_text())
    except (KeyError, OSError, ValueError):
        ahead = 0.0
    return _real_ns() + int(ahead * 1e9)


def main() -> None:
    """Set the clock and become the module."""
    if not sys.flags.safe_path:
        del sys.path[0]  # this folder
    sys.path.insert(0, str(_HERE.parents[1]))
    from stand_in import become, interpreter

    del sys.path[0]  # the product finds nothing of the tests

    def set_clock(module: str) -> None:
        time.time_ns = now_ns
        time.time = lambda: now_ns() / 1e9
        if module == "codearch":
            script = Path(os.environ["SOAK_CLOCK"]).with_name("clocked-python")
            sys.executable = interpreter(script, _HERE)

    become(set_clock)


if __name__ == "__main__":
    main()
