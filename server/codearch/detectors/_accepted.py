"""What people said of findings: the baseline and statuses, both files of the workspace.

`.codearch/baseline.json` lists the findings accepted when a team began; it only shrinks by itself.
`.codearch/debt.toml` holds statuses, one `[[finding]]` with `id`, `status`, `note` and `date` each.
A file that cannot be read is as good as none; nothing that it says is executed or shown unasked.
"""

from __future__ import annotations

import json
import os
import stat
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import msgspec

from codearch.checked import learnt
from codearch.errors import CodearchError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from codearch.facts import Finding

BASELINE = Path(".codearch", "baseline.json")
DEBT = Path(".codearch", "debt.toml")

Status = Literal["open", "inProgress", "resolved", "wontFix", "falsePositive"]
HIDING: frozenset[Status] = frozenset({"wontFix", "falsePositive"})


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
    data = _regular_file(root / BASELINE)
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
    _replace(root / BASELINE, f'{{"version": 1, "findings": {body}}}\n')


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


def read_statuses(root: Path) -> dict[str, Status]:
    """Return the status that people gave to findings, by id; empty where nothing can be read."""
    data = _regular_file(root / DEBT)
    if data is None:
        return {}
    try:
        listed = tomllib.loads(data.decode()).get("finding", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}
    statuses: dict[str, Status] = {}
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict) and each.get("status") in get_args(Status):
            statuses[str(each.get("id"))] = each["status"]
    return statuses


def hidden_ids(root: Path) -> frozenset[str]:
    """Return the findings that people have accepted or set aside; a broken baseline hides none."""
    try:
        baseline = read_baseline(root)
    except CodearchError:
        baseline = ()
    set_aside = (number for number, status in read_statuses(root).items() if status in HIDING)
    return frozenset((*(entry.id for entry in baseline), *set_aside))


def _regular_file(path: Path) -> bytes | None:
    """Return a file's bytes; None for what is absent, no regular file, or behind a link."""
    try:
        for part in (path.parent, path):
            if stat.S_ISLNK(part.lstat().st_mode):
                return None
        return path.read_bytes() if stat.S_ISREG(path.lstat().st_mode) else None
    except OSError:
        return None


def _replace(path: Path, text: str) -> None:
    """Write a file in one step; raise CodearchError where that cannot be done."""
    try:
        if path.parent.is_symlink() or path.is_symlink():
            message = f"{path} is, or lies behind, a symbolic link: it is not written."
            raise CodearchError(message)
        path.parent.mkdir(exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror}."
        raise CodearchError(message) from None
