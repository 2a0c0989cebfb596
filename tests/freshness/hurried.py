"""Runs a server that soon tries again what failed, by a clock that somebody else can set.

    python hurried.py -m codearch lsp --stdio

The file that HURRIED_CLOCK names holds the seconds that its minutes are ahead.
"""

from __future__ import annotations

import os
import runpy
import sys
import time
from pathlib import Path
from types import SimpleNamespace

from codearch.indexer import client
from codearch.server import session


def _now() -> float:
    return time.monotonic() + float(Path(os.environ["HURRIED_CLOCK"]).read_text())


if __name__ == "__main__":
    session._FIRST_PAUSE_SECONDS = session._LONGEST_PAUSE_SECONDS = 0.1
    client.time = SimpleNamespace(monotonic=_now)  # type: ignore[attr-defined]
    sys.argv = sys.argv[2:]
    runpy.run_module("codearch", run_name="__main__", alter_sys=True)
