"""Findings of rules on the whole workspace as they stand: read with their stamps, and written anew.

Those alone are written that are other ones than before, and those alone are read that a process
has not read or written itself: an edit changes few of many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from codearch.index.project_findings import pack, unpack

if TYPE_CHECKING:
    from collections.abc import Iterable, MutableMapping

    from codearch.detectors import Remembered
    from codearch.facts import Finding
    from codearch.store.database import Connection


class Standing(NamedTuple):
    """A finding as it is kept; `stamp` says as what it stands, b"" for nothing."""

    finding: Finding
    stamp: bytes
    data: bytes


def standing(
    connection: Connection, known: MutableMapping[bytes, Standing]
) -> dict[str, list[Standing]]:
    """Return the findings of rules on the whole workspace, by rule.

    Those that are `known` by their data are taken from there, and all of them are known then.
    """
    rows = connection.execute("SELECT data FROM findings WHERE file IS NULL").fetchall()
    every = [known.get(data) or _read(data) for (data,) in rows]
    known.clear()
    found: dict[str, list[Standing]] = {}
    for each in every:
        known[each.data] = each
        found.setdefault(each.finding.rule, []).append(each)
    return found


def _read(data: bytes) -> Standing:
    stamp, finding = unpack(data)
    return Standing(finding, stamp, data)


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
) -> dict[bytes, Standing]:
    """Have the findings of a rule be these, each with its stamp; return what was not, by data."""
    gone = {each.finding.id: each for each in before}
    fresh = []
    for each, stamp in now:
        was = gone.get(each.id)
        if was is not None and (was.stamp, was.finding) == (stamp, each):
            del gone[each.id]
        else:
            fresh.append(Standing(each, stamp, pack(each, stamp)))
    connection.executemany(
        "DELETE FROM findings WHERE file IS NULL AND rule = ? AND path = ? AND id = ?",
        [(rule, each.finding.path, number) for number, each in gone.items()],
    )
    connection.executemany(
        "INSERT INTO findings VALUES (?, NULL, ?, ?, ?, ?, ?)",
        [(each.id, each.path, rule, each.severity, data, generation) for each, _, data in fresh],
    )
    return {each.data: each for each in fresh}
