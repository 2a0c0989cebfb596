"""What history said of a file's comments and docs when it was last asked (see indexer/origins)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codearch.store.database import Connection


class Origin(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The commit that left a comment behind: it put `now` where `word` had stood as `was`.

    `now` is "" where that is not sure; for a finding all three are. With `wrote` it brought the
    comment itself, as it is.
    """

    commit: str
    time: int
    subject: str
    word: str = ""
    was: str = ""
    now: str = ""
    wrote: bool = False
    author: str = ""


Origins = dict[str, Origin | None]  # by what was asked; None where history knows of no such commit
encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Origins).decode


def origins(db: Connection, path: str) -> Mapping[str, Origin]:
    """Return what history said of a file, by what was asked."""
    row = db.execute("SELECT data FROM origins WHERE path = ?", (path,)).fetchone()
    if row is None:
        return {}
    return {key: origin for key, origin in decode(row[0]).items() if origin is not None}


def editions(db: Connection, path: str | None = None) -> dict[str, str]:
    """Return what changes as soon as another commit has changed a file of the table, or its past.

    Of all files, or of one.
    """
    where, values = ("WHERE o.path = ?", (path,)) if path is not None else ("", ())
    rows = db.execute(
        "SELECT e.path, e.commits, k.hash FROM (SELECT o.path, count(c.commit_id) AS commits,"
        " max(c.commit_id) AS newest FROM origins o LEFT JOIN paths p ON p.name = o.path"
        f" LEFT JOIN changes c ON c.path = p.id {where} GROUP BY o.path) e"
        " LEFT JOIN commits k ON k.id = e.newest",
        values,
    )
    return {name: f"{commits} {(newest or b'').hex()}" for name, commits, newest in rows}
