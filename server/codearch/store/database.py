"""The one door to SQLite: connections, transactions, and what its errors mean."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

from codearch.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Connection = sqlite3.Connection
Row = sqlite3.Row
VERSION = sqlite3.sqlite_version

FILE_NAME = "index.db"
_BUSY_MS = 5_000  # as sqlite3 has it
_LONG_LOG_BYTES = 4 << 20
REBUILD = "It is rebuilt by itself at the next start; `codearch index --full` does it now."


class UnusableStoreError(StoreError):
    """The database is damaged, foreign or of another version: only a rebuild helps."""


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into sentences; damage becomes UnusableStoreError."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if is_damage(error):
            message = f"The index {path} is incomplete ({error})."
            raise UnusableStoreError(message, mend=REBUILD) from error
        message = f"The index {path} cannot be used: {error}."
        mend = "Look whether the disk is full or the folder is read-only."
        raise StoreError(message, mend=mend) from error
    except sqlite3.DatabaseError as error:
        message = f"The index {path} is damaged ({error})."
        raise UnusableStoreError(message, mend=REBUILD) from error


def is_damage(error: BaseException) -> bool:
    """Say whether an error means that the database cannot be used any more, but by a rebuild."""
    if isinstance(error, UnusableStoreError):
        return True
    if isinstance(error, sqlite3.OperationalError):
        return "malformed" in str(error) or "no such" in str(error)
    return type(error) is sqlite3.DatabaseError


def connect_writer(path: Path) -> Connection:
    """Open the database for the one process that writes; it is made where it is missing."""
    with translated(path):
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        # A lost last commit after a power cut costs a reparse and nothing else.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -32768")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA wal_autocheckpoint = 4000")
    return connection


def connect_reader(path: Path) -> Connection:
    """Open an existing database read-only; raises StoreError where there is none."""
    if not path.exists():
        message = f"There is no index at {path} yet."
        raise StoreError(message, mend="Run `codearch index`.")
    with translated(path):
        connection = sqlite3.connect(
            f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA cache_size = -8192")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA case_sensitive_like = OFF")
    return connection


@contextlib.contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Commit what the block writes as one whole, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def shorten_log(connection: Connection, path: Path) -> None:
    """Write SQLite's log back where it has become long; who reads is hardly waited for."""
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size > _LONG_LOG_BYTES:
        connection.execute("PRAGMA busy_timeout = 250")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")


def trim(connection: Connection) -> bool:
    """Give back the log's room and pages left empty; return whether there was anything to do.

    Pages fill up at random while an index grows; writing them anew once makes it a tenth smaller.
    """
    busy, log_pages, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    pages = int(connection.execute("PRAGMA page_count").fetchone()[0])
    row = connection.execute("SELECT value FROM meta WHERE key = 'packed'").fetchone()
    packed = int(row[0]) if row else 0
    if busy or abs(pages - packed) * 4 <= packed:
        return not busy and log_pages > 0
    connection.execute("VACUUM")
    pages = int(connection.execute("PRAGMA page_count").fetchone()[0])
    connection.execute("INSERT OR REPLACE INTO meta VALUES ('packed', ?)", (str(pages),))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return True


def integrity(connection: Connection) -> str:
    """Return "ok", or what SQLite's quick check found first."""
    try:
        row = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    return str(row[0])
