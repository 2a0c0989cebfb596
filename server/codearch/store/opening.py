"""Taking a store over: it is used only if it is ours, whole, and as it was left."""

from __future__ import annotations

import contextlib
import shutil
import zlib
from typing import TYPE_CHECKING

import msgspec

from codearch.checked import learnt
from codearch.errors import StoreError, UnusableStoreError
from codearch.store.database import (
    connect_writer,
    empty_log,
    find_damage,
    inode_of,
    translated,
)
from codearch.store.schema import make_tables

if TYPE_CHECKING:
    from pathlib import Path

    from codearch.store.database import Connection

_BESIDE = ("-wal", "-shm", "-journal")
_LEFT, _NEW = "-left", "-new"
_CHUNK_BYTES = 1 << 20


class _Left(msgspec.Struct, frozen=True):
    """What the database looked like when it was left in order."""

    size: int
    mtime_ns: int
    checksum: int


def open_store(path: Path) -> Connection:
    """Open the database for writing, made where it is missing.

    Raises UnusableStoreError where only a rebuild helps: see `discard_store`.
    """
    if path.exists() and not path.is_file():
        message = f"The index {path} is no file."
        raise UnusableStoreError(message)
    in_order = _was_left_in_order(path)
    if not path.exists():
        _make_new(path)
    with translated(path):
        connection = connect_writer(path)
        try:
            made_before = make_tables(connection, path)
            found = "" if in_order or not made_before else find_damage(connection)
        except BaseException:
            connection.close()
            raise
    if found:
        connection.close()
        message = f"The index {path} is damaged ({found})."
        raise UnusableStoreError(message)
    return connection


def _make_new(path: Path) -> None:
    """Make the database with its tables: nobody ever reads one that has none yet."""
    new = path.with_name(path.name + _NEW)
    for suffix in ("", *_BESIDE):
        _remove(new.with_name(new.name + suffix))
    with translated(path):
        connection = connect_writer(new)
        try:
            make_tables(connection, path)
        finally:
            connection.close()
    new.replace(path)


def leave_store(connection: Connection, path: Path) -> None:
    """Close the database, and note what it looks like, so that the next start can trust it."""
    ours = inode_of(path)
    whole = empty_log(connection)
    connection.close()
    if whole and ours and ours == inode_of(path):
        state = path.stat()
        left = _Left(state.st_size, state.st_mtime_ns, _checksum(path))
        _note_of(path).write_bytes(msgspec.json.encode(left))


def discard_store(path: Path) -> None:
    """Put the database away, whatever stands in its place; raises StoreError if that fails.

    Its file lies beside until `forget_discarded`: a new one that took its inode over would be
    taken for it.
    """
    forget_discarded(path)
    try:
        for suffix in _BESIDE:
            _remove(path.with_name(path.name + suffix))
        _remove(_note_of(path))
        if path.is_file() and not path.is_symlink():
            path.replace(_discarded(path))
        else:
            _remove(path)
    except OSError as error:
        message = f"The damaged index cannot be removed: {error}."
        raise StoreError(message, mend=f"Delete {path.parent} yourself.") from error


def forget_discarded(path: Path) -> None:
    """Delete what `discard_store` has put away; what cannot be deleted waits for the next time."""
    with contextlib.suppress(OSError):
        _remove(_discarded(path))


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _discarded(path: Path) -> Path:
    return path.with_name(path.name + "-discarded")


def _was_left_in_order(path: Path) -> bool:
    """Say whether the database is as it was left; False where its process had no time to leave.

    Raises UnusableStoreError where it has been written to since: SQLite itself would not notice a
    change within a text or a number.
    """
    note = _note_of(path)
    try:
        left = msgspec.json.decode(note.read_bytes(), type=learnt(_Left))
    except (OSError, msgspec.DecodeError):
        left = None
    with contextlib.suppress(OSError):
        note.unlink()  # it holds no longer once somebody works with the database
    if left is None or not path.exists():
        return False
    state = path.stat()
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:  # it was left empty, and is none of ours
        message = f"The log of the index {path} was put there by something else."
        raise UnusableStoreError(message)
    if (state.st_size, state.st_mtime_ns) == (left.size, left.mtime_ns):
        return True
    if state.st_size == left.size and _checksum(path) == left.checksum:
        return True  # a copy, say
    message = f"The index {path} was altered by something else."
    raise UnusableStoreError(message)


def _note_of(path: Path) -> Path:
    return path.with_name(path.name + _LEFT)


def _checksum(path: Path) -> int:
    found = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            found = zlib.crc32(chunk, found)
    return found
