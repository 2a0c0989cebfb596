"""Whether the machine runs on its battery, asked seldom enough to cost nothing; what waits then.

Never what keeps answers true to an edit, nor upkeep: it is small, and the next answers need it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable

_LOOK_SECONDS = 10.0
_AT_LEISURE = frozenset({"churn", "arrival"})
# The loop's kinds of work that wait on the battery, by the setting `indexer.onBattery`.
WAITING = {"work": frozenset(), "wait": _AT_LEISURE, "rest": _AT_LEISURE | {"read", "embed"}}


def plugged_in() -> bool:
    """Return whether the machine has power from outside; one without a battery has.

    So has one that cannot tell: a driver may report files or values that psutil does not expect.
    """
    look = getattr(psutil, "sensors_battery", None)  # some systems' psutil has none
    try:
        battery = None if look is None else look()
    except (OSError, ValueError, ArithmeticError, psutil.Error):
        return True
    return battery is None or battery.power_plugged is not False


class Power:
    """Remembers for a while what `look` said."""

    def __init__(
        self,
        look: Callable[[], bool] = plugged_in,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._look, self._clock = look, clock
        self._looked_at: float | None = None
        self._plugged_in = True

    @property
    def on_battery(self) -> bool:
        """Whether the machine runs on its battery, as of some seconds ago."""
        now = self._clock()
        if self._looked_at is None or now - self._looked_at >= _LOOK_SECONDS:
            self._looked_at, self._plugged_in = now, self._look()
        return not self._plugged_in
