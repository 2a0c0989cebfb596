"""The findings that were accepted when a team began: `.codearch/baseline.json`.

It only shrinks by itself.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from codearch.checked import learnt
from codearch.detectors._workspace_files import replace_file, understood
from codearch.errors import CodearchError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from codearch.facts import Finding

BASELINE = Path(".codearch", "baseline.json")


class BaselineEntry(msgspec.Struct, frozen=True, order=True):
    """One accepted finding; rule and path say when it can be known to be gone."""

    path: str
    rule: str
    id: str


class _Baseline(msgspec.Struct):
    version: int
    findings: list[BaselineEntry]


def read_baseline(root: Path) -> tuple[BaselineEntry, ...]:
    """Return the accepted findings; none where there is no baseline.

    One that is there and cannot be understood raises CodearchError: going on without it would
    report everything that was accepted.
    """
    return understood(root / BASELINE, _entries)


def _entries(data: bytes | None) -> tuple[BaselineEntry, ...]:
    if data is None:
        return ()
    try:
        return tuple(msgspec.json.decode(data, type=learnt(_Baseline)).findings)
    except msgspec.MsgspecError as error:
        message = f"{BASELINE.as_posix()} cannot be understood: {error}."
        mend = "Write it anew with `codearch check --write-baseline`, or use --no-baseline."
        raise CodearchError(message, mend=mend) from None


def write_baseline(root: Path, entries: Iterable[BaselineEntry]) -> None:
    """Replace the baseline; one entry a line, sorted, so that versions of it merge well."""
    lines = ",\n".join(
        "  " + json.dumps(msgspec.to_builtins(each)) for each in sorted(set(entries))
    )
    body = f"[\n{lines}\n ]" if lines else "[]"
    replace_file(root / BASELINE, f'{{"version": 1, "findings": {body}}}\n')


def accepted(findings: Iterable[Finding]) -> list[BaselineEntry]:
    """Return the entries that accept these findings."""
    return [BaselineEntry(each.path, each.rule, each.id) for each in findings]


def still_there(
    baseline: Iterable[BaselineEntry],
    findings: Iterable[Finding],
    looked_at: Callable[[BaselineEntry], bool],
) -> list[BaselineEntry]:
    """Return the baseline without the entries that were looked for and not found."""
    found = {each.id for each in findings}
    return [entry for entry in baseline if entry.id in found or not looked_at(entry)]


def accepted_ids(root: Path) -> frozenset[str]:
    """Return the findings that the baseline accepts; a broken one accepts none."""
    return understood(root / BASELINE, _ids)


def _ids(data: bytes | None) -> frozenset[str]:
    try:
        return frozenset(entry.id for entry in _entries(data))
    except CodearchError:
        return frozenset()
