"""Findings on new code alone, and how many are left out by that and in editors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.commands._command import Form
from codearch.commands._new_code import NewIn
from codearch.commands._shown import shown
from codearch.detectors import most_pressing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codearch.commands._debt import Debt
    from codearch.snapshot import Snapshot

_ALL, _SINCE = "all", "mergeBase"  # what is new where the settings call everything so


class LeftOut(Form):
    """What is left out of a list of new code, and what of that list editors leave out.

    `oldCode` counts what is not listed. Of what is, editors leave out `ceiling` by
    `diagnostics.maxPerFile`, and `lists` that is not for editors. `why` says why all counts as new.
    """

    old_code: int
    ceiling: int
    lists: int
    why: str


def on_new_code(snapshot: Snapshot, found: Sequence[Debt]) -> tuple[list[Debt], LeftOut]:
    """Return those on new code, and what is left out; what is found no more has no code."""
    there = [each for each in found if not each.gone]
    since = snapshot.settings.diagnostics.since
    files = NewIn(snapshot, _SINCE if since == _ALL else since)
    paths = {each.finding.path for each in there}
    files.read_ahead(paths)
    new = {each.id for each in files.new((each.finding for each in there), worse=True)}
    kept = [each for each in there if each.finding.id in new]
    in_editors, told = _in_editors(snapshot, {each.finding.path for each in kept})
    return kept, LeftOut(
        old_code=len(there) - len(kept),
        ceiling=len((new & in_editors) - told),
        lists=len(new - in_editors),
        why=next((files.fork_point(path).why for path in sorted(paths)), ""),
    )


def added_up(parts: Sequence[LeftOut]) -> LeftOut:
    """Return what is left out of several folders."""
    return LeftOut(
        old_code=sum(each.old_code for each in parts),
        ceiling=sum(each.ceiling for each in parts),
        lists=sum(each.lists for each in parts),
        why=next((each.why for each in parts if each.why), ""),
    )


def _in_editors(snapshot: Snapshot, paths: Iterable[str]) -> tuple[set[str], set[str]]:
    """Return the ids of the findings that are for editors, and of those that they show."""
    most = snapshot.settings.diagnostics.max_per_file
    every: set[str] = set()
    told: set[str] = set()
    for path in paths:
        found = shown(snapshot, path)
        every |= {each.id for each in found}
        told |= {each.id for each in most_pressing(found, most)}
    return every, told
