"""The findings that were accepted when a team began: `.codearch/baseline.json`.

It only shrinks by itself.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from codearch.checked import learnt
from codearch.detectors._judged import Judgement, Judgements, mark_of
from codearch.detectors._workspace_files import replace_file, understood
from codearch.errors import CodearchError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from codearch.detectors._judged import Files
    from codearch.facts import Finding

BASELINE = Path(".codearch", "baseline.json")


class BaselineEntry(msgspec.Struct, frozen=True, order=True, omit_defaults=True):
    """One accepted finding; rule and path say when it can be known to be gone.

    By its `mark` it is known again where its file or definition has been renamed.
    """

    path: str
    rule: str
    id: str
    mark: str = ""


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


def accepted(findings: Iterable[Finding], files: Files) -> list[BaselineEntry]:
    """Return the entries that accept these findings."""
    return [
        BaselineEntry(each.path, each.rule, each.id, mark_of(each, files.source(each.path)))
        for each in findings
    ]


def known_again(
    baseline: Sequence[BaselineEntry], findings: Iterable[Finding], files: Files
) -> dict[str, Finding]:
    """Return the findings of renamed files and definitions that an entry accepts, by its id."""
    found = {each.id: each for each in findings}
    known = {entry.id for entry in baseline}
    lost: dict[str, list[Judgement]] = {}
    for entry in baseline:
        if entry.mark and entry.id not in found:
            judgement = Judgement(
                entry.id, "wontFix", rule=entry.rule, path=entry.path, mark=entry.mark
            )
            lost.setdefault(entry.rule, []).append(judgement)
    again: dict[str, Finding] = {}
    for rule, judgements in lost.items():
        new = [each for each in found.values() if each.rule == rule and each.id not in known]
        for number, judgement in Judgements(judgements, files).of(new).items():
            again[judgement.id] = found[number]
    return again


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
