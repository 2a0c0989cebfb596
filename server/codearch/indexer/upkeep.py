"""Removing indexes: never one in use, and never by half.

An index is renamed aside while its two locks are held, so that no indexer can start on it, and
deleted after that. Whoever comes meanwhile begins a new one; what a killed process has left aside
is swept the next time. Only one process at a time decides which indexes are too many.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import time
import uuid
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import msgspec

from codearch.errors import StoreError
from codearch.indexer import launch
from codearch.indexer.holding import hold
from codearch.indexer.kept import ASIDE, UPKEEP_LOCK_NAME, Kept, contents, user_of
from codearch.indexer.protocol import (
    ENDPOINT_NAME,
    LOCK_NAME,
    START_LOCK_NAME,
    Request,
    Wire,
    decode_message,
    encode,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Take = Callable[[Kept], Path | None]

log = logging.getLogger(__name__)

MB = 1_000_000
_ANSWER_SECONDS = 5.0  # an indexer that says nothing for so long is left alone
_LEAVE_SECONDS = 10.0
_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Trimmed:
    """What was removed to keep within a budget, and the bytes of what has stayed."""

    removed: tuple[Kept, ...]
    bytes: int


# --- taking one index away --------------------------------------------------------------------


def set_aside(kept: Kept) -> Path | None:
    """Rename an index aside and return where it lies now; None where somebody works on it.

    Raises FileNotFoundError where another process has removed it, StoreError where that may not
    be done.
    """
    folder = kept.folder
    aside = folder.parent / f"{ASIDE}{uuid.uuid4().hex}"
    try:
        folder.lstat()
        with contextlib.ExitStack() as held:
            for name in (START_LOCK_NAME, LOCK_NAME):  # in this order, as whoever starts one
                lock = hold(folder, name)
                if lock is None:
                    return None
                held.callback(lock.release)
            if sys.platform == "win32":  # where our own open files would keep it in its place
                held.close()
            folder.rename(aside)
    except FileNotFoundError:
        raise
    except OSError as error:
        if sys.platform == "win32" and isinstance(error, PermissionError):
            return None  # a file of it is open
        message = f"The index of {kept.root} cannot be removed: {error.strerror or error}."
        raise StoreError(message, mend=f"Look who may write in {folder.parent}.") from error
    return aside


def set_aside_when_idle(kept: Kept) -> Path | None:
    """Do as `set_aside`, but ask an indexer that lives on without clients to leave first."""
    before = user_of(kept.folder)
    if before is not None and clients_of(kept.folder) != 0:
        return None
    deadline = time.monotonic() + _LEAVE_SECONDS
    while (aside := set_aside(kept)) is None:
        if user_of(kept.folder) not in (None, before) or time.monotonic() > deadline:
            return None  # somebody has started another one
        time.sleep(_POLL_SECONDS)  # it tells nobody when it has left
    return aside


def clients_of(folder: Path) -> int | None:
    """Ask the indexer of a folder for its clients; without any it leaves. None: it does not say."""
    asked: Future[int | None] = Future()

    def ask() -> None:
        try:
            asked.set_result(_asked_to_vacate(folder))
        except (OSError, EOFError):
            asked.set_result(0)  # it is leaving
        except (msgspec.DecodeError, LookupError, TypeError):
            asked.set_result(None)  # it is of another version

    Thread(target=ask, name="codearch-vacate", daemon=True).start()
    try:
        return asked.result(_ANSWER_SECONDS)
    except FutureTimeout:
        return None


def _asked_to_vacate(folder: Path) -> int | None:
    found = launch.connect(folder)
    if found is None:
        return 0
    with contextlib.closing(found[0]) as wire:
        wire.send_bytes(encode(Request(1, "vacate")))
        return _answered(wire)


def _answered(wire: Wire) -> int | None:
    while True:
        message = decode_message(wire.recv_bytes())
        if message.id == 1:
            return None if message.error is not None else int(message.result["clients"])


# --- deleting what lies aside -----------------------------------------------------------------


def delete(aside: Path, gone: Callable[[], None] = lambda: None) -> bool:
    """Delete what was renamed aside, telling of each file; False where some of it could not be."""
    for where, folders, names in os.walk(aside, topdown=False):
        for name in names:
            with contextlib.suppress(OSError):
                Path(where, name).unlink()
            gone()
        for name in folders:
            with contextlib.suppress(OSError):
                inner = Path(where, name)
                inner.unlink() if inner.is_symlink() else inner.rmdir()
    with contextlib.suppress(OSError):
        aside.rmdir()
    return not os.path.lexists(aside)


def sweep(home: Path) -> None:
    """Delete what processes that were killed have left aside."""
    with contextlib.suppress(OSError):
        for entry in list(home.iterdir()):
            if entry.name.startswith(ASIDE):
                delete(entry)


def clear_leftovers(folder: Path) -> None:
    """Remove where a dead indexer listened; only for whoever holds its lock."""
    for pattern in ("*.sock", f"{ENDPOINT_NAME}*", "indexer.[0-9]*"):
        for leftover in folder.glob(pattern):
            with contextlib.suppress(OSError):
                leftover.unlink()


def clear_dead(home: Path) -> None:
    """Remove where dead indexers of other roots listened, which nobody may start again."""
    for note in list(home.glob(f"*/{ENDPOINT_NAME}")):
        with contextlib.suppress(OSError):
            folder = note.parent
            if user_of(folder) is None and (lock := hold(folder, LOCK_NAME)) is not None:
                clear_leftovers(folder)
                lock.release()


# --- keeping within a budget ------------------------------------------------------------------


def keep_within(
    home: Path, budget: int, spared: Iterable[Path], take: Take, seconds: float = 0
) -> Trimmed | None:
    """Remove indexes until the others take so many bytes at most, those of lost roots first.

    Then those unused for longest; never the spared ones, nor one in use. None where another
    process is at it for longer than `seconds`. Raises StoreError where nothing can be written.
    """
    asides: list[Path] = []
    try:
        with _alone(home, seconds) as alone:
            if not alone:
                return None
            removed, left = _surplus(home, budget, frozenset(spared), take, asides)
    finally:
        for aside in asides:
            delete(aside)
    return Trimmed(tuple(removed), left)


def _surplus(
    home: Path, budget: int, spared: frozenset[Path], take: Take, asides: list[Path]
) -> tuple[list[Kept], int]:
    """Set aside what is too much; return it, and the bytes that are left."""
    found = contents(home)
    left, removed = found.bytes, []
    for one in sorted(found.indexes, key=lambda each: (each.root_exists, each.last_used)):
        if left <= budget:
            break
        if one.folder in spared:
            continue
        try:
            aside = take(one)
        except FileNotFoundError:
            left -= one.bytes  # somebody was quicker
            continue
        if aside is not None:
            asides.append(aside)
            removed.append(one)
            left -= one.bytes
    return removed, left


@contextlib.contextmanager
def _alone(home: Path, seconds: float) -> Iterator[bool]:
    """Say whether nobody else decides meanwhile which indexes are too many."""
    if not home.is_dir():
        yield True
        return
    try:
        lock = hold(home, UPKEEP_LOCK_NAME, seconds)
    except OSError as error:
        message = f"The cache folder {home} cannot be written to: {error.strerror or error}."
        raise StoreError(message, mend=f"Look who may write in {home}.") from error
    try:
        yield lock is not None
    finally:
        if lock is not None:
            lock.release()


def look_after(folder: Path, budget_mb: int | None) -> None:
    """Do an indexer's share, as it starts or ends: sweep, and keep within the budget if one is set.

    Its own index stays, and so does any that has an indexer. What fails is logged and left.
    """
    home = folder.parent
    try:
        sweep(home)
        clear_dead(home)
        if budget_mb is None:
            return
        trimmed = keep_within(home, budget_mb * MB, [folder], _unused)
    except (OSError, StoreError) as error:
        log.warning("the cache could not be looked after: %s", error)
        return
    if trimmed is not None:
        for one in trimmed.removed:
            log.info("removed the index of %s, unused for longest: over budget", one.root)


def _unused(kept: Kept) -> Path | None:
    return None if kept.in_use else set_aside(kept)
