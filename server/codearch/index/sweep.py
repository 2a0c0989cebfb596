"""What no file has had for a while is forgotten, so that the store does not grow without end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from codearch.store.database import transaction

if TYPE_CHECKING:
    from codearch.store.database import Connection
    from codearch.store.vectors import Vectors

_SPARE_CONTENTS = 2_000  # kept beyond one spare version of every file, for branch switches


def sweep(connection: Connection, vectors: Vectors | None) -> bool:
    """Forget the least recently used contents beyond the spare ones; return whether any was."""
    files = _count(connection, "SELECT count(*) FROM files")
    unused = _count(
        connection,
        "SELECT count(*) FROM contents c WHERE NOT EXISTS"
        " (SELECT 1 FROM files f WHERE f.content = c.id)",
    )
    spare = files + _SPARE_CONTENTS
    if unused <= spare:
        return False
    with transaction(connection):
        connection.execute(
            "DELETE FROM contents WHERE id IN (SELECT id FROM contents c WHERE NOT EXISTS"
            " (SELECT 1 FROM files f WHERE f.content = c.id) ORDER BY used LIMIT ?)",
            (unused - spare // 2,),
        )
        kept: set[int] = set()
        for (blob,) in connection.execute("SELECT passages FROM contents"):
            for part in msgspec.msgpack.decode(blob, type=list[list[int]]):
                kept.update(part)
        connection.execute("DELETE FROM holders WHERE content NOT IN (SELECT id FROM contents)")
        gone = [
            (row[0],) for row in connection.execute("SELECT id FROM passages") if row[0] not in kept
        ]
        connection.executemany("DELETE FROM passages WHERE id = ?", gone)
    if vectors is not None:
        vectors.delete([number for (number,) in gone])
    return True


def _count(connection: Connection, query: str) -> int:
    return int(connection.execute(query).fetchone()[0])
