"""What is kept in memory for long: given back to the system, and left alone by the collector."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys


def give_back_memory() -> None:
    """Return to the system what bulk work has freed; glibc keeps it otherwise.

    What is left is there to stay (a catalogue of hundreds of thousands of symbols), and looking
    through it for cycles would stop an edit for a tenth of a second now and then.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError, OSError):  # another C library
            ctypes.CDLL(None).malloc_trim(0)
