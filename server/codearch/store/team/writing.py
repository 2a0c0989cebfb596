"""Putting vectors into a team's store, behind the work and on a thread of its own.

What bulk work has made is packed, laid down in the root's folder, and sent from there: what a
process did not get sent the next one sends. Packs that came out small are merged by whoever finds
many of them, so that they do not pile up; the merged pack of the same packs is the same one, and
theirs go when it is there, so that no two who merge at once can lose anything.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from codearch.errors import TeamStoreError
from codearch.store.team.pack import (
    KEY_BYTES,
    LABEL_SUFFIX,
    ROWS_SUFFIX,
    Pack,
    packed,
    unit_rows,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from codearch.store.team.access import Access
    from codearch.store.team.places import Place
    from codearch.store.team.reading import Reading
    from codearch.store.team.shelf import Shelf

    Batch = list[tuple[bytes, NDArray[np.float32]]]

log = logging.getLogger(__name__)

MOST_BATCHES = 16  # in memory, each a pack
SMALL_PART = 4  # a pack is small with less than one in so many of the rows that it may have
MOST_SMALL = 16  # packs that may lie beside each other before they are merged
LISTED_SECONDS = 60.0  # after which somebody else may have put the same there


class Writing:
    """Takes vectors at once, and puts those that the store lacks there when it can."""

    def __init__(
        self,
        access: Access,
        shelf: Shelf,
        reading: Reading,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._access = access
        self._shelf = shelf
        self._reading = reading
        self._clock = clock
        self._news = threading.Condition()
        self._gathered: Batch = []
        self._batches: deque[Batch] = deque()
        self._listed_at = -LISTED_SECONDS
        self._closing = False
        self._busy = False
        self._deletes: bool | None = None  # whether the store lets us, once that was tried
        self._thread: threading.Thread | None = None
        self.lost = 0  # vectors that were not put there, since the store was slower than we
        if shelf.has_unsent():
            self._start()

    def remember(self, keys: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        """Take vectors to be put there; those that are none are left out."""
        with self._news:
            good = unit_rows(vectors)
            self._gathered += [
                (key, np.array(row, np.float32))
                for key, row, unit in zip(keys, vectors, good, strict=True)
                if unit
            ]
            while len(self._gathered) >= self._shelf.form.pack_rows:
                self._seal()

    def settle(self) -> None:
        """Put there what has been gathered: nothing more comes for now."""
        with self._news:
            if self._gathered:
                self._seal()

    def drained(self, seconds: float) -> bool:
        """Wait until all has been sent or laid down for later; say whether it was."""
        ends = time.monotonic() + seconds
        with self._news:
            while self._batches or self._busy:
                left = ends - time.monotonic()
                if left <= 0 or not self._news.wait(left):
                    return False
        return True

    def close(self, seconds: float) -> None:
        """Send what has been gathered, or at least lay it down; wait so long at most for each."""
        self.settle()
        self.drained(seconds)
        with self._news:
            self._closing = True
            self._news.notify_all()
        if self._thread is not None:
            self._thread.join(seconds)

    # --- inside ------------------------------------------------------------------------------

    def _seal(self) -> None:
        rows = self._shelf.form.pack_rows
        batch, self._gathered = self._gathered[:rows], self._gathered[rows:]
        if len(self._batches) >= MOST_BATCHES:
            self.lost += len(batch)
            return
        self._batches.append(batch)
        self._start()
        self._news.notify_all()

    def _start(self) -> None:
        if self._thread is None:
            self._busy = True
            self._thread = threading.Thread(
                target=self._work, name="codearch-team-writing", daemon=True
            )
            self._thread.start()

    def _work(self) -> None:
        tried = False
        while True:
            with self._news:
                self._busy = False
                self._news.notify_all()
                while not (self._batches or self._closing):
                    rest, waits = self._access.rest_seconds, self._shelf.has_unsent()
                    if waits and not (rest or tried):
                        break
                    self._news.wait(rest if waits and rest else None)
                    tried = False
                if self._closing and not self._batches:
                    return
                batch = self._batches.popleft() if self._batches else []
                self._busy = True
            self._lay_down(batch)
            self._send()
            tried = True

    def _lay_down(self, batch: Batch) -> None:
        """Keep on our own disk what the store lacks of a batch."""
        vectors = dict(batch)
        if not self._closing:
            self._look()
        fresh = self._reading.unknown(list(vectors))
        if fresh:
            rows = np.stack([vectors[key] for key in fresh])
            if not self._shelf.keep_unsent(packed(self._shelf.form, fresh, rows)):
                self.lost += len(fresh)

    def _look(self) -> None:
        """List the store anew if that was long ago; where it cannot be, what we know has to do."""
        if self._clock() - self._listed_at < LISTED_SECONDS or self._access.rest_seconds:
            return
        try:
            self._reading.list_packs()
            self._listed_at = self._clock()
        except TeamStoreError as error:
            log.info("the team's vectors could not be listed: %s", error.message)

    def _send(self) -> None:
        """Send what lies ready, as far as the store takes it now."""
        with contextlib.suppress(TeamStoreError):  # which `Access` tells of
            for pack in self._shelf.unsent():
                if self._closing or self._access.rest_seconds:
                    return
                self._put(pack)
                self._shelf.sent(pack)
            if not self._batches:
                self._merge()

    def _put(self, pack: Pack) -> None:
        """Put a pack there, the label last: nobody finds rows that are not there yet."""
        folder = self._shelf.form.folder
        rows = f"{folder}/rows/{pack.label.rows}{ROWS_SUFFIX}"
        label = f"{folder}/keys/{pack.name}{LABEL_SUFFIX}"
        self._access.ask(lambda place: place.write(rows, pack.rows_bytes))
        self._access.ask(lambda place: place.write(label, pack.label_bytes))
        self._reading.add(pack.name, pack.label)

    def _merge(self) -> None:
        """Make one pack of the small ones once there are many; raises TeamStoreError."""
        form = self._shelf.form
        small = sorted(
            (name, label)
            for name, label in self._reading.labels().items()
            if len(label) * SMALL_PART < form.pack_rows
        )[: MOST_SMALL * SMALL_PART]
        if len(small) < MOST_SMALL or not self._may_delete():
            return
        vectors: dict[bytes, NDArray[np.float32]] = {}
        merged = []
        for name, label in small:
            if len(vectors) + len(label) > form.pack_rows or self._closing:
                break
            rows = self._reading.fetch(name, label)
            if rows is not None:
                keys = label.keys
                starts = range(0, len(keys), KEY_BYTES)
                vectors |= {keys[at : at + KEY_BYTES]: rows[at // KEY_BYTES] for at in starts}
                merged.append((name, label))
        if len(merged) < 2 or self._closing:
            return
        whole = packed(form, list(vectors), np.stack(list(vectors.values())))
        self._put(whole)
        for name, label in merged:
            if name != whole.name:
                self._delete(f"{form.folder}/keys/{name}{LABEL_SUFFIX}")
                self._delete(f"{form.folder}/rows/{label.rows}{ROWS_SUFFIX}")
                self._reading.drop(name)

    def _may_delete(self) -> bool:
        """Try whether we may delete what we put there: merging would else only add to the rest."""
        if self._deletes is None:
            trial = f"{self._shelf.form.folder}/trial"
            self._access.ask(lambda place: place.write(trial, b"of what may be deleted"))
            self._deletes = True
            self._delete(trial)
        return self._deletes

    def _delete(self, path: str) -> None:
        """Delete an object; a store that does not let us is well otherwise, and not merged."""

        def try_it(place: Place) -> None:
            try:
                place.delete(path)
            except TeamStoreError as error:
                log.info("%s is not deleted: %s", path, error.message)
                self._deletes = False

        self._access.ask(try_it)
