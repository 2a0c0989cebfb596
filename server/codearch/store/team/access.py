"""The way to a team's store: left alone for a while after a failure, and said to be."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, TypeVar

from codearch.errors import AbsentError, RefusedError, TeamStoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from codearch.store.team.places import Place

T = TypeVar("T")

log = logging.getLogger(__name__)

FIRST_REST_SECONDS = 60.0
LONGEST_REST_SECONDS = 3600.0


class Access:
    """Asks the place, which is made when it is first asked; safe from any thread.

    A place that fails is left alone for a minute, and for twice as long each time it fails again.
    """

    def __init__(
        self, make: Callable[[], Place], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._make = make
        self._place: Place | None = None
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0  # since it last answered
        self._rests_until = 0.0
        self.problem: TeamStoreError | None = None  # why it is left alone

    @property
    def rest_seconds(self) -> float:
        """Return for how long it is left alone, 0 where it is not."""
        return max(0.0, self._rests_until - self._clock()) if self._failures else 0.0

    def ask(self, work: Callable[[Place], T]) -> T:
        """Return what the place answers; raises TeamStoreError, at once while it is left alone."""
        if self.rest_seconds:
            message = "The team's vectors are left alone for a while."
            raise TeamStoreError(message)
        try:
            found = work(self._opened())
        except (AbsentError, RefusedError):
            self._answered()
            raise
        except TeamStoreError as error:
            self._failed(error)
            raise
        except Exception as error:  # libraries for buckets have their own; their thread goes on
            failure = TeamStoreError(
                f"The team's vectors failed ({type(error).__name__}: {error}).",
                mend="`codearch doctor` asks for them again and says more.",
            )
            self._failed(failure)
            raise failure from error
        self._answered()
        return found

    def _opened(self) -> Place:
        with self._lock:
            if self._place is None:
                self._place = self._make()
            return self._place

    def _answered(self) -> None:
        self._failures, self.problem = 0, None

    def _failed(self, error: TeamStoreError) -> None:
        with self._lock:
            rest = min(LONGEST_REST_SECONDS, FIRST_REST_SECONDS * 2.0**self._failures)
            self._failures += 1
            self._rests_until = self._clock() + rest
            self.problem = error
        log.warning("the team's vectors are left alone for %.0f s: %s", rest, error)
