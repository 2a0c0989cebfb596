"""Waiting for what another process does, of which nobody tells, and work that grows."""

from __future__ import annotations

import gc
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


_LESS = 4  # how many times smaller the smaller piece of work is
_MOST_TIMES = 10  # as long for the larger one: what is quadratic takes 16 times
_NOISE_SECONDS = 0.2
_ATTEMPTS = 3


def takes_linear_time(work: Callable[[int], object], size: int) -> None:
    """Fail where some work takes out of proportion more processor time as it grows to a size.

    However fast a machine is, and whatever else runs there: what is quadratic is so each time.
    """
    for attempt in range(_ATTEMPTS):
        less, all_of_it = _spent(work, size // _LESS), _spent(work, size)
        if all_of_it < _MOST_TIMES * less + _NOISE_SECONDS:
            return
        print(f"attempt {attempt}: {less:.2f} s, then {all_of_it:.2f} s")
    message = "it takes out of proportion longer as it grows"
    raise AssertionError(message)


def _spent(work: Callable[[int], object], size: int) -> float:
    gc.collect()
    gc.disable()  # or a large run's whole heap would be looked through in the midst of it
    try:
        began = time.process_time()
        work(size)
        return time.process_time() - began
    finally:
        gc.enable()
