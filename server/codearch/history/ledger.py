"""The book of what was committed: each file under its present name, kept commit by commit.

A file keeps its number through renames. Branches run side by side in a log: a name that a file had
before still means that file where a commit changes it, and another one where a commit adds it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.errors import GitError
from codearch.history.git import git
from codearch.history.kinds import APART, Kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from codearch.history.log import Logged, LoggedChange
    from codearch.store.database import Connection

MIN_TOGETHER = 3
MIN_DEGREE = 0.3
_AT_ONCE = 500  # hashes in one statement
_TABLES = ("authors", "commits", "paths", "former", "renames", "changes", "coupling")
_MAPPED = re.compile(r"(.*?) ?<[^<>]*>\s*")

# Commits that say what a file changes with: made by people, for a reason that the files share.
_TELLING = f"(k.kind & {int(APART)}) = 0"
_TOGETHER = (
    "SELECT o.path, count(*), p.shared FROM changes c JOIN commits k ON k.id = c.commit_id"
    " JOIN changes o ON o.commit_id = c.commit_id JOIN paths p ON p.id = o.path"
    f" WHERE c.path = ? AND c.spaces = 0 AND {_TELLING}"
    " AND o.path <> c.path AND o.spaces = 0 AND p.shared >= ?"
    " GROUP BY o.path HAVING count(*) >= ?"
)


class Ledger:
    """Writes commits into the tables; whoever calls opens the transactions."""

    def __init__(self, connection: Connection, root: Path) -> None:
        self._db = connection
        self._root = root
        self._names: dict[str, int] = {}  # present names, as far as they have been asked for
        self._authors: dict[str, int] = {}

    def clear(self) -> None:
        """Begin an empty book."""
        self.forget()
        for table in _TABLES:
            self._db.execute(f"DELETE FROM {table}")

    def forget(self) -> None:
        """Give up what is kept in memory, as after a failure or at the end of a pass."""
        self._names.clear()
        self._authors.clear()

    # --- entering ----------------------------------------------------------------------------

    def enter(self, commits: Sequence[Logged], ignored: frozenset[str]) -> set[int]:
        """Take commits in, the oldest first; return the paths that they touched."""
        self._meet({(commit.name, commit.email) for commit in commits})
        touched: set[int] = set()
        for commit in commits:
            kind = kind_of(commit, ignored)
            number = self._enter(commit, kind)
            paths = self._paths(number, commit.changes)
            if not kind & APART:
                shown = zip(paths, commit.changes, strict=True)
                self._share(1, (path for path, each in shown if not each.spaces))
            touched.update(paths)
            self._db.executemany(
                "INSERT OR REPLACE INTO changes VALUES (?, ?, ?, ?, ?)",
                [
                    (path, number, each.added, each.removed, each.spaces)
                    for path, each in zip(paths, commit.changes, strict=True)
                ],
            )
        return touched

    def _enter(self, commit: Logged, kind: Kind) -> int:
        row = self._db.execute(
            "INSERT INTO commits (hash, time, author, kind, files, subject)"
            " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
            (
                bytes.fromhex(commit.hash),
                commit.time,
                self._authors[_written(commit.name, commit.email)],
                int(kind),
                len(commit.changes),
                commit.subject,
            ),
        ).fetchone()
        return int(row[0])

    def _share(self, number: int, paths: Iterable[int]) -> None:
        """Count one commit more, or less, of those that tell what these paths change with."""
        self._db.executemany(
            "UPDATE paths SET shared = shared + ? WHERE id = ?",
            [(number, path) for path in set(paths)],
        )

    def _paths(self, commit: int, changes: Sequence[LoggedChange]) -> list[int]:
        """Return the number of each file that a commit changes, and take its new names in."""
        moved = {
            each.path: self._changed(each.old)
            for each in changes
            if each.status == "R" and each.old
        }
        for each in changes:
            if each.path in moved:
                self._rename(commit, moved[each.path], each.old, each.path, set(moved.values()))
        return [
            moved[each.path]
            if each.path in moved
            else (self._added(each.path) if each.status == "A" else self._changed(each.path))
            for each in changes
        ]

    def _rename(self, commit: int, path: int, old: str, new: str, moved: Collection[int]) -> None:
        there = self._named(new)
        if there == path:
            return  # another branch renamed it, too
        displaced = there if there is not None and there not in moved else None
        if displaced is not None:
            self._db.execute("UPDATE paths SET name = NULL WHERE id = ?", (displaced,))
        elif there is not None:  # names are swapped: that one gets its own in a moment
            self._db.execute("UPDATE paths SET name = NULL WHERE id = ?", (there,))
        self._db.execute("UPDATE paths SET name = ? WHERE id = ?", (new, path))
        self._db.execute("DELETE FROM former WHERE name = ?", (new,))
        self._db.execute("INSERT OR REPLACE INTO former VALUES (?, ?)", (old, path))
        self._db.execute(
            "INSERT INTO renames VALUES (?, ?, ?, ?, ?)", (commit, path, old, new, displaced)
        )
        if self._names.get(old) == path:
            del self._names[old]
        self._names[new] = path

    def _added(self, name: str) -> int:
        """Return the file of a name that a commit gives to a new one, or to a deleted one again."""
        found = self._named(name)
        if found is not None:
            return found
        self._db.execute("DELETE FROM former WHERE name = ?", (name,))
        return self._new(name)

    def _changed(self, name: str) -> int:
        """Return the file that a commit changes by a name which it has, or had before."""
        found = self._named(name)
        if found is not None:
            return found
        row = self._db.execute("SELECT path FROM former WHERE name = ?", (name,)).fetchone()
        return int(row[0]) if row else self._new(name)

    def _named(self, name: str) -> int | None:
        if name not in self._names:
            row = self._db.execute("SELECT id FROM paths WHERE name = ?", (name,)).fetchone()
            if row is None:
                return None
            self._names[name] = int(row[0])
        return self._names[name]

    def _new(self, name: str) -> int:
        row = self._db.execute("INSERT INTO paths (name) VALUES (?) RETURNING id", (name,))
        self._names[name] = int(row.fetchone()[0])
        return self._names[name]

    # --- people ------------------------------------------------------------------------------

    def _meet(self, people: Collection[tuple[str, str]]) -> None:
        """Give people their numbers, and the names that the mailmap has for them."""
        unknown = []
        for written in sorted({_written(*person) for person in people} - self._authors.keys()):
            row = self._db.execute(
                "SELECT id FROM authors WHERE written = ?", (written,)
            ).fetchone()
            if row:
                self._authors[written] = int(row[0])
            else:
                unknown.append(written)
        for written, name in zip(unknown, self._mapped(unknown), strict=True):
            row = self._db.execute(
                "INSERT INTO authors (written, name) VALUES (?, ?) RETURNING id", (written, name)
            ).fetchone()
            self._authors[written] = int(row[0])

    def map_people(self) -> None:
        """Name everybody by the mailmap as it is now."""
        rows = self._db.execute("SELECT id, written FROM authors").fetchall()
        names = self._mapped([written for _, written in rows])
        self._db.executemany(
            "UPDATE authors SET name = ? WHERE id = ?",
            [(name, number) for (number, _), name in zip(rows, names, strict=True)],
        )

    def _mapped(self, written: Sequence[str]) -> list[str]:
        if not written:
            return []
        plain = [_name_of(each) for each in written]
        try:
            told = git(self._root, "check-mailmap", "--stdin", stdin="\n".join(written).encode())
        except GitError:
            return plain  # a name that git cannot take, say
        lines = told.decode("utf-8", "replace").splitlines()
        return [_name_of(each) for each in lines] if len(lines) == len(written) else plain

    # --- taking back -------------------------------------------------------------------------

    def strike(self, hashes: Iterable[str]) -> set[int] | None:
        """Take out commits that HEAD has no more behind it; return the paths that they touched.

        None where that cannot be done, since later commits rest on their renames.
        """
        numbers = self._numbers(hashes)
        touched: set[int] = set()
        self.forget()
        for number in sorted(numbers, reverse=True):
            if not self._rename_back(number):
                return None
            touched |= self._set_apart(number)
            for table in ("renames", "changes"):
                self._db.execute(f"DELETE FROM {table} WHERE commit_id = ?", (number,))
            self._db.execute("DELETE FROM commits WHERE id = ?", (number,))
        return touched

    def _numbers(self, hashes: Iterable[str]) -> list[int]:
        wanted = [bytes.fromhex(each) for each in hashes]
        found: list[int] = []
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            rows = self._db.execute(f"SELECT id FROM commits WHERE hash IN ({marks})", some)
            found += [int(number) for (number,) in rows]
        return found

    def _rename_back(self, commit: int) -> bool:
        rows = self._db.execute(
            "SELECT path, old, new, displaced FROM renames WHERE commit_id = ?", (commit,)
        ).fetchall()
        for path, _, new, _ in rows:
            if self._named(new) != path:
                return False
            self._db.execute("UPDATE paths SET name = NULL WHERE id = ?", (path,))
            self._names.pop(new)
        for path, old, new, displaced in rows:
            if self._named(old) is not None:
                return False
            self._db.execute("UPDATE paths SET name = ? WHERE id = ?", (old, path))
            self._db.execute("DELETE FROM former WHERE name = ?", (old,))
            if displaced is not None:
                self._db.execute("UPDATE paths SET name = ? WHERE id = ?", (new, displaced))
        return True

    def look_through(self, ignored: frozenset[str]) -> set[int]:
        """Set apart the commits that blame is to look through; return the paths that they touch."""
        touched: set[int] = set()
        for number in self._numbers(sorted(ignored)):
            touched |= self._set_apart(number)
            self._db.execute(
                "UPDATE commits SET kind = (kind | ?) & ~? WHERE id = ?",
                (int(Kind.FORMATTING), int(Kind.FIX), number),
            )
        return touched

    def _set_apart(self, commit: int) -> set[int]:
        """Have a commit tell nothing any more; return the paths that it touched."""
        rows = self._db.execute(
            f"SELECT c.path, c.spaces = 0 AND {_TELLING} FROM changes c"
            " JOIN commits k ON k.id = c.commit_id WHERE c.commit_id = ?",
            (commit,),
        ).fetchall()
        self._share(-1, (int(path) for path, told in rows if told))
        return {int(path) for path, _ in rows}

    # --- what changes together ---------------------------------------------------------------

    def paths_after(self, path: int, limit: int) -> list[int]:
        """Return the next paths that have enough changes to change together with others."""
        rows = self._db.execute(
            "SELECT id FROM paths WHERE id > ? AND shared >= ? ORDER BY id LIMIT ?",
            (path, MIN_TOGETHER, limit),
        )
        return [int(number) for (number,) in rows]

    def couple(self, path: int) -> None:
        """Note anew with which others a path changes together."""
        for side in ("path", "other"):
            self._db.execute(f"DELETE FROM coupling WHERE {side} = ?", (path,))
        row = self._db.execute("SELECT shared FROM paths WHERE id = ?", (path,)).fetchone()
        shared = int(row[0]) if row else 0
        if shared < MIN_TOGETHER:
            return
        found = self._db.execute(_TOGETHER, (path, MIN_TOGETHER, MIN_TOGETHER)).fetchall()
        self._db.executemany(
            "INSERT OR REPLACE INTO coupling VALUES (?, ?, ?, ?)",
            [
                (min(path, other), max(path, other), count, degree)
                for other, count, others in found
                if (degree := 2 * count / (shared + others)) >= MIN_DEGREE
            ],
        )


def _written(name: str, email: str) -> str:
    """Return a person in one line, as commits have it and the mailmap is asked."""
    return " ".join(f"{name} <{email}>".split())


def _name_of(written: str) -> str:
    found = _MAPPED.fullmatch(written)
    return found.group(1) if found else written
