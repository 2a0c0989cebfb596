"""What was resolved of a file: the rows of its imports and calls, and what it asked for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.index.asked import store_asked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Set

    from codearch.facts import Span
    from codearch.store.database import Connection

ImportRow = tuple[int, int, int, bool]  # in the order of the table's columns
CallRow = tuple[int, int, int, int, int, int, int, int, int]
_IMPORTED = (
    "SELECT t.{column} FROM imports i JOIN files t ON t.id = i.target"
    " WHERE i.file = :file AND i.position >= 0"
)
# Those on disk are named by the rows; buffers of the same paths are few.
_IS_IMPORTED = (
    f"(id IN ({_IMPORTED.format(column='id')})"
    f" OR (session > 0 AND path IN ({_IMPORTED.format(column='path')})))"
)
_INSERT_CALL = "INSERT OR IGNORE INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"


def imported(connection: Connection, file: int) -> set[int]:
    """Return the files that a file imports, as far as it has been resolved."""
    return {
        number for (number,) in connection.execute(_IMPORTED.format(column="id"), {"file": file})
    }


def check_again(connection: Connection, targets: Set[int], source: bytes) -> None:
    """Have files checked again whose rules sought something in a file that imports them.

    `source` is what that one said, or says: what they pass on may be used now, or used no more, and
    their functions may be given something else.
    """
    for target in targets:
        rows = connection.execute(
            "SELECT id, sought FROM files WHERE checked <> 0 AND (id = ?1 OR (session > 0"
            " AND path = (SELECT path FROM files WHERE id = ?1)))",
            (target,),
        ).fetchall()
        for number, sought in rows:
            if sought is None or any(word in source for word in sought.splitlines()):
                connection.execute("UPDATE files SET checked = 0 WHERE id = ?", (number,))


def check_tellers_again(connection: Connection, file: int, path: str) -> None:
    """Have the files checked again whose findings tell of places in this one, which have moved.

    They are among those that it imports: a finding there follows a value to who passes it.
    """
    connection.execute(
        f"UPDATE files SET checked = 0 WHERE checked <> 0 AND {_IS_IMPORTED} AND EXISTS"
        " (SELECT 1 FROM findings f WHERE f.file = files.id AND instr(f.data, :path))",
        {"file": file, "path": path.encode()},
    )


def forget_edges(connection: Connection, file: int) -> None:
    """Delete what was resolved of a file."""
    connection.execute(
        "DELETE FROM called WHERE file = :file"
        " AND target IN (SELECT target FROM calls WHERE file = :file)",
        {"file": file},
    )
    for table in ("imports", "calls", "asked"):
        connection.execute(f"DELETE FROM {table} WHERE file = ?", (file,))


def store_edges(
    connection: Connection,
    file: int,
    imports: Iterable[ImportRow],
    calls: Iterable[CallRow],
    asked: Iterable[str],
) -> None:
    """Store what was resolved of a file that has no edges."""
    connection.executemany("INSERT INTO imports VALUES (?, ?, ?, ?)", imports)
    rows = sorted(calls)  # in the table's own order they fill its pages
    connection.executemany(_INSERT_CALL, rows)
    connection.executemany(
        "INSERT INTO called VALUES (?, ?)", {(target, file) for _, target, *_ in rows}
    )
    store_asked(connection, file, asked)


def move_edges(connection: Connection, file: int, places: Mapping[int, Span]) -> None:
    """Have the calls of a file stand where they do now; `places` is by where they began before."""
    rows = connection.execute(
        "SELECT file, target, start_byte, kind, source, columns, confidence FROM calls"
        " WHERE file = ?",
        (file,),
    ).fetchall()
    connection.execute("DELETE FROM calls WHERE file = ?", (file,))
    moved = []
    for _, target, start, kind, source, columns, confidence in rows:
        place = places[start]
        where = place.line, place.column, columns
        moved.append((file, target, place.start_byte, kind, source, *where, confidence))
    connection.executemany(_INSERT_CALL, moved)
