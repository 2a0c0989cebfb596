"""What the index knows of findings, and of what git remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from codearch.facts import History, Span
from codearch.history.blame import Blame, symbol_history
from codearch.index import project_findings
from codearch.index.found import COLUMNS, unpack
from codearch.moving import moved
from codearch.snapshot import files
from codearch.snapshot.past import recent_commits
from codearch.snapshot.symbols import uid_of
from codearch.text import Lines

if TYPE_CHECKING:
    from collections import OrderedDict
    from collections.abc import Sequence

    from codearch.facts import Finding
    from codearch.history.blame import Commit
    from codearch.store.database import Connection

    # By the digest of the text, the path, and what tells one blame of the file from the next.
    LineCache = OrderedDict[tuple[bytes, str, str, int], list[Commit | None]]

_LINES_KEPT = 32  # files
_AT_ONCE = 500  # keys in one statement
_blame_decoder = msgspec.msgpack.Decoder(Blame)


def findings(db: Connection, path: str | None, rule: str | None) -> list[Finding]:
    """Return stored findings by path and line, the project's own among them.

    Those that are older than their file's text stand where their lines stand now.
    """
    clauses, values = [], []
    if path is not None:
        clauses.append("n.path = ?")
        values.append(path)
    if rule is not None:
        clauses.append("n.rule = ?")
        values.append(rule)
    where = " AND ".join(clauses) or "1"
    rows = db.execute(
        f"SELECT {COLUMNS}, n.generation, n.file IS NULL FROM findings n"
        " LEFT JOIN visible f ON f.id = n.file"
        f" WHERE (n.file IS NULL OR f.id IS NOT NULL) AND {where}",
        values,
    ).fetchall()
    written = files.generations(db, path) if rows else {}
    found: list[Finding] = []
    older: dict[tuple[str, bool], list[Finding]] = {}  # than the text; those of project rules apart
    for *columns, generation, of_project in rows:
        if of_project:
            _, finding = project_findings.unpack(columns[-1])
        else:
            finding = unpack(*columns)
        if generation < written.get(finding.path, 0):
            older.setdefault((finding.path, bool(of_project)), []).append(finding)
        else:
            found.append(finding)
    for (moved_in, of_project), each in older.items():
        # Rules of one file run again in a moment: till then their fixes are offered to nobody.
        found += moved(each, Lines(files.source(db, moved_in)), fixes=of_project)
    return sorted(found, key=lambda one: (one.path, one.span.line, one.rule, one.id))


def studied(db: Connection, keys: Sequence[bytes]) -> dict[bytes, bytes]:
    """Return what is kept under these keys."""
    found: dict[bytes, bytes] = {}
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        found |= db.execute(f"SELECT key, data FROM studied WHERE key IN ({marks})", some)
    return found


def history(db: Connection, cache: LineCache, number: str) -> History | None:
    """Return what git knows of a symbol as its lines are now, None where it knows nothing.

    What is kept is the blame of the committed file; `no_history` tells why there may be none.
    """
    row = db.execute(
        "SELECT f.path, f.digest, b.head, length(b.data),"
        " s.line, s.column, s.line + s.breaks, s.end_column"
        " FROM symbols s CROSS JOIN visible f ON f.id = s.file JOIN blames b ON b.path = f.path"
        " WHERE s.uid = ?",
        (uid_of(number),),
    ).fetchone()
    if row is None or _nowhere(db):
        return None
    path, digest, head, size, *place = row
    key = (digest, path, head, size)
    lines = cache.get(key)
    if lines is None:
        lines = cache[key] = _blame(db, path).align(files.source(db, path))
        if len(cache) > _LINES_KEPT:
            cache.popitem(last=False)
    return symbol_history(lines, Span(0, 0, *place), recent_commits(db, path))


def no_history(db: Connection, path: str) -> str:
    """Return why symbols of a file have no history, "" where it has not been read yet."""
    nowhere = _nowhere(db)
    if nowhere:
        return nowhere
    known = db.execute("SELECT 1 FROM blames WHERE path = ?", (path,)).fetchone()
    return (_blame(db, path).problem or "not committed yet") if known else ""


def _nowhere(db: Connection) -> str:
    """Return why nothing has a history here, "" where that may have one."""
    row = db.execute("SELECT value FROM meta WHERE key = 'no_history'").fetchone()
    return str(row[0]) if row else ""


def _blame(db: Connection, path: str) -> Blame:
    row = db.execute("SELECT data FROM blames WHERE path = ?", (path,)).fetchone()
    return _blame_decoder.decode(row[0])
