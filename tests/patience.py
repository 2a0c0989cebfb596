"""Waiting for what another process does, of which nobody tells."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_SECONDS = 60.0  # far beyond what anything takes
_LOOK_SECONDS = 0.01


def comes_true(holds: Callable[[], bool], seconds: float) -> bool:
    """Wait until something holds, at most so long; say whether it does."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() >= deadline:
            return False
        time.sleep(_LOOK_SECONDS)  # between two looks: there is no event to wait for
    return True


def wait_until(holds: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until something holds; fail where it does not within so long."""
    assert comes_true(holds, seconds), "it did not happen in time"


def seconds_until(holds: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> float:
    """Wait until something holds, which `what` names; return how long that took, in seconds."""
    began = time.perf_counter()
    if not comes_true(holds, seconds):
        message = f"waited {seconds:.0f} s in vain for {what}"
        raise TimeoutError(message)
    return time.perf_counter() - began
