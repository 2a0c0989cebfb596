"""Files whose names could not be resolved: the others go on, and the status names them."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING

import msgspec

from codearch.errors import CodearchError
from codearch.graph import StoppedError
from codearch.indexer.broken_rules import is_indexed
from codearch.problems import WARNING, Problem
from codearch.store.database import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.store.database import Connection

log = logging.getLogger(__name__)

_KEY = "files-unresolved"
_SHOWN = 3  # problems
_MEND = "Search and all other files are as always; the log in the cache folder says more."


@contextlib.contextmanager
def guarded(connection: Connection, path: str) -> Iterator[None]:
    """Note why a file's names cannot be resolved; raise what is no fault of the file."""
    known = _read(connection)
    why = known.pop(path, None)
    try:
        yield
    except (StoppedError, CodearchError, OSError, DatabaseError):
        raise
    except Exception as error:
        log.exception("the names in %s were not resolved", path)
        _write(connection, {**known, path: repr(error)})
    else:
        if why is not None:
            _write(connection, known)


def problems_of_names(connection: Connection) -> list[Problem]:
    """Return what to say of files that are still there and whose names are not resolved."""
    known = _read(connection)
    there = [path for path in sorted(known) if is_indexed(connection, path)]
    found = [
        Problem(WARNING, f"Who is called in {path} is not known: {known[path]}", _MEND)
        for path in there[:_SHOWN]
    ]
    if len(there) > _SHOWN:
        found.append(Problem(WARNING, f"So in {len(there) - _SHOWN:,} files more.", _MEND))
    return found


def _read(connection: Connection) -> dict[str, str]:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (_KEY,)).fetchone()
    return msgspec.json.decode(row[0], type=dict[str, str]) if row else {}


def _write(connection: Connection, known: dict[str, str]) -> None:
    value = msgspec.json.encode(known).decode()
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_KEY, value))
