"""Rules that failed on a file: the others go on, and the status says which findings are missing."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING

import msgspec

from codearch.errors import CodearchError
from codearch.problems import WARNING, Problem
from codearch.store.database import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from codearch.store.database import Connection

log = logging.getLogger(__name__)

EVERYWHERE = ""  # stands for the path where a rule on the whole workspace failed
KEY = "rules-broken"
_SHOWN = 3  # problems

Broken = dict[str, dict[str, str]]  # path -> rule -> why


@contextlib.contextmanager
def guarded(rule: str, path: str, broken: Broken) -> Iterator[None]:
    """Note why a rule fails; raise what is no fault of its own: an index that cannot be read."""
    try:
        yield
    except (CodearchError, OSError, DatabaseError):
        raise
    except Exception as error:
        log.exception("the rule %s failed on %s", rule, path or "the workspace")
        broken.setdefault(path, {})[rule] = repr(error)


def note_broken(
    connection: Connection, looked_at: Mapping[str, Collection[str]], broken: Broken
) -> None:
    """Note in which files rules failed, of those that were run there now, by path."""
    known = _read(connection)
    after = {path: dict(rules) for path, rules in known.items()}
    for path, rules in looked_at.items():
        own = {name: why for name, why in after.pop(path, {}).items() if name not in rules}
        if own := {**own, **broken.get(path, {})}:
            after[path] = own
    if after != known:
        value = msgspec.json.encode(after).decode()
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (KEY, value))


def forget_broken(connection: Connection) -> None:
    """Forget all: other rules, or other settings of them, come now."""
    connection.execute("DELETE FROM meta WHERE key = ?", (KEY,))


def problems_of_rules(connection: Connection) -> list[Problem]:
    """Return what to say of rules that failed on files that are still there."""
    return said_of_broken(_read(connection), lambda path: is_indexed(connection, path))


def said_of_broken(broken: Broken, is_there: Callable[[str], bool]) -> list[Problem]:
    """Return what to say of rules that failed, where the files are there still."""
    found = [
        Problem(WARNING, f"The rule {rule} failed {_where(path)}: {why}", _MEND)
        for path, rules in sorted(broken.items())
        if path == EVERYWHERE or is_there(path)
        for rule, why in sorted(rules.items())
    ]
    left = len(found) - _SHOWN
    if left > 0:
        more = f"Rules failed {left} times more."
        found[_SHOWN:] = [Problem(WARNING, more, _MEND)]
    return found


_MEND = "All other findings are there; the log in the cache folder says more."


def _where(path: str) -> str:
    return f"on {path}, whose findings of it are missing" if path else "and finds nothing"


def _read(connection: Connection) -> Broken:
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (KEY,)).fetchone()
    return read_broken(row[0] if row else None)


def read_broken(stored: str | None) -> Broken:
    """Return what the store holds under `KEY`."""
    return msgspec.json.decode(stored, type=dict[str, dict[str, str]]) if stored else {}


def is_indexed(connection: Connection, path: str) -> bool:
    """Say whether a file is there still, on the disk or in somebody's buffer."""
    row = connection.execute("SELECT 1 FROM files WHERE path = ? LIMIT 1", (path,)).fetchone()
    return row is not None
