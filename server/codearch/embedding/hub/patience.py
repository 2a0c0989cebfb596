"""How long to wait before asking again: as long as was asked for, else ever longer, with jitter."""

from __future__ import annotations

import email.utils
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 60.0
LONGEST_ASKED_SECONDS = 300.0  # whoever asks for more is asked again by the user


@dataclass(frozen=True)
class Clock:
    """Time and chance; `now` in seconds since the epoch, `chance` from 0 to 1."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


def pause(failures: int, chance: float) -> float:
    """Return the seconds to wait after so many failures in a row, 1 or more.

    Doubled each time and spread over its upper half, so that many who failed at the same moment
    do not come back at the same moment.
    """
    whole = min(LONGEST_SECONDS, FIRST_SECONDS * 2.0 ** (failures - 1))
    return whole * (0.5 + chance / 2)


def retry_after(text: str, now: float) -> float | None:
    """Return the seconds that a Retry-After header asks for, given in seconds or as a date.

    None where it says neither.
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - now)
    except (ValueError, OverflowError):
        return None


def clock_time(at: float, now: float) -> str:
    """Return a moment as people say it, with the date where it is not within a day."""
    form = "%H:%M:%S" if abs(at - now) < 24 * 3600 else "%Y-%m-%d %H:%M"
    return time.strftime(form, time.localtime(at))
