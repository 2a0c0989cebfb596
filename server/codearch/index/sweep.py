"""What no file has had for a while is forgotten, so that the store does not grow without end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.store.database import transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from codearch.store.database import Connection

_SPARE_CONTENTS = 2_000  # kept beyond one spare version of every file, for branch switches


def sweep(
    connection: Connection,
    forget: Callable[[list[int]], None],
    spare_contents: int = _SPARE_CONTENTS,
) -> bool:
    """Forget the least recently used contents beyond the spare ones; return whether any was.

    `forget` is told which passages went with them.
    """
    files = _count(connection, "SELECT count(*) FROM files")
    unused = _count(
        connection,
        "SELECT count(*) FROM contents c WHERE NOT EXISTS"
        " (SELECT 1 FROM files f WHERE f.content = c.id)",
    )
    spare = files + spare_contents
    if unused <= spare:
        return False
    with transaction(connection):
        connection.execute(
            "DELETE FROM contents WHERE id IN (SELECT id FROM contents c WHERE NOT EXISTS"
            " (SELECT 1 FROM files f WHERE f.content = c.id) ORDER BY used LIMIT ?)",
            (unused - spare // 2,),
        )
        connection.execute("DELETE FROM holders WHERE content NOT IN (SELECT id FROM contents)")
        gone = connection.execute(
            "DELETE FROM passages WHERE id NOT IN (SELECT passage FROM holders) RETURNING id"
        ).fetchall()
    forget([number for (number,) in gone])
    return True


def _count(connection: Connection, query: str) -> int:
    return int(connection.execute(query).fetchone()[0])
