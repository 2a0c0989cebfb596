"""What git's history says of files under the names that they have now, for rules and scores."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from codearch.facts import Edge
from codearch.history.kinds import APART, NAMES, Apart, Kind
from codearch.history.reading import State, noted
from codearch.scores import Commit, pace_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.store.database import Connection

YEAR_S = 365 * 24 * 3600

_AUTHORED = f"(k.kind & {int(APART)}) = 0 AND c.spaces = 0"
_COMMIT = "k.id, k.hash, k.time, a.name, k.subject, k.files, k.kind"
_COMMITS = "commits k JOIN authors a ON a.id = k.author"
_OF_FILE = (
    "paths p JOIN changes c ON c.path = p.id JOIN commits k ON k.id = c.commit_id"
    " JOIN authors a ON a.id = k.author"
)


class PastCommit(msgspec.Struct, frozen=True, gc=False):
    """One commit. `time` is the committer's, in seconds since the epoch; names follow the mailmap.

    `apart` says why it tells little of the files in it: a bot made it, it moves files, formats
    them, or touches more than fifty. Of such a commit `fix` is never true, but for a large one.
    """

    hash: str
    time: int
    author: str
    subject: str
    files: int
    fix: bool
    apart: Apart


class PastChange(msgspec.Struct, frozen=True, gc=False):
    """What one commit did to one file: lines but for white space; `spaces` where that is all."""

    commit: PastCommit
    added: int
    removed: int
    spaces: bool


class PastVersion(msgspec.Struct, frozen=True, gc=False):
    """A commit that changed a file, by which name it left it there, and had found it."""

    hash: str
    time: int
    subject: str
    path: str
    before: str
    author: str = ""


class FileHistory(msgspec.Struct, frozen=True, gc=False):
    """One file's history through its renames.

    All but `touched` leaves out what bots, moves, formatting and mass commits did. `recent` counts
    commits of the last year before the newest commit of all.
    """

    path: str
    commits: int
    recent: int
    fixes: int
    added: int
    removed: int
    authors: tuple[tuple[str, int], ...]  # author, commits; most commits first
    first_time: int  # seconds since the epoch, 0 without commits
    last_time: int
    touched: int  # all commits, whoever made them

    @property
    def churn(self) -> int:
        """Lines added and removed."""
        return self.added + self.removed


class Past:
    """The history as the index has it; it reads on the snapshot's transaction."""

    def __init__(self, connection: Connection, state: State) -> None:
        self._db = connection
        self._asked: dict[str, FileHistory | None] = {}
        self.head = state.head  # the commit up to which it is known
        self.newest = state.newest  # time of the newest commit
        self.shallow = state.shallow  # the clone holds a part of it alone
        self.cut = state.cut  # what is older than `history.maxCommits` is left out
        # What is said of the history holds as long as this is the same.
        self.stamp = state.read

    @cached_property
    def size(self) -> int:
        """How many commits are known."""
        return int(self._db.execute("SELECT count(*) FROM commits").fetchone()[0])

    @cached_property
    def pace(self) -> float:
        """How many times longer than usual changes take here, see `codearch.scores.pace`."""
        return pace_of(Commit(*row) for row in sizes(self._db))

    def file(self, path: str) -> FileHistory | None:
        """Return a file's history, None where it has never been committed."""
        if path not in self._asked:
            self._asked[path] = next(self._files(path), None)
        return self._asked[path]

    @cached_property
    def files(self) -> dict[str, FileHistory]:
        """The history of every file that was ever committed, by its present name."""
        return {each.path: each for each in self._files(None)}

    def commits(self, *, fixes: bool = False) -> list[PastCommit]:
        """Return the commits, the newest first; with `fixes` those that mend something alone."""
        where = f"WHERE (k.kind & {int(Kind.FIX)}) <> 0" if fixes else ""
        rows = self._db.execute(f"SELECT {_COMMIT} FROM {_COMMITS} {where} ORDER BY k.id DESC")
        return [_commit(row) for row in rows]

    def changes(self, path: str) -> list[PastChange]:
        """Return what was done to a file, the newest first."""
        rows = self._db.execute(
            f"SELECT {_COMMIT}, c.added, c.removed, c.spaces FROM {_OF_FILE}"
            " WHERE p.name = ? ORDER BY k.id DESC",
            (path,),
        )
        return [PastChange(_commit(row), row[7], row[8], bool(row[9])) for row in rows]

    def versions(self, path: str) -> list[PastVersion]:
        """Return the commits that changed what a file says, or its name, newest first."""
        rows = self._db.execute(
            f"SELECT k.hash, k.time, k.subject, r.old, a.name FROM {_OF_FILE}"
            " LEFT JOIN renames r ON r.commit_id = k.id AND r.path = p.id"
            " WHERE p.name = ? ORDER BY k.id DESC",
            (path,),
        )
        found = []
        for number, time, subject, old, author in rows:
            before = old or path
            found.append(PastVersion(number.hex(), int(time), subject, path, before, author))
            path = before
        return found

    def together(self, path: str, other: str) -> list[PastCommit]:
        """Return the commits that changed both files for a reason of theirs, the newest first."""
        rows = self._db.execute(
            f"SELECT {_COMMIT} FROM {_OF_FILE}"
            " JOIN changes o ON o.commit_id = c.commit_id JOIN paths q ON q.id = o.path"
            f" WHERE p.name = ? AND q.name = ? AND {_AUTHORED} AND o.spaces = 0 ORDER BY k.id DESC",
            (path, other),
        )
        return [_commit(row) for row in rows]

    def coupling(self) -> list[Edge]:
        """Return the pairs of files that often change together, the most common commits first.

        `confidence` is the degree of A. Tornhill, "Your Code as a Crime Scene" (2015): common
        commits over the mean of both files' own.
        """
        return coupling(self._db, None)

    def _files(self, path: str | None) -> Iterator[FileHistory]:
        where, values = ("AND p.name = ?", (path,)) if path is not None else ("", ())
        authors: dict[int, list[tuple[str, int]]] = {}
        for number, name, count in self._db.execute(
            f"SELECT c.path, a.name, count(*) AS n FROM {_OF_FILE} WHERE p.name IS NOT NULL {where}"
            f" AND {_AUTHORED} GROUP BY c.path, a.name ORDER BY c.path, n DESC, a.name",
            values,
        ):
            authors.setdefault(int(number), []).append((name, int(count)))
        rows = self._db.execute(
            f"SELECT p.id, p.name, coalesce(sum({_AUTHORED}), 0),"
            f" coalesce(sum({_AUTHORED} AND k.time > ?), 0),"
            f" coalesce(sum({_AUTHORED} AND (k.kind & {int(Kind.FIX)}) <> 0), 0),"
            f" coalesce(sum(c.added * ({_AUTHORED})), 0),"
            f" coalesce(sum(c.removed * ({_AUTHORED})), 0),"
            f" coalesce(min(CASE WHEN {_AUTHORED} THEN k.time END), 0),"
            f" coalesce(max(CASE WHEN {_AUTHORED} THEN k.time END), 0), count(*)"
            " FROM paths p JOIN changes c ON c.path = p.id JOIN commits k ON k.id = c.commit_id"
            f" WHERE p.name IS NOT NULL {where} GROUP BY p.id ORDER BY p.name",
            (self.newest - YEAR_S, *values),
        )
        for number, name, commits, recent, fixes, added, removed, first, last, touched in rows:
            yield FileHistory(
                path=name,
                commits=commits,
                recent=recent,
                fixes=fixes,
                added=added,
                removed=removed,
                authors=tuple(authors.get(number, ())),
                first_time=first,
                last_time=last,
                touched=touched,
            )


def past(db: Connection) -> Past | None:
    """Return the history; None where there is none, or where it has not been read to the end."""
    state = noted(db)
    return Past(db, state) if state.whole else None


def recent_commits(db: Connection, path: str) -> int:
    """Return how many commits touched a file within the last year before the newest of all."""
    state = noted(db)
    if not state.whole:
        return 0
    row = db.execute(
        "SELECT count(*) FROM paths p JOIN changes c ON c.path = p.id"
        " JOIN commits k ON k.id = c.commit_id WHERE p.name = ? AND k.time > ?",
        (path, state.newest - YEAR_S),
    ).fetchone()
    return int(row[0])


def recent_by_file(db: Connection) -> dict[str, int]:
    """Return what `recent_commits` says of every file that has any."""
    state = noted(db)
    if not state.whole:
        return {}
    rows = db.execute(
        "SELECT p.name, count(*) FROM paths p JOIN changes c ON c.path = p.id"
        " JOIN commits k ON k.id = c.commit_id WHERE p.name IS NOT NULL AND k.time > ?"
        " GROUP BY p.id",
        (state.newest - YEAR_S,),
    )
    return {name: int(count) for name, count in rows}


def fix_times(db: Connection, path: str | None = None) -> dict[str, list[int]]:
    """Return when files, or one, were mended, in seconds since the epoch."""
    where, values = ("AND p.name = ?", (path,)) if path is not None else ("", ())
    found: dict[str, list[int]] = {}
    for name, time in db.execute(
        "SELECT p.name, k.time FROM paths p JOIN changes c ON c.path = p.id"
        f" JOIN commits k ON k.id = c.commit_id WHERE p.name IS NOT NULL {where}"
        f" AND {_AUTHORED} AND (k.kind & {int(Kind.FIX)}) <> 0",
        values,
    ):
        found.setdefault(name, []).append(int(time))
    return found


def last_times(db: Connection) -> dict[str, int]:
    """Return when each author last committed anything, in seconds since the epoch."""
    query = f"SELECT a.name, max(k.time) FROM {_COMMITS} GROUP BY a.name"
    return {name: int(time) for name, time in db.execute(query)}


def sizes(db: Connection) -> Iterator[tuple[int, int, int]]:
    """Yield (author, time, lines added and removed) of each commit, 0 lines for those set apart.

    Authors are numbers here, the same for all names of one.
    """
    yield from db.execute(
        "SELECT min(a.id) OVER (PARTITION BY a.name), k.time, coalesce(n.lines, 0)"
        f" FROM {_COMMITS} LEFT JOIN (SELECT c.commit_id, sum(c.added + c.removed) AS lines"
        f" FROM changes c JOIN commits k ON k.id = c.commit_id WHERE {_AUTHORED}"
        " GROUP BY c.commit_id) n ON n.commit_id = k.id ORDER BY k.id"
    )


def coupling(db: Connection, path: str | None) -> list[Edge]:
    """Return pairs of files that change together, of all files or of one."""
    where = "WHERE p.name IS NOT NULL AND q.name IS NOT NULL"
    values: tuple[str, ...] = ()
    if path is not None:
        where, values = f"{where} AND ? IN (p.name, q.name)", (path,)
    rows = db.execute(
        "SELECT min(p.name, q.name), max(p.name, q.name), c.count, c.degree FROM coupling c"
        f" JOIN paths p ON p.id = c.path JOIN paths q ON q.id = c.other {where}"
        " ORDER BY c.count DESC, 1, 2",
        values,
    )
    return [Edge(one, other, "change", count, degree) for one, other, count, degree in rows]


def _commit(row: tuple[int, bytes, int, str, str, int, int]) -> PastCommit:
    _, number, time, author, subject, files, kind = row[:7]
    apart: Apart = next((name for flag, name in NAMES.items() if kind & flag), "")
    fix = bool(kind & Kind.FIX)
    return PastCommit(number.hex(), time, author, subject, files, fix, apart)
