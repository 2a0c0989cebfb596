"""What the index knows of findings, and of what git remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from codearch.facts import Edge, Finding, History
from codearch.snapshot.symbols import uid_of

if TYPE_CHECKING:
    from codearch.store.database import Connection

_finding_decoder = msgspec.msgpack.Decoder(Finding)
_history_decoder = msgspec.msgpack.Decoder(History)


def findings(db: Connection, path: str | None, rule: str | None) -> list[Finding]:
    """Return stored findings by path and line, the project's own among them."""
    clauses, values = [], []
    if path is not None:
        clauses.append("n.path = ?")
        values.append(path)
    if rule is not None:
        clauses.append("n.rule = ?")
        values.append(rule)
    where = " AND ".join(clauses) or "1"
    rows = db.execute(
        "SELECT n.data FROM findings n LEFT JOIN visible f ON f.id = n.file"
        f" WHERE (n.file IS NULL OR f.id IS NOT NULL) AND {where}",
        values,
    )
    found = [_finding_decoder.decode(row[0]) for row in rows]
    return sorted(found, key=lambda one: (one.path, one.span.line, one.rule, one.id))


def history(db: Connection, number: str) -> History | None:
    """Return what git knows of a symbol, None until the indexer has read it."""
    row = db.execute("SELECT data FROM histories WHERE uid = ?", (uid_of(number),)).fetchone()
    return _history_decoder.decode(row[0]) if row else None


def churn(db: Connection, path: str) -> int:
    """Return how many commits touched a file within the last year of its history."""
    row = db.execute("SELECT commits FROM churn WHERE path = ?", (path,)).fetchone()
    return int(row[0]) if row else 0


def coupling(db: Connection, path: str | None) -> list[Edge]:
    """Return pairs of files that change together."""
    where, values = ("WHERE path = ? OR other = ?", (path, path)) if path else ("", ())
    rows = db.execute(
        f"SELECT path, other, count, confidence FROM coupling {where} ORDER BY count DESC",
        values,
    )
    return [Edge(a, b, "import", number, confidence) for a, b, number, confidence in rows]
