"""Taking vectors from a team's store, on a thread of its own: nobody else waits for the network."""

from __future__ import annotations

import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from codearch.errors import AbsentError, RefusedError, TeamStoreError
from codearch.store.team.known_keys import KnownKeys
from codearch.store.team.pack import (
    LABEL_SUFFIX,
    MOST_LABEL_BYTES,
    ROWS_SUFFIX,
    Label,
    most_row_bytes,
    names_of,
    read_label,
    read_rows,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from codearch.store.team.access import Access
    from codearch.store.team.shelf import Shelf

MOST_PACKS, MOST_KEYS = 10_000, 2_000_000  # of all that a store may hold: the keys lie in memory
PATIENCE_SECONDS = 20.0  # without a sign of life, after which nothing is on its way any more


class Known(NamedTuple):
    """Vectors by key, and the keys of those that are on their way: ask for them again."""

    vectors: dict[bytes, NDArray[np.float32]]
    coming: frozenset[bytes] = frozenset()


NOTHING = Known({})


class Reading:
    """Answers at once with what has come, and fetches what is asked for."""

    def __init__(
        self, access: Access, shelf: Shelf, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._access = access
        self._shelf = shelf
        self._clock = clock
        self._news = threading.Condition()
        self._keys = KnownKeys({})
        self._listed = False  # since the last `settle`
        self._wanted: Counter[str] = Counter()  # packs by how many of their vectors are asked for
        self._rows: dict[str, NDArray[np.float32]] = {}
        self._gone: set[str] = set()  # listed, but no longer there
        self._asked = self._working = False  # whether the thread is to look, and does
        self._heard = 0.0  # when it last gave a sign of life
        self._closing = False
        self._thread: threading.Thread | None = None

    def known(self, keys: Sequence[bytes]) -> Known:
        """Return the vectors of these keys that are here, and which are on their way."""
        with self._news:
            if self._access.rest_seconds or self._closing:
                return NOTHING
            if not self._listed:
                self._ask()
                return Known({}, frozenset(keys) if self._patient() else frozenset())
            vectors, wanted, coming = {}, Counter[str](), []
            for key, (pack, row) in self._keys.find(keys).items():
                if pack in self._rows:
                    vectors[key] = np.array(self._rows[pack][row])
                else:
                    wanted[pack] += 1
                    coming.append(key)
            if wanted:
                self._wanted |= wanted
                self._ask()
            return Known(vectors, frozenset(coming if self._patient() else ()))

    def wait(self, seconds: float) -> None:
        """Wait until something has come, or will not come; so long at most."""
        with self._news:
            if self._asked or self._working:
                self._news.wait(seconds)

    def settle(self) -> None:
        """Forget the packs in use: the next who ask find what others have put there since."""
        with self._news:
            self._listed = False
            self._wanted.clear()
            self._rows.clear()
        self._shelf.forget_rows()

    def close(self) -> None:
        """Fetch nothing more."""
        with self._news:
            self._closing = True
            self._wanted.clear()
            self._news.notify_all()

    # --- for the thread that writes ------------------------------------------------------------

    def unknown(self, keys: Sequence[bytes]) -> list[bytes]:
        """Return those keys that no pack has, as far as it has been listed."""
        with self._news:
            found = self._keys.find(keys)
        return [key for key in keys if key not in found]

    def labels(self) -> dict[str, Label]:
        """Return what is known of all packs."""
        with self._news:
            return self._keys.labels

    def list_packs(self) -> None:
        """Look which packs there are, and what is in those that are new; raises TeamStoreError."""
        folder = f"{self._shelf.form.folder}/keys"
        names = names_of(self._access.ask(lambda place: place.names(folder)), LABEL_SUFFIX)
        labels = self.labels()
        found: dict[str, Label] = {}
        count = 0
        for name in sorted(names)[:MOST_PACKS]:
            if name in self._shelf.refused or name in self._gone or count > MOST_KEYS:
                continue
            label = labels.get(name) or self._shelf.label(name) or self._fetched_label(name)
            if label is not None:
                found[name] = label
                count += len(label)
        self._shelf.forget_refusals(set(names))
        self._shelf.keep_only(set(found))
        self._take(found)
        with self._news:
            self._listed = True

    def add(self, name: str, label: Label) -> None:
        """Take note of a pack that we have put there."""
        self._take({**self.labels(), name: label})

    def drop(self, name: str) -> None:
        """Take note of a pack that is no longer there."""
        self._gone.add(name)
        self._take({at: one for at, one in self.labels().items() if at != name})

    def fetch(self, name: str, label: Label) -> NDArray[np.float32] | None:
        """Return the rows of a pack, None where there are none; raises TeamStoreError."""
        path = f"{self._shelf.form.folder}/rows/{label.rows}{ROWS_SUFFIX}"
        try:
            data = self._access.ask(lambda place: place.read(path, most_row_bytes(label)))
            return read_rows(label, data)
        except AbsentError:
            self.drop(name)
        except RefusedError as error:
            self._shelf.refuse(name, error.message)
            self.drop(name)
        return None

    # --- inside ------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Have the thread look; that it begins is a sign of life."""
        if not (self._asked or self._working):
            self._heard = self._clock()
        self._asked = True
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._work, name="codearch-team-reading", daemon=True
            )
            self._thread.start()
        self._news.notify_all()

    def _patient(self) -> bool:
        return self._clock() - self._heard < PATIENCE_SECONDS

    def _work(self) -> None:
        while True:
            with self._news:
                self._working = False
                self._news.notify_all()
                while not (self._closing or self._asked):
                    self._news.wait()
                self._asked, self._working = False, True
            try:
                if not self._listed:
                    self.list_packs()
                while pack := self._most_wanted():
                    self._bring(pack)
            except TeamStoreError:
                with self._news:
                    self._wanted.clear()
            if self._closing:
                return

    def _most_wanted(self) -> str:
        with self._news:
            return "" if not self._wanted else self._wanted.most_common(1)[0][0]

    def _bring(self, name: str) -> None:
        label = self.labels().get(name)
        rows = self.fetch(name, label) if label is not None else None
        kept = self._shelf.keep_rows(label, rows) if label and rows is not None else None
        with self._news:
            if kept is not None:
                self._rows[name] = kept
            self._wanted.pop(name, None)
        self._sign()

    def _fetched_label(self, name: str) -> Label | None:
        path = f"{self._shelf.form.folder}/keys/{name}{LABEL_SUFFIX}"
        try:
            data = self._access.ask(lambda place: place.read(path, MOST_LABEL_BYTES))
            label = read_label(self._shelf.form, name, data)
        except AbsentError:
            return None
        except RefusedError as error:
            self._shelf.refuse(name, error.message)
            return None
        finally:
            self._sign()
        self._shelf.keep_label(name, data)
        return label

    def _take(self, labels: dict[str, Label]) -> None:
        keys = KnownKeys(labels)
        with self._news:
            self._keys = keys

    def _sign(self) -> None:
        with self._news:
            self._heard = self._clock()
            self._news.notify_all()
