"""Vectors that a team makes once for all of it, in a folder or a bucket: see docs/vectors.md."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import time
from typing import TYPE_CHECKING

from codearch.problems import WARNING, Problem
from codearch.store.team.access import Access
from codearch.store.team.pack import Form
from codearch.store.team.places import Place, place_of
from codearch.store.team.reading import NOTHING, Known, Reading
from codearch.store.team.shelf import Shelf
from codearch.store.team.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from codearch.settings import VectorsSettings

__all__ = ["NOTHING", "Form", "Known", "Place", "TeamVectors", "place_of"]

FOLDER = "team"
_UNUSED_SECONDS = 14 * 86_400  # after which what was kept of another store or encoder goes


class TeamVectors:
    """A team's store of one encoder's vectors. Nothing here raises, or waits for the store.

    `folder` is the root's own in the cache. Made without asking the store anything.
    """

    def __init__(
        self,
        settings: VectorsSettings,
        form: Form,
        folder: Path,
        *,
        make: Callable[[], Place] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        said = "\0".join((settings.store, settings.endpoint, form.encoder))
        own = folder / FOLDER / hashlib.sha256(said.encode()).hexdigest()[:16]
        _forget_unused(own)
        self._store = settings.store
        self._access = Access(make or (lambda: place_of(settings)), clock)
        self._shelf = Shelf(own, form)
        self._reading = Reading(self._access, self._shelf, clock)
        self._writing: Writing | None = None
        if not settings.read_only:
            self._writing = Writing(self._access, self._shelf, self._reading, clock)

    def known(self, keys: Sequence[bytes]) -> Known:
        """Return the vectors of these keys that have come, and which are on their way."""
        return self._reading.known(keys)

    def wait(self, seconds: float) -> None:
        """Wait for what is on its way, so long at most."""
        self._reading.wait(seconds)

    def remember(self, keys: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        """Have vectors put there that came from elsewhere; those that it has are not sent."""
        if self._writing is not None:
            self._writing.remember(keys, vectors)

    def settle(self) -> None:
        """Say that the bulk work is done: what was gathered is sent, what was fetched forgotten."""
        self._reading.settle()
        if self._writing is not None:
            self._writing.settle()

    def drained(self, seconds: float) -> bool:
        """Wait until what was gathered has been sent, or has failed to be; so long at most."""
        return self._writing is None or self._writing.drained(seconds)

    def close(self, seconds: float = 0.5) -> None:
        """End, and leave to the next process what has not been sent within so many seconds."""
        self._reading.close()
        if self._writing is not None:
            self._writing.close(seconds)

    def problems(self) -> list[Problem]:
        """Return what is off with the store."""
        found = []
        failure = self._access.problem
        if failure is not None and self._access.rest_seconds:
            message = f"{failure.message} They are left alone for some minutes."
            found.append(Problem(WARNING, message, failure.mend))
        refused = self._shelf.refused
        if refused:
            count = "1 object" if len(refused) == 1 else f"{len(refused)} objects"
            message = f"{count} in {self._store} cannot be trusted and are not used: "
            mend = f"Look who may write there, and delete {next(iter(refused))}.keys."
            found.append(Problem(WARNING, f"{message}{next(iter(refused.values()))}", mend))
        lost = self._writing.lost if self._writing is not None else 0
        if lost:
            message = f"{lost:,} vectors were not put into {self._store}, which is too slow."
            mend = "`codearch index --full` offers them again."
            found.append(Problem(WARNING, message, mend))
        return found


def _forget_unused(own: Path) -> None:
    """Delete what was kept of other stores and encoders that nobody has used for long."""
    with contextlib.suppress(OSError):
        for folder in own.parent.iterdir():
            if folder != own and time.time() - folder.stat().st_mtime > _UNUSED_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
