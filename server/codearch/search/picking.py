"""The symbols that a few letters of a name mean: read from the store, as much as a page needs.

Names that begin with the letters are a range of the names' index; all names are looked through
only where those do not fill the page. Columns are few until it is known which symbols are shown:
some names stand for thousands of methods.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.search.fuzzy import tiers
from codearch.store.schema import KIND_NUMBERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codearch.store.database import Connection

_SHORT = 2  # letters: nearly every name holds so few somewhere, so that parts are tried first
_AFTER_ALL = "\U0010ffff"
_NAMES_AT_ONCE = 500  # in one statement
_SHOWN = f"s.kind NOT IN ({KIND_NUMBERS['module']}, {KIND_NUMBERS['section']})"


def pick(connection: Connection, letters: str, limit: int) -> list[int]:
    """Return the uids of the symbols whose names fit the letters best, best first.

    Names that fit equally well are in the order of their files' paths, those of tests at the end.
    Without letters it is the order of the files alone.
    """
    if not letters:
        return _first(connection, limit)
    found: list[int] = []
    seen: set[str] = set()
    for names in _names(connection, letters):
        fresh = names - seen
        seen |= fresh
        found += _best(connection, tiers(letters, fresh), limit - len(found))
        if len(found) >= limit:
            break
    return found


def _first(connection: Connection, limit: int) -> list[int]:
    found: list[int] = []
    for file in connection.execute("SELECT id FROM visible ORDER BY path").fetchall():
        rows = connection.execute(
            f"SELECT s.uid FROM symbols s WHERE s.file = ? AND {_SHOWN}"  # noqa: S608
            " ORDER BY s.position LIMIT ?",
            (*file, limit - len(found)),
        )
        found += [row[0] for row in rows]
        if len(found) >= limit:
            break
    return found


def _names(connection: Connection, letters: str) -> Iterator[set[str]]:
    """Yield names that hold the letters in order; each set has what fits better than the next."""
    beginning = "SELECT name FROM symbols WHERE name COLLATE NOCASE BETWEEN ? AND ?"
    yield _column(connection, beginning, letters, letters + _AFTER_ALL)
    holding = "SELECT name FROM symbols WHERE name LIKE ? ESCAPE '\\'"
    if len(letters) <= _SHORT:
        yield _column(connection, holding, f"%{_escaped(letters)}%")
    if len(letters) > 1:
        yield _column(connection, holding, f"%{'%'.join(map(_escaped, letters))}%")


def _column(connection: Connection, statement: str, *values: str) -> set[str]:
    return {row[0] for row in connection.execute(statement, values)}


def _best(connection: Connection, groups: Iterator[list[str]], limit: int) -> list[int]:
    """Return the symbols of the first groups of names, until there are so many."""
    found: list[int] = []
    waiting: dict[str, int] = {}  # names and their places
    for place, group in enumerate(groups):
        waiting.update(dict.fromkeys(group, place))
        if len(found) + len(waiting) >= limit:
            found += _named(connection, waiting)
            waiting = {}
            if len(found) >= limit:
                return found[:limit]
    return (found + _named(connection, waiting))[:limit]


def _named(connection: Connection, places: dict[str, int]) -> list[int]:
    """Return the symbols of these names by place, tests after others, then by path."""
    names = list(places)
    found: list[tuple[int, int, str, int, int]] = []
    for start in range(0, len(names), _NAMES_AT_ONCE):
        chunk: Sequence[str] = names[start : start + _NAMES_AT_ONCE]
        marks = ",".join("?" * len(chunk))
        rows = connection.execute(
            "SELECT s.name, f.test OR s.test, f.path, s.position, s.uid"  # noqa: S608
            " FROM symbols s CROSS JOIN visible f ON f.id = s.file"
            f" WHERE s.name COLLATE NOCASE IN ({marks}) AND {_SHOWN}",
            chunk,
        )
        # The index knows no case: other spellings of these names are there as well.
        found += [(places[name], *rest) for name, *rest in rows if name in places]
    return [uid for *_, uid in sorted(found)]


def _escaped(letters: str) -> str:
    """Return letters as LIKE takes them literally."""
    return "".join(f"\\{letter}" if letter in "%_\\" else letter for letter in letters)
