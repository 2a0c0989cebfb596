"""What rules on the whole workspace have to say of themselves: what they leave out, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from codearch.problems import NOTE, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from codearch.store.database import Connection

_KEY = "rules-said"


def note_said(
    connection: Connection, ran: Collection[str], said: Mapping[str, tuple[str, str]]
) -> None:
    """Note what rules said, of those that were run now or are turned off."""
    known = _read(connection)
    after = {rule: each for rule, each in known.items() if rule not in ran} | dict(said)
    if after != known:
        value = msgspec.json.encode(after).decode()
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_KEY, value))


def problems_said(connection: Connection) -> list[Problem]:
    """Return what rules have to say, for the status."""
    return [Problem(NOTE, what, mend) for _, (what, mend) in sorted(_read(connection).items())]


def _read(connection: Connection) -> dict[str, tuple[str, str]]:
    """Return by rule a message, and what to do."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (_KEY,)).fetchone()
    return msgspec.json.decode(row[0], type=dict[str, tuple[str, str]]) if row else {}
