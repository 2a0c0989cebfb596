"""Whether the machine runs on its battery, asked seldom enough to cost nothing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable

_LOOK_SECONDS = 10.0


def plugged_in() -> bool:
    """Return whether the machine has power from outside; one without a battery has."""
    look = getattr(psutil, "sensors_battery", None)  # some systems' psutil cannot tell
    battery = None if look is None else look()
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
