"""What history said of a file's comments and docs when it was last asked (see indexer/origins)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codearch.store.database import Connection


class Origin(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The commit that left a comment behind: it put `now` where `word` had stood as `was`.

    For a finding these are "". With `wrote` it brought the comment itself, as it is.
    """

    commit: str
    time: int
    subject: str
    word: str = ""
    was: str = ""
    now: str = ""
    wrote: bool = False


Origins = dict[str, Origin | None]  # by what was asked; None where history knows of no such commit
encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Origins).decode


def origins(db: Connection, path: str) -> Mapping[str, Origin]:
    """Return what history said of a file, by what was asked."""
    row = db.execute("SELECT data FROM origins WHERE path = ?", (path,)).fetchone()
    if row is None:
        return {}
    return {key: origin for key, origin in decode(row[0]).items() if origin is not None}
