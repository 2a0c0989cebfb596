"""The one door to SQLite: connections, transactions, and what its errors mean."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from typing import TYPE_CHECKING

from codearch.errors import CodearchError, StoreError, UnusableStoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Connection = sqlite3.Connection
Row = sqlite3.Row
DatabaseError = sqlite3.DatabaseError
VERSION = sqlite3.sqlite_version

FILE_NAME = "index.db"
_BUSY_MS = 5_000  # as sqlite3 has it
_LONG_LOG_BYTES = 4 << 20
_PAGE_BYTES = 8192  # two packed contents leave a page of 4096 a quarter empty
NO_ROOM = (
    "Look whether the disk is full, the folder read-only, or the limit of open files (`ulimit -n`)"
    " reached. It is tried again by itself."
)
REBUILD = "It is rebuilt by itself: ask again. `codearch index --full` does it now."

# An OperationalError without a code comes from Python: a text that is no UTF-8.
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


@contextlib.contextmanager
def translated(path: Path, inode: int = 0) -> Iterator[None]:
    """Turn SQLite's errors into sentences; damage becomes UnusableStoreError."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            raise damaged(path, error, inode) from error
        message = f"The index {path} cannot be used: {error}."
        raise StoreError(message, mend=NO_ROOM) from error


def is_damage(error: BaseException | None) -> bool:
    """Say whether an error means that the database cannot be used any more, but by a rebuild."""
    if isinstance(error, UnusableStoreError):
        return True
    if not isinstance(error, sqlite3.DatabaseError):
        return False
    code: int | None = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return isinstance(error, sqlite3.OperationalError)
    return code & 0xFF in _DAMAGE


def mend_of(error: BaseException) -> str:
    """Return what to do about an error of ours or of the system, "" where that is not known."""
    if isinstance(error, CodearchError):
        return error.mend
    return NO_ROOM if isinstance(error, (sqlite3.OperationalError, OSError)) else ""


def damaged(path: Path, error: BaseException, inode: int = 0) -> UnusableStoreError:
    """Return the error that tells of damage in the file of that inode."""
    message = f"The index {path} is damaged ({error})."
    return UnusableStoreError(message, mend=REBUILD, inode=inode)


def inode_of(path: Path) -> int:
    """Return which file stands at a path, 0 for none: another inode is another database."""
    try:
        return path.stat().st_ino
    except OSError:
        return 0


def connect_writer(path: Path) -> Connection:
    """Open the database for the one process that writes; it is made where it is missing."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")  # of a new one
    connection.execute("PRAGMA journal_mode = WAL")
    # A lost last commit after a power cut costs a reparse and nothing else.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cache_size = -32768")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA wal_autocheckpoint = 2000")
    return connection


def connect_reader(path: Path) -> Connection:
    """Open an existing database read-only; raises StoreError where there is none."""
    if not path.exists():
        message = f"There is no index at {path} yet."
        raise StoreError(message, mend="Run `codearch index`.")
    connection = sqlite3.connect(
        f"{path.as_uri()}?{_reading(path)}", uri=True, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA cache_size = -8192")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA case_sensitive_like = OFF")
    return connection


def _reading(path: Path) -> str:
    """Return how to open a database for reading.

    Readers of a log write beside it. Where nobody can, a database that was left in order has none
    and changes no more.
    """
    log = path.with_name(f"{path.name}-wal")
    if os.access(path.parent, os.W_OK) or log.exists():
        return "mode=ro"
    return "mode=ro&immutable=1"


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


def find_damage(connection: Connection) -> str:
    """Return what SQLite's quick check finds first, "" where it finds nothing."""
    try:
        row = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if row[0] == "ok" else str(row[0])


def empty_log(connection: Connection) -> bool:
    """Write SQLite's log back into the database; False where somebody still reads from it."""
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
