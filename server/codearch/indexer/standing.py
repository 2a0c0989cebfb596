"""Findings of rules on the whole workspace as they stand: read with their stamps, and written anew.

Those alone are written that are other ones than before: an edit changes few of many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from codearch.index.project_findings import pack, unpack

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codearch.detectors import Remembered
    from codearch.facts import Finding
    from codearch.store.database import Connection


class Standing(NamedTuple):
    """A finding as it is kept; `stamp` says as what it stands, b"" for nothing."""

    finding: Finding
    stamp: bytes
    data: bytes


def standing(connection: Connection) -> dict[str, list[Standing]]:
    """Return the findings of rules on the whole workspace, by rule."""
    found: dict[str, list[Standing]] = {}
    for (data,) in connection.execute("SELECT data FROM findings WHERE file IS NULL"):
        stamp, finding = unpack(data)
        found.setdefault(finding.rule, []).append(Standing(finding, stamp, data))
    return found


def recall(known: Remembered, before: Iterable[Standing]) -> None:
    """Let a rule that has not run in this process find again what it found in the last one."""
    if known.told:
        return
    for each in before:
        if each.stamp:
            known.told.setdefault(each.finding.path, {})[each.stamp] = each.finding


def stamped(known: Remembered, findings: Iterable[Finding]) -> list[tuple[Finding, bytes]]:
    """Return the findings of a rule with their stamps."""
    stamps = {
        finding.id: stamp
        for told in known.told.values()
        for stamp, finding in told.items()
        if finding is not None
    }
    return [(each, stamps.get(each.id, b"")) for each in findings]


def write(
    connection: Connection,
    rule: str,
    before: Iterable[Standing],
    now: Iterable[tuple[Finding, bytes]],
    generation: int,
) -> None:
    """Have the findings of a rule be these, each with its stamp."""
    gone = {each.finding.id: each for each in before}
    rows = []
    for each, stamp in now:
        was = gone.get(each.id)
        if was is not None and (was.stamp, was.finding) == (stamp, each):
            del gone[each.id]
        else:
            data = pack(each, stamp)
            rows.append((each.id, None, each.path, rule, each.severity, data, generation))
    connection.executemany(
        "DELETE FROM findings WHERE file IS NULL AND rule = ? AND path = ? AND id = ?",
        [(rule, each.finding.path, number) for number, each in gone.items()],
    )
    connection.executemany("INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
