"""What a root keeps of a team's store: labels, refusals, packs in use, packs not yet sent.

All of it lies in the root's own folder in the cache and may go at any time.
"""

from __future__ import annotations

import contextlib
import os
import threading
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from codearch.errors import RefusedError
from codearch.store.team.pack import (
    LABEL_SUFFIX,
    ROWS_SUFFIX,
    Form,
    Label,
    Pack,
    names_of,
    read_label,
    read_rows,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

MOST_UNSENT_BYTES = 512 << 20
_REFUSED = "refused.json"


class Shelf:
    """Copies of immutable objects by name; whatever cannot be read is not there."""

    def __init__(self, folder: Path, form: Form) -> None:
        self.form = form
        self._labels = folder / "labels"
        self._rows = folder / "rows"
        self._unsent = folder / "unsent"
        self._refusals = folder / _REFUSED
        self._lock = threading.Lock()
        for each in (self._labels, self._rows, self._unsent):
            with contextlib.suppress(OSError):
                each.mkdir(parents=True, exist_ok=True, mode=0o700)
                os.utime(folder)  # it is in use
        self.forget_rows()
        self._forget_halves()
        self.refused = self._read_refusals()

    # --- labels and refusals -----------------------------------------------------------------

    def label(self, name: str) -> Label | None:
        """Return the label of that name, if it is here and whole."""
        try:
            return read_label(self.form, name, (self._labels / name).read_bytes())
        except (OSError, RefusedError):
            return None

    def keep_label(self, name: str, data: bytes) -> None:
        """Keep a label for the next process."""
        with contextlib.suppress(OSError):
            _put(self._labels / name, data)

    def keep_only(self, names: set[str]) -> None:
        """Forget all labels but these."""
        with contextlib.suppress(OSError):
            for file in self._labels.iterdir():
                if file.name not in names:
                    file.unlink()

    def forget_refusals(self, names: set[str]) -> None:
        """Forget all refusals but those of these packs: the others are no longer there."""
        with self._lock, contextlib.suppress(OSError):
            kept = {name: why for name, why in self.refused.items() if name in names}
            if kept != self.refused:
                self.refused = kept
                _put(self._refusals, msgspec.json.encode(kept))

    def refuse(self, name: str, why: str) -> None:
        """Note that a pack is never to be asked for again."""
        with self._lock, contextlib.suppress(OSError):
            self.refused[name] = why
            _put(self._refusals, msgspec.json.encode(self.refused))

    # --- packs in use ------------------------------------------------------------------------

    def keep_rows(self, label: Label, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the same rows, out of memory where the disk has room for them."""
        file = self._rows / label.rows
        try:
            _put(file, rows.tobytes())
            return np.memmap(file, "<f4", "r", shape=rows.shape)
        except OSError:
            return rows

    def forget_rows(self) -> None:
        """Delete the packs that were in use."""
        with contextlib.suppress(OSError):
            for file in self._rows.iterdir():
                file.unlink()

    # --- packs not yet sent ------------------------------------------------------------------

    def keep_unsent(self, pack: Pack) -> bool:
        """Keep a pack until it has been sent, also by a later process; False if there is no room.

        The label comes last: rows without one are no pack.
        """
        try:
            if sum(file.stat().st_size for file in self._unsent.iterdir()) > MOST_UNSENT_BYTES:
                return False
            _put(self._unsent / f"{pack.label.rows}{ROWS_SUFFIX}", pack.rows_bytes)
            _put(self._unsent / f"{pack.name}{LABEL_SUFFIX}", pack.label_bytes)
        except OSError:
            return False
        return True

    def has_unsent(self) -> bool:
        """Say whether a pack waits."""
        return bool(self._unsent_names())

    def unsent(self) -> Iterator[Pack]:
        """Yield the packs that wait; one that was damaged meanwhile is forgotten."""
        for name in self._unsent_names():
            try:
                label_bytes = (self._unsent / f"{name}{LABEL_SUFFIX}").read_bytes()
                label = read_label(self.form, name, label_bytes)
                rows_bytes = (self._unsent / f"{label.rows}{ROWS_SUFFIX}").read_bytes()
                read_rows(label, rows_bytes)
            except (OSError, RefusedError):
                with contextlib.suppress(OSError):
                    (self._unsent / f"{name}{LABEL_SUFFIX}").unlink()
                continue
            yield Pack(name, label, label_bytes, rows_bytes)

    def sent(self, pack: Pack) -> None:
        """Forget a pack that has been sent."""
        with contextlib.suppress(OSError):
            (self._unsent / f"{pack.name}{LABEL_SUFFIX}").unlink()
            (self._unsent / f"{pack.label.rows}{ROWS_SUFFIX}").unlink()

    # --- inside ------------------------------------------------------------------------------

    def _unsent_names(self) -> list[str]:
        try:
            return names_of(os.listdir(self._unsent), LABEL_SUFFIX)  # noqa: PTH208 - names
        except OSError:
            return []

    def _forget_halves(self) -> None:
        """Delete what a process that was killed left half written."""
        whole = set()
        with contextlib.suppress(OSError):
            for name in self._unsent_names():
                with contextlib.suppress(RefusedError):
                    file = self._unsent / f"{name}{LABEL_SUFFIX}"
                    label = read_label(self.form, name, file.read_bytes())
                    whole |= {file.name, f"{label.rows}{ROWS_SUFFIX}"}
            for file in self._unsent.iterdir():
                if file.name not in whole:
                    file.unlink()

    def _read_refusals(self) -> dict[str, str]:
        try:
            return msgspec.json.decode(self._refusals.read_bytes(), type=dict[str, str])
        except (OSError, msgspec.MsgspecError):
            return {}


def _put(file: Path, data: bytes) -> None:
    """Write a file as a whole: what it held before, or all of this."""
    fresh = file.with_name(f"{file.name}.writing")
    fresh.write_bytes(data)
    fresh.replace(file)
